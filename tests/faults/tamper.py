"""Whoever is root in the database cannot alter the journal or an object unseen: the check finds it and names it."""

import hashlib

from bureau import Bureau, assert_whole
from suite import wait_until

_COPY = "sifa_tamper_copy"
# With their keys.
_TABLES = {"journal": ("id",), "journal_seal": ("position",), "journal_head": ("position",), "object": ("id",),
           "term": ("type", "kind", "value", "object_id")}


def prove(suite):
    bureau = Bureau(suite)
    cases = [bureau.conclude()["id"] for _ in range(2 if suite.short else 5)]
    bureau.settle()
    # Nobody writes meanwhile; the check is a program of its own.
    suite.stop_process("mediation")
    tampering = _Tampering(suite)
    try:
        rows = assert_whole(suite, "mediation")
        found = [tampering.attempt(what, *kinds) for what, kinds in _ATTEMPTS]
    finally:
        tampering.end()
        suite.start_process("mediation")
    tails = [_cut_off_and_written_over(suite, bureau), _cut_off_with_the_anchor(suite, bureau)]
    bureau.conclude()
    bureau.settle()
    after = assert_whole(suite, "mediation")
    print(f"    {len(cases)} cases, {rows} journal rows; tampered with {len(found) + len(tails)} times by root, each named:")
    for line in [*found, *tails]:
        print(f"      {line}")
    print(f"    restored each time and verified clean; at the end {after} rows")


class _Tampering:
    """Root in the schema of mediation, with a copy of everything to put back."""

    def __init__(self, suite):
        self.suite = suite
        self._columns = {}
        self._sql(f"DROP DATABASE IF EXISTS {_COPY}; CREATE DATABASE {_COPY}")
        for table in _TABLES:
            self._columns[table] = [row["name"] for row in self._sql(
                "SELECT column_name AS name FROM information_schema.columns"
                f" WHERE table_schema = 'sifa_mediation' AND table_name = '{table}'")]
            self._sql(f"CREATE TABLE {_COPY}.{table} LIKE {table}; INSERT INTO {_COPY}.{table} SELECT * FROM {table}")

    def _sql(self, sql):
        return self.suite.mysql_root(sql, database="sifa_mediation")

    def end(self):
        self._restore()
        self._sql(f"DROP DATABASE {_COPY}")

    def _restore(self):
        """Takes out every row that is not as in the copy, and puts those of the copy in."""
        for table, key in _TABLES.items():
            same = " AND ".join(f"t.`{c}` <=> c.`{c}`" for c in self._columns[table])
            joined = " AND ".join(f"c.{k} = t.{k}" for k in key)
            self._sql(f"DELETE t FROM {table} t LEFT JOIN {_COPY}.{table} c ON {joined} WHERE c.{key[0]} IS NULL OR NOT ({same});"
                      f"INSERT INTO {table} SELECT c.* FROM {_COPY}.{table} c LEFT JOIN {table} t ON {joined}"
                      f" WHERE t.{key[0]} IS NULL")

    def attempt(self, do, *kinds):
        """Does it, lets the check look, and puts everything back. What the check said of it, in short."""
        expected = do(self._sql) or {}
        line = expect(self.suite, do.__doc__, kinds, expected.get("position"), expected.get("row"),
                      expected.get("text"))
        self._restore()
        assert_whole(self.suite, "mediation")
        return line


def expect(suite, what, kinds, position=None, row=None, text=None):
    """The check has to find nothing but these kinds, and name the position, the row, or what is wrong with it."""
    whole, report = suite.verify_journal("mediation")
    assert not whole, f"{what}: not found"
    findings = [line.split("\t") for line in report.splitlines()[1:] if not line.startswith("OPEN")]
    assert findings and {f[0] for f in findings} <= set(kinds), f"{what}: expected {kinds}, and the check says\n{report}"
    if position is not None:
        assert any(f[1] == f"position {position}" for f in findings), f"{what}: position {position} is not named in\n{report}"
    if row is not None:
        assert any(f[2] == f"row {row}" for f in findings), f"{what}: row {row} is not named in\n{report}"
    assert text is None or any(text in f[3] for f in findings), f"{what}: {text} is not named in\n{report}"
    named = sorted({f"{f[0]} {f[2] if f[1] == 'position 0' else f[1]}" for f in findings})
    return f"{what}: {', '.join(named[:3])}" + (f" and {len(named) - 3} more" if len(named) > 3 else "")


