"""The private authority: chains, names, renewal."""

import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import certificates


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


class AuthorityTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.authority = certificates.Authority(self.directory)

    def test_a_leaf_is_signed_by_the_authority_and_names_its_process(self):
        self.assertEqual(self.authority.ensure(["identity"]), ["identity"])
        leaf = self.directory / "identity"
        for purpose in ("sslserver", "sslclient"):
            verified = openssl("verify", "-purpose", purpose, "-CAfile", leaf / "ca.pem", leaf / "cert.pem")
            self.assertEqual(verified.returncode, 0, verified.stderr)
        text = openssl("x509", "-in", leaf / "cert.pem", "-noout", "-text").stdout
        self.assertIn("CN = identity", text)
        self.assertIn("DNS:localhost, DNS:identity.sifa, IP Address:127.0.0.1", text)
        self.assertIn("prime256v1", text)
        self.assertEqual((leaf / "key.pem").stat().st_mode & 0o777, 0o600)

    def test_what_is_valid_stays(self):
        self.authority.ensure(["identity", "gateway"])
        self.assertEqual(self.authority.ensure(["identity", "gateway"]), [])

    def test_a_certificate_near_its_end_is_renewed_with_the_same_key(self):
        with mock.patch.object(certificates, "_LEAF_DAYS", 29):
            self.authority.ensure(["identity"])
        leaf = self.directory / "identity"
        key, certificate = (leaf / "key.pem").read_text(), (leaf / "cert.pem").read_text()
        self.assertEqual(self.authority.ensure(["identity"]), ["identity"])
        self.assertEqual((leaf / "key.pem").read_text(), key)
        self.assertNotEqual((leaf / "cert.pem").read_text(), certificate)

    def test_an_authority_near_its_end_takes_its_leaves_with_it(self):
        with mock.patch.object(certificates, "_CA_DAYS", 29):
            self.authority.ensure(["identity"])
        old = self.authority.ca.read_text()
        self.assertEqual(self.authority.ensure(["identity"]), ["identity"])
        self.assertNotEqual(self.authority.ca.read_text(), old)
        self.assertEqual(self.authority.ca.read_text(), (self.directory / "identity" / "ca.pem").read_text())
        self.assertEqual(openssl("verify", "-CAfile", self.authority.ca, self.directory / "identity" / "cert.pem").returncode, 0)


if __name__ == "__main__":
    unittest.main()
