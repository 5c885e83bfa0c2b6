"""执法人员, 裁量基准 and 研判 through the gateway: a certificate checked off line, a fine calculated for anybody, a case judged when it is told, and a
rule that changes."""

import datetime
import importlib.util
import io
import json
import secrets
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

from base import ApiTest
from bureau import PURPOSE, assert_whole
from people import citizen_number
from suite import wait_until

ENFORCEMENT = "/v1/enforcement"
_SPEC = importlib.util.spec_from_file_location("officer_code", Path(__file__).resolve().parents[2] / "tools" / "officer_code.py")
officer_code = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(officer_code)


class EnforcementOfficersTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.head, cls.clerk, cls.other = (cls.suite.http(a) for a in (
            "dongyang.officer", "dongyang.head", "chengguan.clerk", "shichang.clerk"))
        cls.anybody = cls.suite.http(None)
        cls.today = cls.suite.clock.today()
        cls.agency = cls.county.must("GET", f"{ENFORCEMENT}/agencies?organisation=330783-cm&states=ANNOUNCED")["agencies"][0]

    def ago(self, days):
        return (self.today - datetime.timedelta(days)).isoformat()

    def act(self, http, collection, made, act, **body):
        now = self.ok(http.get(f"{ENFORCEMENT}/{collection}/{made['id']}"))
        return http.post(f"{ENFORCEMENT}/{collection}/{made['id']}:{act}", body | {"etag": now["etag"]})

    def certified(self, number):
        made = self.ok(self.clerk.post(f"{ENFORCEMENT}/officers", {
            "agency": self.agency["id"], "name": "王建国", "idNumber": citizen_number("19800101", secrets.randbelow(999)), "occurredOn": self.ago(90)}))
        card = {"certificate": number, "district": "330783", "from": self.ago(80), "to": self.ago(-900), "occurredOn": self.ago(80)}
        self.refused(self.act(self.county, "officers", made, "certify", **card), 400, "TRAINING_MISSING")
        self.ok(self.act(self.clerk, "officers", made, "train", subject="行政处罚法", hours=40, occurredOn=self.ago(85)))
        self.refused(self.act(self.clerk, "officers", made, "certify", **card), 403)
        return self.ok(self.act(self.county, "officers", made, "certify", **card))

    def check(self, code):
        """What the script says off line, with keys and list fetched now."""
        with tempfile.TemporaryDirectory() as directory:
            keys, revocations = Path(directory) / "keys.json", Path(directory) / "revocations.jws"
            keys.write_text(json.dumps(self.ok(self.patiently(lambda: self.anybody.get(f"{ENFORCEMENT}/officerKeys")))))
            listed = self.ok(self.patiently(lambda: self.anybody.get(f"{ENFORCEMENT}/revocations")))
            revocations.write_text(listed["text"])
            said = io.StringIO()
            with redirect_stdout(said):
                result = officer_code.check(SimpleNamespace(code=code, keys=keys, revocations=revocations, day=self.today.isoformat()),
                                            datetime.datetime.now(officer_code.CHINA))
        return result, said.getvalue()

    def test_a_certificate_is_checked_off_line_until_it_is_on_the_list(self):
        """行政处罚法 §42, §55: who acts shows his certificate; whether it counts anybody can tell."""
        number = f"7{secrets.randbelow(10**9):09}"
        officer = self.certified(number)
        path = f"{ENFORCEMENT}/officers/{officer['id']}/code"
        self.refused(self.clerk.get(path), 400, "PURPOSE_REQUIRED")
        self.refused(self.other.get(path), 404)
        code = self.ok(self.clerk.request("GET", path, headers=PURPOSE))
        self.assertTrue(code["svg"].startswith("<svg"))
        result, said = self.check(code["text"])
        self.assertEqual(result, 0, said)
        self.assertIn(f"王建国，{self.agency['name']}，执法证号{number}", said)
        self.assertIn("距今", said)
        self.ok(self.act(self.county, "officers", officer, "suspend", reason="投诉调查"))
        self.refused(self.clerk.request("GET", path, headers=PURPOSE), 400, "CERTIFICATE_NOT_VALID")
        wait_until(lambda: self.check(code["text"])[0] == 1, 60, "the list of revocations")
        self.assertIn("暂扣中", self.check(code["text"])[1])
        self.assertNotIn("王建国", self.ok(self.patiently(lambda: self.anybody.get(f"{ENFORCEMENT}/revocations")))["text"])

    def test_a_fine_is_calculated_for_anybody(self):
        """行政处罚法 §34: benchmarks are public, and what they come to."""
        listed = self.ok(self.county.get(f"{ENFORCEMENT}/benchmarks", code="DYSJ002"))["benchmarks"][0]
        body = {"id": listed["id"], "tier": "4"}
        self.refused(self.patiently(lambda: self.anybody.post(f"{ENFORCEMENT}/benchmarks:calculate", body)), 400, "GOODS_VALUE_MISSING")
        fine = self.ok(self.patiently(lambda: self.anybody.post(f"{ENFORCEMENT}/benchmarks:calculate", body | {"goodsFen": 1500000})))
        self.assertEqual((fine["leastFen"], fine["mostFen"]), ("19500000", "25500000"))
        self.assertEqual(fine["explanation"], "货值金额15000.00元，货值金额的13倍至17倍，即195000.00元至255000.00元")

    def test_a_case_is_judged_when_it_is_told_and_again_when_the_rules_change(self):
        """law §4.4: an unlawful case is kept and flagged; law §0.2: what a change of the rules does is read before it counts."""
        number = f"东综执罚〔2026〕{secrets.randbelow(10**6)}号"
        entry = {"agencyCode": self.agency["creditCode"], "decisionNumber": number, "partyName": "甲公司", "partyKind": "1", "procedure": "2",
                 "filedOn": self.ago(160), "decidedOn": self.ago(40), "noticedOn": self.ago(60), "servedOn": self.ago(40), "penalties": ["21"],
                 "fineFen": "200000", "officers": ["NOBODY1", "NOBODY2"], "investigatedOn": self.ago(150)}
        case = self.ok(self.clerk.post(f"{ENFORCEMENT}/cases", {"entry": entry}))
        found = self.ok(self.clerk.get(f"{ENFORCEMENT}/cases/{case['id']}/findings"))
        self.assertEqual([(f["rule"], f["verdict"], f["article"]) for f in found["findings"]], [("T90", "FAIL", "《行政处罚法》第60条")])
        self.assertIn("officers", {field for u in found["unknown"] if u["rule"] == "P7" for field in u["missing"]})
        self.refused(self.other.get(f"{ENFORCEMENT}/cases/{case['id']}/findings"), 404)
        rules = {r["rule"]: r for r in self.ok(self.county.get(f"{ENFORCEMENT}/rules", organisation="330783-cm"))["rules"]}
        self.assertGreaterEqual(int(rules["T90"]["judged"]), 1)
        self.assertGreaterEqual(int(rules["T90"]["cases"]), int(rules["T90"]["judged"]))
        mine = self.ok(self.county.get(f"{ENFORCEMENT}/findings", rule="T90", verdict="FAIL", pageSize=200))["findings"]
        self.assertIn(case["id"], {f["case"] for f in mine})

        made = self.ok(self.county.post(f"{ENFORCEMENT}/ruleSets", {
            "office": "330783", "region": "330783", "name": "延长办案期限", "changes": [
                {"rule": "T90", "name": "days", "value": 150, "field": "01", "source": "试行规定"}]}))
        self.ok(self.act(self.county, "ruleSets", made, "replay"))
        path = f"{ENFORCEMENT}/ruleSets/{made['id']}"
        wait_until(lambda: self.ok(self.county.get(path))["state"] == "REPLAYED", 60, "the replay of the rules")
        replayed = self.ok(self.county.get(path))
        difference = self.ok(self.county.get(f"{path}/difference", pageSize=200))
        self.assertIn(case["id"], {d["case"] for d in difference["differences"]})
        counts = {"newlyFound": replayed.get("newlyFound", "0"), "noLongerFound": replayed["noLongerFound"]}
        self.refused(self.act(self.county, "ruleSets", made, "approve", **counts), 403)
        self.refused(self.act(self.head, "ruleSets", made, "approve"), 400, "DIFFERENCE_NOT_READ")
        self.ok(self.act(self.head, "ruleSets", made, "approve", **counts))
        path = f"{ENFORCEMENT}/cases/{case['id']}/findings"
        judged = found["judgedAt"]
        wait_until(lambda: "findings" not in self.ok(self.clerk.get(path)), 120, "the cases to be judged again")
        then = self.ok(self.clerk.get(path, asOf=judged))
        self.assertEqual([f["rule"] for f in then["findings"]], ["T90"])
        self.ok(self.act(self.head, "ruleSets", made, "retire", reason="试行结束"))
        assert_whole(self.suite, "enforcement")


if __name__ == "__main__":
    unittest.main()
