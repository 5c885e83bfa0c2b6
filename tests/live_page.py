"""A page that listens: the stream of server-sent events of `GET /v1/live`, as a browser reads it."""

import collections
import http.client
import json
import ssl
import threading
import time
from urllib.parse import urlencode, urlsplit

Event = collections.namedtuple("Event", "kind id data")


def ticket(caller):
    """A fresh one of a client that is signed in."""
    return caller.must("POST", "/v1/live/tickets", {})["ticket"]


class Page:
    """One stream. Events are collected by a thread of its own; `id` is the last one's."""

    def __init__(self, suite, ticket_, last_id=None, url=None, **query):
        url = urlsplit(url or suite.url)
        context = ssl.create_default_context(cafile=str(suite.ca))
        self._connection = http.client.HTTPSConnection(url.hostname, url.port, context=context, timeout=60)
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        self._connection.request("GET", "/v1/live?" + urlencode({"ticket": ticket_} | query, doseq=True), headers=headers)
        self._answer = self._connection.getresponse()
        self.status, self.headers = self._answer.status, self._answer.headers
        self.id, self.events, self.ended = last_id, [], False
        self._changed = threading.Condition()
        if self.status == 200:
            self._thread = threading.Thread(target=self._read, daemon=True)
            self._thread.start()
        else:
            self.refusal = json.loads(self._answer.read())

    def _read(self):
        kind, data, last = "message", [], self.id
        try:
            for line in self._answer:
                line = line.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(":")
                    value = value.removeprefix(" ")
                    if name == "event":
                        kind = value
                    elif name == "data":
                        data.append(value)
                    elif name == "id":
                        last = value
                    continue
                with self._changed:
                    self.id = last
                    if data:
                        self.events.append(Event(kind, last, json.loads("\n".join(data))))
                    self._changed.notify_all()
                kind, data = "message", []
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # cut, or closed from here
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def wait(self, condition, seconds=10, what="an event"):
        """Until condition() holds, whatever it returns then."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (result := condition()):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"waited {seconds} s for {what}; came: {self.events[-5:]}, id {self.id}, ended {self.ended}")
                self._changed.wait(left)
            return result

    def following(self, *services, seconds=10):
        """Itself, once each of these services has told its position: what changes from then on comes."""
        self.wait(lambda: self.id and {part.split(":")[0] for part in self.id.split(",")} >= set(services), seconds, f"positions of {services}")
        return self

    def changes(self, object_=None):
        """The acts told, of one object where it is named: (act, state)."""
        with self._changed:
            told = [e.data["change"] for e in self.events if e.kind == "change"]
        return [(c["act"], c["state"]) for c in told if object_ in (None, c["object"])]

    def kinds(self):
        with self._changed:
            return collections.Counter(e.kind for e in self.events)

    def close(self):
        """As a page that is closed: without a word."""
        self._connection.sock.shutdown(2) if self._connection.sock else self._answer.fp.raw._sock.shutdown(2)
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if not self.ended and self.status == 200:
            self.close()
