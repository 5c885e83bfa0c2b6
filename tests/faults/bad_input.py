"""Bad input of every kind is refused with its reason and field, changes nothing and harms no process."""

import base64
import json
import subprocess

import catalogue
from bureau import Bureau, assert_whole, backlog, head, patiently
from state import binary
from suite import wait_until
from web import Client

_CASES = "/v1/mediation/cases"


def prove(suite):
    world = _World(suite)
    pids = {name: suite.pid(name) for name in catalogue.names(suite.state)}
    world.bureau.settle()
    counts = [(name, check(world)) for name, check in _CHECKS]
    assert {name: suite.pid(name) for name in catalogue.names(suite.state)} == pids, "a process was started anew"
    assert not suite.unready(), suite.unready()
    assert world.bureau.conclude()["state"] == "AGREED_WRITTEN"
    rows = assert_whole(suite)
    print(f"    {sum(n for _, n in counts)} bad requests, each refused for its reason and nothing written: "
          + ", ".join(f"{name} {n}" for name, n in counts))
    print(f"    every process has the pid it had; a good case went through afterwards; {rows} journal rows verify")


class _World:
    def __init__(self, suite):
        self.suite = suite
        self.bureau = Bureau(suite)
        self.case = self.bureau.apply()["id"]
        self.rows = None

    def application(self, **changes):
        """A good application but for these fields: particulars__type="77" stands for particulars.type."""
        body = self.bureau.application()
        for path, value in changes.items():
            at = body
            *way, last = path.split("__")
            for step in way:
                at = at[int(step) if step.isdigit() else step]
            at[last] = value
        return body

    def refused(self, answer, status, reason, field=None):
        assert (answer.status, answer.reason) == (status, reason), f"expected {status} {reason}, got {answer!r}"
        assert answer.json["message"].strip(), "a refusal says why"
        assert field is None or field in answer.fields, f"expected field {field}, got {answer!r}"

    def each_refused(self, requests):
        """`requests`: (function that asks, status, reason[, field]). Nothing may be written by any of them."""
        before = head(self.suite)
        for ask, *expected in requests:
            self.refused(patiently(ask), *expected)
        assert head(self.suite) == before, "a refused request left rows in the journal"
        assert backlog(self.suite) == 0
        return len(requests)

    def apply(self, **changes):
        return lambda: self.bureau.mediator.post(_CASES, self.application(**changes))

    def send(self, data, **options):
        return lambda: self.bureau.mediator.request("POST", _CASES, data=data, **options)

    def act(self, name, **body):
        return lambda: self.bureau.mediator.act(f"{_CASES}/{self.case}:{name}", body)


def _malformed(w):
    good = json.dumps(w.application()).encode()
    return w.each_refused([
        (w.send(b'{"committee": "x", '), 400, "JSON_MALFORMED"),
        (w.send(good[:-1]), 400, "JSON_MALFORMED"),
        (w.send(b"[1, 2]"), 400, "FIELD_TYPE"),
        (w.send(b'{"committee": "a", "committee": "b"}'), 400, "FIELD_DUPLICATE", "committee"),
        (w.send(b'{"particulars":' * 5000 + b"1" + b"}" * 5000), 400, "JSON_TOO_DEEP"),
        (w.send(good.replace(b'"source": "2"', b'"source": "2", "claims": "\xff\xfe"')), 400, "UTF8_INVALID"),
        (w.send(good.replace(b'"source": "2"', b'"source": "2", "claims": "\xed\xa0\x80"')), 400, "UTF8_INVALID"),
        (lambda: w.bureau.mediator.request("GET", _CASES + "?partyName=%ff%fe"), 400, "QUERY_MALFORMED"),
        (w.send(good, content_type="application/x-www-form-urlencoded"), 415, "CONTENT_TYPE_UNSUPPORTED"),
    ])


