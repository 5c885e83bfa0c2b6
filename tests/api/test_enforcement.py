"""Files of agencies through the gateway: sent, read, checked, taken, handed back, mended, withdrawn (law §4; the national list of 2018)."""

import csv
import io
import secrets
import time
import unittest

import walk
from base import ApiTest
from bureau import PURPOSE, assert_whole

ENFORCEMENT = "/v1/enforcement"
# By the account of its clerk: organisation, credit code, name, word of its decisions.
AGENCIES = {"chengguan.clerk": ("330783-cm", "东阳市综合行政执法局", "综执罚"),
            "shichang.clerk": ("330783-ms", "东阳市市场监督管理局", "市监罚"),
            "jiaotong.clerk": ("330783-tr", "东阳市交通运输局", "交罚")}
TITLES = ["行政相对人名称", "行政相对人类别", "证件类型", "证件号码", "行政处罚决定书文号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容",
          "罚款金额（万元）", "处罚决定日期", "处罚有效期", "公示截止期", "处罚机关", "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码",
          "立案号", "立案日期"]


def credit_code(order):
    """A credit code of an organ of 东阳 with its check character (GB 32100-2015)."""
    alphabet, body = "0123456789ABCDEFGHJKLMNPQRTUWXY", f"11330783{order:09d}"
    weight = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[(31 - weight % 31) % 31]


