"""Parts of the tools that need no process: counting, clock, one-time codes, ports, lints."""

import datetime
import socket
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import catch2
import catalogue
import commands
import console
import lints
import proofs
import structure
import test_run
import totp
from console import Failure
from demo_clock import DemoClock
from proofs import Measure
from state import State, is_free
from suite import Suite


class CatchTest(unittest.TestCase):
    def test_all_passed(self):
        self.assertEqual(catch2.counts("===\nAll tests passed (41 assertions in 8 test cases)\n", 0), (8, 0))
        self.assertEqual(catch2.counts("All tests passed (1 assertion in 1 test case)\n", 0), (1, 0))

    def test_some_failed(self):
        text = "test cases: 10 |  8 passed | 2 failed\nassertions: 50 | 48 passed | 2 failed\n"
        self.assertEqual(catch2.counts(text, 2), (8, 2))

    def test_a_case_that_may_fail_and_did_has_not_passed(self):
        self.assertEqual(catch2.counts("test cases: 3 | 2 passed | 1 failed as expected\n", 0), (2, 1))

    def test_a_crash_counts_beside_what_passed_before(self):
        self.assertEqual(catch2.counts("All tests passed (4 assertions in 2 test cases)\n", -11), (2, 1))
        self.assertEqual(catch2.counts("Segmentation fault\n", -11), (0, 1))

    def test_a_program_without_tests_is_a_failure(self):
        self.assertEqual(catch2.counts("No tests ran\n", 0), (0, 1))


class NotHereTest(unittest.TestCase):
    def test_what_cannot_be_tried_on_this_machine_is_neither_passed_nor_failed_and_is_told_at_the_end(self):
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "test_parts.py"
            file.write_text("import unittest\nimport extras\nclass T(unittest.TestCase):\n"
                            "    def test_a(self): pass\n"
                            "    def test_b(self): raise extras.NotHere('no helm')\n"
                            "    def test_c(self): self.skipTest('no wish')\n")
            tally = test_run.Tally()
            with mock.patch.object(test_run, "ROOT", Path(directory)), mock.patch.object(console, "say") as said:
                test_run._python_file(file, {}, tally)  # pylint: disable=protected-access
        self.assertEqual((tally.passed, tally.failed, tally.untried), (1, 1, ["test_b: no helm"]))
        self.assertIn("      FAIL  test_c", [call.args[0] for call in said.call_args_list], "a skipped test is a failed one")


    def test_a_proof_that_lacks_a_tool_is_neither_proven_nor_failed_and_is_counted(self):
        with tempfile.TemporaryDirectory() as directory, mock.patch.object(console, "say") as say:
            file = Path(directory, "lacking.py")
            file.write_text("from extras import NotHere\ndef prove(suite): raise NotHere('no helm')\n")
            program = proofs.Program("lacking", file, "faults")
            self.assertIsNone(proofs.prove(program, None))
            with mock.patch.object(proofs, "choose", return_value=[program]), mock.patch.object(proofs, "temporary_suite"):
                self.assertEqual(proofs.prove_all(["lacking"]), 0)
            said = [call.args[0] for call in say.call_args_list]
        self.assertIn("  not tried  lacking: no helm", said)
        self.assertEqual(said[-1], "0 proven, 0 failed, 1 not tried for want of a tool")


class HeadTest(unittest.TestCase):
    def test_the_end_of_a_journal_is_kept_where_all_is_whole_and_it_has_not_gone_back(self):
        with tempfile.TemporaryDirectory() as directory:
            suite, seen = Suite(State(Path(directory) / "state")), Path(directory) / "mediation.head"
            anchor = suite.anchor("mediation")
            anchor.parent.mkdir(parents=True)
            for line, code, kept in (("7 aa bb\n", 0, "7 aa bb\n"), ("9 cc dd\n", 3, "7 aa bb\n"), ("9 cc dd\n", 0, "9 cc dd\n"),
                                     ("8 ee ff\n", 0, "9 cc dd\n")):
                anchor.write_text(line)
                with mock.patch.object(suite, "_run_once", return_value=mock.Mock(returncode=code, stdout="")) as run:
                    self.assertEqual(suite.verify_journal("mediation", seen=seen)[0], code == 0)
                self.assertIn(f"--seen={seen}", run.call_args[0])
                self.assertEqual(seen.read_text(), kept)


class TotpTest(unittest.TestCase):
    def test_vectors_of_rfc_6238(self):
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
            self.assertEqual(totp.code(secret, seconds), code)


class WithDirectory(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name) / "state"


