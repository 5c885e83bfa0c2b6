"""A private MariaDB: one data directory, one unix socket, no TCP. Whoever may enter the directory is its root."""

import getpass
import os
import subprocess

from console import Failure

_START_SECONDS = 90  # includes recovery after a crash


def find_program(name):
    for directory in ("/usr/sbin", "/usr/bin", "/usr/local/bin"):
        if os.access(f"{directory}/{name}", os.X_OK):
            return f"{directory}/{name}"
    raise Failure(f"{name} was not found.", hint="run tools/sifa up, which installs what is missing")


class DatabaseError(Exception):
    """The server refused a statement; the text is the server's."""


class MariaDb:
    name = "mysql"

    def __init__(self, state, supervisor, buffer_pool=None):
        self.directory = state.path("mysql")
        self.socket = self.directory / "mysql.sock"
        self._supervisor = supervisor
        self._buffer_pool = buffer_pool or os.environ.get("SIFA_BUFFER_POOL", "128M")

    def _command(self):
        return [
            find_program("mariadbd"), "--no-defaults", f"--user={getpass.getuser()}",
            f"--datadir={self.directory / 'data'}", f"--socket={self.socket}",
            f"--pid-file={self.directory / 'mysqld.pid'}", f"--tmpdir={self.directory / 'tmp'}",
            "--skip-networking", "--skip-name-resolve", "--skip-log-bin", "--performance-schema=OFF",
            "--innodb-flush-log-at-trx-commit=1", f"--innodb-buffer-pool-size={self._buffer_pool}",
            "--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin",
            "--transaction-isolation=READ-COMMITTED", "--default-time-zone=+00:00",
            "--max-connections=300", "--local-infile=0",
        ]

    def start(self):
        """Starts the server if it does not run, making its data directory first where there is none."""
        record = self._supervisor.record(self.name)
        if record is None:
            if not (self.directory / "data" / "mysql").is_dir():
                self._install()
            (self.directory / "tmp").mkdir(mode=0o700, exist_ok=True)
            self.socket.unlink(missing_ok=True)
            record = self._supervisor.spawn(self.name, self._command())
        self._supervisor.wait_ready(record, self.problem, _START_SECONDS)
        return record

    def stop(self):
        return self._supervisor.stop(self.name, grace=60)

    def _install(self):
        data, fresh = self.directory / "data", self.directory / "data.new"
        self.directory.mkdir(mode=0o700, exist_ok=True)
        if fresh.exists():
            subprocess.run(["rm", "-rf", str(fresh)], check=True)  # an installation that was cut short
        log = self._supervisor.log("mysql-install")
        with open(log, "wb") as output:
            result = subprocess.run(
                [find_program("mariadb-install-db"), "--no-defaults", f"--datadir={fresh}", "--skip-test-db",
                 "--auth-root-authentication-method=normal", f"--user={getpass.getuser()}"],
                stdout=output, stderr=output, timeout=180)
        if result.returncode != 0:
            raise Failure("The database could not be made.", log=log, hint="is the disk full? then tools/sifa reset")
        os.replace(fresh, data)

    def problem(self):
        """None when the server answers, else what it says."""
        if not self.socket.exists():
            return "no socket yet"
        try:
            self.query("SELECT 1")
        except DatabaseError as error:
            return str(error)
        return None

    def query(self, sql, database=None, *, user="root", password="", timeout=60):
        """Runs statements. Rows of what they select, as dicts of text; NULL is None. Binary columns: use HEX()."""
        # --batch writes a line a row: tab between cells, and backslash forms inside them. A NULL and a text "NULL" look
        # the same there, --xml tells them apart but takes no control characters: of the two the first is the lesser evil.
        command = [find_program("mariadb"), "--no-defaults", f"--socket={self.socket}", f"--user={user}", "--batch",
                   "--default-character-set=utf8mb4", "--connect-timeout=5", *([database] if database else [])]
        result = subprocess.run(command, input=sql.encode(), capture_output=True, timeout=timeout,
                                env={**os.environ, "MYSQL_PWD": password})
        if result.returncode != 0:
            raise DatabaseError(result.stderr.decode("utf-8", "replace").strip())
        lines = result.stdout.decode("utf-8", "replace").removesuffix("\n").split("\n")
        if lines == [""]:
            return []
        header = lines[0].split("\t")
        return [dict(zip(header, (_cell(c) for c in line.split("\t")))) for line in lines[1:]]


_ESCAPES = {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}


def _cell(text):
    if text == "NULL":
        return None
    if "\\" not in text:
        return text
    result, i = [], 0
    while i < len(text):
        if text[i] == "\\" and i + 1 < len(text):
            result.append(_ESCAPES.get(text[i + 1], text[i + 1]))
            i += 2
        else:
            result.append(text[i])
            i += 1
    return "".join(result)
