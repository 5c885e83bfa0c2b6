"""One address floods the gateway in every way at once: another is served all the time, memory stays bounded, all recovers."""

import collections
import itertools
import json
import resource
import socket
import ssl
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from bureau import PURPOSE, Bureau
from suite import wait_until
from web import Client

_ELSEWHERE = "127.0.0.2"
_MEMORY = 200 << 20
_BODY = 4_000_000
_OCTETS = "application/octet-stream"
_PDF = b"%PDF-1.4\n" + bytes(100_000) + b"\n%%EOF\n"


def prove(suite):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before = _memory(suite)
    flood = _Flood(suite)
    try:
        with _Witness(suite) as witness, _Peak(suite) as peak:
            flood.run(lines=1_040 if suite.short else 10_400, idle=200 if suite.short else 1_500,
                      bodies=50 if suite.short else 250, uploads=64, logins=16)
            answers = flood.answers()
    finally:
        flood.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    witness.check()
    assert answers["answered 401"] > 0, f"no made-up token was refused at the door: {answers}"
    assert peak.bytes < _MEMORY, f"the gateway took {peak.bytes >> 20} MiB"
    _recovered(suite, before)
    print(f"    {len(flood.sockets)} connections of one address: " + ", ".join(f"{n} {what}" for what, n in answers.most_common()))
    print(f"    another address meanwhile: {witness}; the gateway took {peak.bytes >> 20} MiB at most, {before >> 20} before,"
          f" {_memory(suite) >> 20} after")


