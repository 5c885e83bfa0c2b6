"""Without Redis everything works; without MariaDB everything says so at once, and frozen within seconds.

Both come back without anybody's help, and no service is started anew. The worklist over all services names one that is away."""

import os
import secrets
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import catalogue
from bureau import Bureau, assert_whole, patiently
from demo_people import People
from web import RequestFailed
from suite import wait_until

_AT_ONCE = 1.0  # seconds
_CALLERS = 16
_MISSING = 3.0  # for a service that the worklist over all waits two seconds for
_SILENCE = 6.0  # until a database that says nothing at all is taken for away, on a busy machine


def prove(suite):
    bureau = Bureau(suite)
    for account in ("nanma.mediator", "nanma.officer"):
        suite.token(account)
    pids = {s.name: suite.pid(s.name) for s in catalogue.SERVICES}
    cases = 3 if suite.short else 15
    worked = _without_redis(suite, bureau, cases)
    slowest, refused, back = _without_mariadb(suite, bureau, cases)
    silent, later = _frozen_mariadb(suite, bureau)
    assert {s.name: suite.pid(s.name) for s in catalogue.SERVICES} == pids, "a service was started anew"
    rows = assert_whole(suite)
    frozen, stopped = _without_mediation(suite, bureau)
    transferred = _transferred_meanwhile(suite, bureau)
    print(f"    Redis away: {worked} cases went from application to agreement, were sealed and counted")
    print(f"    MariaDB away: {refused} reads and writes refused as UNAVAILABLE, the slowest in {slowest * 1000:.0f} ms; back:"
          f" the first write {back:.1f} s later, no service started anew; {rows} journal rows verify")
    print(f"    mediation away: the worklist over all says so within {frozen:.1f} s where it is frozen, {stopped:.1f} s where it is stopped")
    print(f"    mediation away: {transferred} orders of the hotline were transferred meanwhile, and are one case each")
    print(f"    MariaDB frozen: UNAVAILABLE to the first within {silent:.1f} s, to the others within {later * 1000:.0f} ms")


def _without_redis(suite, bureau, cases):
    before = bureau.statistics()
    suite.stop_process("redis")
    try:
        done = [bureau.conclude() for _ in range(cases)]
        assert all(c["state"] == "AGREED_WRITTEN" for c in done)
        counted = bureau.statistics() - before
        assert counted == cases, f"{counted} of {cases} cases counted without Redis"
        assert len(bureau.history(done[0]["id"])) == 5
        assert suite.sign_in("nanma.mediator")["accessToken"], "a log-in without Redis"
        unready = {name: problem for name, problem in suite.unready().items() if name != "redis"}
        assert not unready, f"not ready without Redis: {unready}"
    finally:
        suite.start_process("redis")
    done.append(bureau.conclude())
    assert bureau.statistics() - before == len(done)
    return len(done)


def _without_mariadb(suite, bureau, rounds):
    case = bureau.apply()
    before = {c["id"] for c in bureau.list(organisation=bureau.committee["organisation"])}
    year = suite.clock.today().year
    requests = {
        "GetCase": lambda: bureau.mediator.get(f"/v1/mediation/cases/{case['id']}"),
        "ListCases": lambda: bureau.officer.get("/v1/mediation/cases"),
        "ApplyCase": lambda: bureau.mediator.post("/v1/mediation/cases", bureau.application()),
        "AcceptCase": lambda: bureau.mediator.post(f"/v1/mediation/cases/{case['id']}:accept", {"etag": case["etag"]}),
        "QueryStatistics": lambda: bureau.officer.post("/v1/mediation/statistics:query", {
            "cube": "mediation.cases", "from": f"{year}-01-01", "to": f"{year}-12-31",
            "organisationPath": bureau.committee["organisationPath"]}),
        "CreateSession": lambda: suite.http().post("/v1/identity/sessions", {"account": "nobody", "password": "nothing"}),
    }
    suite.stop_process("mysql")
    try:
        slowest, refused = 0.0, 0
        for name, request in [*requests.items()] * rounds:
            slowest, refused = max(slowest, _refused_at_once(name, request)), refused + 1
        with ThreadPoolExecutor(_CALLERS) as pool:  # nor may they wait for each other
            crowd = list(pool.map(lambda _: _refused_at_once("ApplyCase", requests["ApplyCase"]), range(_CALLERS * 4)))
        for name in catalogue.with_database():
            status, _ = suite.inner(name, "/readyz", timeout=3)
            assert status == 503, f"/readyz of {name} answers {status} without its database"
            assert suite.inner(name, "/healthz", timeout=3)[0] == 200, f"{name} is alive, and says it is not"
    finally:
        suite.start_process("mysql")
    began = time.monotonic()
    accepted = wait_until(lambda: (lambda a: a if a.ok else None)(requests["AcceptCase"]()), 10, "recovery", pause=0.05)
    back = time.monotonic() - began
    assert accepted.json["state"] == "ACCEPTED" and accepted.json["etag"] == "2", f"{accepted!r}"
    wait_until(lambda: not suite.unready(), 10, "readiness after MariaDB came back")
    after = {c["id"] for c in bureau.list(organisation=bureau.committee["organisation"])}
    assert after == before, f"{len(after - before)} refused applications are there all the same"
    return max(slowest, *crowd), refused + len(crowd), back


