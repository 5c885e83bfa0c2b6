"""tools/sifa before Python: what it leaves behind where the installation of packages is broken off."""

import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from state import ROOT
from suite import wait_until


class InstallTest(unittest.TestCase):
    def test_a_broken_off_installation_leaves_no_policy_behind(self):
        """A /usr/sbin/policy-rc.d left behind would keep every daemon of the machine from starting."""
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number.name), tempfile.TemporaryDirectory() as scratch:
                policy, started = Path(scratch, "policy-rc.d"), Path(scratch, "started")
                environment = self._machine(Path(scratch), policy, started)
                process = subprocess.Popen(["bash", f"{scratch}/tools/sifa", "up"], env=environment, start_new_session=True,
                                           stderr=subprocess.DEVNULL, preexec_fn=_heed_interrupts)
                try:
                    wait_until(started.exists, 20, "apt-get")
                    self.assertTrue(policy.exists())
                    os.killpg(process.pid, number)
                    self.assertEqual(process.wait(20), status)
                finally:
                    _end(process)
                self.assertFalse(policy.exists())
                self.assertEqual(os.listdir(f"{scratch}/tmp"), [])

    def _machine(self, scratch, policy, started):
        """A machine that lacks a package, and whose apt-get takes its time."""
        for name in ("bin", "tools", "tmp"):
            (scratch / name).mkdir()
        script = (ROOT / "tools" / "sifa").read_text()
        self.assertIn("\npolicy=/usr/sbin/policy-rc.d\n", script)
        (scratch / "tools" / "sifa").write_text(script.replace("\npolicy=/usr/sbin/policy-rc.d\n", f"\npolicy={policy}\n"))
        (scratch / "tools" / "packages.txt").write_text("sifa-lacks-this\n")
        for name, body in (("dpkg-query", "exit 1"), ("apt-get", f"touch {started}; exec sleep 60"), ("sudo", 'exec "$@"')):
            program = scratch / "bin" / name
            program.write_text(f"#!/bin/sh\n{body}\n")
            program.chmod(0o755)
        return {**os.environ, "PATH": f"{scratch}/bin:{os.environ['PATH']}", "TMPDIR": f"{scratch}/tmp"}


def _heed_interrupts():
    """Who runs the tests in the background of a shell ignores interrupts, and so would all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _end(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(20)


if __name__ == "__main__":
    unittest.main()