def _wrong_types(w):
    return w.each_refused([
        (w.apply(committee=17), 400, "FIELD_TYPE", "committee"),
        (w.apply(particulars__amountFen="viel"), 400, "FIELD_TYPE", "particulars.amountFen"),
        (w.apply(particulars__amountFen=1e30), 400, "NUMBER_RANGE", "particulars.amountFen"),
        (w.apply(particulars__amountFen="-1"), 400, "FIELD_RANGE", "particulars.amountFen"),
        (w.apply(particulars__parties={"name": "x"}), 400, "FIELD_TYPE", "particulars.parties"),
        (w.apply(particulars__parties__0__side="first"), 400, "FIELD_TYPE", "particulars.parties[0].side"),
        (w.apply(particulars__colour="red"), 400, "FIELD_UNKNOWN", "particulars.colour"),
        (w.apply(particulars__type="77"), 400, "CODE_UNKNOWN", "particulars.type"),
        (w.act("addPaper", document="NO_SUCH"), 400, "ENUM_UNKNOWN", "document"),
        (lambda: w.bureau.mediator.get(_CASES, states="NO_SUCH_STATE"), 400, "ENUM_UNKNOWN", "states"),
        (lambda: w.bureau.mediator.get(_CASES, pageSize=100000), 400, "FIELD_RANGE", "pageSize"),
        (lambda: w.bureau.mediator.get(_CASES, pageToken="zzz"), 400, "PAGE_TOKEN_INVALID", "pageToken"),
        (lambda: w.bureau.mediator.get(f"{_CASES}/xyz"), 400, "FIELD_ID", "id"),
    ])


def _oversize(w):
    return w.each_refused([
        (w.apply(particulars__facts="长" * 2_000_000), 413, "BODY_TOO_LARGE"),
        (w.apply(particulars__facts="长" * 20_001), 400, "FIELD_TOO_LONG", "particulars.facts"),
        (w.apply(particulars__parties=[{"name": "赵大山", "side": 1}] * 201), 400, "TOO_MANY_ITEMS", "particulars.parties"),
        (lambda: w.bureau.mediator.request("GET", _CASES + "?number=" + "9" * 10_000), 414, "URL_TOO_LONG"),
        (lambda: w.bureau.mediator.request("GET", _CASES, headers={"X-Long": "9" * 20_000}), 431, "HEADER_TOO_LARGE"),
    ])


def _untrue(w):
    return w.each_refused([
        (w.apply(region="990101"), 400, "REGION_UNKNOWN", "region"),
        (w.apply(region="33x"), 400, "FIELD_REGION", "region"),
        (w.apply(occurredOn="2099-01-01"), 400, "FIELD_DATE_FUTURE", "occurredOn"),
        (w.apply(occurredOn="2026-02-30"), 400, "FIELD_DATE", "occurredOn"),
        (w.apply(particulars__parties__0__idNumber="330783199003070011"), 400, "CITIZEN_ID_INVALID",
         "particulars.parties[0].idNumber"),
        (w.apply(particulars__parties__0__name=""), 400, "FIELD_REQUIRED", "particulars.parties[0].name"),
        (w.apply(particulars__facts="***"), 400, "FIELD_MASKED", "particulars.facts"),
        (w.apply(particulars__parties__0__name="赵*"), 400, "FIELD_MASKED", "particulars.parties[0].name"),
    ])


def _out_of_turn(w):
    first = w.bureau.application()
    assert w.bureau.mediator.post(_CASES, first).ok
    w.bureau.settle()
    other = {**first, "particulars": w.bureau.particulars(facts="另一件事")}
    return w.each_refused([
        (w.act("agreeOrally", agreement={"content": "和好"}), 400, "ACTION_NOT_ALLOWED"),
        (w.act("archive"), 400, "ACTION_NOT_ALLOWED"),
        (w.act("accept", etag="7"), 409, "ETAG_STALE"),
        (w.act("edit", etag="", particulars=w.bureau.particulars()), 400, "FIELD_REQUIRED", "etag"),
        (lambda: w.bureau.mediator.post(_CASES, other), 409, "REQUEST_ID_REUSED"),
        (lambda: w.bureau.mediator.post(_CASES, w.bureau.application("x"), idempotency_key="y"), 400,
         "IDEMPOTENCY_KEY_CONFLICT", "requestId"),
        (lambda: w.bureau.mediator.get("/v1/mediation/nothing"), 404, "ROUTE_UNKNOWN"),
        (lambda: w.bureau.mediator.delete(_CASES), 405, "METHOD_NOT_ALLOWED"),
    ])


