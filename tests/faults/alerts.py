"""What breaks reaches who is on call within two minutes, by name, and is called off when it is mended."""

import http.server
import json
import re
import threading
import time
import urllib.request

import catalogue
import observe
from state import ROOT
from suite import wait_until

HAS_SHORT_FORM = False  # minutes of waiting, by intent: an alert that fires at once wakes people for nothing
_SECONDS = 120
_CALLED_OFF_SECONDS = 240


def prove(suite):
    with _OnCall() as on_call:
        suite.observe()
        try:
            _tell(suite, on_call)
            wait_until(lambda: _up(suite) == len(catalogue.SERVICES), 60, "every process to be scraped")
            lines = [_break(suite, on_call, *attempt) for attempt in _ATTEMPTS]
        finally:
            for name in observe.NAMES:
                suite.stop_process(name)
    for line in lines:
        print(f"    {line}")


def _kill(suite):
    suite.kill("mediation")
    return lambda: suite.start_process("mediation")


def _stop_database(suite):
    suite.stop_process("mysql")
    return lambda: suite.start_process("mysql")


def _forge(suite):
    """A row that waits to be sealed and that no writer made."""
    suite.mysql_root("INSERT INTO journal_pending (id, version) VALUES (UNHEX('00000000000000000000000000000001'), 1)", "sifa_mediation")
    return lambda: suite.mysql_root("DELETE FROM journal_quarantine", "sifa_mediation")


_ATTEMPTS = (
    ("kill -9 of mediation", _kill, {"ProcessDown": "mediation", "ServiceAway": "mediation"}),
    ("MariaDB stopped", _stop_database, {"DatabaseAway": "mediation"}),
    ("a row forged by root", _forge, {"JournalQuarantine": "mediation"}),
)


def _break(suite, on_call, what, act, expected):
    begin = time.monotonic()
    mend = act(suite)
    took = {}
    for name, of in expected.items():
        wait_until(lambda: on_call.heard("firing", name, of), _SECONDS, f"{name} to be told")  # pylint: disable=cell-var-from-loop
        took[name] = time.monotonic() - begin
    begin = time.monotonic()
    mend()
    for name, of in expected.items():
        wait_until(lambda: on_call.heard("resolved", name, of), _CALLED_OFF_SECONDS, f"{name} to be called off")  # pylint: disable=cell-var-from-loop
    told = ", ".join(f"{name} after {seconds:.0f} s" for name, seconds in took.items())
    return f"{what}: {told}; called off {time.monotonic() - begin:.0f} s after it was mended"


def _up(suite):
    with urllib.request.urlopen(f"{observe.address(suite.state, 'prometheus')}/api/v1/targets", timeout=10) as answer:
        return sum(target["health"] == "up" for target in json.load(answer)["data"]["activeTargets"])


def _tell(suite, on_call):
    """The Alertmanager's example, with this receiver for everything, and news each few seconds instead of minutes."""
    text = (ROOT / "deploy/prometheus/alertmanager.yml").read_text()
    text = re.sub(r"url: http://127.0.0.1:9094", f"url: http://127.0.0.1:{on_call.port}", text)
    text = re.sub(r"group_interval: \w+", "group_interval: 10s", text)
    suite.state.path("prometheus", "alertmanager.yml").write_text(text)
    request = urllib.request.Request(f"{observe.address(suite.state, 'alertmanager')}/-/reload", method="POST")
    urllib.request.urlopen(request, timeout=10).close()


class _OnCall:
    """A receiver of the Alertmanager's webhooks."""

    def __init__(self):
        self._told = set()
        told = self._told

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # pylint: disable=invalid-name
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in body["alerts"]:
                    labels = alert["labels"]
                    told.add((alert["status"], labels["alertname"], labels.get("service") or labels.get("peer")))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def heard(self, status, name, of):
        return (status, name, of) in self._told
