"""Files of decisions as an agency sends them, and how far the suite is with them."""

import csv
import io
import time
import uuid

from console import Failure

BASE = "/v1/enforcement"
_OFFICE, _CODE, _NAME = "330783-cm", "11330783002586105F", "东阳市综合行政执法局"


class CaseFile:
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
            page = clerk.must("GET", f"{BASE}/cases", query={"batch": self.batch, "pageSize": 200, "pageToken": token})
            found += [c for c in page.get("cases", []) if c["state"] != "VOIDED"]
            token = page.get("nextPageToken")
            if not token:
                break
        numbers = {c["decisionNumber"] for c in found}
        assert len(found) == len(numbers) == count, f"{len(found)} cases of {len(numbers)} numbers, not {count}"
        assert all(len(c["entries"]) == 1 for c in found), "a case with more than its one party"


def opened(clerk, file):
    batch = clerk.must("POST", f"{BASE}/batches", {"office": _OFFICE, "kind": "PENALTY", "dataDate": "2026-06-30"})
    sent = clerk.request("PUT", f"{BASE}/batches/{batch['id']}/content", query={"fileName": "处罚.csv"}, data=file.bytes,
                         content_type="application/octet-stream")
    assert sent.ok, repr(sent)
    return batch["id"]


def reach(clerk, batch, wanted, patience=120):
    """The batch in a state, by the work of the suite alone."""
    deadline = time.monotonic() + patience
    while True:
        now = clerk.must("GET", f"{BASE}/batches/{batch}")
        if now["state"] == wanted:
            return now
        if time.monotonic() > deadline or now["state"] == "FAILED":
            raise Failure(f"The batch is {now['state']}, not {wanted}: {now.get('faults')}")
        time.sleep(0.05)
