"""A connection to the database that breaks during COMMIT: every acknowledged case is there once, no other one twice."""

import collections
import random
import socket
import threading
import time
import uuid

from bureau import Bureau, assert_whole, patiently
from suite import wait_until

_COMMIT = b"\x07\x00\x00\x00\x03COMMIT"  # as the client library sends it: length, sequence, COM_QUERY
_WAYS = ("before", "at once", "after")
_CALLERS = 6


def prove(suite):
    bureau = Bureau(suite)
    before = {c["id"] for c in bureau.list(organisation=bureau.committee["organisation"])}
    count = 60 if suite.short else 600
    with _Gate(suite) as gate:
        suite.overrides["mediation"] = {"mysql": f"unix:{gate.path}"}
        suite.restart("mediation")
        try:
            asked = _ask(bureau, gate, count)
        finally:
            suite.overrides.pop("mediation")
            suite.restart("mediation")
    rows = _compare(bureau, before, asked)
    cuts = sum(gate.cuts.values())
    assert all(gate.cuts[way] for way in _WAYS), f"not every way of breaking came up: {gate.cuts}"
    answers = collections.Counter(a.outcome for a in asked)
    print(f"    {cuts} connections cut at COMMIT ({', '.join(f'{way} {gate.cuts[way]}' for way in _WAYS)}) under {count} applications:"
          f" {answers['acknowledged']} acknowledged at once, {answers['repeated']} refused and made again, {answers['refused']} refused"
          f" and left; {rows}")


class _Gate:
    """Stands between the service and the server's socket, and cuts connections where it sees a COMMIT."""

    def __init__(self, suite):
        self.path = suite.state.path("run", "gate.sock")
        self.cuts = collections.Counter()
        self.part = 0.0  # of all COMMITs to cut
        self._server = str(suite.mysql.socket)
        self._random = random.Random(7)
        self._lock = threading.Lock()

    def __enter__(self):
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._server)
        answers = threading.Thread(target=self._copy, args=(server, client), daemon=True)
        with client, server:
            answers.start()
            try:
                while data := client.recv(1 << 16):
                    way = self._choose() if data.endswith(_COMMIT) else None
                    if way == "before":
                        break
                    if way == "after":  # carried out, and the answer lost
                        client.shutdown(socket.SHUT_WR)
                    server.sendall(data)
                    if way == "after":
                        wait_until(lambda: not answers.is_alive(), 30, "the server's answer to COMMIT", pause=0.001)
                    if way:
                        break
            except OSError:
                pass
            for side in (client, server):
                try:
                    side.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            answers.join(30)

    def _choose(self):
        with self._lock:
            if self._random.random() >= self.part:
                return None
            way = _WAYS[sum(self.cuts.values()) % len(_WAYS)]
            self.cuts[way] += 1
            return way

    @staticmethod
    def _copy(source, target):
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
        except OSError:
            pass


class _Asked:
    def __init__(self, request, outcome, case):
        self.request, self.outcome, self.case = request, outcome, case


def _ask(bureau, gate, count):
    asked, lock = [], threading.Lock()
    gate.part = 0.15

    def run():
        while True:
            with lock:
                if len(asked) >= count:
                    return
                mine = _Asked(str(uuid.uuid4()), None, None)
                asked.append(mine)
            # The request_id is in the facts as well: what it made can be found even where no answer told of it.
            body = bureau.application(mine.request, facts=mine.request)
            mine.outcome = "acknowledged"
            answer = patiently(lambda: bureau.mediator.post("/v1/mediation/cases", body))
            if not answer.ok:
                assert answer.status == 503, f"a cut connection makes {answer!r}"
                if random.random() < 0.5:
                    mine.outcome = "refused"
                    continue
                mine.outcome = "repeated"
                answer = _until_answered(bureau, body)
            mine.case = answer.json["id"]

    threads = [threading.Thread(target=run) for _ in range(_CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
        assert not thread.is_alive(), "a caller hangs"
    gate.part = 0.0
    assert all(a.outcome == "refused" or a.case for a in asked), "a caller ended early"
    return asked


def _until_answered(bureau, body):
    deadline = time.monotonic() + 30
    while True:
        answer = patiently(lambda: bureau.mediator.post("/v1/mediation/cases", body))
        if answer.ok:
            return answer
        assert answer.status == 503 and time.monotonic() < deadline, f"made again: {answer!r}"


def _compare(bureau, before, asked):
    bureau.settle()
    there = {c["id"]: c for c in bureau.list(organisation=bureau.committee["organisation"]) if c["id"] not in before}
    made = collections.defaultdict(list)
    for case in there:
        made[bureau.read(case)["particulars"]["facts"]].append(case)
    for a in asked:
        cases = made.pop(a.request, [])
        if a.outcome == "refused":
            assert len(cases) <= 1, f"refused, not repeated, and there {len(cases)} times: {a.request}"
        else:
            assert cases == [a.case], f"{a.outcome} as {a.case}, and there is {cases}"
    assert not made, f"cases that nobody asked for: {made}"
    rows = assert_whole(bureau.suite, "mediation")
    return f"{len(there)} cases there, each once; {rows} journal rows verify"
