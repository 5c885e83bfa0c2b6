"""An import whose database goes away in the middle says from which line to go on; nothing of it is lost or doubled, nor of
one whose caller goes away as well."""

import json
import uuid

from bureau import Bureau, assert_whole, open_upload
from suite import wait_until

_PATH = "/v1/mediation/cases:import"
_UNDER_WAY = 2 * 128  # lines that are being committed, in two batches side by side


def prove(suite):
    bureau = Bureau(suite)
    count = 600 if suite.short else 6000
    resumed = _without_database(bureau, count)
    kept = _without_database_and_caller(bureau, count)
    rows = assert_whole(suite, "mediation")
    print(f"    MariaDB stopped under an import of {count} cases: told to go on from line {resumed}, and each is there once")
    print(f"    MariaDB killed and the connection cut: {kept} of {count} had been kept; sent again each is there once; {rows} journal"
          " rows verify")


class _File:
    """Closed cases of one day, which no other file has."""

    def __init__(self, bureau, day, count):
        self._bureau, self._day = bureau, day
        self._sender = bureau.suite.http("nanma.officer", timeout=120)  # not the one that looks meanwhile
        tag = uuid.uuid4().hex[:8]
        self.lines = [json.dumps({
            "number": f"（2013）断{tag}第{n}号", "organisation": bureau.organisation, "region": bureau.region, "type": "02", "source": "2",
            "acceptedOn": day, "concludedOn": day, "result": "1", "agreementForm": "2"}, ensure_ascii=False).encode() + b"\n"
            for n in range(count)]

    def stored(self):
        return len(self._bureau.list(organisation=self._bureau.organisation, acceptedFrom=self._day, acceptedTo=self._day))

    def send(self, lines):
        answer = self._sender.request("POST", _PATH, data=lines, content_type="application/x-ndjson")
        assert answer.ok, f"an import: {answer!r}"
        assert "errors" not in answer.json, f"good lines are refused: {answer!r}"
        return {name: int(answer.json.get(name, 0)) for name in ("received", "imported", "repeated", "resumeFrom")}

    def assert_whole(self):
        """Every line is one case, found once and counted once."""
        found = [c["number"] for c in self._bureau.list(organisation=self._bureau.organisation, acceptedFrom=self._day,
                                                        acceptedTo=self._day)]
        wanted = [json.loads(line)["number"] for line in self.lines]
        assert sorted(found) == sorted(wanted), f"{len(found)} cases of {len(wanted)} lines, {len(set(found))} different ones"
        self._bureau.settle()
        answer = self._bureau.officer.must("POST", "/v1/mediation/statistics:query", {
            "cube": "mediation.cases", "from": self._day, "to": self._day, "region": self._bureau.region})
        counted = int(answer["totals"]["measures"][0])
        assert counted == len(wanted), f"{counted} counted of {len(wanted)}"


def _without_database(bureau, count):
    file = _File(bureau, "2013-03-01", count)

    def upload():
        yield from file.lines[:count * 3 // 4]
        wait_until(lambda: file.stored() >= count // 4, 60, "the first batches")
        bureau.suite.stop_process("mysql")
        yield from file.lines[count * 3 // 4:]

    try:
        first = file.send(upload())
    finally:
        bureau.suite.start_process("mysql")
    done = first["resumeFrom"] - 1
    assert count // 4 <= done < count, f"answered {first}"
    # Of two batches side by side the later one may have been committed and the earlier one not.
    assert done <= first["imported"] <= done + _UNDER_WAY, f"what was dealt with is not what was told: {first}"
    wait_until(lambda: not bureau.suite.unready(), 30, "readiness")
    # A COMMIT whose answer was lost may have been carried out.
    assert done <= file.stored() <= done + _UNDER_WAY, f"{file.stored()} are there, and {done} were told"
    second = file.send(file.lines[done:])
    assert second["resumeFrom"] == 0 and second["imported"] + second["repeated"] == count - done, f"going on: {second}"
    file.assert_whole()
    assert file.send(file.lines)["repeated"] == count, "the whole file once more"
    file.assert_whole()
    return first["resumeFrom"]


def _without_database_and_caller(bureau, count):
    file = _File(bureau, "2013-03-02", count)
    with open_upload(bureau.suite, "nanma.officer", _PATH) as connection:
        for line in file.lines[:count * 3 // 4]:
            connection.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        wait_until(lambda: file.stored() >= count // 4, 60, "the first batches")
        bureau.suite.kill("mysql")
    bureau.suite.start_process("mysql")
    wait_until(lambda: not bureau.suite.unready(), 30, "readiness")
    again = file.send(file.lines)
    assert again["imported"] + again["repeated"] == count and again["repeated"] >= count // 4, f"sent again: {again}"
    file.assert_whole()
    return again["repeated"]
