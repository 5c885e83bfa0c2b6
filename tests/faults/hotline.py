"""12348 热线 under faults: the hotline, its database and Redis are killed in turn while a switch goes on telling what happens to calls. Each call
has one work order and exactly one outcome, callbacks are owed to whom they are owed, and the figures equal a recount.

The switch tells an event again until it is acknowledged, as the interface asks of it; the agents ask for what is offered to them and take it."""

import collections
import random
import threading
import time
import uuid

from bureau import PURPOSE, assert_whole, settle
from console import Failure
from suite import wait_until
from switchboard import HOTLINE, Seat, Switchboard
from web import RequestFailed

_VICTIMS = ("hotline", "mysql", "redis")
_AGENTS = 6
_CALL_SECONDS = 0.4   # between one call and the next
_TALK_SECONDS = 1.0
_SETTLED_WITHIN = 90


def prove(suite):
    rounds, seconds = (1, 6) if suite.short else (3, 20)
    # What earlier tests have left in the queue is lost with this start of the switch, and counted before.
    Switchboard(suite, f"before-{uuid.uuid4().hex[:8]}").tell("", booted={})
    settle(suite, 60, "hotline")
    before = _requests(suite)
    switch = _Switch(suite)
    desks = [_Desk(suite, f"dongyang.agent{10 + n}") for n in range(_AGENTS)]
    slowest = collections.Counter()
    with switch, _All(desks):
        time.sleep(seconds)
        for victim in _VICTIMS * rounds:
            suite.kill(victim)
            began = time.monotonic()
            suite.start_process(victim)
            switch.wait_for_an_answer()
            slowest[victim] = max(slowest[victim], time.monotonic() - began)
            time.sleep(seconds)
        switch.finish()
    _compare(suite, switch, before)
    rows = assert_whole(suite, "hotline")
    print(f"    {len(_VICTIMS) * rounds} kills under {len(switch.calls)} calls: {dict(switch.outcomes())}; {switch.repeats} sendings made again; each"
          f" call has one work order and one outcome; {rows} journal rows verify")
    print("    from the start of the process to the next acknowledged event, at most: "
          + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest.items()))


class _All:
    """Several that each run in a `with`."""

    def __init__(self, those):
        self._those = those

    def __enter__(self):
        for one in self._those:
            one.__enter__()

    def __exit__(self, *error):
        for one in self._those:
            one.__exit__(*error)


class _Runner:
    """A thread that does one thing again and again, whatever is away."""

    def __init__(self):
        self.error, self._stopping = None, False

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self._stopping = True
        self._thread.join(_SETTLED_WITHIN)
        assert not self._thread.is_alive(), "it hangs"
        if self.error and error is None:
            raise self.error

    def _run(self):
        while not self._stopping:
            try:
                self.step()
            except RequestFailed as failed:
                if failed.response.status not in (409, 429, 503, 504):  # something is away, or has changed meanwhile
                    self.error = self.error or failed
                    return
                time.sleep(0.2)
            except (OSError, Failure):
                time.sleep(0.2)  # something is away
            except BaseException as error:  # pylint: disable=broad-except  # the proof's thread raises it
                self.error = self.error or error
                return


class _Call:
    def __init__(self, number):
        self.caller, self.number = f"139{number:08d}", number
        self.patience = random.choice((None, 0.5, 6.5))  # seconds in the queue before he gives up; None: he waits
        self.queued = self.bridged = self.ended = None


