"""Root forges, replays, moves, sets back and deletes, also before anything is sealed: each is found and named."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from bureau import Bureau, PURPOSE, assert_whole, hex_of_id
from suite import wait_until
from tamper import chained, sealed_rows

_SCHEMA = "sifa_mediation"
_COPY = "sifa_forger_copy"
_PAPER = b"%PDF-1.4\n%%EOF\n"


def prove(suite):
    kept = suite.overrides.get("mediation", {})
    # A witness would tell of everything that is set back; here the journal alone is on trial.
    suite.overrides["mediation"] = kept | {"witness_every": "1h"}
    suite.restart("mediation")
    bureau = Bureau(suite)
    cases = [bureau.conclude()["id"] for _ in range(2)]
    files = [_upload(bureau, case) for case in (cases[0], cases[0], bureau.apply()["id"])]
    withdrawn = _Withdrawn(suite, bureau, files[1])
    bureau.settle()
    forger = _Forger(suite, bureau, cases, files, withdrawn)
    suite.stop_process("mediation")
    try:
        rows = assert_whole(suite, "mediation")
        with forger.copy():
            lines = [forger.attempt(do, kinds) for do, kinds in _ATTEMPTS]
            lines.append(_set_everything_back(forger))
    finally:
        suite.overrides["mediation"] = kept
        suite.start_process("mediation")
    bureau.conclude()
    bureau.settle()
    after = assert_whole(suite, "mediation")
    print(f"    {rows} journal rows; {len(lines)} attacks by root, each named:")
    for line in lines:
        print(f"      {line}")
    print(f"    put back each time and verified whole; at the end {after} rows")


def _upload(bureau, case):
    path = f"/v1/mediation/attachments?objectType=Case&object={case}&fileName=a.pdf"
    answer = bureau.mediator.request("POST", path, data=_PAPER, content_type="application/octet-stream")
    assert answer.ok, f"upload: {answer!r}"
    return answer.json["id"]


class _Withdrawn:
    """An attachment that was withdrawn, with its row of before."""

    def __init__(self, suite, bureau, file):
        self.file = file
        self.before = suite.mysql_root(f"SELECT state, version, HEX(meta) AS meta FROM attachment WHERE id = X'{hex_of_id(file)}'",
                                       database=_SCHEMA)[0]
        bureau.mediator.must("POST", f"/v1/mediation/attachments/{file}:withdraw", {"reason": "传错案件"})


class _Forger:
    """Root in the schema of mediation, with a copy of everything to put back, the anchor too."""

    def __init__(self, suite, bureau, cases, files, withdrawn):
        self.suite, self.bureau, self.cases, self.files, self.withdrawn = suite, bureau, cases, files, withdrawn

    def sql(self, text):
        return self.suite.mysql_root(text, database=_SCHEMA)

    @contextlib.contextmanager
    def copy(self):
        self.tables = [row["name"] for row in self.sql("SELECT table_name AS name FROM information_schema.tables WHERE table_schema ="
                                                       f" '{_SCHEMA}' AND table_name NOT IN ('lease', 'schema_version')")]
        self.anchor = self.suite.anchor("mediation").read_text()
        self.sql(f"DROP DATABASE IF EXISTS {_COPY}; CREATE DATABASE {_COPY};"
                 + "".join(f"CREATE TABLE {_COPY}.{t} LIKE {t}; INSERT INTO {_COPY}.{t} SELECT * FROM {t};" for t in self.tables))
        try:
            yield
        finally:
            self.suite.stop_process("mediation")
            self.put_back()
            self.sql(f"DROP DATABASE {_COPY}")

    def put_back(self):
        self.sql("".join(f"TRUNCATE {t}; INSERT INTO {t} SELECT * FROM {_COPY}.{t};" for t in self.tables))
        self.suite.anchor("mediation").write_text(self.anchor)

    def attempt(self, do, kinds):
        """Does it, lets the check look, and puts everything back. What the check said of it, in short."""
        named = do(self) or ()
        self.suite.stop_process("mediation")
        line = self.expect(do.__doc__, kinds, named)
        self.put_back()
        if not self.suite.short:
            assert_whole(self.suite, "mediation")
        return line

    def expect(self, what, kinds, named=(), seen=None):
        whole, report = self.suite.verify_journal("mediation", seen=seen)
        assert not whole, f"{what}: not found"
        findings = [line.split("\t") for line in report.splitlines()[1:] if not line.startswith("OPEN")]
        found = {f[0] for f in findings}
        assert set(kinds) <= found, f"{what}: expected {kinds}, and the check says\n{report}"
        for text in named:
            assert any(text in f[2] or text in f[3] for f in findings), f"{what}: {text} is not named in\n{report}"
        return f"{what}: {', '.join(sorted(found))}"

    def live(self):
        self.suite.start_process("mediation")

    def insert_row(self, case, version, action):
        """A row in the journal and among those that wait, as a copy of the case's newest one. Its id."""
        row = self.sql(f"SELECT HEX(id) AS id FROM journal WHERE object_id = X'{hex_of_id(case)}' AND version > 0"
                       " ORDER BY version DESC LIMIT 1")[0]["id"]
        forged = f"{int(row, 16) + 1:032X}"
        columns = [c["name"] for c in self.sql("SELECT column_name AS name FROM information_schema.columns WHERE table_schema ="
                                               f" '{_SCHEMA}' AND table_name = 'journal' ORDER BY ordinal_position")]
        values = {"id": f"X'{forged}'", "version": str(version), "action": f"'{action}'"}
        self.sql(f"INSERT INTO journal SELECT {', '.join(values.get(c, c) for c in columns)} FROM journal WHERE id = X'{row}';"
                 f"INSERT INTO journal_pending VALUES (X'{forged}', {version})")
        return forged

    def quarantined(self, count):
        wait_until(lambda: self.suite.metric("mediation", "sifa_journal_quarantined_rows") == count, 20, "the quarantine")
        assert "JOURNAL_ROWS_FORGED" in self.suite.warning("mediation"), f"/readyz: {self.suite.warning('mediation')!r}"
        self.bureau.conclude()  # the others are sealed
        self.bureau.settle()