class DemoClockTest(WithDirectory):
    def setUp(self):
        super().setUp()
        state = State(self.directory)
        state.create()
        self.clock = DemoClock(state)

    def test_forward_by_days_hours_and_to_a_date(self):
        self.clock.apply("+2d")
        self.clock.apply("+3h")
        self.assertEqual(self.clock.offset(), 2 * 86400 + 3 * 3600)
        date = self.clock.today() + datetime.timedelta(days=40)
        self.clock.apply(date.isoformat())
        self.assertEqual(self.clock.today(), date)
        self.clock.apply("reset")
        self.assertEqual(self.clock.offset(), 0)

    def test_never_backwards(self):
        self.clock.apply("+10d")
        with self.assertRaisesRegex(Failure, "forward only"):
            self.clock.apply((self.clock.today() - datetime.timedelta(days=1)).isoformat())
        self.assertEqual(self.clock.offset(), 10 * 86400)

    def test_no_further_than_every_process_can_count(self):
        for word in ("9999-12-31", "2100-01-01", "+99999d"):
            with self.assertRaisesRegex(Failure, "no further than 2099-12-31"):
                self.clock.apply(word)
        self.assertEqual(self.clock.offset(), 0)
        self.clock.apply("2099-12-31")
        self.assertEqual(self.clock.today(), datetime.date(2099, 12, 31))

    def test_a_reset_too_waits_until_all_have_followed(self):
        self.clock.apply("+1d")
        with mock.patch("time.sleep") as sleep:
            self.clock.reset()
        sleep.assert_called_once()
        self.assertGreater(sleep.call_args[0][0], 1, "each process looks once in a second")

    def test_back_by_an_amount_is_refused_as_going_back(self):
        with self.assertRaisesRegex(Failure, "forward only"):
            self.clock.apply("-1d")

    def test_the_offset_is_said_in_days_and_hours(self):
        self.clock.apply("+1h")
        self.assertIn("(real time +1 h)", self.clock.describe())
        self.clock.apply("+2d")
        self.assertIn("(real time +2 d 1 h)", self.clock.describe())

    def test_nonsense_is_refused(self):
        for word in ("tomorrow", "+d", "+-3d", "2026-02-30"):
            with self.assertRaisesRegex(Failure, "is no time"):
                self.clock.apply(word)


class TableTest(unittest.TestCase):
    def test_a_row_is_one_line_whatever_a_process_says_of_itself(self):
        self.assertEqual(console.table(("process", "health"), [("mediation", "not ready\nDATABASE_AWAY"), ("redis", "ready")]),
                         ["process    health", "mediation  not ready; DATABASE_AWAY", "redis      ready"])


class StateTest(WithDirectory):
    def test_a_port_is_kept_while_it_is_free_and_changed_when_it_is_not(self):
        state = State(self.directory)
        state.create()
        state.choose_ports([("a", "listen", None), ("b", "listen", None)])
        first = state.ports("a")["listen"]
        state.choose_ports([("a", "listen", None), ("b", "listen", None)])
        self.assertEqual(state.ports("a")["listen"], first)
        with socket.create_server(("127.0.0.1", first)):
            self.assertFalse(is_free(first))
            state.choose_ports([("a", "listen", None)], running=["a"])
            self.assertEqual(state.ports("a")["listen"], first)
            state.choose_ports([("a", "listen", None)])
            self.assertNotIn(state.ports("a")["listen"], (first, state.ports("b")["listen"]))

    def test_a_directory_of_somebody_else_is_neither_used_nor_removed(self):
        self.directory.mkdir()
        (self.directory / "thesis.txt").touch()
        state = State(self.directory)
        with self.assertRaisesRegex(Failure, "not a state directory"):
            state.create()
        state.remove()
        self.assertTrue((self.directory / "thesis.txt").exists())

    def test_a_directory_of_another_format_is_refused_with_a_sentence_and_left_as_it_is(self):
        state = State(self.directory)
        state.create()
        state.require_format()
        state.remember(format=state.load()["format"] - 1)
        with self.assertRaisesRegex(Failure, "made by an older Sifa.*not migrated"):
            state.require_format()
        state.save({"ports": {}})  # before there was a number
        with self.assertRaisesRegex(Failure, "format 1"):
            Suite(state).start()
        self.assertEqual(state.load(), {"ports": {}})

    def test_too_long_a_path_is_refused_before_anything_starts(self):
        with self.assertRaisesRegex(Failure, "too long"):
            State("/tmp/" + "x" * 100)


class CatalogueTest(unittest.TestCase):
    def test_every_service_starts_after_those_it_needs(self):
        order = [s.name for wave in catalogue.waves() for s in wave]
        self.assertEqual(sorted(order), sorted(s.name for s in catalogue.SERVICES))
        for s in catalogue.SERVICES:
            for needed in s.after:
                self.assertLess(order.index(needed), order.index(s.name))


class TableTest(unittest.TestCase):
    def test_chinese_characters_take_two_columns(self):
        self.assertEqual(console.table(("a", "b"), [("司法", "x"), ("abc", "y")]), ["a     b", "司法  x", "abc   y"])


