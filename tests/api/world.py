"""A dispute for tests: parties nobody else has, and a case that is led from act to act."""

import datetime
import secrets

from base import ApiTest
from demo_people import People

NANMA = "330783118-00"  # committee of 南马镇
NANMA_REGION = "330783118"
ENCLOSED = ["AGREEMENT", "MEDIATION_PROOF", "IDENTITY_PROOF"]  # what goes with an application for confirmation


def people():
    """People that no other test and no demonstration has."""
    return People(secrets.token_hex(8))


def particulars(**more):
    """Of a dispute between two people."""
    made = people()
    return {"type": "02", "source": "2", "facts": "因排水沟走向发生争执", "amountFen": "500000",
            "parties": [made.party(1), made.party(2)]} | more


def signatures(count, day):
    return [{"party": n, "signedOn": str(day)} for n in range(count)]


class CaseTest(ApiTest):
    """Tests of cases in the hands of one committee, by its mediator and its office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mediator, cls.office = cls.suite.http("nanma.mediator"), cls.suite.http("nanma.officer")
        cls.neighbour, cls.county = cls.suite.http("hengdian.officer"), cls.suite.http("dongyang.officer")
        cls.head = cls.suite.http("dongyang.head")
        listed = cls.mediator.must("GET", f"/v1/mediation/committees?organisation={NANMA}")["committees"]
        cls.committee = next(c for c in listed if c["state"] == "ACTIVE")
        cls.me = cls.mediator.must("GET", "/v1/identity/me")["id"]
        cls.member = next(m["id"] for m in cls.committee["members"] if m.get("account") == cls.me)
        cls.today = cls.suite.clock.today()

    def ago(self, days):
        return (self.today - datetime.timedelta(days)).isoformat()

    def applied(self, on=None, **more):
        """A case that has been applied for; `more` goes into its particulars."""
        return Case(self, self.mediator, on, particulars(**more))

    def accepted(self, on=None, **more):
        return self.applied(on, **more).do("accept", on=on)

    def mediating(self, on=None, **more):
        case = self.accepted(on, **more).do("assign", on=on, mediators=[self.member])
        return case.do("recordSession", on=on, session={"heldOn": on or str(self.today), "manner": "1", "minutes": "双方陈述"})

    def agreed(self, on=None, perform_by=None, **more):
        """A case with a written agreement that is in effect since `on`."""
        case = self.mediating(on, **more)
        return case.do("agree", on=on, agreement=self.agreement(on, perform_by))

    def agreement(self, on=None, perform_by=None, parties=2):
        on = on or str(self.today)
        made = {"content": "甲方修沟，乙方分担一半费用", "mediatorSignedOn": on, "sealedOn": on, "signatures": signatures(parties, on)}
        return made | ({"performBy": perform_by} if perform_by else {})


class Case:
    """One case, and the caller that works on it."""

    def __init__(self, test, caller, on, particulars_):
        self._test, self._caller = test, caller
        body = {"committee": test.committee["id"], "region": NANMA_REGION, "particulars": particulars_}
        self.first = test.ok(caller.post("/v1/mediation/cases", body | ({"occurredOn": on} if on else {})))
        self.id, self.parties = self.first["id"], particulars_["parties"]
        self.now = self.first

    @property
    def path(self):
        return f"/v1/mediation/cases/{self.id}"

    @property
    def files(self):
        """Where its attachments are listed and added."""
        return f"/v1/mediation/attachments?objectType=Case&object={self.id}"

    def try_(self, act, on=None, caller=None, **body):
        """The answer to an act, whatever it is."""
        return (caller or self._caller).act(f"{self.path}:{act}", body | ({"occurredOn": on} if on else {}))

    def do(self, act, on=None, caller=None, **body):
        """An act that has to succeed; the case itself, as it is now in `now`."""
        self.now = self._test.ok(self.try_(act, on, caller, **body))
        return self

    def upload(self, document, caller=None):
        """A scan of a paper of the dossier; the attachment."""
        return self._test.ok((caller or self._caller).request(
            "POST", f"{self.files}&fileName=a.pdf&document={document}", data=b"%PDF-1.4\n%%EOF\n",
            content_type="application/octet-stream"))

    def read(self, caller=None, purpose=None):
        headers = {"X-Purpose": purpose} if purpose else None
        return self._test.ok((caller or self._caller).request("GET", self.path, headers=headers))

    def history(self, purpose=None):
        headers = {"X-Purpose": purpose} if purpose else None
        return self._test.ok(self._caller.request("GET", f"{self.path}/history", headers=headers))["entries"]

    def actions(self, caller=None):
        return {a["action"]: a for a in self._test.ok((caller or self._caller).get(f"{self.path}/actions"))["actions"]}

    def clock(self, kind):
        return next((c for c in self.read().get("clocks", []) if c["kind"] == kind), None)