# -- attempts; each returns what the check has to name

def _insert_a_reading(forger):
    """a reading by somebody inserted, to be sealed"""
    forger.live()
    forger.insert_row(forger.cases[0], 0, "READ")
    forger.quarantined(1)


def _insert_an_act(forger):
    """an act inserted, to be sealed, and the object then changed, moved and deleted"""
    forger.live()
    case = forger.cases[1]
    version = int(forger.sql(f"SELECT version FROM object WHERE id = X'{hex_of_id(case)}'")[0]["version"])
    forger.insert_row(case, version + 1, "ARCHIVE")
    forger.quarantined(1)
    forger.sql(f"UPDATE object SET version = {version + 1}, state = 1 WHERE id = X'{hex_of_id(case)}';"
               f"DELETE FROM term WHERE object_id = X'{hex_of_id(case)}'")
    return (case,)


def _put_back_and_act(forger):
    """an object put back as it was, and an honest act done on it"""
    forger.live()
    case = forger.bureau.apply()
    name = hex_of_id(case["id"])
    tables = {"object": "id", "term": "object_id"}
    forger.sql("".join(f"CREATE TABLE {_COPY}.old_{t} AS SELECT * FROM {t} WHERE {key} = X'{name}';" for t, key in tables.items()))
    steps = forger.bureau.steps(forger.suite.clock.today().isoformat())
    forger.bureau.act(case["id"], *steps[0][:1], **steps[0][1])
    forger.bureau.settle()
    forger.sql("".join(f"DELETE FROM {t} WHERE {key} = X'{name}'; INSERT INTO {t} SELECT * FROM {_COPY}.old_{t};"
                       f"DROP TABLE {_COPY}.old_{t};" for t, key in tables.items()))
    forger.bureau.act(case["id"], *steps[0][:1], **steps[0][1])
    forger.bureau.settle()
    return (case["id"],)


