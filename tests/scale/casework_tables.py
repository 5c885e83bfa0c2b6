"""Tables of a casework service's shape in a schema of their own, for bare transactions on the same server."""

import contextlib
import json
import subprocess

import database_users
from state import binary

_SCHEMA = "sifa_bench"
_TABLES = ("object", "term", "request", "counter", "journal", "journal_pending")


@contextlib.contextmanager
def scratch(suite, service="mediation"):
    """Yields a function that empties the tables and runs the bare transactions over them."""
    source = database_users.schema(service)
    suite.mysql_root(f"DROP DATABASE IF EXISTS {_SCHEMA}; CREATE DATABASE {_SCHEMA} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
                     + "".join(f"CREATE TABLE {_SCHEMA}.{t} LIKE {source}.{t};" for t in _TABLES))

    def run(mode, **flags):
        suite.mysql_root("".join(f"TRUNCATE {_SCHEMA}.{t};" for t in _TABLES))
        command = [str(binary("sifa-sql-reference")), f"--mode={mode}", f"--socket={suite.mysql.socket}",
                   f"--database={_SCHEMA}", *(f"--{name}={value}" for name, value in flags.items())]
        return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout)

    try:
        yield run
    finally:
        suite.mysql_root(f"DROP DATABASE {_SCHEMA}")


def sizes(suite, case_hex, service="mediation"):
    """(images, records, terms) of an object, for the bare transactions to take the same."""
    rows = suite.mysql_root(f"SELECT LENGTH(image) AS image, LENGTH(record) AS record FROM journal WHERE object_id = X'{case_hex}'"
                            " AND version > 0 ORDER BY version", database=f"sifa_{service}")
    terms = suite.mysql_root(f"SELECT COUNT(*) AS n FROM term WHERE object_id = X'{case_hex}'", database=f"sifa_{service}")
    return ",".join(r["image"] for r in rows), ",".join(r["record"] for r in rows), int(terms[0]["n"])
