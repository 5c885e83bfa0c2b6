"""What was acknowledged before a backup is there after it was brought back elsewhere."""

import shutil
import tempfile
import time
import unittest
from pathlib import Path

import backup
import extras
from bureau import Bureau, assert_whole
from console import Failure
from state import State, binary
from suite import Suite, temporary_suite


class BackupTest(unittest.TestCase):
    def test_a_backup_taken_while_all_runs_is_the_suite_again(self):
        if not binary("sifa-gateway").exists():
            raise extras.NotHere("the programs are not built yet: tools/sifa test without a name builds them")
        with tempfile.TemporaryDirectory(prefix="sifa-backup-") as scratch:
            kept, elsewhere = Path(scratch, "kept"), State(Path(scratch, "other"))
            with temporary_suite("backup", demonstration=False) as suite:
                bureau = Bureau(suite)
                case = bureau.conclude()
                assert_whole(suite)
                self.age(suite)
                backup.take(suite, kept)
                self.assertLess(time.time() - suite.metric("mediation", "sifa_backup_time_seconds"), 300)
                lost = bureau.apply()
                with self.assertRaisesRegex(Failure, "not empty"):
                    backup.take(suite, kept)
                with self.assertRaisesRegex(Failure, "has databases already"):
                    backup.restore(suite, kept)
            self.assertEqual({p.name for p in kept.iterdir()}, {"keys", "dump"})
            self.assertEqual([p for p in (kept / "dump").rglob("*") if p.name in ("keyring", "master.key")], [], "keys and dump are apart")
            again = Suite(elsewhere)
            try:
                reports = backup.restore(again, kept)
                self.assertTrue(all(report.endswith("findings 0") for report in reports.values()), reports)
                self.check_is_told(again)
                self.assertEqual(Bureau(again).read(case["id"])["particulars"]["parties"][0]["name"], "赵大山", "bodies can be read")
                self.assertEqual(again.http("nanma.mediator").get(f"/v1/mediation/cases/{lost['id']}").status, 404, "what came after the backup")
                self.assertEqual(Bureau(again).conclude()["state"], case["state"], "work goes on")
            finally:
                again.stop()

            self.tamper(kept, elsewhere)

    def age(self, suite):
        """What a service says of check and backup is what was written down, not that it runs."""
        for name, words in (("journal.verified", "1000 2"), ("backup.taken", "2000")):
            suite.state.path("keys", "mediation", name).write_text(words + "\n")
        said = [suite.metric("mediation", f"sifa_{m}") for m in ("journal_verified_time_seconds", "journal_verified_findings", "backup_time_seconds")]
        self.assertEqual(said, [1000, 2, 2000])

    def check_is_told(self, suite):
        """The check that ended the restore is told with its outcome; one that finds something is told as well."""
        self.assertLess(time.time() - suite.metric("mediation", "sifa_journal_verified_time_seconds"), 300)
        self.assertEqual(suite.metric("mediation", "sifa_journal_verified_findings"), 0)
        self.assertEqual(suite.metric("mediation", "sifa_backup_time_seconds"), 2000, "that of the backup before, which came along with the keys")
        suite.mysql_root("UPDATE journal SET actor = 'x' ORDER BY id LIMIT 1", "sifa_identity")
        whole, _ = suite.verify_journal("identity")
        self.assertFalse(whole)
        self.assertGreater(suite.metric("identity", "sifa_journal_verified_findings"), 0)

    def tamper(self, kept, elsewhere):
        """Keys of one backup with the dump of another, or a dump that was changed, are refused before anything is made."""
        elsewhere.remove()
        elsewhere.create()
        other = kept.with_name("changed")
        shutil.copytree(kept, other)
        with open(other / "dump" / "sifa.sql.gz", "ab") as dump:
            dump.write(b"\0")
        with self.assertRaisesRegex(Failure, "dump .* not as they were taken"):
            backup.restore(Suite(elsewhere), other)
        shutil.copytree(kept / "dump", other / "dump", dirs_exist_ok=True)
        (other / "keys" / "mediation" / "master.key").write_text("another")
        with self.assertRaisesRegex(Failure, "keys .* not as they were taken"):
            backup.restore(Suite(elsewhere), other)
        self.assertFalse(elsewhere.path("mysql").exists())
        with self.assertRaisesRegex(Failure, "holds no backup"):
            backup.restore(Suite(elsewhere), kept / "dump")


if __name__ == "__main__":
    unittest.main()
