"""A new data key comes to two replicas at different moments, as a Secret does, and no caller and no row of the journal notices."""

import os
import re
import shutil
import tempfile
import threading
import time
from pathlib import Path

import console
from bureau import Bureau, assert_whole
from suite import wait_until

HAS_SHORT_FORM = False
_SERVICE, _SECOND = "mediation", "mediation-2"
_AFTER, _LATER = 25, 12  # seconds until the key is used; by which it comes to one replica after the other
_CALLERS = 4


def prove(suite):
    shared = suite.state.path("keys", _SERVICE)
    own = suite.state.path("keys", _SECOND)
    shutil.copytree(shared, own)
    suite.overrides[_SECOND] = {"keys": own, "anchor": shared / "journal.anchor"}
    try:
        suite.start(replicas=2)
        _rotate(suite, shared, own)
        rows = assert_whole(suite)
    finally:
        suite.start(replicas=1)
        del suite.overrides[_SECOND]
        shutil.rmtree(own)
    console.say(f"    {rows} journal rows verify")


def _rotate(suite, shared, own):
    before = {name: _keys(suite, name) for name in (_SERVICE, _SECOND)}
    old = before[_SERVICE]["used"]
    assert before[_SECOND] == before[_SERVICE], before
    load = _Load(suite)
    with load, tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "keys")
        shutil.copytree(shared, copy)
        said = suite.rotate_keys(_SERVICE, after=f"{_AFTER}s", keys=copy)
        due = time.monotonic() + _AFTER
        assert re.match(rf"data key {old + 1:.0f}, used from ", said), said
        _bring(copy, own)
        time.sleep(_LATER)
        differ = {name: _keys(suite, name)["newest"] for name in (_SERVICE, _SECOND)}
        assert differ == {_SERVICE: old, _SECOND: old + 1}, f"the keyrings differ for a while: {differ}"
        assert _keys(suite, _SECOND)["used"] == old, "it is not used before its time"
        _bring(copy, shared)
        wait_until(lambda: all(_keys(suite, name)["used"] == old + 1 for name in (_SERVICE, _SECOND)), _AFTER + 10, "its time", pause=0.2)
        assert time.monotonic() > due - 2, "it was used before its time"
        time.sleep(5)  # and both go on with it
    assert not load.failed, load.failed[:3]
    for name in (_SERVICE, _SECOND):
        assert suite.metric(name, "sifa_rpc_calls_total", code="DATA_LOSS") == 0, name
        assert suite.metric(name, "sifa_journal_quarantined_rows") == 0, name
    under = {int(r["number"]): int(r["n"]) for r in suite.mysql_root(
        "SELECT CONV(HEX(SUBSTR(body, 2, 4)), 16, 10) AS number, COUNT(*) AS n FROM object GROUP BY 1", f"sifa_{_SERVICE}")}
    assert under.get(int(old) + 1) and under.get(int(old)), under
    shares = [suite.metric(name, "sifa_rpc_calls_total", method="/sifa.mediation.v1.CaseService/GetCase") for name in (_SERVICE, _SECOND)]
    assert min(shares) > 0, shares
    console.say(f"    one replica had the key {_LATER} s before the other, both wrote with it from its time on; {load.cases} cases and {load.reads} readings,"
                f" none failed; objects under each key: {under}")


def _keys(suite, name):
    return {which: suite.metric(name, "sifa_data_key", **{"is": which}) for which in ("newest", "used")}


def _bring(source, directory):
    """As the kubelet does it: the file is another one at once."""
    fresh = directory / "keyring.new"
    shutil.copy(source / "keyring", fresh)
    os.chmod(fresh, 0o600)
    os.replace(fresh, directory / "keyring")


class _Load:
    """Callers who conclude cases and read them again, by whichever replica."""

    def __init__(self, suite):
        self._bureau = Bureau(suite)
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(_CALLERS)]
        self.cases = self.reads = 0
        self.failed = []

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _work(self):
        while not self._end.is_set():
            try:
                case = self._bureau.conclude()
                self.cases += 1
                for _ in range(2):
                    assert self._bureau.read(case["id"])["particulars"]["parties"][0]["name"] == "赵大山"
                    self.reads += 1
                time.sleep(0.05)
            except Exception as error:  # pylint: disable=broad-except  # whatever it is, it is what must not be
                self.failed.append(repr(error))
