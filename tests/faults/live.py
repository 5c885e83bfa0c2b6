"""A page that listens misses no act and sees none twice, whatever dies: a service, the gateway, identity; and one that does not read holds up
nobody.

Acts are done all the while; at the end each page has seen the acts on every case in their order, once."""

import collections
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

import live_page
from bureau import Bureau, assert_whole
from live_page import Page
from suite import wait_until

_SERVICES = ("corrections", "mediation")
_CONCLUDE = ["APPLIED", "ACCEPTED"]
_LATEST = 30.0  # seconds after which an act that was done through a fault has been told


class Listener:
    """A page as a front end keeps it: it resumes with its ticket, and where that is refused with another one."""

    def __init__(self, suite, account):
        self._suite, self._caller = suite, suite.http(account)
        self.seen, self.resumed, self.tickets = [], 0, 0
        self.kinds, self._stop = collections.Counter(), threading.Event()
        self._last, self._ticket = None, None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._last and all(s in self._last for s in _SERVICES), 20, "a page that follows both services")

    def _run(self):
        while not self._stop.is_set():
            try:
                if self._ticket is None:
                    self._ticket = live_page.ticket(self._caller)
                    self.tickets += 1
                page = Page(self._suite, self._ticket, self._last)
            except Exception:  # the gateway or identity is away
                self._ticket = None
                time.sleep(0.2)
                continue
            if page.status != 200:
                self._ticket = None
                time.sleep(0.2)
                continue
            self.resumed += 1
            taken = 0
            while not self._stop.is_set():
                ended = page.ended
                self._last = page.id or self._last
                for event in page.events[taken:]:
                    taken += 1
                    self.kinds[event.kind] += 1
                    if event.kind == "change":
                        self.seen.append((event.data["change"]["object"], event.data["change"]["state"]))
                if ended:
                    break
                time.sleep(0.02)
            if not page.ended:
                page.close()

    def finish(self):
        self._stop.set()
        self._thread.join()
        return self


class Acts:
    """Cases that are applied for and accepted, one after the other, through whatever happens."""

    def __init__(self, bureau):
        self._bureau, self.done, self._stop = bureau, [], threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.is_set():
            try:
                case = self._bureau.apply()
                self._bureau.mediator.must("POST", f"/v1/mediation/cases/{case['id']}:accept", {"etag": case["etag"]})
                self.done.append(case["id"])
            except Exception:
                time.sleep(0.1)
            time.sleep(0.02)

    def finish(self):
        self._stop.set()
        self._thread.join()
        return self.done


def prove(suite):
    bureau = Bureau(suite)
    pages = [Listener(suite, "nanma.officer"), Listener(suite, "dongyang.officer")]
    silent = _silent_page(suite)
    acts = Acts(bureau)
    rounds = 1 if suite.short else 4
    for _ in range(rounds):
        for process in ("mediation", "gateway", "identity"):
            _work_on(acts, 5)
            suite.kill(process)
            time.sleep(0.5)
            suite.start_process(process)
            wait_until(lambda: not suite.unready(), 30, f"{process} to be back")
        suite.restart("mediation")
    _work_on(acts, 10)
    done = acts.finish()
    last = bureau.apply()["id"]
    for page in pages:
        # Whoever seals after a process that was killed waits for its lease to end.
        wait_until(lambda p=page: (last, _CONCLUDE[0]) in p.seen, _LATEST, "the last act")
    for page in pages:
        page.finish()
        _assert_each_once(page, done, last)
    silent.close()
    rows = assert_whole(suite)
    print(f"    {len(done)} cases applied for and accepted while mediation, gateway and identity were killed {rounds} times each: both pages were"
          f" told of every act, in order and once, over {sum(p.resumed for p in pages)} streams with {sum(p.tickets for p in pages)} tickets;"
          f" a page that read nothing held up neither; {rows} journal rows verify")


def _work_on(acts, count):
    begin = len(acts.done)
    wait_until(lambda: len(acts.done) >= begin + count, _LATEST, "acts")


def _assert_each_once(page, done, last):
    assert not page.kinds["reset"], f"a page was told to begin anew: {page.kinds}"
    told = {}
    for object_, state in page.seen:
        told.setdefault(object_, []).append(state)
    wrong = {case: told.get(case) for case in done if told.get(case) != _CONCLUDE}
    assert not wrong, f"{len(wrong)} of {len(done)} cases told wrongly: {list(wrong.items())[:3]}"
    assert told[last] == _CONCLUDE[:1], f"the last act was told as {told[last]}"


def _silent_page(suite):
    """A connection that asks for the stream and never reads."""
    url = urlsplit(suite.url)
    ticket = live_page.ticket(suite.http("nanma.officer"))
    raw = socket.create_connection((url.hostname, url.port))
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection = ssl.create_default_context(cafile=str(suite.ca)).wrap_socket(raw, server_hostname=url.hostname)
    connection.sendall(f"GET /v1/live?ticket={ticket} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
    return connection

