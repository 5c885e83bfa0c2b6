"""What a machine has to hold: memory of each process, processor and connections for acts, growth of the databases. For docs/operations/capacity.md."""

import concurrent.futures
import tempfile
from pathlib import Path

import backup
import catalogue
from bureau import Bureau
from limits import unlimited
from load import cpu_seconds
from proofs import Measure

_CALLERS = 4
_DATABASES = "SELECT ROUND(SUM(FILE_SIZE)) AS bytes FROM information_schema.INNODB_SYS_TABLESPACES WHERE NAME LIKE 'sifa_{name}/%'"


def bench(suite):
    """Whole cases, from the application to the written agreement: five acts each, by four callers."""
    services = catalogue.with_database()
    processes = [*services, "gateway", *catalogue.DATABASES]
    cases = 200 if suite.short else 5000
    open_most = 0
    with unlimited(suite), concurrent.futures.ThreadPoolExecutor(_CALLERS) as callers:
        bureau = Bureau(suite)
        bureau.conclude()
        bureau.settle()
        idle = {name: suite.record(name).memory() for name in processes}
        before = {name: cpu_seconds(suite.pid(name)) for name in processes}
        size, rows = _bytes(suite, "mediation"), _rows(suite)
        for number, done in enumerate(concurrent.futures.as_completed([callers.submit(bureau.conclude) for _ in range(cases)])):
            done.result()
            if number % 200 == 0:
                open_most = max(open_most, _connections(suite))
        bureau.settle()
        loaded = {name: suite.record(name).memory() for name in processes}
        used = {name: cpu_seconds(suite.pid(name)) - was for name, was in before.items()}
    acts = _rows(suite) - rows
    grown = _bytes(suite, "mediation") - size
    everything = sum(_bytes(suite, name) for name in services)
    with tempfile.TemporaryDirectory() as directory:
        backup.take(suite, directory)
        dump = Path(directory, "dump", "sifa.sql.gz").stat().st_size
    measures = [Measure(f"memory of {name}", loaded[name] / 2 ** 20, "MiB", note=f"{idle[name] / 2 ** 20:.0f} MiB before the load")
                for name in processes]
    measures += [Measure(f"processor of {name} for 1,000 acts", used[name] / acts * 1000, "s") for name in processes if used[name] / acts > 1e-6]
    return measures + [
        Measure("growth of sifa_mediation for 10,000 cases", grown / cases * 10_000 / 2 ** 20, "MiB",
                note=f"{cases} cases of {acts / cases:.1f} rows of the journal, {grown / acts / 1024:.1f} KiB a row with all that belongs to it"),
        Measure("empty databases of all services", (everything - grown) / 2 ** 20, "MiB", note="with the demonstration"),
        Measure("dump of all databases", dump / 2 ** 20, "MiB", everything / 2 ** 20, "MiB of tables"),
        Measure("connections to the database", open_most, "", note=f"of at most {len(services)} × {suite.metric('mediation', 'sifa_database_connections_limit'):.0f}"),
    ]


def _bytes(suite, name):
    """Of the files of a service's tables."""
    return int(suite.mysql_root(_DATABASES.format(name=name))[0]["bytes"])


def _rows(suite):
    return int(suite.mysql_root("SELECT COUNT(*) AS n FROM journal", database="sifa_mediation")[0]["n"])


def _connections(suite):
    return sum(suite.metric(name, "sifa_database_connections", state="open") for name in catalogue.with_database())
