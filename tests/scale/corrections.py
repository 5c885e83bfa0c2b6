"""Community corrections of a county of 15,000 people: acts, its worklist, and a roll-call of all, each beside what the database does bare."""

import json
import subprocess
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from bureau import assert_whole, hex_of_id, settle
from casework_tables import scratch, sizes
from console import Failure
from limits import unlimited
from load import Noise, median, sure, wrk
from people import CORRECTIONS, OFFICE, citizen_number
from proofs import Measure
from state import binary

_COUNTY = "330783"
_CONNECTIONS = 32
_POOL = 12  # connections of a service to its database


def bench(suite):
    people = 300 if suite.short else 15_000
    with unlimited(suite):
        subjects = _People(suite).received(people)
        settle(suite, 900, "corrections")
        noise = Noise()
        measures = [_acts(suite, subjects), _worklist(suite, people), _roll_call(suite, people)]
    assert_whole(suite, "corrections")
    for measure in measures:
        measure.note += f"; {noise}"
    return measures


class _People:
    """Men on probation for two years in one office."""

    def __init__(self, suite):
        self.suite, self.kept, self.today = suite, threading.local(), suite.clock.today()

    def http(self):
        if not hasattr(self.kept, "http"):
            self.kept.http = self.suite.http("dongyang.officer", timeout=60)
        return self.kept.http

    def _post(self, path, body):
        answer = self.http().post(path, body)
        if answer.status != 200:
            raise Failure(f"{path}: {answer!r}")
        return answer.json

    def _received(self, order):
        day = self.today.isoformat()
        ends = self.today.replace(year=self.today.year + 2, day=1).isoformat()
        s = self._post(f"{CORRECTIONS}/subjects", {"office": OFFICE, "region": OFFICE, "decision": {
            "category": "02", "decider": "01", "deciderName": "东阳市人民法院", "number": f"刑初{order}号", "effectiveOn": day,
            "termFrom": day, "termTo": ends, "offence": "05"}, "person": {
                "name": "赵大山", "idNumber": citizen_number(f"19{30 + order // 900 % 20}0308", order % 900), "sex": "1",
                "residence": "南马镇安恬村"}})
        return self._post(f"{CORRECTIONS}/subjects/{s['id']}:register", {"etag": s["etag"]})["id"]

    def received(self, count):
        with ThreadPoolExecutor(24) as pool:
            return list(pool.map(self._received, range(count)))


def _visit(suite, subject):
    """A visit from its plan to its end; the bodies of its acts."""
    day = suite.clock.today().isoformat()
    steps = [{"subject": "SUBJECT", "kind": "01", "place": "安恬村", "plannedOn": day},
             {"visitors": ["王芳"], "met": "赵母", "findings": "在家务农"}, {"note": "无异常"}]
    http = suite.http("nanma.officer")
    visit = http.post(f"{CORRECTIONS}/visits", steps[0] | {"subject": subject}).json
    for act, body in zip(("attend", "close"), steps[1:]):
        visit = http.post(f"{CORRECTIONS}/visits/{visit['id']}:{act}", body | {"etag": visit["etag"]}).json
    return visit, steps


def _acts(suite, subjects):
    visit, steps = _visit(suite, subjects[0])
    settle(suite, service="corrections")
    images, records, terms = sizes(suite, hex_of_id(visit["id"]), "corrections")
    lines = "\n".join(json.dumps(body, ensure_ascii=False) for body in steps)
    rounds, seconds = (1, 2) if suite.short else (5, 6)
    ratios, bare = [], []
    with scratch(suite, "corrections") as reference:
        for i in range(rounds + 1):
            result = wrk(suite, "walk.lua", seconds, _CONNECTIONS, threads=_CONNECTIONS, account="nanma.officer", steps=lines,
                         run=uuid.uuid4().hex[:12], collection=f"{CORRECTIONS}/visits", acts="attend close",
                         subjects=" ".join(subjects[1:1 + _CONNECTIONS]))
            if result["failed"]:
                raise Failure(f"{result['failed']} requests failed: {result['why']}")
            begin = time.monotonic()
            settle(suite, service="corrections")
            rate = result["transitions"] / (result["seconds"] + time.monotonic() - begin)
            other = reference("transitions", connections=_POOL, seconds=seconds, images=images, records=records, terms=terms)
            if i == 0 and not suite.short:
                continue
            ratios.append(rate / other["rate"])
            bare.append(other["rate"])
    return Measure(f"acts of corrections, {_CONNECTIONS} callers, sealed and counted", median(ratios) * median(bare), "/s", median(bare),
                   f"/s bare transactions on {_POOL} connections", goal=0.5,
                   note=f"visits; median of {len(ratios)} rounds of {seconds} s, ratios {min(ratios):.2f}–{max(ratios):.2f}")


