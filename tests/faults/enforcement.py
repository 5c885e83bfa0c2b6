"""The book of enforcement cases under faults: the service is killed while files are read, checked, taken and withdrawn; two clerks send the
same file at once; a row of a file is altered in the database. No case is lost or doubled, and what was altered is named."""

import csv
import io
import random
import threading
import time
import uuid

from bureau import PURPOSE, assert_whole, settle
from console import Failure

_BASE = "/v1/enforcement"
_OFFICE, _CODE, _NAME = "330783-cm", "11330783002586105F", "东阳市综合行政执法局"
_PATIENCE = 120


def prove(suite):
    rows, files = (600, 1) if suite.short else (6_000, 4)
    clerk = suite.http("chengguan.clerk", timeout=60)
    killed = 0
    for _ in range(files):
        file = _File(rows)
        killed += _take_under_kills(suite, clerk, file)
        file.assert_booked(clerk, rows)
        _resend(clerk, file)
        killed += _withdraw_under_kills(suite, clerk, file)
        file.assert_booked(clerk, 0)
    twice = _two_loaders(suite, _File(rows))
    altered = _alter(suite)
    settle(suite, 120, "enforcement")
    journal = assert_whole(suite, "enforcement")
    print(f"    {files} files of {rows} rows through {killed} kills: each row one case, none lost, none doubled; withdrawn whole, all gone")
    print(f"    two clerks with one file: {twice} cases once; a row altered in the database: {altered}; {journal} journal rows verify")


class _File:
    """Decisions that no other file has, of as many parties."""

    def __init__(self, rows):
        self.mark = uuid.uuid4().hex[:8].upper()
        self.numbers = [f"东综执罚〔2026〕{self.mark}{n}号" for n in range(rows)]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(["行政相对人名称", "行政相对人类别", "行政处罚决定书文号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容", "罚款金额（万元）",
                         "处罚决定日期", "处罚有效期", "公示截止期", "处罚机关", "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码"])
        for n, number in enumerate(self.numbers):
            writer.writerow([f"{self.mark}{n}", "自然人", number, "擅自占道经营", "在人行道上设摊", "《城市市容和环境卫生管理条例》第三十四条", "罚款", "罚款",
                             "0.02", "2026/05/06", "2099/12/31", "2029/05/06", _NAME, _CODE, _NAME, _CODE])
        self.bytes = text.getvalue().encode()
        self.batch = None

    def assert_booked(self, clerk, count):
        """So many cases of the batch, each of one number and one party."""
        found, token = [], ""
        while True:
            page = clerk.must("GET", f"{_BASE}/cases", query={"batch": self.batch, "pageSize": 200, "pageToken": token})
            found += [c for c in page.get("cases", []) if c["state"] != "VOIDED"]
            token = page.get("nextPageToken")
            if not token:
                break
        numbers = {c["decisionNumber"] for c in found}
        assert len(found) == len(numbers) == count, f"{len(found)} cases of {len(numbers)} numbers, not {count}"
        assert all(len(c["entries"]) == 1 for c in found), "a case with more than its one party"


def _opened(clerk, file):
    batch = clerk.must("POST", f"{_BASE}/batches", {"office": _OFFICE, "kind": "PENALTY", "dataDate": "2026-06-30"})
    sent = clerk.request("PUT", f"{_BASE}/batches/{batch['id']}/content", query={"fileName": "处罚.csv"}, data=file.bytes,
                         content_type="application/octet-stream")
    assert sent.ok, repr(sent)
    return batch["id"]


def _state(clerk, batch):
    return clerk.must("GET", f"{_BASE}/batches/{batch}")


def _reach(clerk, batch, wanted):
    """The batch in a state, by the work of the suite alone."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        now = _state(clerk, batch)
        if now["state"] == wanted:
            return now
        if time.monotonic() > deadline or now["state"] == "FAILED":
            raise Failure(f"The batch is {now['state']}, not {wanted}: {now.get('faults')}")
        time.sleep(0.05)


def _kill(suite):
    """kill -9 at some moment of the work, and the service is there again."""
    time.sleep(random.uniform(0.02, 0.5))
    suite.kill("enforcement")
    suite.start_process("enforcement")


def _take_under_kills(suite, clerk, file):
    file.batch = _opened(clerk, file)
    _kill(suite)
    _reach(clerk, file.batch, "READ")
    for act, state in (("check", "CHECKED"), ("take", "TAKEN")):
        answer = clerk.act(f"{_BASE}/batches/{file.batch}:{act}", {})
        assert answer.ok, repr(answer)
        _kill(suite)
        counts = _reach(clerk, file.batch, state)["counts"]
    assert int(counts["fresh"]) == len(file.numbers), counts
    return 3


def _resend(clerk, file):
    """The same content again changes nothing."""
    again = _opened(clerk, file)
    for act, state in ((None, "READ"), ("check", "CHECKED"), ("take", "TAKEN")):
        if act:
            clerk.must_act(f"{_BASE}/batches/{again}:{act}", {})
        now = _reach(clerk, again, state)
    assert int(now["counts"]["unchanged"]) == len(file.numbers), now["counts"]
    clerk.must_act(f"{_BASE}/batches/{again}:withdraw", {"reason": "重复报送"})
    _reach(clerk, again, "WITHDRAWN")
    file.assert_booked(clerk, len(file.numbers))


def _withdraw_under_kills(suite, clerk, file):
    clerk.must_act(f"{_BASE}/batches/{file.batch}:withdraw", {"reason": "报错文件"})
    _kill(suite)
    _reach(clerk, file.batch, "WITHDRAWN")
    return 1


def _two_loaders(suite, file):
    """Two batches of one file, taken side by side: what one has told the other does not tell again."""
    clerks = [suite.http("chengguan.clerk", timeout=60) for _ in range(2)]
    batches, counts, wrong = [], [], []

    def load(clerk):
        try:
            batch = _opened(clerk, file)
            batches.append(batch)
            for act, state in ((None, "READ"), ("check", "CHECKED"), ("take", "TAKEN")):
                if act:
                    clerk.must_act(f"{_BASE}/batches/{batch}:{act}", {})
                now = _reach(clerk, batch, state)
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
    found = clerks[0].must("GET", f"{_BASE}/cases", query={"decisionNumber": file.numbers[-1]}, headers=PURPOSE)["cases"]
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