class _Switch(_Runner):
    """Calls come, wait, are rung through, talk and end."""

    def __init__(self, suite):
        super().__init__()
        self._board = Switchboard(suite, f"proof-{uuid.uuid4().hex[:10]}")
        self._suite, self._first = suite, random.randrange(10**7)
        self.calls, self.repeats, self._answered, self._ringing = {}, 0, 0, []
        self._unsent, self._last, self._finishing = [self._board.event("", booted={})], 0.0, False

    def _tell(self, call, **kind):
        self._unsent.append(self._board.event(call, **kind))

    def step(self):
        now = time.monotonic()
        if not self._finishing and now - self._last > _CALL_SECONDS:
            self._last = now
            name = f"c{len(self.calls) + 1}"
            call = self.calls[name] = _Call(self._first + len(self.calls))
            self._tell(name, callArrived={"caller": call.caller, "called": "12348", "channel": "01"})
            self._tell(name, queueEntered={})
            call.queued = now
        for name, call in self.calls.items():
            waited = now - call.queued
            if call.ended is None and call.bridged is None and call.patience is not None and waited > call.patience:
                call.ended = now
                self._tell(name, hungUp={"by": "01"})
            elif call.ended is None and call.bridged is not None and now - call.bridged > _TALK_SECONDS:
                call.ended = now
                self._tell(name, hungUp={"by": "01"})
        self._send()
        for command in self._board.commands():
            if command["kind"] == "RING" and command.get("call") in self.calls:
                self._ringing.append(command)
        self._bridge()
        time.sleep(0.05)

    def _bridge(self):
        """Whoever is rung and has taken it talks, if the caller is still there."""
        for command in self._ringing:
            call = self.calls[command["call"]]
            if command["offer"] in _Desk.accepted and call.ended is None and call.bridged is None:
                call.bridged = time.monotonic()
                self._tell(command["call"], bridged={"offer": command["offer"], "agent": command["agent"]})
        self._ringing = [c for c in self._ringing if self.calls[c["call"]].ended is None and self.calls[c["call"]].bridged is None]

    def _send(self):
        batch = list(self._unsent[:200])
        if not batch:
            return
        try:
            answer = self._board.send(*batch)
        except (OSError, Failure):
            self.repeats += 1
            raise
        if not answer.ok:
            assert answer.status in (429, 503, 504, 409) and answer.reason != "EVENT_CONFLICT", f"{answer!r}"
            self.repeats += 1
            return
        up_to = int(answer.json["acknowledged"])
        self._unsent = [e for e in self._unsent if e["seq"] > up_to]
        self._answered += 1

    def wait_for_an_answer(self):
        seen = self._answered
        wait_until(lambda: self._answered > seen or self.error, _SETTLED_WITHIN, "an acknowledged event")

    def finish(self):
        """No new calls; who still waits gives up."""
        self._finishing = True
        for call in self.calls.values():
            if call.patience is None:
                call.patience = 0.0
        wait_until(lambda: self.error or (not self._unsent and all(c.ended for c in self.calls.values())), _SETTLED_WITHIN, "the end of all calls")

    def outcomes(self):
        return collections.Counter("answered" if c.bridged else "given up" for c in self.calls.values())


class _Desk(_Runner):
    """An agent who takes what he is offered."""

    accepted = set()  # offers

    def __init__(self, suite, account):
        super().__init__()
        self._seat = Seat(suite, account)
        self._seat.be_ready()

    def step(self):
        state = self._seat.read()["state"]
        if state != "READY":
            self._seat.be_ready()
        for offer in self._seat.offers():
            if not offer.get("accepted") and self._seat.accept(offer["id"]).ok:
                self.accepted.add(offer["id"])
        time.sleep(0.15)


def _requests(suite):
    day = suite.clock.today().isoformat()
    answer = suite.http("dongyang.head").must("POST", f"{HOTLINE}/statistics:query", {"cube": "hotline.contacts", "from": day, "to": day, "region": "330783"})
    return dict(zip((m["name"] for m in answer["measures"]), (int(v) for v in answer["totals"]["measures"])))


def _compare(suite, switch, before):
    head = suite.http("dongyang.head")
    contacts, token = {}, ""
    while True:
        page = head.must("GET", f"{HOTLINE}/contacts", query={"pageSize": 200, "pageToken": token}, headers=PURPOSE)
        for contact in page.get("contacts", []):
            if contact.get("boot") == switch._board._boot:  # pylint: disable=protected-access
                assert contact["call"] not in contacts, f"{contact['call']} is there twice"
                contacts[contact["call"]] = contact
        token = page.get("nextPageToken")
        if not token:
            break
    missing = switch.calls.keys() - contacts.keys()
    assert not missing, f"acknowledged and not there: {sorted(missing)}"
    assert not contacts.keys() - switch.calls.keys(), "calls that never were"
    orders = [c["workOrder"] for c in contacts.values()]
    assert len(set(orders)) == len(orders), "two calls have one work order"
    counted = collections.Counter()
    for name, call in switch.calls.items():
        contact = contacts[name]
        expected = "ANSWERED" if call.bridged else "ABANDONED"
        assert (contact["state"], contact["outcome"]) == ("ENDED", expected), f"{name}: {contact['state']} {contact['outcome']}, not {expected}"
        counted[expected] += 1
        counted["requests"] += 1
    now = _requests(suite)

    def grown(measure):
        return now.get(measure, 0) - before.get(measure, 0)

    wait_until(lambda: _requests(suite).get("requests", 0) - before.get("requests", 0) == counted["requests"], 30, "the figures")
    now = _requests(suite)
    assert (grown("answered"), grown("abandoned"), grown("open")) == (counted["ANSWERED"], counted["ABANDONED"], 0), (now, before, counted)