def _middle(sql, where="j.version > 1"):
    """A sealed row amid the others: its position and its id as the database writes it."""
    rows = sql(f"SELECT s.position, HEX(j.id) AS id, HEX(j.object_id) AS object FROM journal_seal s JOIN journal j ON j.id = s.id"
               f" WHERE {where} ORDER BY s.position")
    return rows[len(rows) // 2]


def _text(hex_id):
    number, text = int(hex_id, 16), ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        text = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[digit] + text
    return text


# -- attempts; each returns what the check has to name

def _change_a_byte_of_an_image(sql):
    """a byte of an image changed"""
    row = _middle(sql)
    sql(f"UPDATE journal SET image = INSERT(image, 40, 1, CHAR(ASCII(SUBSTRING(image, 40, 1)) ^ 1)) WHERE id = X'{row['id']}'")
    return {"position": row["position"], "row": _text(row["id"])}


def _change_an_actor(sql):
    """the actor of a row changed"""
    row = _middle(sql)
    sql(f"UPDATE journal SET actor = 'somebody-else' WHERE id = X'{row['id']}'")
    return {"position": row["position"], "row": _text(row["id"])}


def _change_a_date(sql):
    """the day of an act put back"""
    row = _middle(sql)
    sql(f"UPDATE journal SET occurred_on = occurred_on - INTERVAL 1 DAY WHERE id = X'{row['id']}'")
    return {"position": row["position"], "row": _text(row["id"])}


def _delete_a_row(sql):
    """a row deleted"""
    row = _middle(sql)
    sql(f"DELETE FROM journal WHERE id = X'{row['id']}'")
    return {"position": row["position"], "row": _text(row["id"])}


def _delete_a_row_and_its_seal(sql):
    """a row deleted with its seal"""
    row = _middle(sql)
    sql(f"DELETE FROM journal WHERE id = X'{row['id']}'; DELETE FROM journal_seal WHERE id = X'{row['id']}'")
    return {"position": row["position"]}


def _insert_a_row(sql):
    """a forged row inserted"""
    row = _middle(sql)
    forged = f"{int(row['id'], 16) + 1:032X}"
    columns = ("object_id, object_type, version, organisation, organisation_path, region, actor, action, from_state, to_state,"
               " occurred_on, recorded_at, occurred_at, writer, number, link, mac, image_digest, request_digest, remark, record,"
               " image, request")
    sql(f"INSERT INTO journal (id, {columns}) SELECT X'{forged}', {columns} FROM journal WHERE id = X'{row['id']}'")
    return {"row": _text(forged)}


def _swap_two_seals(sql):
    """two seals exchanged"""
    row = _middle(sql, "j.version > 1 AND s.position < (SELECT MAX(position) - 2 FROM journal_seal)")
    first, second = int(row["position"]), int(row["position"]) + 1
    ids = {r["position"]: r["id"] for r in sql(f"SELECT position, HEX(id) AS id FROM journal_seal WHERE position IN ({first}, {second})")}
    sql(f"UPDATE journal_seal SET id = X'{'0' * 32}' WHERE position = {first};"
        f"UPDATE journal_seal SET id = X'{ids[str(first)]}' WHERE position = {second};"
        f"UPDATE journal_seal SET id = X'{ids[str(second)]}' WHERE position = {first}")
    return {"position": first}


def _cut_off_the_tail(sql):
    """the last three rows cut off with their seals"""
    last = int(sql("SELECT MAX(position) AS n FROM journal_seal")[0]["n"])
    sql(f"DELETE j FROM journal j JOIN journal_seal s ON s.id = j.id WHERE s.position > {last - 3};"
        f"DELETE FROM journal_seal WHERE position > {last - 3}")
    return {"position": last - 2}


def _write_the_chain_anew(sql):
    """a row changed and the whole chain after it computed anew"""
    row = _middle(sql)
    sql(f"UPDATE journal SET actor = 'somebody-else' WHERE id = X'{row['id']}'")
    begin = int(row["position"])
    previous = sql(f"SELECT HEX(digest) AS d FROM journal_seal WHERE position = {begin - 1}")[0]["d"] if begin > 1 else "0" * 64
    updates, position = [], begin - 1
    for position, sealed in sealed_rows(sql, begin):
        previous = chained(previous, sealed)
        updates.append(f"UPDATE journal_seal SET digest = X'{previous}' WHERE position = {position};")
    sql("".join(updates))
    return {"position": position}


def sealed_rows(sql, begin):
    """(position, the bytes that are sealed) of each row from a position on."""
    texts = ("organisation", "organisation_path", "region", "actor", "action", "from_state", "to_state", "record", "image_digest",
             "request_digest", "writer", "remark", "link")
    rows = sql("SELECT s.position, HEX(j.id) AS id, HEX(j.object_id) AS object_id, HEX(j.object_type) AS object_type, j.version, j.number,"
               + "".join(f" HEX(j.{t}) AS {t}," for t in texts)
               + " DATE_FORMAT(j.occurred_on, '%Y-%m-%d') AS day, CAST(UNIX_TIMESTAMP(j.recorded_at) * 1000000 AS SIGNED) AS micros,"
               " COALESCE(CAST(UNIX_TIMESTAMP(j.occurred_at) * 1000000 AS SIGNED), '-') AS instant, HEX(j.mac) AS mac"
               f" FROM journal_seal s JOIN journal j ON j.id = s.id WHERE s.position >= {begin} ORDER BY s.position")
    for r in rows:
        parts = [bytes.fromhex(r[name]) for name in ("id", "object_id", "object_type", *texts)]
        parts.append(f"{r['version']} {r['number']} {r['day']} {r['micros']} {r['instant']}".encode())
        parts.append(bytes.fromhex(r["mac"]))
        yield int(r["position"]), b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def chained(previous, sealed):
    """The digest of a row after the one before it, both as the database writes them."""
    return hashlib.new("sm3", bytes.fromhex(previous) + sealed).hexdigest()


def _change_an_object(sql):
    """a byte of an object's body changed"""
    row = _middle(sql)
    sql(f"UPDATE object SET body = INSERT(body, 60, 1, CHAR(ASCII(SUBSTRING(body, 60, 1)) ^ 1)) WHERE id = X'{row['object']}'")


def _move_an_object(sql):
    """an object put under another office"""
    row = _middle(sql)
    sql(f"UPDATE object SET organisation_path = '/33/3307/330783/330783123/' WHERE id = X'{row['object']}'")


def _index_column(column, value):
    def change(sql):
        rows = sql("SELECT HEX(id) AS id FROM object WHERE type = 'Case' AND state > 1 ORDER BY id DESC LIMIT 1")
        sql(f"UPDATE object SET {column} = {value} WHERE id = X'{rows[0]['id']}'")
        return {"text": f"索引列 {column} "}
    change.__doc__ = f"{column} of an object changed in its index only"
    return change


def _search_term(what, change):
    def tamper(sql):
        rows = sql("SELECT HEX(object_id) AS id FROM term WHERE type = 'Case' AND kind = 'phone' ORDER BY object_id DESC LIMIT 1")
        sql(change.format(case=f"object_id = X'{rows[0]['id']}' AND kind = 'phone'", id=f"X'{rows[0]['id']}'"))
        return {"text": f"对象 {_text(rows[0]['id'])}：检索项 phone "}
    tamper.__doc__ = f"a search term of an object {what}"
    return tamper


def _delete_an_object(sql):
    """an object deleted"""
    row = _middle(sql)
    sql(f"DELETE FROM object WHERE id = X'{row['object']}'")


def _exchange_bodies(sql):
    """the bodies of two objects exchanged"""
    rows = sql("SELECT HEX(id) AS id, HEX(body) AS body FROM object WHERE type = 'Case' ORDER BY id DESC LIMIT 2")
    sql("".join(f"UPDATE object SET body = X'{a['body']}' WHERE id = X'{b['id']}';" for a, b in (rows, rows[::-1])))


# What else of an act's traces is named where its row is gone.
_GONE = ("DELETED", "LOST", "VERSION_MISSING", "VERSION_UNLINKED", "OBJECT_CHANGED", "OBJECT_DELETED", "OBJECT_INSERTED", "REQUEST_CHANGED",
         "COUNTER_CHANGED", "NOTICE_CHANGED", "FIGURE_CHANGED")
_ATTEMPTS = (
    (_change_a_byte_of_an_image, ("UNREADABLE", "OBJECT_CHANGED")),
    (_change_an_actor, ("CHANGED", "FIGURE_CHANGED", "COUNTER_CHANGED")),
    (_change_a_date, ("CHANGED", "FIGURE_CHANGED", "COUNTER_CHANGED")),
    (_delete_a_row, _GONE),
    (_delete_a_row_and_its_seal, ("CHANGED", *_GONE)),
    (_insert_a_row, ("INSERTED", "OBJECT_CHANGED")),
    (_swap_two_seals, ("REORDERED", "CHANGED", "FIGURE_CHANGED", "COUNTER_CHANGED", "NOTICE_CHANGED")),
    (_cut_off_the_tail, ("CUT_OFF", "HEAD_FORGED", *_GONE)),
    (_write_the_chain_anew, ("CHANGED", "FORGED", "HEAD_FORGED", "FIGURE_CHANGED", "COUNTER_CHANGED")),
    (_change_an_object, ("OBJECT_CHANGED",)),
    (_move_an_object, ("OBJECT_CHANGED",)),
    *((_index_column(column, value), ("OBJECT_CHANGED",)) for column, value in (
        ("state", "1"), ("open", "1 - open % 2"), ("assignee", "'01SOMEBODY'"), ("due_on", "'2099-12-31'"),
        ("provisional", "1 - provisional"), ("number", "'（2026）东人调字第9999号'"))),
    *((_search_term(what, change), ("OBJECT_CHANGED",)) for what, change in (
        ("deleted", "DELETE FROM term WHERE {case}"),
        ("altered", "UPDATE term SET value = REVERSE(value) WHERE {case}"),
        ("added", "INSERT INTO term VALUES ('Case', 'phone', 'x', {id})"))),
    (_delete_an_object, ("OBJECT_DELETED",)),
    (_exchange_bodies, ("OBJECT_CHANGED",)),
)


def _cut_off_and_written_over(suite, bureau):
    """A reading cut off the tail, which no object tells of, while the service goes on writing."""
    def sql(text):
        return suite.mysql_root(text, database="sifa_mediation")

    bureau.read(bureau.apply()["id"])
    bureau.settle()
    last = sql("SELECT position, HEX(id) AS id, HEX(digest) AS digest FROM journal_seal ORDER BY position DESC LIMIT 1")[0]
    sql(f"CREATE DATABASE {_COPY}; CREATE TABLE {_COPY}.journal AS SELECT * FROM journal WHERE id = X'{last['id']}';"
        f"DELETE FROM journal WHERE id = X'{last['id']}'; DELETE FROM journal_seal WHERE position = {last['position']}")
    try:
        bureau.read(bureau.apply()["id"])
        # The service must not seal over the cut: the anchor outside the database would go with it.
        wait_until(lambda: "cannot seal" in suite.log("mediation").read_text(), 10, "the sealer's refusal")
        status = suite.warning("mediation")
        assert "DATA_LOSS" in status and "JOURNAL_BEHIND_ANCHOR" in status, f"/readyz says nothing of it: {status!r}"
        assert "DATA_LOSS" in suite.last_error("mediation"), f"last error: {suite.last_error('mediation')!r}"
        line = expect(suite, "a reading cut off the tail, and more written after it", ("CUT_OFF", "LOST"), last["position"])
    finally:
        sql(f"INSERT INTO journal SELECT * FROM {_COPY}.journal; DROP DATABASE {_COPY};"
            f"INSERT INTO journal_seal VALUES ({last['position']}, X'{last['id']}', X'{last['digest']}')")
    bureau.settle()
    return line


def _cut_off_with_the_anchor(suite, bureau):
    """The tail cut off, and the anchor beside the keys put back with it: another service's journal tells."""
    anchor = suite.state.path("keys", "mediation") / "journal.anchor"
    kept = suite.overrides.get("mediation", {})
    suite.overrides["mediation"] = kept | {"witness_every": "1s"}
    suite.restart("mediation")
    bureau.conclude()
    bureau.settle()
    suite.stop_process("mediation")
    before = anchor.read_text()
    suite.start_process("mediation")
    bureau.read(bureau.apply()["id"])
    bureau.settle()
    wait_until(lambda: _witnessed(suite) == int(anchor.read_text().split()[0]), 20, "the anchor in the other journal")
    suite.stop_process("mediation")
    tampering, after = _Tampering(suite), anchor.read_text()
    try:
        begin = int(before.split()[0])
        suite.mysql_root(f"DELETE j FROM journal j JOIN journal_seal s ON s.id = j.id WHERE s.position > {begin} AND j.version = 0;"
                         f"DELETE FROM journal_seal WHERE position > {begin}", database="sifa_mediation")
        anchor.write_text(before)
        return expect(suite, "the tail cut off and the anchor beside the keys put back", ("CUT_OFF", "UNSEALED", *_GONE), begin + 1)
    finally:
        anchor.write_text(after)
        tampering.end()
        suite.overrides["mediation"] = kept
        suite.start_process("mediation")


def _witnessed(suite):
    """Up to which position the other service has kept mediation's journal."""
    with suite.witnessed("mediation") as path:
        return int(path.read_text().split()[0]) if path.exists() else 0
