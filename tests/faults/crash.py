"""Every process is killed with -9 under load: no acknowledged write is lost and none is done twice."""

import collections
import random
import re
import threading
import time
import uuid

from bureau import Bureau, assert_whole, patiently
from console import Failure
from suite import wait_until

_VICTIMS = ("gateway", "mediation", "identity", "mysql", "redis")
_WORKERS = 8
# What a caller is told while something is away. Anything else is a fault.
_RETRY = {"SERVICE_UNAVAILABLE", "DATABASE_UNAVAILABLE", "DATABASE_BUSY", "COMMIT_UNKNOWN", "KEYS_UNAVAILABLE"}
_SETTLED_WITHIN = 60


def prove(suite):
    bureau = Bureau(suite)
    before = {c["id"]: c for c in bureau.list(organisation=bureau.committee["organisation"])}
    counted_before = bureau.statistics()
    load = _Load(bureau)
    rounds, acts = (1, 15) if suite.short else (4, 80)
    slowest = {}
    with load:
        for victim in _VICTIMS * rounds:
            load.wait_for_acts(acts)
            suite.kill(victim)
            began = time.monotonic()
            time.sleep(random.uniform(0, 0.5))
            suite.start_process(victim)
            load.wait_for_acts(1)
            slowest[victim] = max(slowest.get(victim, 0), time.monotonic() - began)
        load.wait_for_acts(acts)
    _compare(bureau, load, before, counted_before)
    rows = assert_whole(suite)
    print(f"    {len(_VICTIMS) * rounds} kills under {_WORKERS} callers: {len(load.accepted)} cases applied for and accepted, each"
          f" there once, numbered once and counted once; {load.repeats} requests unanswered or refused and made again with"
          f" their request_id; {rows} journal rows verify")
    print("    from the kill to the next acknowledged act, at most: "
          + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest.items()))


class _Load:
    """Callers that apply for cases and accept them, each request made again under its request_id until it is answered."""

    def __init__(self, bureau):
        self.bureau = bureau
        self.applied = {}   # case: request_id
        self.accepted = {}  # case: number
        self.repeats = 0
        self._acts = 0
        self._lock = threading.Condition()
        self._stopping = False
        self._error = None

    def __enter__(self):
        self._threads = [threading.Thread(target=self._run) for _ in range(_WORKERS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self._stopping = True
        for thread in self._threads:
            thread.join(_SETTLED_WITHIN + 10)
            assert not thread.is_alive(), "a caller hangs"
        if self._error and error is None:
            raise self._error

    def wait_for_acts(self, count):
        with self._lock:
            goal = self._acts + count
            came = self._lock.wait_for(lambda: self._acts >= goal or self._error, _SETTLED_WITHIN)
        if self._error:
            raise self._error
        assert came, f"nothing was acknowledged any more for {_SETTLED_WITHIN} s"

    def _run(self):
        try:
            while not self._stopping:
                request = str(uuid.uuid4())
                case = self._until_answered("/v1/mediation/cases", self.bureau.application(request))
                assert self.applied.setdefault(case["id"], request) == request, f"two applications were given {case['id']}"
                accepted = self._until_answered(f"/v1/mediation/cases/{case['id']}:accept", {
                    "requestId": str(uuid.uuid4()), "etag": case["etag"]})
                self.accepted[case["id"]] = accepted["number"]
        except BaseException as error:  # pylint: disable=broad-except  # the proof's thread raises it
            with self._lock:
                self._error = self._error or error
                self._lock.notify_all()

    def _until_answered(self, path, body):
        deadline = time.monotonic() + _SETTLED_WITHIN
        while True:
            try:
                answer = patiently(lambda: self.bureau.mediator.post(path, body))
            except (OSError, Failure) as error:  # no connection, or no new token while identity is away
                answer, said = None, repr(error)
            if answer is not None:
                if answer.ok:
                    with self._lock:
                        self._acts += 1
                        self._lock.notify_all()
                    return answer.json
                said = f"{answer!r}"
                assert answer.status in (503, 504) or answer.reason in _RETRY, f"{path}: {said}"
            assert time.monotonic() < deadline, f"{path}: for {_SETTLED_WITHIN} s {said}"
            with self._lock:
                self.repeats += 1
            time.sleep(random.uniform(0.01, 0.1))


def _compare(bureau, load, before, counted_before):
    found = bureau.list(organisation=bureau.committee["organisation"])
    ids = collections.Counter(c["id"] for c in found)
    assert max(ids.values()) == 1, "a search gives a case twice"
    new = {c["id"]: c for c in found if c["id"] not in before}
    lost, extra = load.applied.keys() - new.keys(), new.keys() - load.applied.keys()
    assert not lost, f"acknowledged and not there: {sorted(lost)}"
    assert not extra, f"there and never acknowledged, so done twice: {sorted(extra)}"
    for case, number in load.accepted.items():
        assert (new[case]["state"], new[case].get("number")) == ("ACCEPTED", number), f"{case} is not as acknowledged: {new[case]}"
        assert new[case]["etag"] == "2", f"{case} was changed {new[case]['etag']} times"
    numbers = sorted(int(re.search(r"第(\d+)号", number)[1]) for number in load.accepted.values())
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "the numbers have doubles or gaps"
    counted = bureau.statistics()
    assert counted - counted_before == len(load.accepted), f"{counted - counted_before} counted of {len(load.accepted)} accepted"
    for case in random.sample(sorted(load.accepted), min(50, len(load.accepted))):
        acts = [e["action"] for e in bureau.history(case)]
        assert acts == ["APPLY", "ACCEPT"], f"history of {case}: {acts}"
    acts = bureau.suite.mysql_root("SELECT action, COUNT(*) AS n, COUNT(DISTINCT object_id) AS cases FROM journal WHERE"
                                   " action IN ('APPLY', 'ACCEPT') GROUP BY action", database="sifa_mediation")
    doubled = [row for row in acts if row["n"] != row["cases"]]
    assert not doubled, f"acts journalled twice: {doubled}"
    wait_until(lambda: not bureau.suite.unready(), 30, "readiness")
