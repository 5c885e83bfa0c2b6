"""The code of an officer's certificate, checked off line: what is forged, altered, ended or of another kind does not count."""

import base64
import datetime
import importlib.util
import io
import json
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SPEC = importlib.util.spec_from_file_location("officer_code", Path(__file__).resolve().parents[2] / "tools" / "officer_code.py")
officer_code = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(officer_code)

CARD = {"number": "11070123001", "name": "王建国", "agency": "东阳市综合行政执法局", "district": "330783", "from": "2026-11-02",
        "to": "2027-11-01", "issuedAt": "2026-11-02T01:00:00Z"}


def encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class OfficerCodeTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.keys, self.revocations = Path(directory.name) / "keys.json", Path(directory.name) / "revocations.jws"
        self.key = Ed25519PrivateKey.generate()
        point = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.keys.write_text(json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": encode(point), "kid": "K1"}]}))
        self.publish([])

    def signed(self, kind, payload, key=None, kid="K1"):
        part = f'{encode(json.dumps({"alg": "EdDSA", "typ": kind, "kid": kid}).encode())}.{encode(json.dumps(payload).encode())}'
        return f"{part}.{encode((key or self.key).sign(part.encode()))}"

    def publish(self, revoked):
        self.revocations.write_text(self.signed("sifa-revocations", {"issuedAt": "2026-11-02T01:00:00Z", "revoked": revoked}))

    def check(self, code, day="2026-12-01"):
        said = io.StringIO()
        now = datetime.datetime.fromisoformat("2026-12-01T09:30:00+08:00")
        arguments = SimpleNamespace(code=code, keys=self.keys, revocations=self.revocations, day=day)
        with redirect_stdout(said):
            result = officer_code.check(arguments, now)
        return result, said.getvalue()

    def test_a_certificate_counts_between_its_days_and_the_list_says_its_age(self):
        code = self.signed("sifa-officer", CARD)
        result, said = self.check(code)
        self.assertEqual(result, 0)
        self.assertIn("王建国，东阳市综合行政执法局", said)
        self.assertIn("名录发布于2026-11-02 09:00，距今29天0小时", said)
        for day, why in (("2026-11-01", "尚未生效"), ("2027-11-02", "已过有效期")):
            result, said = self.check(code, day)
            self.assertEqual(result, 1)
            self.assertIn(why, said)
        self.assertEqual(self.check(code, "2027-11-01")[0], 0)

    def test_what_is_on_the_list_does_not_count_from_its_day_and_the_renewed_one_of_that_number_does(self):
        self.publish([{"number": CARD["number"], "from": CARD["from"], "since": "2026-12-01", "why": "SUSPENDED"}])
        code = self.signed("sifa-officer", CARD)
        self.assertEqual(self.check(code, "2026-11-30")[0], 0)
        result, said = self.check(code)
        self.assertEqual(result, 1)
        self.assertIn("暂扣中（自2026-12-01起）", said)
        self.assertEqual(self.check(self.signed("sifa-officer", CARD | {"from": "2026-12-01"}))[0], 0)

    def test_what_others_signed_what_was_altered_and_what_is_of_another_kind_is_refused(self):
        code = self.signed("sifa-officer", CARD)
        header, _, signature = code.split(".")
        altered = f'{header}.{encode(json.dumps(CARD | {"to": "2099-01-01"}).encode())}.{signature}'
        for forged in (altered, self.signed("sifa-officer", CARD, Ed25519PrivateKey.generate()), self.signed("sifa-officer", CARD, kid="K2"),
                       self.revocations.read_text(), "x.y.z", ""):
            result, said = self.check(forged)
            self.assertEqual(result, 1, forged)
            self.assertIn("无效", said)

    def test_with_a_list_that_somebody_else_signed_nothing_is_told(self):
        self.revocations.write_text(self.signed("sifa-revocations", {"issuedAt": "2026-11-02T01:00:00Z"}, Ed25519PrivateKey.generate()))
        with self.assertRaises(officer_code.Untrue):
            self.check(self.signed("sifa-officer", CARD))


if __name__ == "__main__":
    unittest.main()
