"""A private certificate authority for the processes of one suite: ECDSA P-256, made and renewed with openssl.

tls/ca.pem and ca-key.pem; tls/<process>/{ca,cert,key}.pem. A process proves its name by CN=<process> and the DNS name
<process>.sifa. Renewal keeps the key and replaces the certificate in one step, so that readers never see a torn pair."""

import os
import shutil
import subprocess

from console import Failure
from state import write_atomically

_CA_DAYS = 3650
_LEAF_DAYS = 365
_RENEW_DAYS = 30


def _openssl(*arguments, text=None):
    result = subprocess.run(["openssl", *[str(a) for a in arguments]], input=text, text=True, capture_output=True,
                            timeout=60)
    if result.returncode != 0:
        raise Failure(f"openssl {arguments[0]} failed.", excerpt=result.stderr.splitlines()[-8:],
                      hint="is the package openssl whole? apt-get install --reinstall openssl")
    return result.stdout


def _new_key(path):
    key = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    write_atomically(path, key)


def _lasts(certificate, days):
    return certificate.exists() and subprocess.run(
        ["openssl", "x509", "-in", str(certificate), "-noout", "-checkend", str(days * 86400)],
        capture_output=True, timeout=60).returncode == 0


class Authority:
    def __init__(self, directory):
        self.directory = directory
        self.ca = directory / "ca.pem"
        self._ca_key = directory / "ca-key.pem"

    def ensure(self, processes):
        """Makes what is missing, renews what ends within 30 days. Returns the names that got a new certificate."""
        if not self._ca_key.exists() or not _lasts(self.ca, _RENEW_DAYS):
            self._make_ca()
        return [name for name in processes if self._ensure_leaf(name)]

    def _make_ca(self):
        for old in self.directory.glob("*/cert.pem"):
            old.unlink()  # signed by the authority that ends now
        _new_key(self._ca_key)
        pem = _openssl("req", "-x509", "-new", "-key", self._ca_key, "-sha256", "-days", _CA_DAYS,
                       "-subj", "/O=Sifa/CN=Sifa private CA", "-config", "/dev/stdin", text="""
[req]
distinguished_name = name
x509_extensions = ca
[name]
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
""")
        write_atomically(self.ca, pem, mode=0o644)

    def _ensure_leaf(self, name):
        directory = self.directory / name
        directory.mkdir(mode=0o700, exist_ok=True)
        key, certificate, ca = directory / "key.pem", directory / "cert.pem", directory / "ca.pem"
        if not ca.exists() or ca.read_bytes() != self.ca.read_bytes():
            write_atomically(ca, self.ca.read_bytes(), mode=0o644)
        if key.exists() and _lasts(certificate, _RENEW_DAYS):
            return False
        if not key.exists():
            _new_key(key)
        request = _openssl("req", "-new", "-key", key, "-subj", f"/O=Sifa/CN={name}")
        extensions = directory / f".extensions.{os.getpid()}"
        extensions.write_text(f"""basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:localhost, DNS:{name}.sifa, IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
""")
        serial = f"0x{os.urandom(16).hex()}"
        try:
            pem = _openssl("x509", "-req", "-sha256", "-days", _LEAF_DAYS, "-CA", self.ca, "-CAkey", self._ca_key,
                           "-set_serial", serial, "-extfile", extensions, text=request)
        finally:
            extensions.unlink()
        write_atomically(certificate, pem, mode=0o644)
        return True

    def forget(self, name):
        shutil.rmtree(self.directory / name, ignore_errors=True)
