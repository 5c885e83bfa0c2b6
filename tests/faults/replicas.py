"""Two processes of each service and of the gateway share the work, and any of them may end without a caller seeing it.

Who is killed takes with it only calls that were under way, which are made again under their request_id; who is told to stop takes nothing."""

import collections
import re
import threading
import time
import uuid

import catalogue
import console
from bureau import Bureau, assert_whole, backlog, patiently
from live import Listener
from suite import wait_until
from switchboard import Switchboard
from web import Client

_CALLERS = 8
_EVENTS = 40
_RETRY_SECONDS = 0.02
_ANSWERED_WITHIN = 1.0   # the next call, by the wall clock of a loaded machine
_TAKEN_OVER_WITHIN = 20  # a lease of a process that was killed ends after ten seconds


def prove(suite):
    suite.start(replicas=2)
    try:
        bureau = Bureau(suite)
        shares = _shares(suite, bureau)
        handed_on = _calls(suite)
        load = _Load(suite, bureau)
        page = Listener(suite, "nanma.officer")
        with load:
            killed = [_kill(suite, load, name) for name in _victims(suite)]
            kills = load.told.copy()
            load.told.clear()
            restarted = _roll(suite, load)
        _assert_all_there(suite, bureau, load)
        wait_until(lambda: not set(load.acknowledged) - {case for case, _ in page.seen}, 30, "every acknowledged act to be told to a page that listened", pause=0.5)
        page.finish()
        rows = assert_whole(suite)
    finally:
        suite.start(replicas=1)
    console.say(f"    shares of two processes: {', '.join(f'{name} {share:.0%}' for name, share in shares.items())}")
    console.say(f"    {handed_on} of {_EVENTS} events of a switch came to the process that does not own its centre, and were handed on")
    for line in killed:
        console.say(f"    {line}")
    console.say(f"    kills cut off {kills['cut']} and refused {kills['refused']} of {kills['asked']} requests, all of which were answered when made again;"
                f" rolling restart of {restarted} processes: {load.told['asked']} requests, none failed")
    console.say(f"    {len(load.acknowledged)} acknowledged cases, each there once and told to a page over {page.resumed} streams; {rows} journal rows verify")


def _victims(suite):
    """Of each kind the one that holds the leases, where there are any; in the long form every process."""
    names = [name for s in catalogue.SERVICES for name in suite.processes(s)]
    return [_holder(suite, "mediation"), "identity", "gateway"] if suite.short else names


def _holder(suite, service):
    """The process of a service that seals."""
    names = suite.processes(catalogue.service(service))
    return next(name for name in names if suite.metric(name, "sifa_lease_held", lease="sealer"))


def _shares(suite, bureau):
    """The part of the calls that the first process of each kind has answered, of those that were read through both gateways."""
    path = f"/v1/mediation/cases/{bureau.apply()['id']}"
    names = suite.processes(catalogue.service("mediation"))
    count = lambda name: suite.metric(name, "sifa_rpc_calls_total", method="/sifa.mediation.v1.CaseService/GetCase", code="OK")  # pylint: disable=unnecessary-lambda-assignment
    before = {name: count(name) for name in names}
    calls = 200 if suite.short else 1000
    for url in suite.urls:
        client = Client(url, suite.ca, suite.token("nanma.mediator"))
        for _ in range(calls // 2):
            answer = patiently(lambda: client.get(path))  # pylint: disable=cell-var-from-loop
            assert answer.ok, repr(answer)
    share = {name: (count(name) - before[name]) / calls for name in names}
    assert all(0.4 <= part <= 0.6 for part in share.values()), f"not shared: {share}"
    return share


def _calls(suite):
    """A switch and an agent, whose calls go round the processes of the hotline: none is refused since another one owns the centre. How many
    events were handed on."""
    count = lambda name: suite.metric(name, "sifa_rpc_calls_total", method="/sifa.hotline.v1.SwitchService/SendSwitchEvents", code="OK") or 0  # pylint: disable=unnecessary-lambda-assignment
    names = suite.processes(catalogue.service("hotline"))
    switch = Switchboard(suite, f"replicas-{uuid.uuid4().hex[:8]}")
    begin = switch.event("", booted={})
    wait_until(lambda: switch.send(begin).ok, 10, "the lease of the process before to end")
    before = sum(count(name) for name in names)
    for n in range(_EVENTS // 2):
        switch.tell(f"r{n}", callArrived={"caller": f"1390000{n:04d}", "called": "12348", "channel": "01"})
        switch.tell(f"r{n}", hungUp={"by": "01"})
        suite.http("dongyang.agent5").must("GET", "/v1/hotline/offers")
    return int(sum(count(name) for name in names) - before) - _EVENTS


class _Load:
    """Callers that apply for cases and read them, half of them beginning at each gateway. What was not answered, or refused because something
    is away, is made again under its request_id at once, and is counted."""

    def __init__(self, suite, bureau):
        self._bureau = bureau
        self._clients = [Client(suite.urls[i % 2:] + suite.urls[:i % 2], suite.ca, lambda: suite.token("nanma.mediator"), 30) for i in range(_CALLERS)]
        self.told = collections.Counter()
        self.acknowledged = {}
        self.refusals = []
        self.slowest = 0.0
        self._wrong = []
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(client,)) for client in self._clients]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait(40)
        return self

    def __exit__(self, *error):
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)
        if error[0] is None:
            assert not self._wrong, f"{len(self._wrong)} answers that were neither good nor a refusal to come again: {self._wrong[:3]}"

    def wait(self, acts):
        goal = len(self.acknowledged) + acts
        wait_until(lambda: len(self.acknowledged) >= goal or self._wrong, 60, "acknowledged acts")
        assert not self._wrong, self._wrong[:3]

    def _run(self, client):
        while not self._stopping.is_set():
            request = str(uuid.uuid4())
            body = self._bureau.application(request)
            case = self._ask(lambda: client.post("/v1/mediation/cases", body, idempotency_key=request))  # pylint: disable=cell-var-from-loop
            if case:
                assert self.acknowledged.setdefault(case["id"], request) == request
                self._ask(lambda: client.get(f"/v1/mediation/cases/{case['id']}"))  # pylint: disable=cell-var-from-loop

    def _ask(self, call):
        begin = time.monotonic()
        while not self._stopping.is_set():
            self.told["asked"] += 1
            try:
                answer = call()
            except OSError:
                self.told["cut"] += 1
            else:
                if answer.ok:
                    self.slowest = max(self.slowest, time.monotonic() - begin)
                    return answer.json
                if answer.status == 429:
                    self.told["asked"] -= 1  # the gateway's limit of one caller, and no failure
                elif answer.status in (503, 504):
                    self.told["refused"] += 1
                    self.refusals.append(f"{time.monotonic():.2f} {answer!r}")
                else:
                    self._wrong.append(repr(answer))
                    return None
            time.sleep(_RETRY_SECONDS)
        return None