def _put_back_and_wait(forger):
    """the body of an object put back under its newest version"""
    case = hex_of_id(forger.cases[0])
    other = hex_of_id(forger.cases[1])
    forger.sql(f"UPDATE object a JOIN object b ON b.id = X'{other}' SET a.body = b.body WHERE a.id = X'{case}'")
    return (forger.cases[0],)


def _delete_before_sealing(forger):
    """readings deleted before they were sealed"""
    forger.live()
    forger.sql("UPDATE lease SET holder = 'root', epoch = epoch + 1, expires_at = expires_at + INTERVAL 1 HOUR WHERE name = 'sealer'")
    for case in forger.cases:
        forger.bureau.mediator.must("GET", f"/v1/mediation/cases/{case}", headers=PURPOSE)
    count = "SELECT COUNT(*) AS n FROM journal j JOIN journal_pending p ON p.id = j.id WHERE j.action = 'READ'"
    wait_until(lambda: int(forger.sql(count)[0]["n"]) >= 2, 10, "readings that wait")
    forger.sql("DELETE j, p FROM journal j JOIN journal_pending p ON p.id = j.id WHERE j.action = 'READ'")
    forger.sql("DELETE FROM lease WHERE name = 'sealer'")
    forger.bureau.conclude()
    forger.bureau.settle()


def _delete_what_waits(forger):
    """rows taken out of those that wait to be sealed"""
    forger.live()
    forger.sql("UPDATE lease SET holder = 'root', epoch = epoch + 1, expires_at = expires_at + INTERVAL 1 HOUR WHERE name = 'sealer'")
    forger.bureau.read(forger.cases[0])
    forger.sql("DELETE FROM journal_pending; DELETE FROM lease WHERE name = 'sealer'")


def _seal_by_hand(forger):
    """a forged row sealed by the forger, with the chain that follows from it"""
    row = forger.sql("SELECT position, HEX(digest) AS digest FROM journal_seal ORDER BY position DESC LIMIT 1")[0]
    position = int(row["position"]) + 1
    forged = forger.insert_row(forger.cases[0], 0, "READ")
    forger.sql(f"DELETE FROM journal_pending; INSERT INTO journal_seal VALUES ({position}, X'{forged}', X'{'00' * 32}')")
    (_, sealed), = sealed_rows(forger.sql, position)
    forger.sql(f"UPDATE journal_seal SET digest = X'{chained(row['digest'], sealed)}' WHERE position = {position}")


def _add_to_figures(forger):
    """a thousand added to published figures"""
    forger.sql("UPDATE statistics_counter SET m0 = m0 + 1000")


def _delete_contributions(forger):
    """contributions to figures deleted"""
    forger.sql("DELETE FROM statistics_contribution ORDER BY position DESC LIMIT 3")


def _move_an_attachment(forger):
    """an attachment moved to another case"""
    forger.sql(f"UPDATE attachment SET object_id = X'{hex_of_id(forger.cases[1])}' WHERE id = X'{hex_of_id(forger.files[0])}'")
    return (forger.files[0], forger.cases[1])


def _replay_an_attachment(forger):
    """a withdrawn attachment made valid by its row of before"""
    before, file = forger.withdrawn.before, forger.withdrawn.file
    forger.sql(f"UPDATE attachment SET state = {before['state']}, version = {before['version']}, meta = X'{before['meta']}'"
               f" WHERE id = X'{hex_of_id(file)}'")
    return (file,)


def _replay_a_description(forger):
    """the description of a withdrawn attachment replaced by the one of before"""
    before, file = forger.withdrawn.before, forger.withdrawn.file
    forger.sql(f"UPDATE attachment SET state = {before['state']}, meta = X'{before['meta']}' WHERE id = X'{hex_of_id(file)}'")
    return (file,)


