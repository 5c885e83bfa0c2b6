"""`tools/sifa backup DIR` and `restore DIR`: the three things that belong together, keys and dump apart.

    DIR/keys/<service>/    keyring, master.key, the journal's anchor: for a safe, away from the dump
    DIR/dump/sifa.sql.gz   every schema, in one transaction; bodies are encrypted
    DIR/dump/backup.json   when, of what, and the digests

The keys come first: an anchor moves with each sealed batch, and one that is ahead of the dump would read as a journal whose tail was cut off."""

import datetime
import gzip
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import catalogue
import database_users
from console import Failure
from mariadb import find_program
from state import write_atomically

_FORMAT = 1
_DEMONSTRATION = ("accounts.json", "clock")  # passwords that belong to the hashes of the dump, and what its dates count from


def take(suite, directory):
    """Writes a backup into a new directory, while everything runs. Returns what it holds, in words."""
    directory = Path(directory).absolute()
    if directory.exists() and any(directory.iterdir()):
        raise Failure(f"{directory} is not empty.", hint="give a new directory for each backup")
    if suite.pid("mysql") is None:
        raise Failure("The database does not run.", hint="tools/sifa up")
    for part in ("keys", "dump"):
        (directory / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(suite.state.path("keys"), directory / "keys", dirs_exist_ok=True)
    for name in _DEMONSTRATION:
        if suite.state.path(name).exists():
            shutil.copy(suite.state.path(name), directory / "keys" / name)
    dump = directory / "dump" / "sifa.sql.gz"
    _dump(suite, dump)
    manifest = {"format": _FORMAT, "taken": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
                "services": catalogue.with_database(), "demonstration": bool(suite.state.load().get("demonstration")),
                "dump": _digest(dump), "keys": _digests(directory / "keys")}
    write_atomically(directory / "dump" / "backup.json", json.dumps(manifest, indent=1) + "\n")
    suite.record_backup()
    return f"{len(manifest['services'])} schemas, {dump.stat().st_size >> 10} KiB; keep {directory / 'keys'} apart from {directory / 'dump'}"


def _dump(suite, path):
    command = [find_program("mariadb-dump"), "--no-defaults", f"--socket={suite.mysql.socket}", "--user=root", "--single-transaction",
               "--add-drop-database", "--default-character-set=utf8mb4", "--hex-blob", "--databases",
               *(database_users.schema(s) for s in catalogue.with_database())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dump:
        with gzip.open(path, "wb", compresslevel=6) as out:
            shutil.copyfileobj(dump.stdout, out)
        complaint = dump.stderr.read().decode("utf-8", "replace")
    if dump.returncode != 0:
        raise Failure("The databases could not be dumped.", excerpt=complaint.splitlines()[-5:])


def restore(suite, directory):
    """Brings a backup into an empty state directory, starts everything, and verifies every journal. Returns what they say."""
    directory = Path(directory).absolute()
    manifest = _checked(directory)
    if suite.state.path("mysql", "data").exists():
        raise Failure(f"{suite.state.directory} has databases already.", hint="tools/sifa reset, or another directory in SIFA_STATE")
    with suite.state.locked():
        suite.state.require_format()
        shutil.copytree(directory / "keys", suite.state.path("keys"), dirs_exist_ok=True)
        for name in _DEMONSTRATION:
            if (suite.state.path("keys") / name).exists():
                (suite.state.path("keys") / name).replace(suite.state.path(name))
        suite.state.remember(demonstration=manifest["demonstration"])
        suite.mysql.start()
        _load(suite, directory / "dump" / "sifa.sql.gz")
    suite.start(keep=True)
    reports = {name: suite.verify_journal(name) for name in catalogue.with_database()}
    broken = {name: report for name, (whole, report) in reports.items() if not whole}
    if broken:
        raise Failure(f"The journal is not whole: {', '.join(broken)}.", excerpt=[line for report in broken.values() for line in report.splitlines()[:10]],
                      hint="docs/operations/journal.md says what each finding means")
    return {name: report.splitlines()[0] for name, (_, report) in reports.items()}


def _checked(directory):
    """The manifest of a backup that is as it was taken."""
    try:
        manifest = json.loads((directory / "dump" / "backup.json").read_text())
    except (OSError, ValueError):
        raise Failure(f"{directory} holds no backup.", hint="it was taken by tools/sifa backup, and has dump/ and keys/") from None
    if manifest["format"] != _FORMAT or manifest["services"] != catalogue.with_database():
        raise Failure(f"The backup of {manifest['taken']} is of another version of Sifa: {', '.join(manifest['services'])}.")
    for what, found, wanted in (("dump", _digest(directory / "dump" / "sifa.sql.gz"), manifest["dump"]),
                                ("keys", _digests(directory / "keys"), manifest["keys"])):
        if found != wanted:
            raise Failure(f"The {what} of {directory} are not as they were taken.", hint="bring dump/ and keys/ of the same backup together")
    return manifest


def _load(suite, path):
    command = [find_program("mariadb"), "--no-defaults", f"--socket={suite.mysql.socket}", "--user=root"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as client:
        try:
            with gzip.open(path, "rb") as dump:
                shutil.copyfileobj(dump, client.stdin)
            client.stdin.close()
        except BrokenPipeError:
            pass  # it says why
        complaint = client.stderr.read().decode("utf-8", "replace")
    if client.returncode != 0:
        raise Failure("The dump could not be loaded.", excerpt=complaint.splitlines()[-5:])


def _digest(path):
    if not path.exists():
        return None
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _digests(directory):
    return {str(path.relative_to(directory)): _digest(path) for path in sorted(directory.rglob("*")) if path.is_file()}
