"""64 people edit the same few cases at once: no edit that was acknowledged is lost, none is done twice."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

from bureau import PURPOSE, Bureau, assert_whole, patiently

_EDITORS = 64
_CASES = 4
_ACCOUNTS = ("nanma.mediator", "nanma.mediator2", "nanma.head", "nanma.officer")


def prove(suite):
    bureau = Bureau(suite)
    edits = 1 if suite.short else 10
    cases = [bureau.apply(facts="开始", amount=1000)["id"] for _ in range(_CASES)]
    clients = [suite.http(account, timeout=60) for account in _ACCOUNTS]
    for account in _ACCOUNTS:
        suite.token(account)  # signed in before the crowd comes
    start = threading.Barrier(_EDITORS)
    with ThreadPoolExecutor(_EDITORS) as pool:
        work = list(pool.map(lambda number: _Editor(clients, cases, number).work(start, edits), range(_EDITORS)))
    stale = sum(editor.stale for editor in work)
    done = [act for editor in work for act in editor.done]
    assert len(done) == _EDITORS * edits, f"{len(done)} edits acknowledged of {_EDITORS * edits}"
    assert stale, "nobody met anybody: this run proves nothing"
    for case in cases:
        _check(bureau, case, [act for act in done if act["case"] == case])
    rows = assert_whole(suite, "mediation")
    print(f"    {_EDITORS} editors, {_CASES} cases: {len(done)} edits acknowledged and all there, {stale} refused as stale and"
          f" made again on the newer text; versions without gaps; {rows} journal rows verify")


class _Editor:
    """Appends a mark of its own and an amount to a case, reading it again whenever somebody else was faster."""

    def __init__(self, clients, cases, number):
        self.client = clients[number // len(cases) % len(clients)]
        self.cases, self.number = cases, number
        self.random = random.Random(number)
        self.done = []
        self.stale = 0

    def work(self, start, edits):
        start.wait(60)
        for i in range(edits):
            # Spread evenly at first, so that every case is fought over; at random after that.
            case = self.cases[self.number % len(self.cases)] if i == 0 else self.random.choice(self.cases)
            self._edit(case, mark=f"〔{self.number}-{i}〕", amount=self.random.randrange(1, 10 ** 6))
        return self

    def _edit(self, case, mark, amount):
        for _ in range(1000):
            read = patiently(lambda: self.client.request("GET", f"/v1/mediation/cases/{case}", headers=PURPOSE))
            assert read.ok, f"reading {case}: {read!r}"
            now = read.json
            particulars = now["particulars"]
            particulars["facts"] += mark
            particulars["amountFen"] = str(int(particulars["amountFen"]) + amount)
            edit = {"etag": now["etag"], "reason": f"补充 {mark}", "particulars": particulars}
            answer = patiently(lambda: self.client.post(f"/v1/mediation/cases/{case}:edit", edit))
            if answer.ok:
                self.done.append({"case": case, "mark": mark, "amount": amount, "version": int(answer.json["etag"])})
                return
            assert (answer.status, answer.reason) == (409, "ETAG_STALE"), f"an edit of {case}: {answer!r}"
            self.stale += 1
        raise AssertionError(f"editor {self.number} never got through to {case}")


def _check(bureau, case, done):
    now = bureau.read(case)
    facts = now["particulars"]["facts"]
    lost = [act["mark"] for act in done if facts.count(act["mark"]) != 1]
    assert not lost, f"case {case}: lost or doubled: {lost}"
    assert facts == "开始" + "".join(a["mark"] for a in sorted(done, key=lambda a: a["version"])), "not in the order acknowledged"
    amount = 1000 + sum(act["amount"] for act in done)
    assert int(now["particulars"]["amountFen"]) == amount, f"case {case}: {now['particulars']['amountFen']} is not {amount}"
    versions = list(range(1, len(done) + 2))
    assert int(now["etag"]) == versions[-1], f"case {case}: version {now['etag']} after {len(done)} edits"
    assert sorted(act["version"] for act in done) == versions[1:], f"case {case}: two edits were told the same version"
    acts = [(version, "EDIT" if version > 1 else "APPLY") for version in versions]
    assert bureau.journal(case) == acts, f"case {case}: its history has gaps: {bureau.journal(case)}"
