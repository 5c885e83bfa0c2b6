"""Whatever meets in corrections comes out as the law has it: deciders, release and revocation, kills, forty days at once, strangers."""

import datetime
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from bureau import assert_whole, citizen_id, hex_of_id, patiently
from people import CORRECTIONS, TEAM
from suite import temporary_suite, wait_until

_DECIDERS = 64
_OFFICE, _THERE = "330783118", "330782001"
_WATCHED_WITHIN = 60  # seconds; the lease of a killed watcher runs out first
_KILLED = ("corrections", "identity", "gateway")


def prove(shared):
    """On a suite of its own: it moves the clock for everybody."""
    with temporary_suite("corrections") as suite:
        suite.short = shared.short
        told = [_deciders(suite), _release_or_revocation(suite), _transfer(suite), _strangers(suite), _forty_days(suite)]
        rows = assert_whole(suite, "corrections")
        print("\n".join(f"    {line}" for line in told) + f"\n    {rows} journal rows verify")


class _County:
    """People of 南马镇, noticed, received and announced some days ago, by the clock of the suite."""

    _orders = iter(range(1, 1000))

    def __init__(self, suite):
        self.suite = suite
        self.county, self.office = suite.http("dongyang.officer", timeout=60), suite.http("nanma.officer", timeout=60)

    def day(self, ago=0):
        return (self.suite.clock.today() - datetime.timedelta(ago)).isoformat()

    def noticed(self, began=30, left=400, category="02"):
        return self.county.must("POST", f"{CORRECTIONS}/subjects", {
            "office": _OFFICE, "region": _OFFICE, "occurredOn": self.day(began),
            "person": {"name": "赵大山", "idNumber": citizen_id("330783", "19900307", next(self._orders)), "sex": "1", "residence": "南马镇"},
            "decision": {"category": category, "decider": "01", "deciderName": "东阳市人民法院", "number": "（2026）浙0783刑初9号",
                         "effectiveOn": self.day(began), "termFrom": self.day(began), "termTo": self.day(-left), "offence": "05"}})

    def active(self, **more):
        s = self.noticed(**more)
        began = more.get("began", 30)
        s = self.act("subjects", s, "register", occurredOn=self.day(began - 1))
        s = self.act("subjects", s, "formTeam", self.office, team=TEAM, occurredOn=self.day(began - 1))
        return self.act("subjects", s, "announce", self.office, occurredOn=self.day(began - 1))

    def act(self, what, record, name, caller=None, **body):
        return (caller or self.county).must_act(f"{CORRECTIONS}/{what}/{record['id']}:{name}", body, idempotency_key=str(uuid.uuid4()))

    def get(self, what, record, caller=None):
        return (caller or self.county).must("GET", f"{CORRECTIONS}/{what}/{record['id']}")

    def of(self, what, subject):
        return self.county.must("GET", f"{CORRECTIONS}/{what}", query={"subject": subject["id"], "pageSize": 200}).get(what, [])

    def one(self, what, subject):
        """The only one of a kind that the suite opens for somebody, waited for."""
        wait_until(lambda: self.of(what, subject), _WATCHED_WITHIN, f"{what} of {subject['id']}", pause=0.2)
        [found] = self.of(what, subject)
        return found

    def leave(self, subject, days, ahead=1):
        return self.office.must("POST", f"{CORRECTIONS}/leaves", {
            "subject": subject["id"], "purpose": "01", "details": "到上海就医", "places": [{"region": "310101", "address": "瑞金医院"}],
            "from": self.day(-ahead), "to": self.day(-ahead - days + 1), "proofKind": "01", "proofNumber": "诊字1号"})

    def times(self, action, record):
        """How often the journal has an action on an object."""
        rows = self.suite.mysql_root(f"SELECT COUNT(*) AS n FROM journal WHERE action = '{action}' AND object_id = UNHEX('{hex_of_id(record['id'])}')",
                                     database="sifa_corrections")
        return int(rows[0]["n"])