def _base64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _strangers(w):
    header, body, signature = w.suite.token("nanma.mediator").split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    county = _base64(json.dumps({**claims, "grants": [{**claims["grants"][0], "path": "/33/"}]}).encode())
    forged = {
        "no token at all": "not-a-token",
        "another place claimed": f"{header}.{county}.{signature}",
        "a signature of zeros": f"{header}.{body}.{_base64(bytes(64))}",
        "no algorithm": f"{_base64(json.dumps({'alg': 'none', 'typ': 'JWT'}).encode())}.{body}.",
        "another key": f"{_base64(json.dumps({'alg': 'EdDSA', 'typ': 'JWT', 'kid': 'mine'}, separators=(',', ':')).encode())}"
                       f".{body}.{signature}",
    }
    # Refused tokens are counted by address: a pause between them, as for any guesser.
    requests = [(lambda t=token: Client(w.suite.url, w.suite.ca, t).get(f"{_CASES}/{w.case}"), 401, "TOKEN_MALFORMED")
                for token in forged.values()]
    requests += [
        (lambda: w.suite.http().post(_CASES, w.application()), 401, "TOKEN_MISSING"),
        (lambda: w.suite.http("hengdian.officer").get(f"{_CASES}/{w.case}"), 404, "NOT_FOUND"),
        (lambda: w.suite.http("hengdian.officer").act(f"{_CASES}/{w.case}:accept"), 404, "NOT_FOUND"),
        (lambda: w.suite.http("dongyang.auditor").act(f"{_CASES}/{w.case}:accept"), 403, "PERMISSION_MISSING"),
    ]
    return w.each_refused(requests)


def _past_the_gateway(w):
    """The service itself refuses, whatever certificate the caller has."""
    request = bytes([10, len(w.case)]).hex() + w.case.encode().hex()
    token = w.suite.token("nanma.mediator")
    header, body, _ = token.split(".")
    before = head(w.suite)
    tries = [
        ("operator", "", 16, "TOKEN_MISSING"), ("operator", f"{header}.{body}.{_base64(bytes(64))}", 16, "TOKEN_MALFORMED"),
        ("operator", w.suite.token("hengdian.officer"), 5, "NOT_FOUND"),
        ("identity", token, 7, "PEER_REFUSED"),  # a process that has no business there
        ("operator", token, 0, ""),
    ]
    for certificate, shown, code, reason in tries:
        answer = direct(w.suite, "mediation", "/sifa.mediation.v1.CaseService/GetCase", request, shown, certificate)
        assert (answer["code"], answer["reason"]) == (code, reason), f"{certificate} with {shown[:20]!r}: {answer}"
    answer = direct(w.suite, "identity", "/sifa.identity.v1.TokenService/SyncTokens", "", "")  # for services alone
    assert (answer["code"], answer["reason"]) == (7, "PEER_REFUSED"), answer
    assert head(w.suite) == before
    return len(tries)


def direct(suite, service, method, request, token, certificate="operator"):
    """How a service answers one call past the gateway."""
    result = subprocess.run(
        [str(binary("sifa-grpc-load")), f"--address={suite.address(service)}", f"--peer={service}",
         f"--tls={suite.tls(certificate)}", f"--method={method}", f"--request={request}", "--token=-"],
        input=token + "\n", capture_output=True, text=True, timeout=60, check=True)
    return json.loads(result.stdout)


def _expired(w):
    """The clock goes forward only: this comes last."""
    token = w.suite.token("nanma.mediator")
    w.suite.clock.advance(360)
    stale = Client(w.suite.url, w.suite.ca, token)
    wait_until(lambda: stale.get(f"{_CASES}/{w.case}").status != 200, 10, "the clock's way into the processes", pause=0.2)
    return w.each_refused([(lambda: stale.get(f"{_CASES}/{w.case}"), 401, "TOKEN_EXPIRED")])


_CHECKS = (
    ("malformed", _malformed), ("wrong types and codes", _wrong_types), ("too large", _oversize), ("untrue", _untrue),
    ("out of turn or stale", _out_of_turn), ("without right", _strangers), ("past the gateway", _past_the_gateway),
    ("expired", _expired),
)