class ChoiceTest(unittest.TestCase):
    def test_a_program_that_is_not_there_is_named_before_anything_is_built(self):
        with mock.patch("builder.build_programs") as build, self.assertRaisesRegex(Failure, "nonsense"):
            commands.prove(mock.Mock(names=["nonsense"]))
        build.assert_not_called()


class MeasureTest(unittest.TestCase):
    def test_goals_count_in_their_direction(self):
        self.assertTrue(Measure("rate", 60, "/s", 100, goal=0.5).met)
        self.assertFalse(Measure("rate", 40, "/s", 100, goal=0.5).met)
        self.assertFalse(Measure("p99", 9, "ms", 5, goal=1, lower_is_better=True).met)


class LintTest(WithDirectory):
    def findings(self, lint, path, text):
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        files = sorted(p for p in self.directory.rglob("*") if p.is_file())
        with mock.patch.object(lints, "ROOT", self.directory):
            return list(lint(files))

    def test_links_and_paths_that_lead_nowhere_are_found(self):
        self.assertEqual(len(self.findings(lints.links, "docs/a.md", "[b](b.md) `docs/c.md` `docs/a.md` [x](https://x.y/z)")), 2)
        (self.directory / "docs/b.md").touch()
        self.assertEqual(self.findings(lints.links, "docs/a.md", "[b](b.md#part) [self](a.md)\n```\n[no](x.md)\n```\n"), [])

    def test_a_refusal_of_the_law_outside_its_table_is_found(self):
        with mock.patch.object(structure, "ROOT", self.directory):
            self.assertEqual(len(self.findings(structure.refusals, "services/x/a.cc", 'return Refused("A", "不能", kLaw);')), 1)
            self.assertEqual(len(self.findings(structure.refusals, "services/x/a_test.cc", 'Refused("A", "不能", kLaw);')), 1)  # a.cc's
            self.assertEqual(self.findings(structure.refusals, "services/x/a.cc", "return LogInRefused();"), [])

    def test_sql_that_not_every_server_shares_is_found(self):
        for sql in ("SELECT 1 FOR UPDATE SKIP LOCKED", "id INT AUTO_INCREMENT", "SELECT GET_LOCK('a', 1)",
                    "SELECT JSON_EXTRACT(body, '$.a')", "FULLTEXT KEY (name)"):
            with self.subTest(sql):
                self.assertEqual(len(self.findings(lints.sql, "libs/x/a.cc", f'Run("{sql}");')), 1)
        self.assertEqual(self.findings(lints.sql, "libs/x/a.cc", "// no SKIP LOCKED here\n"), [])

    def test_names_that_a_server_reserves_are_found_wherever_sql_names_something(self):
        for sql in ("CREATE TABLE t (\\n  cube SMALLINT NOT NULL)", "CREATE TABLE groups (id INT)", "ALTER TABLE t ADD COLUMN rank INT",
                    "SELECT 1 AS of", "SELECT t.offset FROM t", "FROM (SELECT 1) lateral WHERE TRUE", "INSERT INTO t (id, system) VALUES",
                    " AND o.returning >= ?", "o.state, o.window", "UPDATE t SET rows = ?", "SELECT a FROM t ORDER BY row_number",
                    "SELECT 1 AS CUBE", "SELECT t.RANK FROM t"):
            with self.subTest(sql):
                self.assertEqual(len(self.findings(lints.sql_names, "libs/x/a.cc", f'Run("{sql}");')), 1)
        two = 'const char kSchema[] = R"sql(\nCREATE TABLE t (\n  id INT NOT NULL,\n  CUBE INT,\n  empty DATE\n);\n)sql";'
        self.assertEqual([line.split(" ")[0] for line in self.findings(lints.sql_names, "libs/x/a.cc", two)],
                         ["libs/x/a.cc:5:", "libs/x/a.cc:4:"])
        self.assertIn("tools/a.py:1: `rank`", self.findings(lints.sql_names, "tools/a.py", 'ask("SELECT rank FROM t")\n')[-1])
        (self.directory / "tools/a.py").unlink()
        for fine in ('Run("SELECT COUNT(*), t.day FROM t WHERE name = \'rank\' -- of the system");', "// SELECT rank FROM t",
                     'Say("the rank of a system");', 'Run("SELECT a " "FROM t WHERE a = ? AND b IN (?)");'):
            self.assertEqual(self.findings(lints.sql_names, "libs/x/a.cc", fine), [])

    def test_tests_that_do_not_run_are_found(self):
        for line in ('// TEST_CASE("a") {', 'TEST_CASE("a", "[.]") {', 'TEST_CASE("a", "[!mayfail]") {'):
            with self.subTest(line):
                self.assertEqual(len(self.findings(lints.sleeping_tests, "libs/x/a_test.cc", line)), 1)
        self.assertEqual(self.findings(lints.sleeping_tests, "libs/x/a_test.cc", 'TEST_CASE("a") {\n  // CHECK this later\n'), [])


if __name__ == "__main__":
    unittest.main()