def _at_once(calls):
    """The answers of calls that begin together."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait(60)
        return patiently(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _deciders(suite):
    at = _County(suite)
    leave = at.leave(at.active(), days=10)
    path = f"{CORRECTIONS}/leaves/{leave['id']}"

    def decide(n):
        verb, body = ("approve", {}) if n % 2 else ("refuse", {"reason": "材料不足"})
        return lambda: at.county.request("POST", f"{path}:{verb}", body={"etag": leave["etag"], **body}, headers={"Idempotency-Key": str(uuid.uuid4())})

    answers = _at_once([decide(n) for n in range(_DECIDERS)])
    done = [a for a in answers if a.ok]
    assert len(done) == 1, f"{len(done)} of {_DECIDERS} decisions on one leave stand"
    stands = at.get("leaves", leave)
    assert stands["state"] == done[0].json["state"] and int(stands["etag"]) == int(leave["etag"]) + 1
    return f"{_DECIDERS} deciders on one leave: one decision stands, {stands['state']}; the others are told that it has changed"


def _release_or_revocation(suite):
    at = _County(suite)
    released = revoked = 0
    for _ in range(4 if suite.short else 20):
        s = at.active(began=60, left=0)
        release = at.one("releases", s)
        for name, body in (("appraise", {"appraisal": "表现一般"}), ("announce", {})):
            release = at.act("releases", release, name, **body)
        proposal = {"subject": s["id"], "kind": "PROBATION", "ground": "OTHER_SERIOUS", "facts": "多次违反规定", "addressee": "ORIGINAL_COURT",
                    "addresseeName": "东阳市人民法院"}
        ended, proposed = _at_once([
            lambda: at.county.request("POST", f"{CORRECTIONS}/releases/{release['id']}:issue", body={"etag": release["etag"]}),
            lambda: at.county.request("POST", f"{CORRECTIONS}/revocations", body=proposal)])
        assert ended.ok != proposed.ok, f"release {ended!r} and revocation {proposed!r} of one person"
        released, revoked = released + ended.ok, revoked + proposed.ok
        state = at.get("subjects", s)["state"]
        assert state == ("RELEASED" if ended.ok else "ACTIVE"), state
    return f"release against revocation: {released} released, {revoked} to be revoked, never both"


def _transfer(suite):
    at = _County(suite)
    there = suite.http("yiwu.officer", timeout=60)
    s = at.active()
    apply = {"subject": s["id"], "toOffice": _THERE, "toRegion": _THERE, "residence": "义乌市稠城街道", "grounds": "就业"}
    steps = [("consult", at.county, {}), ("answer", there, {"agreed": True, "answer": "同意接收"}), ("decide", at.county, {}),
             ("handOver", at.county, {}), ("report", there, {}), ("acknowledge", there, {})]
    kills = 0
    transfer = _insisting(lambda key: at.office.request("POST", f"{CORRECTIONS}/transfers", body=apply, headers={"Idempotency-Key": key}))
    for n, (name, caller, body) in enumerate(steps):
        killed = _KILLED[n % len(_KILLED)]

        def perform(key):
            return caller.request("POST", f"{CORRECTIONS}/transfers/{transfer['id']}:{name}", body={"etag": transfer["etag"], **body},
                                  headers={"Idempotency-Key": key})

        killer = threading.Timer(0.02, lambda: (suite.kill(killed), suite.start_process(killed)))
        killer.start()
        answer = _insisting(perform)
        killer.join()
        kills += 1
        assert int(answer["etag"]) == int(transfer["etag"]) + 1, f"{name}: version {answer['etag']} after {transfer['etag']}"
        transfer = answer
    wait_until(lambda: not suite.unready(), 60, "the suite to be ready again")
    moved = at.get("subjects", s, there)
    assert (transfer["state"], moved["organisation"]) == ("ACKNOWLEDGED", _THERE)
    gone = at.county.get(f"{CORRECTIONS}/subjects/{s['id']}")
    assert gone.status == 404, f"the county that he has left still has him: {gone!r}"
    assert at.times("CHANGE_OFFICE", s) == 1
    return f"a transfer between two counties, {kills} kills of {', '.join(_KILLED)}: each act once, he is the other county's"


def _insisting(perform):
    """The answer to a request that is sent again, by the same key, until one is given."""
    key, deadline = str(uuid.uuid4()), time.monotonic() + 120
    while True:
        try:
            answer = patiently(lambda: perform(key))
            if answer.ok:
                return answer.json
            assert answer.status in (401, 502, 503, 504), repr(answer)
        except OSError:
            pass
        assert time.monotonic() < deadline, "no answer within two minutes"
        time.sleep(0.2)


def _strangers(suite):
    """Every act on records of 东阳 by officers of another county and by posts without the right; nothing of them changes."""
    at = _County(suite)
    s = at.active()
    records = {"subjects": s, "leaves": at.leave(s, days=5),
               "searches": at.office.must("POST", f"{CORRECTIONS}/searches", {"subject": s["id"], "absentAfter": at.day(1)})}
    strangers = [suite.http(account, timeout=60) for account in ("yiwu.officer", "hengdian.officer", "nanma.mediator", "dongyang.auditor")]
    paths = suite.http().must("GET", "/openapi.json")["paths"]
    tried = 0
    for what, record in records.items():
        before = at.get(what, record)
        for path in paths:
            if not path.startswith(f"{CORRECTIONS}/{what}/{{id}}:"):
                continue
            for stranger in strangers:
                answer = patiently(lambda: stranger.post(path.replace("{id}", record["id"]), {"etag": before["etag"]}))
                assert answer.status in (400, 403, 404), f"{path}: {answer!r}"
                assert answer.status != 400 or answer.fields, f"{path}: {answer!r}"  # of a request without its content
                tried += 1
        assert at.get(what, record)["etag"] == before["etag"], f"a stranger has changed {what}"
    return f"{tried} acts tried by another county, another office, a mediator and an auditor: none done"


def _forty_days(suite):
    at = _County(suite)
    absent, ending, away = at.noticed(began=2), at.active(left=35), at.active()
    leave = at.act("leaves", at.leave(away, days=10, ahead=0), "approve")
    leave = at.act("leaves", leave, "depart", at.office)
    suite.clock.advance(40 * 86400)
    suite.kill("corrections")  # in the middle of what has fallen due
    suite.start_process("corrections")
    at = _County(suite)  # signed in anew
    search, release = at.one("searches", absent), at.one("releases", ending)
    wait_until(lambda: at.get("leaves", leave)["state"] == "OVERSTAYED", _WATCHED_WITHIN, "the leave to be overstayed", pause=0.2)
    time.sleep(7)  # two more looks of the watcher
    for action, record in (("MISS_REPORT", absent), ("BEGIN", search), ("PREPARE_RELEASE", ending), ("PREPARE", release), ("OVERSTAY", leave)):
        assert at.times(action, record) == 1, f"{action}: {at.times(action, record)} times"
    assert len(at.of("searches", absent)) == len(at.of("releases", ending)) == 1
    duties = at.of("duties", away)
    assert len({d["dueOn"] for d in duties}) == len(duties) > 0, "a report of one day is asked for once"
    missed = [d for d in duties if d["state"] == "MISSED"]
    assert all(at.times("MISS", d) == 1 for d in missed)
    assert "MISSING" in at.get("subjects", absent)["flags"] and "ON_LEAVE" in at.get("subjects", away)["flags"]
    return f"forty days at once, and a kill: one search, one release, one leave overstayed, {len(duties)} reports opened and {len(missed)} missed, each once"