def written(rows, encoding="gb18030"):
    """A CSV file as spreadsheets of agencies save it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(row.values())
    return text.getvalue().encode(encoding)


class EnforcementTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county = cls.suite.http("dongyang.officer")
        cls.mark = secrets.token_hex(3).upper()
        cls.codes = {}
        for order, (account, (office, name, _)) in enumerate(AGENCIES.items()):
            code = credit_code(secrets.randbelow(10**6) * 10 + order)
            agency = cls.county.must("POST", f"{ENFORCEMENT}/agencies", body={
                "office": office, "region": "330783", "name": f"{name}（{cls.mark}）", "kind": "ORGAN", "field": "01", "creditCode": code})
            cls.county.act(f"{ENFORCEMENT}/agencies/{agency['id']}:announce")
            cls.codes[account] = code

    def number(self, account, order):
        return f"东{AGENCIES[account][2]}〔2026〕{self.mark}{order}号"

    def row(self, account, order, fine="0.2", **more):
        code, name = self.codes[account], AGENCIES[account][1]
        values = [f"当事人{order}", "自然人", "身份证", "", self.number(account, order), "擅自占道经营", "在人行道上设摊", "《浙江省城市市容和环境卫生管理条例》第十五条",
                  "罚款", f"罚款人民币{fine}万元", fine, "2026/03/02", "2099/12/31", "2029/03/02", name, code, name, code, "", ""]
        return dict(zip(TITLES, values)) | more

    def until(self, clerk, batch, *states):
        """The batch as soon as the suite has brought it into one of the states."""
        deadline = time.monotonic() + 60
        while True:
            now = self.ok(clerk.get(f"{ENFORCEMENT}/batches/{batch['id']}"))
            if now["state"] in states:
                return now
            self.assertLess(time.monotonic(), deadline, now)
            time.sleep(0.1)

    def opened(self, account, day):
        return self.ok(self.suite.http(account).post(f"{ENFORCEMENT}/batches", {
            "office": AGENCIES[account][0], "kind": "PENALTY", "dataDate": day}))

    def send(self, clerk, batch, file, name="处罚.csv"):
        return clerk.request("PUT", f"{ENFORCEMENT}/batches/{batch['id']}/content", query={"fileName": name}, data=file,
                             content_type="application/octet-stream")

    def checked(self, account, file, day):
        clerk = self.suite.http(account)
        batch = self.opened(account, day)
        self.ok(self.send(clerk, batch, file))
        read = self.until(clerk, batch, "READ", "FAILED")
        self.assertEqual(read["state"], "READ", read)
        self.ok(clerk.act(f"{ENFORCEMENT}/batches/{batch['id']}:check"))
        return self.until(clerk, batch, "CHECKED")

    def taken(self, account, file, day):
        clerk = self.suite.http(account)
        batch = self.checked(account, file, day)
        self.ok(clerk.act(f"{ENFORCEMENT}/batches/{batch['id']}:take"))
        return self.until(clerk, batch, "TAKEN")

    def cases(self, account, order):
        return self.ok(self.suite.http(account).get(f"{ENFORCEMENT}/cases", decisionNumber=self.number(account, order))).get("cases", [])

    def test_three_agencies_send_a_year(self):
        """mission 11: each agency's file is taken; its clerk sees its own cases alone, the county all; a figure ends at a cell."""
        for account in AGENCIES:
            rows = [self.row(account, n) for n in range(1, 201)]
            batch = self.checked(account, written(rows), "2026-10-31")
            self.assertEqual((batch["counts"]["rows"], batch["counts"]["fresh"]), ("200", "200"))
            self.assertEqual(batch["encoding"], "GB18030")
            self.assertEqual(self.cases(account, 1), [], "a check changes nothing")
            clerk = self.suite.http(account)
            self.ok(clerk.act(f"{ENFORCEMENT}/batches/{batch['id']}:take"))
            self.until(clerk, batch, "TAKEN")
            case, = self.cases(account, 1)
            self.assertEqual((case["state"], case["fineFen"], case["heaviest"]), ("DECIDED", "200000", "21"))
            self.assertEqual(self.county.get(f"{ENFORCEMENT}/cases/{case['id']}").status, 200)
        self.refused(self.suite.http("shichang.clerk").get(f"{ENFORCEMENT}/cases/{self.cases('chengguan.clerk', 1)[0]['id']}"), 404)
        case, = self.cases("jiaotong.clerk", 1)
        lineage = self.ok(self.suite.http("jiaotong.clerk").request(
            "GET", f"{ENFORCEMENT}/cases/{case['id']}/lineage", query={"field": "fine_fen"}, headers=PURPOSE))
        origin = lineage["fields"][0]["standing"]
        self.assertEqual((origin["cell"], origin["row"], origin["header"]), ("0.2", "2", "罚款金额（万元）"))
        masked = self.ok(self.suite.http("jiaotong.clerk").get(f"{ENFORCEMENT}/cases/{case['id']}/lineage", field="fine_fen"))
        self.assertNotEqual(masked["fields"][0]["standing"]["cell"], "0.2")

    def test_refused_rows_come_back_and_load_when_mended(self):
        """H1: the file to hand back is the sender's own, with a column of reasons; mended it loads as it is."""
        account = "chengguan.clerk"
        clerk = self.suite.http(account)
        rows = [self.row(account, n) for n in range(300, 320)]
        for row in rows[:5]:
            row["行政处罚决定书文号"] = ""
        batch = self.taken(account, written(rows), "2026-10-31")
        self.assertEqual((batch["counts"]["refused"], batch["counts"]["fresh"]), ("5", "15"))
        found = self.ok(clerk.request("GET", f"{ENFORCEMENT}/batches/{batch['id']}/findings", headers=PURPOSE))["findings"]
        self.assertEqual([f["row"] for f in found if f["reason"] == "KEY_MISSING"], ["2", "3", "4", "5", "6"])
        self.refused(clerk.get(f"{ENFORCEMENT}/batches/{batch['id']}/returned"), 400, "PURPOSE_REQUIRED")
        self.refused(self.county.request("GET", f"{ENFORCEMENT}/batches/{batch['id']}/returned", headers=PURPOSE), 403)
        returned = clerk.request("GET", f"{ENFORCEMENT}/batches/{batch['id']}/returned", headers=PURPOSE | {"Accept": "application/octet-stream"})
        self.assertEqual(returned.status, 200, repr(returned))
        lines = list(csv.DictReader(io.StringIO(returned.body.decode("gb18030"))))
        self.assertEqual(len(lines), 5)
        self.assertTrue(all(line["退回原因"] for line in lines))
        for n, line in enumerate(lines):
            line["行政处罚决定书文号"] = self.number(account, 300 + n)
        again = self.taken(account, written(lines), "2026-10-31")
        self.assertEqual((again["counts"].get("refused"), again["counts"]["fresh"]), (None, "5"))

    def test_an_old_file_changes_nothing_and_a_withdrawal_restores(self):
        """mission 30: content ever told changes nothing; a withdrawn batch leaves what the others told."""
        account = "shichang.clerk"
        clerk = self.suite.http(account)
        old = written([self.row(account, 500, fine="2")])
        self.taken(account, old, "2026-08-31")
        corrected = self.taken(account, written([self.row(account, 500, fine="0.2")]), "2026-09-30")
        self.assertEqual(corrected["counts"]["changed"], "1")
        before, = self.cases(account, 500)
        self.assertEqual(self.taken(account, old, "2026-10-31")["counts"]["unchanged"], "1")
        self.assertEqual(self.cases(account, 500)[0]["etag"], before["etag"])
        self.ok(clerk.act(f"{ENFORCEMENT}/batches/{corrected['id']}:withdraw", {"reason": "报错文件"}))
        self.until(clerk, corrected, "WITHDRAWN")
        self.assertEqual(self.cases(account, 500)[0]["fineFen"], "2000000")
        assert_whole(self.suite, "enforcement")

    def test_the_walk_prints_what_the_page_says(self):
        """docs/walks/enforcement.md, line by line."""
        self.assertGreater(walk.run("docs/walks/enforcement.md", self.suite.state.directory, 300), 25)

    def test_a_file_of_no_standard_is_refused_with_a_sentence(self):
        account = "shichang.clerk"
        clerk = self.suite.http(account)
        batch = self.opened(account, "2026-10-31")
        self.ok(self.send(clerk, batch, "姓名,电话\r\n张三,1\r\n".encode()))
        failed = self.until(clerk, batch, "READ", "FAILED")
        self.assertEqual((failed["state"], failed["faults"][0]["reason"]), ("FAILED", "HEADER_NOT_FOUND"))
        self.assertTrue(failed["faults"][0]["sentence"])
        self.refused(self.send(self.suite.http("chengguan.clerk"), batch, b"x"), 404)


if __name__ == "__main__":
    unittest.main()
