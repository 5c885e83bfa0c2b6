"""What operators see of each process: health, readiness, metrics, logs without personal data."""

import json
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import catalogue
from bureau import PURPOSE, hex_of_id
from suite import wait_until
from world import CaseTest


class ProcessesTest(CaseTest):
    def test_health_and_readiness(self):
        """/healthz and /readyz of every process, on its inner port; of the gateway outside as well."""
        for s in catalogue.SERVICES:
            for page in ("/healthz", "/readyz"):
                self.assertEqual(self.suite.inner(s.name, page)[0], 200, s.name + page)
            self.assertEqual(self.suite.inner(s.name, "/nothing")[0], 404)
        for page in ("/healthz", "/readyz"):
            self.assertEqual(self.http().get(page).status, 200, page)

    def test_metrics(self):
        """/metrics is Prometheus text: rates, latencies, pool, journal; and it counts."""
        sample = re.compile(r'(# (HELP|TYPE) .+|[a-zA-Z_:][\w:]*(\{(\w+="(\\.|[^"\\])*",?)*\})? [-+0-9.eE]+|[a-zA-Z_:][\w:]*(\{.*\})? (NaN|[+-]Inf))')
        for s in catalogue.SERVICES:
            status, text = self.suite.inner(s.name, "/metrics")
            self.assertEqual(status, 200)
            wrong = [line for line in text.splitlines() if line and not sample.fullmatch(line)]
            self.assertEqual(wrong, [], s.name)
        for name in ("sifa_rpc_calls_total", "sifa_rpc_seconds_count", "sifa_database_connections", "sifa_journal_lag_rows"):
            self.assertIn(name, self.suite.inner("mediation", "/metrics")[1])
        method = "/sifa.mediation.v1.CaseService/GetCase"
        case, before = self.applied(), self.suite.metric("mediation", "sifa_rpc_calls_total", method=method, code="OK")
        case.read()
        self.assertEqual(self.suite.metric("mediation", "sifa_rpc_calls_total", method=method, code="OK"), before + 1)

    def test_metrics_are_not_for_the_public(self):
        """The public port knows no /metrics."""
        self.assertEqual(self.http().get("/metrics").status, 404)

    def test_logs_are_lines_of_json_without_personal_data(self):
        """Whatever happens, no log has a name, a number, a phone, a password or a token of anybody."""
        case = self.accepted()
        case.try_("archive")
        self.mediator.post("/v1/mediation/cases:search", {"phone": case.parties[0]["phone"]}, headers=PURPOSE)
        self.refused(self.mediator.get("/v1/mediation/cases", id_number=case.parties[0]["idNumber"]), 400, "FIELD_NOT_IN_ADDRESS")
        secrets = [v for p in case.parties for v in (p["name"], p["idNumber"], p["phone"])]
        secrets += [self.suite.token("nanma.mediator"), self.suite.account("nanma.mediator")["password"], case.first["progressCode"]]
        for s in catalogue.SERVICES:
            text = self.suite.log(s.name).read_text(errors="replace")
            for secret in secrets:
                self.assertNotIn(secret, text, s.name)
            for line in text.splitlines():
                self.assertIn("level", json.loads(line))

    def test_grpc_speaks_json_too(self):
        """A stranger who does not know TLS leaves a line of JSON, below error."""
        before = self.suite.last_error("mediation")
        with socket.create_connection(("127.0.0.1", self.suite.state.ports("mediation")["listen"])) as stranger:
            stranger.sendall(b"GET / HTTP/1.0\r\n\r\n")
            stranger.recv(100)

        def told():
            lines = [json.loads(line) for line in self.suite.log("mediation").read_text().splitlines()]
            return [line for line in lines if line["event"] == "grpc" and "andshake" in line["message"]]

        self.assertEqual(wait_until(told, 10, "gRPC's line")[0]["level"], "warn")
        self.assertEqual(self.suite.last_error("mediation"), before)

    def test_each_process_has_a_span_of_its_own(self):
        """The trace goes through; the span of a line is that of the process which wrote it."""
        trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
        answer = self.mediator.request("POST", "/v1/identity/sessions", body={"account": "nobody", "password": "x"},
                                       headers={"traceparent": f"00-{trace}-{span}-01"})
        self.assertFalse(answer.ok)
        for s in catalogue.SERVICES:
            for line in self.suite.log(s.name).read_text().splitlines():
                self.assertNotEqual(json.loads(line).get("span_id"), span, s.name)

    def test_a_lost_keyring_is_never_replaced(self):
        """Where the journal has rows, no process makes another keyring, --create_keys or not."""
        with tempfile.TemporaryDirectory() as scratch:
            used = [s for s in catalogue.SERVICES if s.database and self.suite.mysql_root("SELECT 1 FROM journal LIMIT 1", f"sifa_{s.name}")]
            self.assertLessEqual({"identity", "mediation"}, {s.name for s in used})
            for s in used:
                keys = Path(scratch, s.name)
                command = catalogue.command(s.name, self.suite.state, self.suite.mysql.socket, self.suite.redis.socket,
                                            {"keys": keys, "create_keys": "true", "verify_journal": "true"})
                result = subprocess.run(command, capture_output=True, text=True, timeout=60)
                self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
                self.assertIn(str(keys), result.stderr)
                self.assertFalse(keys.exists())

    def test_data_keys_rotate_while_all_runs(self):
        """New bodies are under the new key, old ones stay readable, and the journal stays whole."""
        def key_of(case):
            row = self.suite.mysql_root(f"SELECT HEX(SUBSTR(body, 2, 4)) AS data_key FROM object WHERE id = x'{hex_of_id(case.id)}'",
                                        "sifa_mediation")[0]
            return int(row["data_key"], 16)

        old = self.applied()
        before = key_of(old)
        self.assertEqual(self.suite.rotate_keys("mediation"), f"data key {before + 1}")
        wait_until(lambda: key_of(self.applied()) == before + 1, 15, "the new key", pause=0.5)
        self.assertEqual(key_of(old), before)
        self.assertEqual(old.read()["state"], "APPLIED")
        self.assertEqual(self.suite.metric("mediation", "sifa_rpc_calls_total", code="DATA_LOSS"), 0)

    def test_a_data_key_for_later_is_known_before_it_is_used(self):
        """Every replica has it by then, also where it comes to each at another moment."""
        newest, used = (lambda: self.suite.metric("mediation", "sifa_data_key", **{"is": "newest"}),
                        lambda: self.suite.metric("mediation", "sifa_data_key", **{"is": "used"}))
        before = used()
        begin = time.monotonic()
        self.assertRegex(self.suite.rotate_keys("mediation", after="12s"), rf"^data key {before + 1:.0f}, used from 20")
        while time.monotonic() - begin < 8:
            self.assertEqual((newest(), used()), (before + 1, before))
            time.sleep(0.5)
        wait_until(lambda: used() == before + 1, 20, "its time", pause=0.2)
        self.assertGreater(time.monotonic() - begin, 10)
        self.assertEqual(self.applied().read()["state"], "APPLIED")
        self.assertEqual(self.suite.metric("mediation", "sifa_journal_quarantined_rows"), 0)

    def test_request_ids_lead_through(self):
        """A caller's X-Request-Id and traceparent come back, or new ones are made."""
        answer = self.mediator.request("GET", "/v1/mediation/work", headers={"X-Request-Id": "walk-42"})
        self.assertEqual(answer.headers["X-Request-Id"], "walk-42")
        self.assertTrue(self.mediator.get("/v1/mediation/work").headers["X-Request-Id"])
