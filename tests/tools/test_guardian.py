"""A temporary suite goes when its program goes, even by kill -9."""

import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import suite as suite_module
from suite import wait_until

_PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
from suite import temporary_databases
with temporary_databases("guardian-test") as suite:
    print(suite.state.directory, suite.pid("mysql"), suite.pid("redis"), flush=True)
    time.sleep(600)
"""


def runs(pid):
    """False also for a process that has ended and waits for init to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class GuardianTest(unittest.TestCase):
    def test_databases_and_directory_vanish_after_kill_9(self):
        program = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(Path(suite_module.__file__).parent)],
                                   stdout=subprocess.PIPE, text=True)
        directory, *pids = program.stdout.readline().split()
        self.assertEqual(len(pids), 2)
        program.send_signal(signal.SIGKILL)
        program.wait()
        program.stdout.close()
        wait_until(lambda: not os.path.exists(directory), 30, "removal of the directory")
        self.assertEqual([pid for pid in pids if runs(pid)], [])


if __name__ == "__main__":
    unittest.main()
