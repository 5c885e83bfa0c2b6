"""The book of enforcement cases under faults: the service is killed while files are read, checked, taken and withdrawn; two clerks send the
same file at once; a row of a file is altered in the database. No case is lost or doubled, and what was altered is named."""

import random
import threading
import time

from bureau import PURPOSE, assert_whole, settle
from console import Failure
from enforcement_files import BASE, CaseFile, opened, reach

_PATIENCE = 120


def prove(suite):
    rows, files = (600, 1) if suite.short else (6_000, 4)
    clerk = suite.http("chengguan.clerk", timeout=60)
    killed = 0
    for _ in range(files):
        file = CaseFile(rows)
        killed += _take_under_kills(suite, clerk, file)
        file.assert_booked(clerk, rows)
        _resend(clerk, file)
        killed += _withdraw_under_kills(suite, clerk, file)
        file.assert_booked(clerk, 0)
    twice = _two_loaders(suite, CaseFile(rows))
    altered = _alter(suite)
    settle(suite, 120, "enforcement")
    journal = assert_whole(suite, "enforcement")
    print(f"    {files} files of {rows} rows through {killed} kills: each row one case, none lost, none doubled; withdrawn whole, all gone")
    print(f"    two clerks with one file: {twice} cases once; a row altered in the database: {altered}; {journal} journal rows verify")


def _kill(suite):
    """kill -9 at some moment of the work, and the service is there again."""
    time.sleep(random.uniform(0.02, 0.5))
    suite.kill("enforcement")
    suite.start_process("enforcement")


def _take_under_kills(suite, clerk, file):
    file.batch = opened(clerk, file)
    _kill(suite)
    reach(clerk, file.batch, "READ")
    for act, state in (("check", "CHECKED"), ("take", "TAKEN")):
        answer = clerk.act(f"{BASE}/batches/{file.batch}:{act}", {})
        assert answer.ok, repr(answer)
        _kill(suite)
        counts = reach(clerk, file.batch, state)["counts"]
    assert int(counts["fresh"]) == len(file.numbers), counts
    return 3


def _resend(clerk, file):
    """The same content again changes nothing."""
    again = opened(clerk, file)
    for act, state in ((None, "READ"), ("check", "CHECKED"), ("take", "TAKEN")):
        if act:
            clerk.must_act(f"{BASE}/batches/{again}:{act}", {})
        now = reach(clerk, again, state)
    assert int(now["counts"]["unchanged"]) == len(file.numbers), now["counts"]
    clerk.must_act(f"{BASE}/batches/{again}:withdraw", {"reason": "重复报送"})
    reach(clerk, again, "WITHDRAWN")
    file.assert_booked(clerk, len(file.numbers))


def _withdraw_under_kills(suite, clerk, file):
    clerk.must_act(f"{BASE}/batches/{file.batch}:withdraw", {"reason": "报错文件"})
    _kill(suite)
    reach(clerk, file.batch, "WITHDRAWN")
    return 1


def _two_loaders(suite, file):
    """Two batches of one file, taken side by side: what one has told the other does not tell again."""
    clerks = [suite.http("chengguan.clerk", timeout=60) for _ in range(2)]
    batches, counts, wrong = [], [], []

    def load(clerk):
        try:
            batch = opened(clerk, file)
            batches.append(batch)
            for act, state in ((None, "READ"), ("check", "CHECKED"), ("take", "TAKEN")):
                if act:
                    clerk.must_act(f"{BASE}/batches/{batch}:{act}", {})
                now = reach(clerk, batch, state)
            counts.append({name: int(now["counts"].get(name, 0)) for name in ("fresh", "unchanged", "changed")})
        except (Failure, AssertionError, OSError) as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=load, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * _PATIENCE)
    assert not wrong, wrong
    assert sum(c["fresh"] for c in counts) == len(file.numbers) and not any(c["changed"] for c in counts), counts
    found = clerks[0].must("GET", f"{BASE}/cases", query={"decisionNumber": file.numbers[-1]}, headers=PURPOSE)["cases"]
    assert len(found) == 1, found
    return len(file.numbers)


def _alter(suite):
    """A byte of a file's rows is changed past the service; the verifier names it, and no longer once it is put back."""
    row = suite.mysql_root("SELECT HEX(stream) AS stream, number, HEX(body) AS body FROM evidence_block ORDER BY stream DESC, number LIMIT 1",
                           database="sifa_enforcement")[0]
    where = f"WHERE stream = UNHEX('{row['stream']}') AND number = {row['number']}"
    suite.mysql_root(f"UPDATE evidence_block SET body = CONCAT(body, 'x') {where}", database="sifa_enforcement")
    whole, report = suite.verify_journal("enforcement")
    suite.mysql_root(f"UPDATE evidence_block SET body = UNHEX('{row['body']}') {where}", database="sifa_enforcement")
    assert not whole and "EVIDENCE_CHANGED" in report, report
    return "EVIDENCE_CHANGED"
