"""A mediation committee at work, for proofs and benchmarks: its cases, made and counted through the gateway."""

import itertools
import random
import socket
import ssl
import threading
import time
import urllib.parse
import uuid

import catalogue
from suite import wait_until

TYPES = ["01", "02", "03", "04", "05", "06"]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MEMBERS = [
    {"name": "王建国", "role": "HEAD", "sex": "1", "ethnicGroup": "01", "kind": "1", "bornOn": "1970-05-01"},
    {"name": "李秀英", "role": "MEMBER", "sex": "2", "ethnicGroup": "01", "kind": "2", "bornOn": "1980-05-01"},
    {"name": "张伟", "role": "MEMBER", "sex": "1", "ethnicGroup": "01", "kind": "2", "bornOn": "1985-05-01"},
]
# Whoever reads without a purpose reads masked values, and would write them back.
PURPOSE = {"X-Purpose": urllib.parse.quote("办理案件")}


def patiently(call):
    """The answer of call(), made again while the gateway says that this caller asks too often."""
    while True:
        answer = call()
        if answer.status != 429:
            return answer
        time.sleep(random.uniform(0.02, 0.2))


def citizen_id(region, day, sequence):
    """A number with its right check digit."""
    digits = f"{region}{day}{sequence:03d}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS)) % 11]


def hex_of_id(text):
    """A 26-character id, Crockford's base 32, as the database writes it."""
    number = 0
    for character in text:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(character)
    return f"{number:032X}"


class Bureau:
    """The committee of one township, which exists afterwards. Thread-safe."""

    def __init__(self, suite, place="nanma", word="东南马"):
        self.suite = suite
        account = suite.account(f"{place}.mediator")
        self.organisation = account["organisation"]
        self.region = self.organisation[:9]
        self.mediator = suite.http(account["account"], timeout=60)
        self.officer = suite.http(f"{place}.officer", timeout=60)
        self.committee = self._committee(account["organisationName"], word)
        self.members = [m["id"] for m in self.committee["members"]]
        self._numbers = itertools.count(random.randrange(10 ** 7))
        self._lock = threading.Lock()

    def _committee(self, name, word):
        found = self.officer.must("GET", f"/v1/mediation/committees?organisation={self.organisation}").get("committees", [])
        active = [c for c in found if c["state"] == "ACTIVE"]
        return active[0] if active else self.officer.must("POST", "/v1/mediation/committees", {
            "organisation": self.organisation, "region": self.region, "name": name, "type": "3", "level": "2",
            "caseWord": word, "members": _MEMBERS})

    # -- acts

    def particulars(self, facts="两家因排水沟走向发生争执，多次协商未果", amount=500_000):
        with self._lock:
            number = next(self._numbers)
        day = f"19{60 + number % 40}{1 + number % 12:02d}{1 + number % 28:02d}"
        return {"type": TYPES[number % len(TYPES)], "source": "2", "facts": facts, "amountFen": str(amount), "parties": [
            {"name": "赵大山", "idNumber": citizen_id("330783", day, number % 1000), "phone": f"138{number % 10 ** 8:08d}",
             "side": 1},
            {"name": "钱小河", "idNumber": citizen_id("370202", day, (number + 1) % 1000), "side": 2}]}

    def application(self, request_id=None, **particulars):
        return {"requestId": request_id or str(uuid.uuid4()), "committee": self.committee["id"], "region": self.region,
                "particulars": self.particulars(**particulars)}

    def apply(self, **particulars):
        return self._must("/v1/mediation/cases", self.application(**particulars))

    def act(self, case, name, **body):
        """An act on a case as it is now."""
        request_id = str(uuid.uuid4())
        return self.mediator.must_act(f"/v1/mediation/cases/{case}:{name}", {"requestId": request_id, **body}, idempotency_key=request_id)

    def _must(self, path, body):
        # With the key a request is sent again where the gateway has closed the kept connection for being idle.
        return self.mediator.must("POST", path, body, idempotency_key=body["requestId"])

    def steps(self, today):
        """(act, body) of the way from an application to a written agreement."""
        return [("accept", {}), ("assign", {"mediators": self.members[:1]}),
                ("recordSession", {"session": {"heldOn": today, "manner": "1", "minutes": "双方到场，说明了各自的理由"}}),
                ("agree", {"agreement": {"content": "甲方于十日内修复排水沟，费用各半", "signatures": [
                    {"party": 0, "signedOn": today}, {"party": 1, "signedOn": today}],
                    "mediatorSignedOn": today, "sealedOn": today}})]

    def conclude(self):
        """A case from its application to its agreement."""
        case = self.apply()
        for name, body in self.steps(self.suite.clock.today().isoformat()):
            case = self.act(case["id"], name, etag=case["etag"], **body)
        return case

    # -- looking

    def read(self, case):
        """A case with nothing masked."""
        return self.mediator.must("GET", f"/v1/mediation/cases/{case}", headers=PURPOSE)

    def history(self, case):
        """Acts on a case, readings left out."""
        entries = self.mediator.must("GET", f"/v1/mediation/cases/{case}/history")["entries"]
        return [e for e in entries if int(e.get("version", 0)) > 0]

    def journal(self, case):
        """(version, action) of every act on a case, as the journal's table has them."""
        rows = self.suite.mysql_root(f"SELECT version, action FROM journal WHERE object_id = X'{hex_of_id(case)}' AND version > 0"
                                     " ORDER BY version", database="sifa_mediation")
        return [(int(row["version"]), row["action"]) for row in rows]

    def list(self, **query):
        """Every case that a search finds, page by page."""
        found, token = [], None
        while True:
            page = self.officer.get("/v1/mediation/cases", pageSize=200, pageToken=token, **query)
            assert page.ok, f"search: {page!r}"
            found += page.json.get("cases", [])
            token = page.json.get("nextPageToken")
            if not token:
                return found

    def statistics(self, measure="accepted"):
        """The committee's figure of this year, once everything that is committed is sealed and counted."""
        self.settle()
        year = self.suite.clock.today().year
        answer = self.officer.must("POST", "/v1/mediation/statistics:query", {
            "cube": "mediation.cases", "from": f"{year}-01-01", "to": f"{year}-12-31",
            "organisationPath": self.committee["organisationPath"]})
        names = [c["name"] for c in answer["measures"]]
        measures = answer.get("totals", {}).get("measures") or ["0"] * len(names)
        return int(measures[names.index(measure)])

    def settle(self, seconds=60):
        settle(self.suite, seconds)


