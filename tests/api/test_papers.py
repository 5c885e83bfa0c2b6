"""Papers through the gateway: a warning decision and a mediation agreement, as PDF."""

import os
import re
import subprocess
import tempfile
import urllib.parse

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number
from world import CaseTest

PDF = {"Accept": "application/pdf"}
WHY = PDF | {"X-Purpose": urllib.parse.quote("送达文书")}


FOOTER = re.compile(r"(脱敏件)?内容摘要（SM3）([0-9a-f]{64})第\d+页共\d+页")


def text_of(pdf):
    """What a person reads on it, without spaces and line breaks; the footers of all pages at its end."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        printed = subprocess.run(["pdftotext", "-layout", file.name, "-"], check=True, capture_output=True, text=True,
                                 env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    text = re.sub(r"\s+", "", printed)
    return FOOTER.sub("", text) + "".join(m.group() for m in FOOTER.finditer(text))


class Papers:
    """Of the objects of one service."""

    def papers(self, http, path, what, record):
        return self.ok(http.get(f"{path}/papers", objectType=what, object=record)).get("papers", [])

    def printed(self, http, path, paper, headers):
        where = f"{path}/papers/{paper['act']}/{paper['document']}?wording={paper['wording']}"
        answer = http.request("GET", where, headers=headers)
        self.assertEqual(answer.status, 200, repr(answer))
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.body.startswith(b"%PDF-"), "a PDF")
        return answer.body


class CorrectionsPapersTest(Papers, ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office, cls.head = (cls.suite.http(f"{who}") for who in ("dongyang.officer", "nanma.officer", "dongyang.head"))

    def act(self, http, what, record, name, **body):
        return self.ok(http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body))

    def test_a_warning_is_printed_the_same_until_it_is_corrected_and_afterwards(self):
        """law §13 #12: 警告决定书, with who, why, article, decision, remedy, organ and day; 更正 makes another one beside it."""
        s = active(self, citizen_number("19870411", 471))
        day = "2024-10-08"
        breach = self.ok(self.office.post(f"{CORRECTIONS}/breaches", {
            "subject": s["id"], "happenedOn": day, "facts": "未经批准离开东阳市", "occurredOn": day}))
        breach = self.act(self.office, "breaches", breach, "investigate", evidence=["车票"], heardOn=day, statement="属实", occurredOn=day)
        self.act(self.county, "breaches", breach, "establish", kind="RULES_FAIRLY_SERIOUS", occurredOn=day)
        (proposal,) = self.ok(self.county.get(f"{CORRECTIONS}/proposals", subject=s["id"]))["proposals"]
        accepted = self.act(self.county, "proposals", proposal, "accept", occurredOn=day)
        sanction = self.ok(self.county.get(f"{CORRECTIONS}/sanctions/{accepted['opened']}"))
        sanction = self.act(self.county, "sanctions", sanction, "decide", occurredOn=day)
        (paper,) = self.papers(self.office, CORRECTIONS, "Sanction", sanction["id"])
        self.assertEqual((paper["label"], paper["number"], paper["madeOn"], paper["state"]),
                         ("警告决定书", sanction["number"], day, "IN_FORCE"))
        first = self.printed(self.office, CORRECTIONS, paper, WHY)
        self.assertEqual(self.printed(self.county, CORRECTIONS, paper, WHY), first)
        text = text_of(first)
        for part in ("社区矫正对象警告决定书", sanction["number"], "赵大山", citizen_number("19870411", 471), "未经批准离开东阳市",
                     "《社区矫正法实施办法》第35条", "决定给予你警告", "申诉、控告和检举", "东阳市司法局", "2024年10月8日", "印章处",
                     paper["digest"][:20], "第1页"):
            self.assertIn(re.sub(r"\s+", "", part), text)
        masked = text_of(self.printed(self.county, CORRECTIONS, paper, PDF))
        self.assertIn("脱敏件", masked)
        self.assertNotIn("赵大山", masked)
        self.assertNotIn("未经批准离开东阳市", masked)
        readings = [e for e in self.ok(self.county.get(f"{CORRECTIONS}/sanctions/{sanction['id']}/history"))["entries"]
                    if e["action"] == "READ"]
        self.assertEqual(len(readings), 2)
        self.refused(self.http("hengdian.officer").get(f"{CORRECTIONS}/papers/{paper['act']}/{paper['document']}"), 404)
        self.refused(self.http("dongyang.auditor").get(f"{CORRECTIONS}/papers", objectType="Sanction", object=sanction["id"]), 404)
        asked = self.ok(self.office.post(f"{CORRECTIONS}/corrections", {
            "objectType": "Sanction", "object": sanction["id"], "kind": "WITHDRAW_ACT", "reason": "录入错误"}))
        self.ok(self.head.act(f"{CORRECTIONS}/corrections/{asked['id']}:approve"))
        (paper,) = self.papers(self.office, CORRECTIONS, "Sanction", sanction["id"])
        self.assertEqual((paper["state"], paper["correction"]), ("WITHDRAWN", asked["id"]))
        self.assertEqual(self.printed(self.office, CORRECTIONS, paper, WHY), first)
        assert_whole(self.suite, "corrections")


class MediationPapersTest(Papers, CaseTest):
    def test_an_agreement_names_its_parties_and_what_they_agreed(self):
        """人民调解法 §29: 当事人, 主要事实, 协议内容, 履行期限; amended, it has a second wording and the first stays."""
        case = self.agreed()
        made = {p["document"]: p for p in self.papers(self.mediator, "/v1/mediation", "Case", case.id)}
        self.assertLessEqual({"REGISTRATION", "RIGHTS_NOTICE", "MINUTES", "AGREEMENT"}, set(made))
        first = self.printed(self.mediator, "/v1/mediation", made["AGREEMENT"], WHY)
        text = text_of(first)
        for part in ("人民调解协议书", "甲方修沟，乙方分担一半费用", "因排水沟走向发生争执", self.committee["name"], "具有法律约束力",
                     *(p["name"] for p in case.parties)):
            self.assertIn(part, text)
        for document, paper in made.items():
            with self.subTest(document):
                self.printed(self.mediator, "/v1/mediation", paper, WHY)
        asked = self.ok(self.mediator.post("/v1/mediation/corrections", {
            "objectType": "Case", "object": case.id, "kind": "AMEND", "updateMask": "agreement.content",
            "content": '{"agreement": {"content": "甲方修沟，费用由甲方承担"}}', "reason": "录入错误"}))
        self.ok(self.head.act(f"/v1/mediation/corrections/{asked['id']}:approve"))
        wordings = [p for p in self.papers(self.mediator, "/v1/mediation", "Case", case.id) if p["document"] == "AGREEMENT"]
        self.assertEqual([p["state"] for p in wordings], ["CORRECTED", "IN_FORCE"])
        self.assertEqual(self.printed(self.mediator, "/v1/mediation", wordings[0], WHY), first)
        self.assertIn("费用由甲方承担", text_of(self.printed(self.mediator, "/v1/mediation", wordings[1], WHY)))
        self.refused(self.mediator.get("/v1/mediation/papers", objectType="Work", object=case.id), 400, "OBJECT_TYPE_UNKNOWN")