def _refused_at_once(name, request):
    began = time.monotonic()
    answer = patiently(request)
    seconds = time.monotonic() - began
    assert answer.status == 503 and answer.json["code"] == 14, f"{name} without MariaDB: {answer!r}"
    assert seconds < _AT_ONCE, f"{name} took {seconds:.1f} s to say that MariaDB is away"
    return seconds


def _frozen_mariadb(suite, bureau):
    """MariaDB takes connections and says nothing: the first callers are told within seconds, the others at once, and what
    was in doubt is there once or not at all."""
    case = bureau.apply()
    path = f"/v1/mediation/cases/{case['id']}"
    requests = {
        "GetCase": lambda: bureau.mediator.get(path),
        "ListCases": lambda: bureau.officer.get("/v1/mediation/cases"),
        "AcceptCase": lambda: bureau.mediator.post(f"{path}:accept", {
            "requestId": f"frozen-{case['id']}", "etag": case["etag"]}),
    }

    def ask(name, within):
        began = time.monotonic()
        answer = patiently(requests[name])
        seconds = time.monotonic() - began
        assert answer.status == 503 and answer.json["code"] == 14, f"{name} with a frozen MariaDB: {answer!r} after {seconds:.1f} s"
        assert seconds < within, f"{name} took {seconds:.1f} s to say that MariaDB is frozen"
        return seconds

    os.kill(suite.pid("mysql"), signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(_CALLERS) as pool:
            slowest = max(pool.map(lambda i: ask([*requests][i % len(requests)], _SILENCE), range(_CALLERS)))
            later = max(pool.map(lambda i: ask([*requests][i % len(requests)], _AT_ONCE), range(_CALLERS * 4)))
    finally:
        os.kill(suite.pid("mysql"), signal.SIGCONT)
    accepted = wait_until(lambda: (lambda a: a if a.ok else None)(requests["AcceptCase"]()), 10, "recovery after the freeze", pause=0.05)
    assert accepted.json["state"] == "ACCEPTED" and accepted.json["etag"] == "2", f"{accepted!r}"
    wait_until(lambda: not suite.unready(), 10, "readiness after the freeze")
    return slowest, later


def _without_mediation(suite, bureau):
    bureau.apply()

    def page():
        began = time.monotonic()
        answer = patiently(lambda: bureau.officer.get("/v1/work"))
        assert answer.ok, f"the worklist without mediation: {answer!r}"
        return answer.json, time.monotonic() - began

    def missing(within):
        work, seconds = page()
        assert [m["service"] for m in work.get("missing", [])] == ["mediation"], f"mediation is not named: {work}"
        assert "mediation" not in _owners(work), f"from whom is this: {work['items'][:1]}"
        assert seconds < within, f"the worklist took {seconds:.1f} s"
        return seconds

    assert "mediation" in _owners(page()[0]), "no work while everything is there"
    suite.pause("mediation")
    try:
        frozen = missing(_MISSING)
    finally:
        suite.resume("mediation")
    suite.stop_process("mediation")
    try:
        stopped = missing(_MISSING)
    finally:
        suite.start_process("mediation")
    wait_until(lambda: "mediation" in _owners(page()[0]), 10, "work after mediation came back", pause=0.1)
    return frozen, stopped


def _transferred_meanwhile(suite, bureau):
    """Orders that an agent transfers while mediation is away wait, and become one case each when it is back, also where hotline is
    killed on the way."""
    agent, head = suite.http("dongyang.agent"), suite.http("dongyang.head")
    centre = head.must("POST", "/v1/hotline/centres", {
        "office": "330783", "region": "330783", "name": "东阳市12348热线", "calledNumbers": [f"{secrets.randbelow(10**12):012}"],
        "serves": ["330783"], "languages": ["zh"]})
    people, before = People(secrets.token_hex(8)), _cases(bureau)

    def transfer():
        caller, respondent = people.party(1), people.party(2)
        order = agent.must("POST", "/v1/hotline/workOrders", {
            "centre": centre["id"], "channel": "01", "caller": {"name": caller["name"], "phone": caller["phone"]},
            "matter": {"place": "330783118", "basis": "STATED", "topic": "02", "facts": "被拖欠三个月工资"}})
        return agent.must_act(f"/v1/hotline/workOrders/{order['id']}:transferToMediation", {"transfer": {
            "committee": bureau.committee["id"], "disputeType": "1001", "respondents": [{"name": respondent["name"]}]}})["id"]

    def states():
        return [agent.must("GET", f"/v1/hotline/workOrders/{order}")["state"] for order in orders]

    suite.stop_process("mediation")
    try:
        orders = [transfer() for _ in range(3)]
        time.sleep(2)  # hotline asks each second
        assert states() == ["TRANSFERRING"] * len(orders), states()
    finally:
        suite.start_process("mediation")
    suite.kill("hotline")
    suite.start_process("hotline")

    def handled():
        try:
            return states() == ["HANDLING"] * len(orders)
        except RequestFailed:  # hotline is not back yet
            return False

    wait_until(handled, 30, "the cases of the orders", pause=0.2)
    assert len(_cases(bureau) - before) == len(orders), "not one case for each order"
    assert_whole(suite, "hotline")
    return len(orders)


def _cases(bureau):
    return {c["id"] for c in bureau.list(organisation=bureau.committee["organisation"])}


def _owners(work):
    """The services whose work the page has."""
    return {item["service"] for item in work.get("items", [])}
