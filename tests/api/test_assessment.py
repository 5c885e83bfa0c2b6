"""Assessments through the gateway: commissioned and signed by the county, investigated by the office."""

from base import ApiTest
from bureau import assert_whole

_PATH = "/v1/corrections/assessments"
_OFFICE, _REGION = "330783118", "330783118"
_FINDING = {"residence": "自有住房", "relations": "与父母同住", "consequences": "已赔偿损失", "villageOpinion": "同意接收",
            "danger": "社会危险性低", "impact": "无不良影响"}


class AssessmentTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def commission(self, **more):
        body = {"office": _OFFICE, "region": _REGION, "commission": {
            "commissioner": "01", "commissionerName": "东阳市人民法院", "letterNumber": "（2026）浙0783刑初1号", "personKind": "01",
            "category": "02", "person": {"name": "赵大山", "idNumber": "33078319900307001X", "sex": "1", "residence": "南马镇安恬村"}}}
        return self.county.post(_PATH, body | more)

    def act(self, http, assessment, name, **body):
        return http.post(f"{_PATH}/{assessment['id']}:{name}", {"etag": assessment["etag"]} | body)

    def test_from_the_letter_to_the_decision(self):
        """调查评估: received, investigated at the office, signed by the county, followed by the court."""
        a = self.ok(self.commission())
        self.assertEqual(a["state"], "COMMISSIONED")
        self.assertIn("矫评字第", a["number"])
        work = self.ok(self.office.get("/v1/corrections/work", kind="TODO"))
        self.assertIn(a["id"], [item["objectId"] for item in work["items"]] if "items" in work else str(work))
        self.refused(self.act(self.county, a, "submit", result="SUITABLE", opinion="适宜"), 400, "ACTION_NOT_ALLOWED")
        a = self.ok(self.act(self.office, a, "investigate", finding={"residence": "自有住房"}))
        self.refused(self.act(self.county, a, "submit", result="SUITABLE", opinion="适宜"), 400, "FINDINGS_INCOMPLETE")
        a = self.ok(self.act(self.office, a, "investigate", finding=_FINDING))
        self.refused(self.act(self.office, a, "submit", result="SUITABLE", opinion="适宜"), 403)
        a = self.ok(self.act(self.county, a, "submit", result="SUITABLE", opinion="适宜社区矫正"))
        self.assertEqual(a["state"], "SUBMITTED")
        a = self.ok(self.act(self.county, a, "recordOutcome", outcome="ADOPTED", decisionNumber="（2026）浙0783刑初1号"))
        self.assertEqual([e["action"] for e in self.ok(self.office.get(f"{_PATH}/{a['id']}/history"))["entries"]],
                         ["COMMISSION", "INVESTIGATE", "INVESTIGATE", "SUBMIT", "RECORD_OUTCOME"])
        self.assertEqual(a["commission"]["person"]["name"], "赵*")
        assert_whole(self.suite, "corrections")

    def test_a_limit_tells_its_day_and_may_be_put_off_by_agreement(self):
        """实施办法 §14: five working days on the fast track; longer with the commissioner's consent."""
        a = self.ok(self.commission(occurredOn="2024-09-02"))
        self.assertEqual(a["clocks"][0]["dueOn"], "2024-09-14")
        steps = self.ok(self.office.get(f"{_PATH}/{a['id']}/clocks/SUBMIT_BY"))["steps"]
        self.assertTrue(any("调休上班日" in step for step in steps), steps)
        self.refused(self.act(self.county, a, "extend", extendedUntil="2024-09-30", occurredOn="2024-09-10"), 400, "EXTENSION_NOT_AGREED")
        a = self.ok(self.act(self.county, a, "extend", extendedUntil="2024-09-30", commissionerAgrees=True, occurredOn="2024-09-10"))
        self.assertEqual(a["clocks"][0]["dueOn"], "2024-09-30")
        self.ok(self.act(self.county, a, "declareImpossible", reason="地址不实，查无此人", occurredOn="2024-09-11"))

    def test_another_township_sees_nothing_and_an_unknown_office_is_refused(self):
        """Scope: the office of another township has no reach; the office must exist."""
        a = self.ok(self.commission())
        self.refused(self.http("hengdian.officer").get(f"{_PATH}/{a['id']}"), 404)
        self.refused(self.commission(office="330783999"), 400, "ORGANISATION_UNKNOWN")
        self.refused(self.office.post(_PATH, {}), 403)
