"""通知移送, 申诉 and 检察意见 through the gateway (law §10; 社区矫正法 §34, §62)."""

import time

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number


class NoticesTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def test_a_copy_for_the_procuratorate(self):
        """law §10 X8: sent, unsigned after three days and so listed, signed."""
        s = active(self, citizen_number("19900307", 331))
        body = {"sourceType": "Subject", "source": s["id"], "paper": "ANNOUNCEMENT", "kind": "05", "receiver": "02",
                "receiverName": "东阳市人民检察院", "occurredOn": "2024-09-06"}
        self.refused(self.office.post(f"{CORRECTIONS}/notices", body | {"paper": "RELEASE"}), 400, "PAPER_NOT_MADE")
        self.refused(self.office.post(f"{CORRECTIONS}/notices", body | {"receiver": "01"}), 400, "COPY_TO_ANOTHER_ORGAN")
        self.refused(self.http("hengdian.officer").post(f"{CORRECTIONS}/notices", body), 404)
        notice = self.ok(self.office.post(f"{CORRECTIONS}/notices", body))
        self.assertRegex(notice["number"], r"^（2024）330783矫送字第\d+号$")
        deadline = time.monotonic() + 90
        while not (listed := self.ok(self.county.get(f"{CORRECTIONS}/notices", unsignedLate=True, subject=s["id"])).get("notices", [])):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(1)
        self.assertEqual([n["clocks"][0]["colour"] for n in listed], ["RED"])
        notice = self.ok(self.act(self.office, "notices", listed[0], "sign", signedBy="周敏"))
        self.assertEqual((notice["state"], notice["unsignedLate"]), ("SIGNED", True))
        self.assertFalse(self.ok(self.county.get(f"{CORRECTIONS}/notices", unsignedLate=True, subject=s["id"])).get("notices"))
        assert_whole(self.suite, "corrections")

    def test_a_complaint_is_answered(self):
        """社区矫正法 §34: the county accepts it, and answers in writing with reasons."""
        s = active(self, citizen_number("19900307", 333))
        complaint = self.ok(self.office.post(f"{CORRECTIONS}/complaints", {"subject": s["id"], "kind": "APPEAL", "content": "认为管理类别过严"}))
        self.refused(self.act(self.office, "complaints", complaint, "accept"), 403)
        self.refused(self.act(self.county, "complaints", complaint, "refuse"), 400, "FIELD_REQUIRED")
        complaint = self.ok(self.act(self.county, "complaints", complaint, "accept"))
        self.refused(self.act(self.county, "complaints", complaint, "answer", outcome="REJECTED"), 400, "FIELD_REQUIRED")
        complaint = self.ok(self.act(self.county, "complaints", complaint, "answer", outcome="REJECTED", answer="依据明确，维持原类别"))
        self.assertEqual(complaint["papers"][-1]["label"], "答复书")

    def test_the_procuratorate_is_answered(self):
        """社区矫正法 §62: of the county's work, or of one person; who does not adopt it says why."""
        opinion = self.ok(self.county.post(f"{CORRECTIONS}/supervisionOpinions", {
            "office": "330783", "region": "330783", "kind": "SUGGESTION", "procuratorate": "东阳市人民检察院", "document": "东检建〔2024〕3号",
            "issuedOn": "2024-09-05", "content": "教育学习记录不完整", "replyBy": "2024-10-08", "occurredOn": "2024-09-06"}))
        self.refused(self.act(self.county, "supervisionOpinions", opinion, "reply", reply="记录已在另册保存"), 400, "OPINION_NOT_ADOPTED")
        opinion = self.ok(self.act(self.county, "supervisionOpinions", opinion, "reply", reply="已补正", adopted=True, occurredOn="2024-09-20"))
        self.assertEqual(opinion["state"], "REPLIED")
