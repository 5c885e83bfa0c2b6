"""A telephone exchange of the hotline, for tests: it tells what happens to calls as a switch does, and does what it is told."""

import datetime

HOTLINE = "/v1/hotline"
_CHINA = datetime.timezone(datetime.timedelta(hours=8))


class Switchboard:
    """The switch of the demonstration's centre, in a run of its own."""

    def __init__(self, suite, boot):
        self._http, self._clock, self._boot, self._seq = suite.http("dongyang.switch"), suite.clock, boot, 0
        head = suite.http("dongyang.head")
        self.id = head.must("GET", f"{HOTLINE}/switches")["switches"][0]["id"]

    def event(self, call, **kind):
        """The next event, now."""
        self._seq += 1
        return {"seq": self._seq, "call": call, "at": datetime.datetime.fromtimestamp(self._clock.now(), _CHINA).isoformat(timespec="milliseconds")} | kind

    def send(self, *events):
        return self._http.post(f"{HOTLINE}/switches/{self.id}:sendEvents", {"boot": self._boot, "events": list(events)})

    def tell(self, call, **kind):
        """Tells what has happened. Up to which number all is durable."""
        answer = self.send(self.event(call, **kind))
        assert answer.ok, repr(answer)
        return int(answer.json["acknowledged"])

    def call(self, name, caller, group=""):
        """A call that arrives and asks for a person."""
        self.tell(name, callArrived={"caller": caller, "called": "12348", "channel": "01"})
        self.tell(name, menuChosen={"group": group})
        self.tell(name, queueEntered={})

    def commands(self):
        """What it is to do now; once read it is acknowledged."""
        commands = self._http.must("GET", f"{HOTLINE}/switches/{self.id}/commands").get("commands", [])
        if commands:
            self._http.must("POST", f"{HOTLINE}/switches/{self.id}/commands:acknowledge", {"commands": [c["id"] for c in commands]})
        return commands


class Seat:
    """An agent of the demonstration at his desk."""

    def __init__(self, suite, account):
        self.http = suite.http(account)
        found = suite.http("dongyang.head").must("GET", f"{HOTLINE}/agents", query={"account": _id_of(suite, account)})["agents"]
        self.id, self.number = found[0]["id"], found[0]["staffNumber"]

    def read(self):
        return self.http.must("GET", f"{HOTLINE}/agents/{self.id}")

    def act(self, verb, **body):
        return self.http.must_act(f"{HOTLINE}/agents/{self.id}:{verb}", {"etag": self.read()["etag"]} | body)

    def be_ready(self):
        if self.read()["state"] == "OFFLINE":
            self.act("signIn")
        self.act("ready")

    def offers(self):
        return self.http.must("GET", f"{HOTLINE}/offers").get("offers", [])

    def accept(self, offer):
        return self.http.post(f"{HOTLINE}/offers/{offer}:accept", {})


def _id_of(suite, account):
    found = suite.http("dongyang.system").must("GET", "/v1/identity/accounts", query={"below": "330783", "pageSize": 200})
    return next(a["id"] for a in found["accounts"] if a["account"] == account)
