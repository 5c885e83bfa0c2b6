"""Suite drives real processes, a real MariaDB and a real Redis; the services are stand-ins."""

import json
import os
import shutil
import signal
import tempfile
import unittest
import urllib.request
from pathlib import Path
from unittest import mock

import catalogue
import observe
import suite as suite_module
from console import Failure
from mariadb import DatabaseError
from state import temporary_state, write_atomically
from suite import Suite
from web import Client


class SuiteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.programs = Path(tempfile.mkdtemp(prefix="sifa-standins-"))
        cls.addClassCleanup(shutil.rmtree, cls.programs)
        for s in catalogue.SERVICES:
            shutil.copy(Path(__file__).with_name("standin.py"), cls.programs / s.program)
        for module in (catalogue, suite_module):
            patch = mock.patch.object(module, "binary", lambda program: cls.programs / program)
            patch.start()
            cls.addClassCleanup(patch.stop)
        state = temporary_state("tools-test")
        watcher = suite_module.guardian.watch(state)
        cls.addClassCleanup(suite_module.guardian.dismiss, watcher)
        cls.suite = Suite(state)
        cls.suite.start()
        write_atomically(state.path("accounts.json"), '[{"account": "officer", "password": "x"}]')

    def setUp(self):
        self.suite.start()

    def pids(self):
        return {name: self.suite.pid(name) for name in catalogue.names(self.suite.state)}

    def tell(self, word, process):
        note = self.programs / f"{word}-{process}"
        note.touch()
        self.addCleanup(note.unlink, missing_ok=True)
        return note

    def test_second_start_changes_nothing(self):
        before = self.pids()
        self.assertNotIn(None, before.values())
        self.suite.start()
        self.assertEqual(self.pids(), before)
        self.assertEqual(self.suite.unready(), {})

    def test_two_of_each_run_where_two_are_wanted_and_one_is_left_where_one_is(self):
        self.suite.start(replicas=2)
        try:
            self.assertEqual(len(self.suite.urls), 2)
            self.assertEqual(set(catalogue.names(self.suite.state)),
                             {*catalogue.DATABASES, *(f"{s.name}{n}" for s in catalogue.SERVICES for n in ("", "-2"))})
            self.assertNotIn(None, self.pids().values())
            command = self.suite.record("mediation-2").command
            self.assertIn(f"identity={self.suite.address('identity')},{self.suite.address('identity-2')}", " ".join(command))
            self.assertIn(f"--keys={self.suite.state.path('keys', 'mediation')}", command)
            first, second = (Client([url], self.suite.ca) for url in self.suite.urls)
            self.assertTrue(first.get("/x").ok and second.get("/x").ok)
            both = Client(self.suite.urls, self.suite.ca)
            self.suite.kill("gateway")
            self.assertTrue(both.get("/x").ok, "the client goes to the other")
        finally:
            self.suite.start(replicas=1)
        self.assertIsNone(self.suite.pid("mediation-2"))
        self.assertEqual(self.suite.unready(), {})

    def test_ports_stay_over_a_stop(self):
        url = self.suite.url
        self.assertEqual(set(self.suite.stop()), set(catalogue.names(self.suite.state)))
        self.assertEqual(set(self.pids().values()), {None})
        self.suite.start()
        self.assertEqual(self.suite.url, url)

    def test_prometheus_and_alertmanager_come_with_the_suite_and_go_with_it(self):
        """The rules of the tree are loaded, the Alertmanager is known, every process is a target."""
        self.suite.observe()
        before = [self.suite.pid(name) for name in observe.NAMES]
        self.suite.observe()
        self.assertEqual([self.suite.pid(name) for name in observe.NAMES], before, "a second time changes nothing")

        def ask(page):
            with urllib.request.urlopen(f"{observe.address(self.suite.state, 'prometheus')}/api/v1/{page}", timeout=10) as answer:
                return json.load(answer)["data"]
        groups = {group["name"] for group in ask("rules")["groups"]}
        self.assertTrue({"sifa.processes", "sifa.journal"} <= groups)
        suite_module.wait_until(lambda: ask("alertmanagers")["activeAlertmanagers"], 30, "the Alertmanager to be known")
        suite_module.wait_until(lambda: {t["labels"]["service"] for t in ask("targets")["activeTargets"]} == {s.name for s in catalogue.SERVICES}, 30, "the targets")
        for name in observe.NAMES:
            self.assertIsNone(self.suite.problem(name))
        self.assertEqual(set(self.suite.stop()), {*catalogue.names(self.suite.state), *observe.NAMES})
        self.assertNotEqual(self.suite.problem("prometheus"), None)

    def test_a_changed_program_starts_anew_and_the_others_stay(self):
        before = self.pids()
        shutil.copy(Path(__file__).with_name("standin.py"), self.programs / "sifa-mediation.new")
        os.replace(self.programs / "sifa-mediation.new", self.programs / "sifa-mediation")
        self.suite.start()
        changed = {name for name, pid in self.pids().items() if pid != before[name]}
        self.assertEqual(changed, {"mediation"})

    def test_a_killed_process_is_seen_and_started_again(self):
        self.suite.kill("identity")
        self.assertIn("identity", self.suite.unready())
        self.suite.start_process("identity")
        self.assertEqual(self.suite.unready(), {})

    def test_the_database_killed_comes_back_with_its_data(self):
        self.suite.mysql_root("CREATE TABLE IF NOT EXISTS kept (id INT)", database="sifa_identity")
        self.suite.mysql_root("REPLACE INTO kept VALUES (7)", database="sifa_identity")
        self.suite.kill("mysql")
        self.suite.start_process("mysql")
        self.assertEqual(self.suite.mysql_root("SELECT id FROM kept", database="sifa_identity"), [{"id": "7"}])

    def test_a_process_that_dies_at_start_is_reported_with_its_last_words(self):
        note = self.tell("die", "mediation")
        self.suite.kill("mediation")
        with self.assertRaises(Failure) as caught:
            self.suite.start()
        self.assertIn("mediation stopped while starting (exit status 3)", str(caught.exception))
        self.assertIn("REASON_TO_DIE", "\n".join(caught.exception.excerpt))
        self.assertIn("REASON_TO_DIE", self.suite.last_error("mediation"))
        note.unlink()

    def test_a_process_that_does_not_listen_to_sigterm_is_ended(self):
        self.tell("deaf", "gateway")
        self.suite.restart("gateway")
        self.assertTrue(self.suite.stop_process("gateway", grace=0.2))
        self.assertIsNone(self.suite.pid("gateway"))

    def test_a_standing_process_is_not_ready_and_resumes(self):
        self.suite.pause("mediation")
        self.addCleanup(self.suite.resume, "mediation")
        with mock.patch.object(self.suite, "inner", lambda name, path, timeout: Suite.inner(self.suite, name, path, 0.2)):
            self.assertIsNotNone(self.suite.problem("mediation"))
        self.suite.resume("mediation")
        self.assertIsNone(self.suite.problem("mediation"))

    def test_a_service_may_add_to_its_journal_but_not_change_it(self):
        self.run_as("identity", "INSERT INTO journal VALUES (1); SELECT * FROM journal")
        self.run_as("identity", "INSERT INTO object VALUES (5); UPDATE object SET id = 6 WHERE id = 5; DELETE FROM object")
        for sql in ("UPDATE journal SET id = 2", "DELETE FROM journal", "DELETE FROM journal_seal", "TRUNCATE journal",
                    "DROP TABLE journal", "CREATE TABLE more (id INT)", "SELECT * FROM sifa_mediation.object"):
            with self.subTest(sql), self.assertRaisesRegex(DatabaseError, "denied"):
                self.run_as("identity", sql)

    def test_the_migration_user_reaches_its_own_schema_only(self):
        self.suite.mysql_root("CREATE DATABASE IF NOT EXISTS sifaXidentity")  # `_` in a grant stands for any character
        self.run_as("identity_migrate", "CREATE TABLE IF NOT EXISTS wide (id INT); DROP TABLE wide", "sifa_identity")
        for database in ("sifaXidentity", "sifa_mediation", "mysql"):
            with self.subTest(database), self.assertRaisesRegex(DatabaseError, "denied"):
                self.run_as("identity_migrate", "CREATE TABLE wide (id INT)", database)

    def run_as(self, user, sql, database="sifa_identity"):
        secret = self.suite.state.path("secrets", f"{user}.password").read_text()
        return self.suite.mysql.query(sql, database, user=user, password=secret)

    def test_rows_keep_nulls_and_odd_characters(self):
        rows = self.suite.mysql_root(r"SELECT NULL AS a, 'tab\tline\nback\\slash' AS b, '司法\0' AS c, '' AS d")
        self.assertEqual(rows, [{"a": None, "b": "tab\tline\nback\\slash", "c": "司法\0", "d": ""}])

    def test_the_client_signs_in_and_reads_refusals(self):
        answer = self.suite.http("officer").must("POST", "/v1/echo", {"name": "王"})
        self.assertEqual(answer, {"you": "Bearer token-of-officer", "sent": {"name": "王"}})
        refused = self.suite.http().post("/v1/refuse")
        self.assertEqual((refused.status, refused.reason, refused.fields), (400, "TOO_FEW", ["parties"]))

    def test_a_token_is_kept_until_the_suite_sees_it_end(self):
        with mock.patch.object(self.suite, "sign_in", side_effect=[{"accessToken": t, "expiresIn": 300} for t in "abc"]):
            self.suite.state.path("secrets", "tokens.json").unlink(missing_ok=True)
            self.assertEqual([self.suite.token("officer"), Suite(self.suite.state).token("officer")], ["a", "a"])
            self.addCleanup(self.suite.clock.reset)
            self.suite.clock.apply("+1h")
            self.assertEqual(self.suite.token("officer"), "b")
            self.suite.clock.reset()
            self.assertEqual(self.suite.token("officer"), "c")
        self.suite.state.path("secrets", "tokens.json").unlink()

    def test_a_read_survives_a_restart_of_the_gateway_and_a_plain_write_does_not_repeat(self):
        client = self.suite.http("officer")
        client.get("/healthz")
        self.suite.restart("gateway")
        self.assertEqual(client.get("/healthz").status, 200)
        self.suite.restart("gateway")
        with self.assertRaises(ConnectionError):
            client.post("/v1/echo", {})
        self.assertEqual(client.post("/v1/echo", {}).status, 200)
        self.suite.restart("gateway")
        self.assertEqual(client.post("/v1/echo", {}, idempotency_key="k").status, 200)

    def test_metrics_are_summed_over_labels(self):
        self.assertEqual(self.suite.metric("identity", "calls"), 7)
        self.assertEqual(self.suite.metric("identity", "calls", method="A"), 3)

    def test_nothing_listens_beyond_loopback(self):
        inodes = {os.readlink(f) for pid in self.pids().values() for f in Path(f"/proc/{pid}/fd").iterdir()}
        for table, loopback in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                    self.assertEqual(fields[1].split(":")[0], loopback, line)

    def test_files_are_for_their_owner_only(self):
        for path in (self.suite.state.directory, *self.suite.state.path("secrets").iterdir(),
                     self.suite.state.path("tls", "identity", "key.pem"), self.suite.log("identity")):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_a_stranger_with_a_recorded_pid_is_never_signalled(self):
        record = self.suite.record("identity")
        stranger = os.fork()
        if stranger == 0:
            signal.pause()
        self.addCleanup(os.waitpid, stranger, 0)
        self.addCleanup(os.kill, stranger, signal.SIGKILL)
        record.pid = stranger  # the pid has passed on: its start time is another
        record.signal(signal.SIGKILL)
        self.assertFalse(record.alive())
        self.assertEqual(os.waitpid(stranger, os.WNOHANG), (0, 0))


if __name__ == "__main__":
    unittest.main()
