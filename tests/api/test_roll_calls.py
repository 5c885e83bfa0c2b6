"""Roll-calls, heightened periods and remote inspections through the gateway (社区矫正法 §8, §24, §26; mission 31)."""

import datetime
import hashlib
import time

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, OFFICE, active, citizen_number

CLASS = "01"  # of the people of these tests and of no others


class RollCallTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def person(self, order):
        ends = self.suite.clock.today() + datetime.timedelta(300)
        s = active(self, citizen_number("19900307", order), termTo=ends.isoformat())
        return self.ok(self.act(self.county, "subjects", s, "classify", managementClass=CLASS))

    def draw(self, **more):
        return self.county.post(f"{CORRECTIONS}/rollCalls", {"office": OFFICE, "region": OFFICE, "managementClass": CLASS} | more)

    def check_of(self, roll_call, s):
        found = self.ok(self.county.get(f"{CORRECTIONS}/checks", rollCall=roll_call["id"], subject=s["id"]))["checks"]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_a_roll_call_is_started_answered_judged_and_closed(self):
        """By telephone, and by faces: a machine's no waits for a person, who says why."""
        here, doubted = self.person(701), self.person(702)
        roll_call = self.ok(self.draw(mode="WHOLE"))
        self.assertEqual(self.act(self.office, "rollCalls", roll_call, "start").status, 403)
        roll_call = self.ok(self.act(self.county, "rollCalls", roll_call, "start"))
        check = self.check_of(roll_call, here)
        self.assertEqual([c["kind"] for c in check["clocks"]], ["ANSWER_BY", "CALL_BY", "VISIT_BY", "SETTLE_BY"])
        self.ok(self.act(self.office, "checks", check, "answer", means="PHONE", note="本人接听"))
        check = self.ok(self.act(self.office, "checks", self.check_of(roll_call, doubted), "answer", means="FACE", score=91))
        self.assertEqual(check["state"], "TO_JUDGE")
        self.refused(self.act(self.county, "rollCalls", roll_call, "close"), 400, "ROLL_CALL_RUNS")
        self.refused(self.act(self.office, "checks", check, "judge", present=True), 400, field="judgement")
        check = self.ok(self.act(self.office, "checks", check, "judge", present=True, judgement="视频复核为本人"))
        self.assertEqual(check["state"], "PRESENT")
        for other in self.ok(self.county.get(f"{CORRECTIONS}/checks", rollCall=roll_call["id"], states="WAITING")).get("checks", []):
            self.ok(self.act(self.county, "checks", other, "answer", means="VIDEO"))
        roll_call = self.ok(self.act(self.county, "rollCalls", self.ok(self.county.get(f"{CORRECTIONS}/rollCalls/{roll_call['id']}")), "close"))
        self.assertEqual(roll_call["answered"], roll_call["called"])
        stranger = self.suite.http("hengdian.officer")
        self.refused(stranger.get(f"{CORRECTIONS}/checks/{check['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_anybody_draws_the_lot_again(self):
        """With the seed that was published and the list of numbers, of which the roll-call keeps the digest."""
        self.person(703), self.person(704), self.person(705)
        self.refused(self.draw(mode="BY_LOT", sampleSize=2), 400, "SEED_MISSING")
        lot = {"mode": "BY_LOT", "seed": "2024268期 3-0-7", "seedPublished": "东阳市司法局公告栏"}
        self.refused(self.draw(**lot, sampleSize=300), 400, "SAMPLE_SIZE_WRONG")
        roll_call = self.ok(self.draw(**lot, sampleSize=2))
        people = self.ok(self.county.get(f"{CORRECTIONS}/subjects", organisation=OFFICE, managementClass=CLASS, pageSize=200))["subjects"]
        numbers = sorted(s["number"] for s in people)
        self.assertEqual(roll_call["populationDigest"], hashlib.sha256("".join(n + "\n" for n in numbers).encode()).hexdigest())
        again = sorted(numbers, key=lambda number: hashlib.sha256((lot["seed"] + number).encode()).digest())[:2]
        self.assertEqual(roll_call["drawn"], again)
        self.ok(self.act(self.county, "rollCalls", roll_call, "close", note="改期"))

    def test_a_heightened_period_asks_for_reports_and_ends(self):
        """At most thirty days; its reports are opened by the suite, and owed no more once it is ended."""
        s = self.person(706)
        today = self.suite.clock.today()

        def decide(begins, days, **more):
            return self.county.post(f"{CORRECTIONS}/heightenings", {
                "office": OFFICE, "region": OFFICE, "managementClass": CLASS, "beginsOn": (today + datetime.timedelta(begins)).isoformat(),
                "endsOn": (today + datetime.timedelta(begins + days - 1)).isoformat(), "grounds": "重大活动期间"} | more)

        self.refused(decide(0, 31), 400, "HEIGHTENING_TOO_LONG")
        self.refused(decide(-1, 10), 400, "HEIGHTENING_BACK_DATED")
        self.refused(decide(0, 10, grounds=""), 400, field="grounds")
        h = self.ok(decide(0, 10))
        self.refused(decide(9, 5), 400, "HEIGHTENING_OVERLAPS")
        deadline = time.monotonic() + 90
        while not (duties := [d for d in self.ok(self.county.get(f"{CORRECTIONS}/duties", subject=s["id"])).get("duties", [])
                              if d.get("heightening")]):
            self.assertLess(time.monotonic(), deadline, "the suite has opened no report")
            time.sleep(0.5)
        self.assertEqual((duties[0]["dueOn"], duties[0]["heightening"]), ((today + datetime.timedelta(6)).isoformat(), h["id"]))
        h = self.ok(self.county.get(f"{CORRECTIONS}/heightenings/{h['id']}"))
        self.assertEqual(h["state"], "IN_FORCE")
        h = self.ok(self.act(self.county, "heightenings", h, "end", reason="活动取消"))
        self.assertEqual(self.ok(self.county.get(f"{CORRECTIONS}/duties/{duties[0]['id']}"))["state"], "EXCUSED")
        self.ok(self.act(self.county, "heightenings", self.ok(decide(9, 5)), "end", reason="活动取消"))
        assert_whole(self.suite, "corrections")

    def test_an_office_is_inspected_answers_and_is_returned(self):
        """What was found is answered with measures; who inspected is not content at once."""
        body = {"office": OFFICE, "region": OFFICE, "inspector": "330783", "topics": ["01", "04"], "viewed": "视频查看值班和台账"}
        self.assertEqual(self.office.post(f"{CORRECTIONS}/inspections", body).status, 403)
        self.refused(self.county.post(f"{CORRECTIONS}/inspections", body | {"inspector": OFFICE}), 400, "INSPECTOR_NOT_ABOVE")
        self.assertEqual(self.ok(self.county.post(f"{CORRECTIONS}/inspections", body))["state"], "CLOSED")
        inspection = self.ok(self.county.post(f"{CORRECTIONS}/inspections", body | {"findings": ["点名台账缺三日"]}))
        self.refused(self.act(self.county, "inspections", inspection, "close", conclusion="已整改"), 400, "ACTION_NOT_ALLOWED")
        inspection = self.ok(self.act(self.office, "inspections", inspection, "reply", measures="补记"))
        inspection = self.ok(self.act(self.county, "inspections", inspection, "return", reason="未写明责任人"))
        inspection = self.ok(self.act(self.office, "inspections", inspection, "reply", measures="补记，由王芳负责"))
        inspection = self.ok(self.act(self.county, "inspections", inspection, "close", conclusion="已整改"))
        self.assertEqual((inspection["state"], inspection["returns"]), ("CLOSED", 1))