def open_upload(suite, account, path):
    """A connection of its own on which an NDJSON upload has begun; what is sent on it is in chunks, and it may be cut."""
    host, port = suite.url.removeprefix("https://").split(":")
    context = ssl.create_default_context(cafile=str(suite.ca))
    connection = context.wrap_socket(socket.create_connection((host, int(port)), 10), server_hostname=host)
    connection.sendall((f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-ndjson\r\n"
                        f"Authorization: Bearer {suite.token(account)}\r\nTransfer-Encoding: chunked\r\n\r\n").encode())
    return connection


def settle(suite, seconds=60, service="mediation"):
    """Waits until every committed act of a service is sealed and counted."""
    wait_until(lambda: backlog(suite, service) == 0, seconds, "sealing and counting", pause=0.1)


def backlog(suite, service="mediation"):
    """Rows of a service's journal that are not sealed yet or not counted yet."""
    row = suite.mysql_root("SELECT (SELECT COUNT(*) FROM journal_pending) AS pending, (SELECT COALESCE(MAX(position), 0)"
                           " FROM journal_seal) - (SELECT COALESCE(MIN(position), 0) FROM follower WHERE name = 'statistics') AS behind",
                           database=f"sifa_{service}")[0]
    return int(row["pending"]) + int(row["behind"])


def head(suite, service="mediation"):
    """The number of rows ever written to a journal: it grows with every change and every reading of personal data."""
    return int(suite.mysql_root("SELECT COUNT(*) AS n FROM journal", database=f"sifa_{service}")[0]["n"])


def assert_whole(suite, *services):
    """The journals verify clean; the number of their rows."""
    rows = 0
    for service in services or catalogue.with_database():
        whole, report = suite.verify_journal(service)
        assert whole, f"the journal of {service} does not verify:\n{report}"
        rows += int(report.split()[1].rstrip(","))
    return rows
