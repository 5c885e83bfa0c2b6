"""心理 and 风险评估 through the gateway: assessed, warned of, helped; and what a person's facts come to, with the object of each point."""

import unittest

from base import ApiTest
from bureau import PURPOSE, assert_whole
from people import CORRECTIONS, active, citizen_number

_PLAN = {"goals": "稳定情绪", "measures": "每半月走访", "managementClass": "03", "education": "心理辅导"}


class CareTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")
        cls.counsellor, cls.elsewhere = cls.suite.http("dongyang.counsellor"), cls.suite.http("hengdian.officer")

    def person(self, order, **more):
        return active(self, citizen_number("19790305", order), **more)

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def answers(self, plain, others):
        return {"scale": "mood", "answers": [{"item": i, "answer": plain if i <= 10 else others} for i in range(1, 16)]}

    def test_what_a_level_asks_for_is_done_and_answers_are_the_counsellors(self):
        """mission 4: everybody of his office reads level and day; what he answered is for the counsellor, who says why."""
        s = self.person(701)
        s = self.ok(self.act(self.county, "subjects", s, "classify", managementClass="03"))
        plan = self.ok(self.office.post(f"{CORRECTIONS}/plans", {"subject": s["id"], "content": _PLAN}))
        self.ok(self.act(self.county, "plans", plan, "approve"))
        case = self.ok(self.office.post(f"{CORRECTIONS}/psychologyCases", {"subject": s["id"], "grounds": "家中变故"}))
        scales = {scale["scale"]: scale for scale in self.ok(self.counsellor.get(f"{CORRECTIONS}/scales"))["scales"]}
        self.assertEqual(len(scales["mood"]["items"]), 15)
        self.refused(self.act(self.office, "psychologyCases", case, "assess", **self.answers("4", "1")), 403)
        self.assertIn(case["id"], [i["objectId"] for i in self.ok(self.counsellor.get(f"{CORRECTIONS}/work", types="PsychologyCase"))["items"]])
        case = self.ok(self.act(self.counsellor, "psychologyCases", case, "assess", **self.answers("4", "1")))
        self.assertEqual((case["level"], case["warningDue"]), ("SEVERE", True))

        path = f"{CORRECTIONS}/psychologyAnswers/{case['assessments'][0]['answers']}"
        for http in (self.office, self.county, self.suite.http("dongyang.head")):
            self.refused(http.get(path), 403)
            self.refused(http.get(f"{CORRECTIONS}/psychologyAnswers", subject=s["id"]), 403)
        self.assertNotEqual(self.ok(self.counsellor.get(path))["score"], "36")  # masked until he says why
        read = self.ok(self.counsellor.request("GET", path, headers=PURPOSE))
        self.assertEqual((read["score"], read["answers"][0]["answer"]), ("36", "几乎每天"))
        told = self.ok(self.office.get(f"{CORRECTIONS}/psychologyCases/{case['id']}"))
        self.assertEqual(told["level"], "SEVERE")
        self.assertNotIn("score", told["assessments"][0])
        history = self.ok(self.county.get(f"{CORRECTIONS}/psychologyCases/{case['id']}/history"))["entries"]
        assessed = next(e["journalId"] for e in history if e["action"] == "ASSESS")
        kept = self.ok(self.county.request("GET", f"{CORRECTIONS}/journal/{assessed}:request", headers=PURPOSE))
        self.assertTrue(all("answer" not in a for a in kept["request"]["answers"]), kept)

        self.refused(self.act(self.counsellor, "psychologyCases", case, "close", reason="好转"), 400, "PLAN_NOT_AMENDED")
        self.refused(self.act(self.office, "psychologyCases", case, "amendPlan", changed="测评", content=_PLAN), 403)
        case = self.ok(self.act(self.county, "psychologyCases", case, "amendPlan", changed="测评", content=_PLAN))
        case = self.ok(self.act(self.counsellor, "psychologyCases", case, "warn", warning="近期情绪低落，请多走访"))
        case = self.ok(self.act(self.office, "psychologyCases", case, "intervene", manner="COUNSELLING", by="陆思远", result="愿意配合"))
        self.refused(self.act(self.counsellor, "psychologyCases", case, "close", reason="好转"), 400, "REVIEW_NOT_DONE")
        case = self.ok(self.act(self.counsellor, "psychologyCases", case, "review", **self.answers("1", "2")))
        case = self.ok(self.act(self.counsellor, "psychologyCases", case, "close", reason="好转"))
        self.assertEqual((case["state"], case["level"]), ("CLOSED", "NONE"))
        assert_whole(self.suite, "corrections")

    def test_risk_names_the_object_of_every_point(self):
        """mission 6: points with their objects, a class proposed and not set, a comparison that says what changed, and an override."""
        s = self.person(702, offence="04")
        path = f"{CORRECTIONS}/subjects/{s['id']}/risk"
        risk = self.ok(self.office.get(path))
        self.assertEqual([(p["rule"], p["objectType"], p["object"]) for p in risk["points"]], [("violent", "Subject", s["id"])])
        self.assertEqual((risk["computed"], risk["proposedClass"]), ("LOW", "02"))
        self.refused(self.elsewhere.get(path), 404)
        body = {"subject": s["id"], "level": "HIGH", "grounds": "家庭矛盾激化"}
        today = self.suite.clock.today()
        override = body | {"to": today.replace(year=today.year + 1).isoformat()}
        self.refused(self.county.post(f"{CORRECTIONS}/riskOverrides", override), 400, "OVERRIDE_TOO_LONG")
        self.refused(self.office.post(f"{CORRECTIONS}/riskOverrides", body | {"to": today.isoformat()}), 403)
        override = self.ok(self.county.post(f"{CORRECTIONS}/riskOverrides", body | {"to": today.isoformat()}))
        risk = self.ok(self.office.get(path, since="2024-10-01"))
        self.assertEqual((risk["level"], risk["computed"], risk["overrideId"]), ("HIGH", "LOW", override["id"]))
        self.assertEqual([p["rule"] for p in risk["compared"]["gone"]], ["first_months"])
        self.assertNotIn("managementClass", self.ok(self.office.get(f"{CORRECTIONS}/subjects/{s['id']}")))
        self.ok(self.act(self.county, "riskOverrides", override, "end", reason="已化解"))
        self.assertEqual(self.ok(self.office.get(path))["level"], "LOW")
        assert_whole(self.suite, "corrections")


if __name__ == "__main__":
    unittest.main()
