"""安置帮教 through the gateway: from the end of a term in corrections, and from prison (law §9)."""

import datetime
import time

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, OFFICE, active, citizen_number

PLAN = {"risk": "02", "plan": "协助落实就业和社会保险", "measures": ["03", "07"], "guides": [{"name": "陈志强", "role": "01"}]}


class ResettlementTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def of(self, what, subject, patience):
        """The records of a kind that a subject has, waited for where the suite makes them."""
        deadline = time.monotonic() + patience
        while True:
            found = self.ok(self.county.get(f"{CORRECTIONS}/{what}", subject=subject["id"])).get(what, [])
            if found or time.monotonic() > deadline:
                return found
            time.sleep(1)

    def prisoner(self, order, release_on, **more):
        return {"office": OFFICE, "region": OFFICE, "person": {"name": "钱大有", "idNumber": citizen_number("19880512", order), "sex": "1",
                "residence": "南马镇安恬村"}, "releaseType": "01", "prison": "浙江省第五监狱", "prisonNumber": "3305001", "offence": "05",
                "termFrom": "2020-01-01", "termTo": release_on, "releaseOn": release_on} | more

    def test_from_the_end_of_a_term(self):
        """law §2.2 #21, §9: with the certificate he is handed over, linked, with the appraisal; helped as he agrees; moved away."""
        s = active(self, citizen_number("19900307", 321), termTo="2025-02-28")
        [release] = self.of("releases", s, 90)
        release = self.ok(self.act(self.county, "releases", release, "appraise", appraisal="表现良好"))
        release = self.ok(self.act(self.office, "releases", release, "announce"))
        self.ok(self.act(self.county, "releases", release, "issue"))
        [help_] = self.of("resettlements", s, 0)
        self.assertEqual((help_["state"], help_["origin"], help_["releaseOn"]), ("LINKED", "CORRECTIONS", "2025-02-28"))
        self.assertEqual([c["dueOn"] for c in help_["clocks"] if c["kind"] == "HELP_UNTIL"], ["2028-02-28"])
        self.refused(self.act(self.office, "resettlements", help_, "help", **PLAN), 400, "HELP_NOT_AGREED")
        help_ = self.ok(self.act(self.office, "resettlements", help_, "help", agreed=True, **PLAN))
        help_ = self.ok(self.act(self.office, "resettlements", help_, "visit", visit={
            "family": "与父母同住", "housing": "自有住房", "work": "正在求职"}))
        help_ = self.ok(self.act(self.office, "resettlements", help_, "measure", result={
            "measure": "03", "result": "在本镇木雕厂就业", "resettled": True}))
        self.refused(self.act(self.office, "resettlements", help_, "end", end="DEAD"), 403)
        self.refused(self.act(self.county, "resettlements", help_, "end", end="EXPIRED"), 400, "HELP_PERIOD_NOT_OVER")
        self.refused(self.act(self.county, "resettlements", help_, "end", end="REOFFENDED"), 400, "REOFFENCE_WITHOUT_DOCUMENT")
        help_ = self.ok(self.act(self.county, "resettlements", help_, "end", end="MOVED", movedTo="义乌市稠城街道"))
        self.assertEqual(help_["state"], "ENDED")
        self.assertEqual([p["label"] for p in help_["papers"]], ["衔接登记表", "帮教协议和帮教方案", "走访记录", "解除帮教通知书"])
        self.refused(self.http("hengdian.officer").get(f"{CORRECTIONS}/resettlements/{help_['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_from_prison(self):
        """law §9: the prison's data is verified, the release told ahead, a key person fetched; one at a time."""
        today = self.suite.clock.today()
        person = self.prisoner(1, today.isoformat())
        self.refused(self.office.post(f"{CORRECTIONS}/resettlements", person), 403)
        help_ = self.ok(self.county.post(f"{CORRECTIONS}/resettlements", person))
        self.assertEqual(help_["state"], "RECEIVED")
        self.refused(self.county.post(f"{CORRECTIONS}/resettlements", person), 400, "RESETTLEMENT_EXISTS")
        help_ = self.ok(self.act(self.office, "resettlements", help_, "verify", verification="户籍在安恬村，父母在家"))
        help_ = self.ok(self.act(self.county, "resettlements", help_, "prerelease", releaseOn=today.isoformat(),
                                 reportBy=(today + datetime.timedelta(7)).isoformat(), risk="01"))
        self.refused(self.act(self.office, "resettlements", help_, "link"), 400, "KEY_PERSON_NOT_FETCHED")
        help_ = self.ok(self.act(self.office, "resettlements", help_, "link", fetched=True))
        self.assertEqual(help_["state"], "LINKED")
        found = self.ok(self.county.get(f"{CORRECTIONS}/resettlements", risk="01", releaseFrom=today.isoformat()))
        self.assertIn(help_["id"], [r["id"] for r in found["resettlements"]])

    def test_what_the_prison_wrote_is_corrected(self):
        """更正: the office asks, the head approves; a record that was wrong as a whole is voided, and may be made anew."""
        head, person = self.http("dongyang.head"), self.prisoner(5, "2025-01-15", occurredOn="2024-12-02")
        help_ = self.ok(self.county.post(f"{CORRECTIONS}/resettlements", person))

        def correct(**body):
            asked = self.ok(self.office.post(f"{CORRECTIONS}/corrections", {
                "objectType": "Resettlement", "object": help_["id"], "reason": "监狱来函更正"} | body))
            self.ok(self.act(head, "corrections", asked, "approve"))
            return self.ok(self.county.get(f"{CORRECTIONS}/resettlements/{help_['id']}"))

        self.assertEqual(correct(kind="AMEND", updateMask="prison", content='{"prison": "浙江省第四监狱"}')["prison"], "浙江省第四监狱")
        self.assertEqual(correct(kind="VOID")["state"], "VOIDED")
        self.ok(self.county.post(f"{CORRECTIONS}/resettlements", person | {"prisonNumber": "3305002"}))
        assert_whole(self.suite, "corrections")

    def test_unknown_and_lost(self):
        """law §9: whom nobody knows goes back to the prison; who does not report is marked as lost, and may still be linked."""
        unknown = self.ok(self.county.post(f"{CORRECTIONS}/resettlements", self.prisoner(2, "2025-01-15", occurredOn="2024-12-02")))
        unknown = self.ok(self.act(self.office, "resettlements", unknown, "declareUnknown", verification="查无此人", occurredOn="2024-12-05"))
        self.assertEqual(unknown["state"], "UNVERIFIED")
        lost = self.ok(self.county.post(f"{CORRECTIONS}/resettlements", self.prisoner(3, "2025-01-15", occurredOn="2024-12-02")))
        lost = self.ok(self.act(self.office, "resettlements", lost, "verify", verification="户籍在安恬村", occurredOn="2024-12-05"))
        lost = self.ok(self.act(self.county, "resettlements", lost, "prerelease", releaseOn="2025-01-15", reportBy="2025-01-22", risk="02",
                                occurredOn="2024-12-16"))
        deadline = time.monotonic() + 90
        while lost["state"] == "PRE_RELEASE" and time.monotonic() < deadline:
            time.sleep(1)
            lost = self.ok(self.county.get(f"{CORRECTIONS}/resettlements/{lost['id']}"))
        self.assertEqual(lost["state"], "UNLINKED")
        self.assertEqual(self.ok(self.act(self.office, "resettlements", lost, "link"))["state"], "LINKED")
