"""A database whose disk is full: it is warned of before, comes back by itself when there is room, and has lost nothing.

The disk is a small one in memory, mounted where nobody else sees it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

from console import Failure
from suite import temporary_suite, wait_until

_DISK_MIB, _RESERVE_MIB = 640, 200
_FULL_SECONDS = 60  # to get a write refused, then the database to its end
_BACK_SECONDS = 90


def prove(suite):
    command = [sys.executable, __file__]
    if suite.short:
        command.append("--short")
    privately = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
    paths = [str(Path(__file__).parents[1]), *(p for p in sys.path if p)]
    result = subprocess.run([*privately, *command], env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, text=True,
                            capture_output=True, timeout=400)
    if result.returncode != 0:
        raise Failure("The proof on a disk of its own failed.", excerpt=(result.stdout + result.stderr).splitlines()[-30:],
                      hint="it needs root, or a kernel that lets a user mount a tmpfs in a namespace of his own (unshare)")
    print(result.stdout, end="")


def _mount(suite):
    disk = suite.state.path("mysql")
    disk.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_MIB}m,mode=700", "tmpfs", str(disk)], check=True, timeout=10)


def _main(short):
    from bureau import Bureau, assert_whole  # pylint: disable=import-outside-toplevel
    overrides = {name: {"disk_reserve_mib": _RESERVE_MIB} for name in ("identity", "mediation")}
    with temporary_suite("full-disk", overrides=overrides, keep=True, before=_mount) as suite:
        try:
            _prove(suite, Bureau(suite), assert_whole, short)
        finally:
            suite.stop()
            subprocess.run(["umount", "--lazy", str(suite.state.path("mysql"))], check=False, timeout=10)


def _prove(suite, bureau, assert_whole, short):
    # How a killed database comes back without anybody's help.
    case = bureau.apply()
    began = time.monotonic()
    os.kill(suite.pid("mysql"), signal.SIGKILL)
    wait_until(lambda: suite.deaths().get("mysql", {}).get("then") == "started again", 30, "the start of the database")
    wait_until(lambda: not suite.unready(), _BACK_SECONDS, "readiness after a kill")
    assert suite.deaths()["mysql"]["why"] == "signal SIGKILL", suite.deaths()
    back_from_kill = time.monotonic() - began
    assert bureau.read(case["id"])["id"] == case["id"]

    disk = suite.state.path("mysql")
    assert "disk" not in suite.warning("mediation"), suite.warning("mediation")
    _fill(disk, leave_mib=_RESERVE_MIB // 2)
    wait_until(lambda: "disk: RESOURCE_EXHAUSTED" in suite.warning("mediation"), 10, "a warning of the disk")
    warned = suite.warning("mediation")
    assert suite.metric("mediation", "sifa_disk_free_bytes") < _RESERVE_MIB << 20
    kept = [bureau.apply()["id"]]  # a warning stops nobody

    _fill(disk, leave_mib=0)
    refused, ended = 0, None
    facts = "两家因排水沟走向发生争执，" * 70
    deadline = time.monotonic() + (_FULL_SECONDS / 2 if short else _FULL_SECONDS)
    before = suite.deaths()["mysql"]["count"]
    while ended is None and time.monotonic() < deadline:
        key = str(uuid.uuid4())
        answer = bureau.mediator.post("/v1/mediation/cases", bureau.application(key, facts=facts), idempotency_key=key)
        if answer.ok:
            kept.append(answer.json["id"])
        else:
            refused += 1
            assert answer.status in (429, 503), f"on a full disk: {answer!r}"
        if suite.deaths()["mysql"]["count"] > before:
            ended = suite.deaths()["mysql"]
    if ended is None:  # the server has refused writes and lives: it ends when it has to be started on a full disk
        os.kill(suite.pid("mysql"), signal.SIGKILL)
    wait_until(lambda: "waits for room" in suite.deaths()["mysql"]["then"], 60, "waiting for room")
    ended = suite.deaths()["mysql"]

    (disk / "filler").unlink()
    began = time.monotonic()
    wait_until(lambda: not suite.unready(), _BACK_SECONDS, "readiness after the disk had room again")
    back = time.monotonic() - began
    for case in kept:
        assert bureau.read(case)["id"] == case
    bureau.conclude()
    rows = assert_whole(suite)
    print(f"    killed, the database was started again and all were ready {back_from_kill:.1f} s later")
    print(f"    warned with {warned}")
    print(f"    full: {len(kept)} acts acknowledged, {refused} refused as unavailable; MariaDB ended by {ended['why']}"
          f" ({ended['lastError'][-80:]}) and was started {back:.1f} s after there was room; {rows} journal rows verify")


def _fill(disk, leave_mib):
    """Takes the room of the disk but for so much."""
    with open(disk / "filler", "ab", buffering=0) as filler:
        while (free := shutil.disk_usage(disk).free - (leave_mib << 20)) > 0:
            try:
                filler.write(b"\0" * min(free, 1 << 20))
            except OSError:
                return


if __name__ == "__main__":
    _main("--short" in sys.argv)
