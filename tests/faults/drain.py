"""A process that is asked to stop (SIGTERM) under load finishes what it has taken and tells the rest to come again."""

import collections
import http.client
import signal
import ssl
import threading
import time
import uuid
from urllib.parse import urlsplit

from bureau import Bureau, assert_whole
from suite import wait_until

_CALLERS = 8
_UPLOAD_SECONDS = 3  # of a call that is under way when the process is told to stop


def prove(suite):
    bureau = Bureau(suite)
    rounds = 1 if suite.short else 5
    told = collections.Counter()
    for _ in range(rounds):
        for service in ("mediation", "identity"):
            told += _stop_service(suite, bureau, service)
    closed = sum(_stop_gateway(suite, bureau) for _ in range(rounds))
    rows = assert_whole(suite)
    print(f"    services stopped under {_CALLERS} callers: {told[200]} calls answered, {told[503]} told 503 with Retry-After, none"
          f" otherwise; an upload under way was finished; {rows} journal rows verify")
    print(f"    the gateway stopped under {_CALLERS} callers: {closed} connections closed with Connection: close after an answer,"
          " none in the middle of a request")


def _stop_service(suite, bureau, service):
    """What callers were told, by status."""
    path = f"/v1/mediation/cases/{bureau.apply()['id']}"
    told, wrong, stopping = collections.Counter(), [], threading.Event()

    def call():
        while not stopping.is_set():
            for answer in (bureau.mediator.get(path),
                           bureau.mediator.post("/v1/mediation/cases", bureau.application(str(uuid.uuid4())))):
                told[answer.status] += 1
                if answer.status == 503 and answer.headers.get("Retry-After"):
                    time.sleep(0.05)  # else the gateway's limit for a caller answers, and not the service's end
                elif answer.status != 200:
                    wrong.append(f"{answer!r}")

    upload = threading.Thread(target=lambda: told.update(slow=_slow_upload(bureau)))
    if service == "mediation":
        upload.start()
        wait_until(lambda: suite.metric("mediation", "sifa_rpc_in_flight",
                                        method="/sifa.mediation.v1.CaseService/ImportCases") > 0, 10, "the upload")
    callers = [threading.Thread(target=call) for _ in range(_CALLERS)]
    for caller in callers:
        caller.start()
    try:
        wait_until(lambda: told[200] > 20 * _CALLERS, 30, "load")
        suite.stop_process(service)
    finally:
        suite.start_process(service)
        good = told[200]
        wait_until(lambda: told[200] > good + _CALLERS, 30, "calls after the start")
        stopping.set()
        for caller in callers:
            caller.join()
        # Each loop of the gateway has a connection of its own, and looks for the service anew at its own time.
        wait_until(lambda: not suite.warning("gateway"), 10, "the gateway's way to every service")
        if upload.ident:
            upload.join()
    assert not wrong, f"{len(wrong)} calls were refused otherwise than by 503 while {service} stopped: {wrong[:3]}"
    assert service != "mediation" or told.pop("slow") == 200, "an upload under way was not finished"
    return told


def _slow_upload(bureau):
    """The status of an import whose lines, here one that is refused, come with a pause between them."""
    def lines():
        for _ in range(_UPLOAD_SECONDS * 4):
            yield b'{"number":""}\n'
            time.sleep(0.25)

    return bureau.officer.request("POST", "/v1/mediation/cases:import", data=lines(), content_type="application/x-ndjson").status


def _stop_gateway(suite, bureau):
    """How many connections were told that they close."""
    path, headers = f"/v1/mediation/cases/{bureau.apply()['id']}", {"Authorization": f"Bearer {suite.token('nanma.mediator')}"}
    url, context = urlsplit(suite.url), ssl.create_default_context(cafile=str(suite.ca))
    answered, closed, wrong = collections.Counter(), collections.Counter(), []

    def call(caller):
        while True:
            connection = http.client.HTTPSConnection(url.hostname, url.port, context=context, timeout=30)
            try:
                connection.connect()
            except OSError:
                return  # nobody listens any more: nothing was sent
            try:
                while True:
                    connection.request("GET", path, headers=headers)
                    answer = connection.getresponse()
                    answer.read()
                    answered[caller] += 1
                    if answer.status != 200:
                        wrong.append(f"{answer.status}")
                    if answer.headers.get("Connection") == "close":
                        closed[caller] += 1
                        break
            except (OSError, http.client.HTTPException) as error:
                wrong.append(f"cut: {error!r}")
                return
            finally:
                connection.close()

    callers = [threading.Thread(target=call, args=(i,)) for i in range(_CALLERS)]
    for caller in callers:
        caller.start()
    try:
        wait_until(lambda: sum(answered.values()) > 20 * _CALLERS, 30, "load")
        suite.kill("gateway", number=signal.SIGTERM)
    finally:
        for caller in callers:
            caller.join()
        suite.start_process("gateway")
    assert not wrong, f"while the gateway stopped: {wrong[:3]}"
    return sum(closed.values())