def _memory(suite):
    text = Path(f"/proc/{suite.pid('gateway')}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) << 10


def _recovered(suite, before):
    wait_until(lambda: suite.metric("gateway", "sifa_gateway_body_bytes") == 0, 30, "the release of all bodies")
    wait_until(lambda: suite.metric("gateway", "sifa_gateway_connections") < 20, 60, "the end of the flood's connections")
    assert suite.problem("gateway") is None, suite.problem("gateway")
    fresh = Client(suite.url, suite.ca, suite.token("nanma.mediator"))
    assert fresh.get("/readyz").body == b"ready\n"
    assert fresh.get("/v1/identity/me").ok
    wait_until(lambda: _memory(suite) < before + (100 << 20), 60, "the return of memory", pause=0.5)


class _Peak:
    """The most memory that the gateway had meanwhile."""

    def __init__(self, suite):
        self.bytes = 0
        self._suite = suite
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        while not self._done.wait(0.1):
            self.bytes = max(self.bytes, _memory(self._suite))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


class _Witness:
    """An office at another address, at work: it reads, files, signs in, sends and fetches, each on a connection of its own."""

    def __init__(self, suite):
        self._suite = suite
        self._bureau = Bureau(suite, place="hengdian", word="横店")
        self._case = self._bureau.apply()["id"]
        self._account = suite.account("hengdian.mediator")
        self._token = suite.token("hengdian.mediator")
        self._served, self._wrong, self._slowest = collections.Counter(), [], 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()

    def __str__(self):
        return ", ".join(f"{n} {what}" for what, n in self._served.items()) + f" in {self._slowest:.1f} s at most"

    def check(self):
        assert not self._wrong, f"another address was not served {len(self._wrong)} times: {self._wrong[:3]}"
        assert len(self._served) == 5, self._served

    def _work(self):
        rounds = itertools.count()
        while not self._done.is_set():
            self._try("readings", lambda c: c.get(f"/v1/mediation/cases/{self._case}"))
            self._try("applications", lambda c: c.post("/v1/mediation/cases", self._bureau.application()))
            if next(rounds) % 5 == 0:
                self._try("log-ins", lambda c: c.post("/v1/identity/sessions", {
                    "account": self._account["account"], "password": self._account["password"]}), token=None)
                stored = self._try("uploads", lambda c: c.request(
                    "POST", f"/v1/mediation/attachments?objectType=Case&object={self._case}&fileName=a.pdf", data=_PDF, content_type=_OCTETS))
                if stored is not None:
                    self._try("downloads", lambda c: c.request(
                        "GET", f"/v1/mediation/attachments/{stored['id']}", headers={"Accept": _OCTETS} | PURPOSE))
            self._done.wait(0.1)

    def _try(self, what, ask, token=""):
        client = Client(self._suite.url, self._suite.ca, self._token if token == "" else token, timeout=30, source=_ELSEWHERE)
        begin = time.monotonic()
        try:
            answer = ask(client)
        except OSError as error:
            self._wrong.append(f"{what}: {error!r}")
            return None
        finally:
            client.close()
        self._slowest = max(self._slowest, time.monotonic() - begin)
        if not answer.ok:
            self._wrong.append(f"{what}: {answer!r}")
            return None
        self._served[what] += 1
        return answer.json if answer.headers["Content-Type"] == "application/json" else None


class _Flood:
    """Connections of 127.0.0.1 that are opened in every wrong way and then left."""

    def __init__(self, suite):
        self.sockets = []
        self._suite = suite
        url = urlsplit(suite.url)
        self._host, self._port = url.hostname, url.port
        self._context = ssl.create_default_context(cafile=str(suite.ca))
        officers = [a["account"] for a in suite.accounts() if a["account"].endswith(".officer")][:8]
        self._tokens = [suite.token(name) for name in officers]
        self._done = threading.Event()

    def run(self, lines, idle, bodies, uploads, logins):
        work = [lambda: self._open()] * idle
        work += [lambda i=i: self._open(self._head(i) + b"Transfer-Encoding: chunked\r\n\r\n1;x=" + b"a" * 24_000) for i in range(lines)]
        work += [lambda i=i: self._open(self._head(i) + f"Content-Length: {_BODY}\r\n\r\n".encode() + bytes(_BODY - 10_000))
                 for i in range(bodies)]
        slow = [self._open(self._upload(self._tokens[i % len(self._tokens)])) for i in range(uploads)]
        turns = iter(work)
        lock = threading.Lock()

        def next_one():
            with lock:
                return next(turns, None)

        def open_all():
            while one := next_one():
                one()

        threads = [threading.Thread(target=open_all) for _ in range(4)]
        threads += [threading.Thread(target=self._guess, args=(i,)) for i in range(logins)]
        threads.append(threading.Thread(target=self._drip, args=(slow,)))
        for thread in threads:
            thread.start()
        for thread in threads[:4]:
            thread.join()
        self._done.wait(2)
        self._done.set()
        for thread in threads[4:]:
            thread.join()

    def answers(self):
        """How the connections have ended, those that have."""
        seen = collections.Counter()
        for connection in self.sockets:
            if connection is None:
                seen["turned away"] += 1
                continue
            try:
                connection.settimeout(0.001)
                status = connection.recv(100)[9:12].decode("ascii", "replace")
                seen[f"answered {status}" if status else "closed"] += 1
            except TimeoutError:
                seen["open"] += 1
            except OSError:
                seen["cut"] += 1
        return seen

    def close(self):
        self._done.set()
        for connection in self.sockets:
            if connection is not None:
                connection.close()

    def _head(self, i):
        token = self._tokens[i % len(self._tokens)] if i % 2 else f"made.up.{i}"
        return (f"POST /v1/mediation/cases HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {token}\r\n").encode()

    def _upload(self, token):
        return (f"POST /v1/mediation/cases:import HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/x-ndjson\r\n"
                f"Authorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n").encode()

    def _open(self, data=b""):
        try:
            raw = socket.create_connection((self._host, self._port), timeout=10)
            connection = self._context.wrap_socket(raw, server_hostname=self._host)
        except OSError:
            self.sockets.append(None)
            return None
        self.sockets.append(connection)
        try:
            connection.sendall(data)
        except OSError:
            pass  # answered, and closed, before all was sent
        return connection

    def _drip(self, slow):
        while not self._done.wait(1):
            for connection in slow:
                try:
                    connection.sendall(b"1\r\n \r\n")
                except (OSError, AttributeError):
                    continue

    def _guess(self, i):
        client = Client(self._suite.url, self._suite.ca, timeout=30)
        while not self._done.is_set():
            try:
                client.post("/v1/identity/sessions", {"account": f"nobody.{i}", "password": "Wrong-password-1"})
            except OSError:
                self._done.wait(0.1)
        client.close()