def _worklist(suite, people):
    """The first page of the county's worklist, beside the same stretches of the same index."""
    page, seconds, times = 50, (1 if suite.short else 10), (100 if suite.short else 3000)
    where = "o.open = {open} AND o.due_end IS {due} AND o.organisation_path LIKE '/33/3307/330783/%'"
    stretches = [f"(SELECT o.id, o.due_end FROM object o FORCE INDEX (by_due) WHERE {where.format(open=is_open, due=due)}"
                 f" ORDER BY {order} LIMIT {page + 1})"
                 for due, order in (("NOT NULL", "o.due_end, o.id"), ("NULL", "o.id")) for is_open in (1, 2)]
    query = ("SELECT o.type, o.id, o.number, o.state, o.organisation, o.region, o.assignee, o.due_on, o.due_clock, o.due_end FROM ("
             + " UNION ALL ".join(stretches) + f" ORDER BY due_end IS NULL, due_end, id LIMIT {page + 1}) p STRAIGHT_JOIN object o"
             " FORCE INDEX (PRIMARY) ON o.id = p.id ORDER BY o.due_end IS NULL, o.due_end, o.id")
    command = [str(binary("sifa-sql-reference")), "--mode=query", f"--socket={suite.mysql.socket}", "--database=sifa_corrections",
               f"--query={query}", f"--times={times}"]
    through = sure(wrk(suite, "get.lua", seconds, 1, threads=1, account="dongyang.officer", path=f"{CORRECTIONS}/work?pageSize={page}"))
    bare = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout)
    return Measure(f"worklist of {people:,} people, p99", through["p99_us"] / 1000, "ms", bare["p99_us"] / 1000, "ms its bare query",
                   goal=3.0, lower_is_better=True, note=f"p50 {through['p50_us'] / 1000:.2f} and {bare['p50_us'] / 1000:.2f} ms")


def _roll_call(suite, people):
    county = suite.http("dongyang.officer", timeout=60)
    drawn = county.post(f"{CORRECTIONS}/rollCalls", {"office": _COUNTY, "region": _COUNTY, "mode": "WHOLE"}).json
    begin = time.monotonic()
    roll_call = county.post(f"{CORRECTIONS}/rollCalls/{drawn['id']}:start", {"etag": drawn["etag"]}).json
    while roll_call.get("cursor"):
        if time.monotonic() - begin > 900:
            raise Failure(f"the roll-call has called {roll_call['called']} of {roll_call['population']}")
        time.sleep(0.02)
        roll_call = county.get(f"{CORRECTIONS}/rollCalls/{drawn['id']}").json
    rate = roll_call["called"] / (time.monotonic() - begin)
    settle(suite, 900, "corrections")
    check = county.get(f"{CORRECTIONS}/checks", rollCall=drawn["id"], pageSize=1).json["checks"][0]
    images, records, terms = sizes(suite, hex_of_id(check["id"]), "corrections")
    with scratch(suite, "corrections") as reference:
        bare = median([reference("open", rows=2000 if suite.short else 20_000, images=images, records=records, terms=terms)["rate"]
                       for _ in range(1 if suite.short else 3)])
    return Measure(f"roll-call of {people:,} people opened", rate, "checks/s", bare, "/s by single-row inserts", goal=0.4,
                   note=f"{roll_call['called']:,} called in portions of 200")