def _delete_attachments(forger):
    """attachments deleted"""
    forger.sql("DELETE FROM attachment")
    return forger.files


def _delete_contents(forger):
    """the contents of attachments deleted"""
    forger.sql("DELETE FROM chunk")
    return forger.files


def _insert_an_object(forger):
    """an object inserted that no act made"""
    case = hex_of_id(forger.cases[0])
    columns = [c["name"] for c in forger.sql("SELECT column_name AS name FROM information_schema.columns WHERE table_schema ="
                                             f" '{_SCHEMA}' AND table_name = 'object' ORDER BY ordinal_position")]
    values = {"id": f"X'{int(case, 16) + 1:032X}'", "number": "NULL"}
    forger.sql(f"INSERT INTO object SELECT {', '.join(values.get(c, c) for c in columns)} FROM object WHERE id = X'{case}'")


def _set_back_the_counters(forger):
    """the counters of case numbers set back"""
    forger.sql("UPDATE counter SET last = last - 1")


def _empty_the_ledger(forger):
    """the ledger of requests emptied"""
    forger.sql("DELETE FROM request")


def _delete_notices(forger):
    """notices of limits deleted, and one made up"""
    forger.sql("DELETE FROM clock_notice; INSERT INTO clock_notice (object_id, kind, due_on, colour)"
               f" VALUES (X'{hex_of_id(forger.cases[0])}', 'CONCLUDE', '2026-01-01', 3)")
    return (forger.cases[0],)


def _delete_heads(forger):
    """signed heads deleted, and one made up"""
    forger.sql("DELETE FROM journal_head; INSERT INTO journal_head SELECT position, digest, UTC_TIMESTAMP(), 'x' FROM journal_seal"
               " ORDER BY position DESC LIMIT 1")


def _set_everything_back(forger):
    """database and anchor set back together, found by the end that the verifier has kept"""
    directory = Path(tempfile.mkdtemp(prefix="sifa-heads-"))
    try:
        seen = directory / "mediation.head"
        forger.live()
        forger.bureau.conclude()
        forger.bureau.settle()
        forger.suite.stop_process("mediation")
        assert forger.suite.verify_journal("mediation", seen=seen)[0], "not whole before"
        forger.put_back()
        assert forger.suite.verify_journal("mediation")[0], "an earlier moment as a whole is an earlier moment"
        return forger.expect(_set_everything_back.__doc__, ("CUT_OFF",), ("上次核验所见的链头",), seen=seen)
    finally:
        shutil.rmtree(directory)


_ATTEMPTS = (
    (_insert_a_reading, ("QUARANTINED",)),
    (_insert_an_act, ("QUARANTINED", "OBJECT_CHANGED")),
    (_put_back_and_act, ("VERSION_TWICE",)),
    (_put_back_and_wait, ("OBJECT_CHANGED",)),
    (_delete_before_sealing, ("LOST",)),
    (_delete_what_waits, ("UNSEALED",)),
    (_seal_by_hand, ("FORGED",)),
    (_add_to_figures, ("FIGURE_CHANGED",)),
    (_delete_contributions, ("FIGURE_CHANGED",)),
    (_move_an_attachment, ("ATTACHMENT_MOVED",)),
    (_replay_an_attachment, ("ATTACHMENT_CHANGED",)),
    (_replay_a_description, ("ATTACHMENT_CHANGED",)),
    (_delete_attachments, ("ATTACHMENT_DELETED",)),
    (_delete_contents, ("CONTENT_CHANGED",)),
    (_insert_an_object, ("OBJECT_INSERTED",)),
    (_set_back_the_counters, ("COUNTER_CHANGED",)),
    (_empty_the_ledger, ("REQUEST_MISSING",)),
    (_delete_notices, ("NOTICE_CHANGED",)),
    (_delete_heads, ("HEAD_FORGED",)),
)