def _kill(suite, load, name):
    """kill -9 of one of two under load. How long the slowest request took from its first asking to its answer, and until the journal was at rest."""
    load.slowest = 0.0
    suite.kill(name)
    begin = time.monotonic()
    load.wait(20)
    slowest = load.slowest
    assert slowest < _ANSWERED_WITHIN + (3 if suite.short else 0), f"{name} killed: a request took {slowest:.1f} s"
    service = catalogue.service(name).name
    taken = ""
    if catalogue.service(name).database:
        wait_until(lambda: _held(suite, service, name), _TAKEN_OVER_WITHIN, f"another to seal for {service}", pause=0.1)
        taken = f", sealer and watcher taken over after {time.monotonic() - begin:.1f} s at most"
    suite.start_process(name)
    wait_until(lambda: backlog(suite) < 200, _TAKEN_OVER_WITHIN, "sealing and counting")
    return f"kill -9 of {name}: the slowest of the next requests was answered after {slowest * 1000:.0f} ms{taken}"


def _held(suite, service, gone):
    """Whether the process that is left seals and, where the service has limits, watches them."""
    left = next(name for name in suite.processes(catalogue.service(service)) if name != gone)
    leases = set(re.findall(r'sifa_lease_held\{lease="(sealer|watcher)"\}', suite.inner(left, "/metrics")[1]))
    return all(suite.metric(left, "sifa_lease_held", lease=lease) == 1 for lease in leases | {"sealer"})


def _roll(suite, load):
    """Every process is told to stop and started again, one after the other. The number of processes."""
    names = [name for s in catalogue.SERVICES for name in suite.processes(s)]
    for name in names:
        suite.restart(name)
        wait_until(lambda: all(suite.metric(g, "sifa_gateway_backend_state", peer=s) == 2 for g in suite.processes(catalogue.service("gateway"))
                               for s in catalogue.with_database()), 30, "both gateways to reach every service")
        load.wait(5)
    failed = load.told["cut"] + load.told["refused"]
    assert not failed, f"while everything was restarted one by one {load.told['cut']} requests were cut and {load.told['refused']} refused: {load.refusals[-2:]}"
    return len(names)


def _assert_all_there(suite, bureau, load):
    bureau.settle()
    found = collections.Counter(c["id"] for c in bureau.list(organisation=bureau.committee["organisation"]))
    lost = load.acknowledged.keys() - found.keys()
    assert not lost, f"acknowledged and not there: {sorted(lost)[:5]}"
    assert max(found.values()) == 1, "a search gives a case twice"
    rows = suite.mysql_root("SELECT COUNT(*) AS n, COUNT(DISTINCT object_id) AS cases FROM journal WHERE action = 'APPLY'", "sifa_mediation")[0]
    assert rows["n"] == rows["cases"], f"acts journalled twice: {rows}"
