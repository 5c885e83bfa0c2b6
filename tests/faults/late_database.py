"""A service that starts before its database waits for it, says so, and is then ready without another start."""

import json
import time

import console
from suite import wait_until

_SERVICE = "corrections"


def prove(suite):
    suite.stop_process(_SERVICE)
    suite.stop_process("mysql")
    begin = time.monotonic()
    suite.start_process_only(_SERVICE)
    pid = suite.pid(_SERVICE)
    away = 7 if suite.short else 20
    waiting = lambda: [e for e in _entries(suite) if e["event"] == "waiting to start"]  # pylint: disable=unnecessary-lambda-assignment
    wait_until(lambda: time.monotonic() - begin > away, away + 5, "the absence", pause=0.2)
    assert suite.pid(_SERVICE) == pid, "it did not wait"
    said = waiting()
    assert {e["for"] for e in said} == {"DATABASE_UNAVAILABLE"}, said
    assert away / 5 <= len(said) <= away / 5 + 2, f"{len(said)} lines in {away} s"
    suite.start_process("mysql")
    back = time.monotonic()
    wait_until(lambda: suite.problem(_SERVICE) is None, 30, f"{_SERVICE} to be ready")
    assert suite.pid(_SERVICE) == pid, "it was started anew"
    console.say(f"    {away} s without database: {len(said)} lines, ready {time.monotonic() - back:.1f} s after it came, same process")

    # The keyring is missing: a start waits for that as well, and ends where it is told to.
    suite.stop_process(_SERVICE)
    keys = suite.state.path("keys", _SERVICE)
    keys.rename(keys.with_suffix(".away"))
    suite.start_process_only(_SERVICE)
    wait_until(lambda: "KEY_FILE_MISSING" in {e["for"] for e in waiting()}, 10, "it to say that keys are missing")
    assert suite.stop_process(_SERVICE, grace=3), "it ends at once when it is told to stop"
    keys.with_suffix(".away").rename(keys)
    suite.start_process(_SERVICE)


def _entries(suite):
    return [json.loads(line) for line in suite.log(_SERVICE).read_text().splitlines() if line.startswith("{")]
