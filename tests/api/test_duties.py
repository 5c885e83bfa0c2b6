"""A person's plan and reports through the gateway: drafted and approved, opened by the suite, made, sent back, accepted, excused."""

import datetime
import time

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number

PLAN = {"goals": "守法，自食其力", "measures": "每周报告", "managementClass": "04", "education": "法治教育", "help": "就业指导"}


class DutiesTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def strict(self, order):
        """A person who reports weekly."""
        ends = self.suite.clock.today() + datetime.timedelta(300)
        s = active(self, citizen_number("19900307", order), termTo=ends.isoformat())
        return self.ok(self.act(self.county, "subjects", s, "classify", managementClass="04"))

    def duty(self, s, patience=90):
        """His report, once the suite has opened it."""
        deadline = time.monotonic() + patience
        while True:
            found = self.ok(self.county.get(f"{CORRECTIONS}/duties", subject=s["id"])).get("duties", [])
            if found or time.monotonic() > deadline:
                self.assertEqual(len(found), 1)
                return found[0]
            time.sleep(0.5)

    def test_a_plan_is_drafted_approved_and_adjusted(self):
        """Drafted by the office, approved and adjusted by the county for the class that he has; every version is kept."""
        s = self.strict(311)
        plan = self.ok(self.office.post(f"{CORRECTIONS}/plans", {"subject": s["id"], "content": PLAN}))
        self.refused(self.office.post(f"{CORRECTIONS}/plans", {"subject": s["id"], "content": PLAN}), 400, "PLAN_OPEN")
        self.refused(self.act(self.office, "plans", plan, "approve"), 403)
        plan = self.ok(self.act(self.county, "plans", plan, "approve"))
        self.assertEqual(plan["reportDays"], 7)
        looser = PLAN | {"managementClass": "02"}
        self.refused(self.act(self.county, "plans", plan, "amend", changed="表现稳定", content=looser), 400, "PLAN_CLASS_DIFFERS")
        s = self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"))
        self.ok(self.act(self.county, "subjects", s, "classify", managementClass="02"))
        plan = self.ok(self.act(self.county, "plans", plan, "amend", changed="表现稳定", content=looser))
        self.assertEqual([v["reportDays"] for v in plan["versions"]], [7, 30])
        plan = self.ok(self.act(self.county, "plans", plan, "close", reason="另行拟定"))
        self.refused(self.act(self.county, "plans", plan, "amend", changed="表现稳定", content=looser), 400, "ACTION_NOT_ALLOWED")
        self.ok(self.office.post(f"{CORRECTIONS}/plans", {"subject": s["id"], "content": looser}))

    def test_a_report_is_opened_made_sent_back_and_accepted(self):
        """What the suite has opened, the office enters as he reported it."""
        duty = self.duty(self.strict(312))
        self.assertEqual((duty["kind"], duty["state"], duty["clocks"][0]["dueOn"]), ("REPORT", "DUE", duty["dueOn"]))
        self.refused(self.act(self.office, "duties", duty, "accept"), 400, "ACTION_NOT_ALLOWED")
        duty = self.ok(self.act(self.office, "duties", duty, "submit", means="IN_PERSON", content="在家务农，无异常"))
        self.refused(self.act(self.office, "duties", duty, "sendBack", reason="内容不全", resubmitBy="2024-01-01"), 400,
                     "RESUBMIT_IN_THE_PAST")
        duty = self.ok(self.act(self.office, "duties", duty, "sendBack", reason="内容不全", resubmitBy=duty["dueOn"]))
        duty = self.ok(self.act(self.office, "duties", duty, "submit", means="WRITING", content="补充近期活动"))
        duty = self.ok(self.act(self.office, "duties", duty, "accept"))
        self.assertEqual((duty["state"], duty.get("late", False)), ("ACCEPTED", False))
        stranger = self.suite.http("hengdian.officer")
        self.refused(stranger.get(f"{CORRECTIONS}/duties/{duty['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_a_report_is_excused_and_none_is_made_after_the_term(self):
        """Excused with what proves the reason; what is open ends with the term."""
        duty = self.duty(self.strict(313))
        duty = self.ok(self.act(self.office, "duties", duty, "excuse", reason="住院治疗", proof="东阳市人民医院住院证明"))
        self.refused(self.act(self.office, "duties", duty, "submit", means="PHONE", content="在家"), 400, "ACTION_NOT_ALLOWED")
        s = self.strict(314)
        duty = self.duty(s)
        s = self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"))
        self.ok(self.act(self.county, "subjects", s, "recordDeath", document="死亡证明2号"))
        duty = self.ok(self.county.get(f"{CORRECTIONS}/duties/{duty['id']}"))
        self.assertEqual(duty["state"], "LAPSED")
        self.refused(self.act(self.office, "duties", duty, "submit", means="PHONE", content="在家"), 400, "ACTION_NOT_ALLOWED")
