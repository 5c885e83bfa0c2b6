"""Ends a temporary suite when the program that made it is gone, however it went: kill -9 and a closed terminal included.

Run as `guardian.py STATE_DIRECTORY` with a pipe from that program as standard input; the pipe closes when it ends."""

import signal
import subprocess
import sys
from pathlib import Path

from processes import Supervisor
from state import State


def watch(state):
    """Starts a guardian for `state`. Keep the result for as long as the suite is wanted; closing its stdin ends both."""
    return subprocess.Popen([sys.executable, str(Path(__file__).resolve()), str(state.directory)],
                            stdin=subprocess.PIPE, start_new_session=True, cwd="/")


def dismiss(guardian):
    """Ends the suite and its directory now, and waits until both are gone."""
    guardian.stdin.close()
    guardian.wait(timeout=120)


def main():
    state = State(sys.argv[1])
    while sys.stdin.buffer.read(4096):
        pass
    supervisor = Supervisor(state)
    for name in sorted(supervisor.names(), key=lambda n: n in ("mysql", "redis")):  # databases last
        supervisor.stop(name, number=signal.SIGKILL)  # nobody reads the data again
    state.remove()


if __name__ == "__main__":
    main()
