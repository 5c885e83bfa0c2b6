"""What dies is started again with its reason kept; what is stopped stays down; what dies again and again is given up."""

import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path

import keeper as keeper_module
from keeper import Keeper
from processes import Supervisor
from state import State
from suite import wait_until


class KeeperTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="sifa-keeper-")
        self.addCleanup(self.directory.cleanup)
        self.state = State(self.directory.name)
        self.state.create()
        self.supervisor = Supervisor(self.state)

    def keep(self, **settings):
        """A keeper within this program: its steps are taken by `until`."""
        self.keeper = Keeper(self.state, **settings)
        self.children = self.keeper._supervisor  # pylint: disable=protected-access
        self.addCleanup(self.keeper.close)
        self.addCleanup(lambda: [self.children.stop(name) for name in self.children.names()])

    def until(self, condition, what):
        wait_until(lambda: self.keeper.step() or condition(), 20, what)

    def death(self, name):
        return keeper_module.deaths(self.state).get(name, {})

    def test_a_killed_process_is_started_again(self):
        """By the same command, with how it ended, when and how often."""
        self.keep(pauses=(0.1, 0.1, 0.1))
        first = self.children.spawn("a", ["/bin/sleep", "600"])
        for count in (1, 2):
            pid = self.supervisor.record("a").pid
            os.kill(pid, signal.SIGKILL)
            self.until(lambda pid=pid: (record := self.supervisor.record("a")) and record.pid != pid, "a new process")
            self.assertEqual((self.death("a")["count"], self.death("a")["why"], self.death("a")["then"]),
                             (count, "signal SIGKILL", "started again"))
        self.assertEqual(self.supervisor.record("a").command, first.command)

    def test_one_whose_threads_end_one_by_one_is_waited_for(self):
        """The first thread of a killed database is gone before the others: how it ended is known with the last."""
        self.keep(pauses=(60,))
        self.children.spawn("a", [sys.executable, "-c", "import ctypes, os, threading, time\n"
                                  "threading.Thread(target=lambda: (time.sleep(1), os._exit(3))).start()\n"
                                  "ctypes.CDLL(None).pthread_exit(None)"])
        self.until(lambda: self.death("a"), "a death")
        self.assertEqual((self.death("a")["count"], self.death("a")["why"]), (1, "exit status 3"))

    def test_what_is_stopped_stays_down(self):
        """An end that was asked for is no death."""
        self.keep(pauses=(0.01,))
        self.children.spawn("a", ["/bin/sleep", "600"])
        self.supervisor.stop("a", number=signal.SIGKILL)
        for _ in range(5):
            self.keeper.step()
        self.assertEqual((self.supervisor.record("a"), self.death("a")), (None, {}))

    def test_one_that_dies_again_and_again_is_given_up(self):
        """After its last pause; by hand it may be started again, and is counted from the beginning."""
        self.keep(pauses=(0.05, 0.05))
        self.children.spawn("a", ["/bin/sh", "-c", "echo no table >&2; exit 7"])
        self.until(lambda: "given up" in self.death("a").get("then", ""), "giving up")
        self.assertEqual((self.death("a")["count"], self.death("a")["why"], self.death("a")["lastError"]), (3, "exit status 7", "no table"))
        self.keeper._forget("a")  # pylint: disable=protected-access
        self.assertEqual(self.death("a"), {})

    def test_nothing_is_started_without_room_on_the_disk(self):
        """Nor given up: it comes back when there is room."""
        self.keep(pauses=(0.05,), room_bytes=1 << 62)
        record = self.children.spawn("a", ["/bin/sleep", "600"])
        os.kill(record.pid, signal.SIGKILL)
        self.until(lambda: "waits for room" in self.death("a").get("then", ""), "waiting for room")
        self.keeper._room_bytes = 0  # pylint: disable=protected-access
        self.until(lambda: self.supervisor.record("a"), "the start")

    def test_while_up_or_down_works_it_waits(self):
        """They hold the lock of the state directory and know themselves what is to run."""
        self.keep(pauses=(0.01,))
        record = self.children.spawn("a", ["/bin/sleep", "600"])
        with self.state.locked():
            os.kill(record.pid, signal.SIGKILL)
            for _ in range(10):
                self.keeper.step()
            self.assertIsNone(self.supervisor.record("a"))
        self.until(lambda: self.supervisor.record("a"), "the start")

    def test_as_a_process_of_its_own(self):
        """It is asked to start others, is their parent, and ends on its own socket."""
        record = self.supervisor.spawn("keeper", ["/usr/bin/python3", keeper_module.__file__, str(self.state.directory)])
        self.addCleanup(self.supervisor.stop, "keeper")
        self.supervisor.wait_ready(record, lambda: None if keeper_module.is_there(self.state) else "no socket", 10)
        child = self.supervisor.spawn("a", ["/bin/sleep", "600"])
        self.addCleanup(self.supervisor.stop, "a")
        self.assertIn(f"PPid:\t{record.pid}\n", Path(f"/proc/{child.pid}/status").read_text())
        os.kill(child.pid, signal.SIGTERM)
        wait_until(lambda: self.death("a").get("then") == "started again", 20, "the start")
        self.assertEqual(self.death("a")["why"], "signal SIGTERM")
        self.supervisor.stop("keeper")
        self.assertFalse(keeper_module.is_there(self.state))
        self.assertTrue(self.supervisor.record("a"))


if __name__ == "__main__":
    unittest.main()
