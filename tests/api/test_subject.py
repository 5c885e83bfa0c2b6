"""Subjects of community corrections through the gateway: noticed and received by the county, announced by the office, ended."""

from base import ApiTest
from bureau import assert_whole
from people import OFFICE, TEAM, active, citizen_number, notice

_PATH = "/v1/corrections/subjects"


class SubjectTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, subject, name, **body):
        return http.post(f"{_PATH}/{subject['id']}:{name}", {"etag": subject["etag"]} | body)

    def test_from_the_notice_to_a_revocation(self):
        """通知 → 接收 → 宣告 → 撤销缓刑: each by whom the law names, and the figures follow."""
        s = self.ok(notice(self, citizen_number("19900307", 101)))
        self.refused(notice(self, citizen_number("19900307", 101)), 400, "SUBJECT_EXISTS")
        self.refused(self.act(self.office, s, "register", occurredOn="2024-09-05"), 403)
        s = self.ok(self.act(self.county, s, "register", occurredOn="2024-09-05", missing=["执行通知书"]))
        self.assertTrue(s["number"].startswith("3307832024"), s["number"])
        self.refused(self.act(self.office, s, "announce", occurredOn="2024-09-05"), 400, "TEAM_MISSING")
        s = self.ok(self.act(self.office, s, "formTeam", team=TEAM, occurredOn="2024-09-05"))
        s = self.ok(self.act(self.office, s, "announce", publicly=True, occurredOn="2024-09-06"))
        s = self.ok(self.act(self.county, s, "receiveDocuments", occurredOn="2024-09-09"))
        s = self.ok(self.act(self.county, s, "classify", managementClass="03", reason="风险评估为中", occurredOn="2024-09-10"))
        self.assertEqual({c["kind"]: c["state"] for c in s["clocks"]},
                         {"DOCUMENTS_BY": "STOPPED", "REPORT_BY": "STOPPED", "RELEASE_FROM": "RUNNING", "TERM": "RUNNING"})
        self.refused(self.act(self.county, s, "recordRevoked", end="PAROLE_REVOKED", document="（2024）浙0783刑更1号"), 400,
                     "CAUSE_OF_ANOTHER_CATEGORY")
        s = self.ok(self.act(self.county, s, "recordRevoked", end="PROBATION_REVOKED", document="（2024）浙0783刑更1号"))
        self.assertEqual((s["state"], s["end"]), ("TERMINATED", "PROBATION_REVOKED"))
        self.refused(self.act(self.county, s, "pardon", document="令"), 400, "ACTION_NOT_ALLOWED")
        self.ok(notice(self, citizen_number("19900307", 101)))  # the former term has ended
        assert_whole(self.suite, "corrections")

    def test_a_minor_stays_a_minor_and_is_not_announced_in_public(self):
        """社区矫正法 §52, §54, §58."""
        s = self.ok(notice(self, citizen_number("20070307", 103)))
        self.assertTrue(s["minor"])
        s = self.ok(self.act(self.county, s, "register", occurredOn="2024-09-05"))
        self.refused(self.act(self.office, s, "formTeam", team=TEAM[:1], occurredOn="2024-09-05"), 400, "TEAM_FOR_MINOR")
        s = self.ok(self.act(self.office, s, "formTeam", team=TEAM, occurredOn="2024-09-05"))
        self.refused(self.act(self.office, s, "announce", publicly=True, occurredOn="2024-09-06"), 400, "MINOR_IN_PUBLIC")
        self.ok(self.act(self.office, s, "announce", occurredOn="2024-09-06"))

    def test_the_term_is_changed_by_the_deciders_document(self):
        """A term is not corrected as an error of entry: the act names its ground, and the limit follows."""
        s = active(self, citizen_number("19850612", 105))
        self.refused(self.act(self.county, s, "correctTerm", termFrom="2024-09-01", termTo="2024-08-31", reason="（2024）浙0783刑更2号"), 400,
                     "TERM_REVERSED")
        self.refused(self.act(self.county, s, "correctTerm", termFrom="2024-09-01", termTo="2026-12-31"), 400, "FIELD_REQUIRED")
        s = self.ok(self.act(self.county, s, "correctTerm", termFrom="2024-09-01", termTo="2026-12-31", reason="（2024）浙0783刑更2号"))
        self.assertEqual([c["dueOn"] for c in s["clocks"] if c["kind"] == "TERM"], ["2026-12-31"])
        asked = self.county.post("/v1/corrections/corrections", {
            "objectType": "Subject", "object": s["id"], "kind": "AMEND", "reason": "录错", "updateMask": "decision",
            "content": '{"decision": {"category": "02", "termFrom": "2024-09-01", "termTo": "2027-12-31"}}'})
        self.refused(asked, 400)

    def test_subjects_are_listed_by_office_and_found_with_a_purpose(self):
        """Lists by place and state; by a person's number only with the right and a purpose."""
        number = citizen_number("19770401", 107)
        s = active(self, number)
        listed = self.ok(self.office.get(_PATH, organisation=OFFICE, states="ACTIVE", category="02", pageSize=200))["subjects"]
        self.assertIn(s["id"], [x["id"] for x in listed])
        self.refused(self.office.post(f"{_PATH}:search", {"idNumber": number}), 400, "PURPOSE_REQUIRED")
        self.refused(self.http("hengdian.officer").get(f"{_PATH}/{s['id']}"), 404)
        available = {a["action"]: a for a in self.ok(self.office.get(f"{_PATH}/{s['id']}/actions"))["actions"]}
        self.assertFalse(available["CLASSIFY"].get("allowed", False))
        self.assertEqual(available["FORM_TEAM"]["path"], "/v1/corrections/subjects/{id}:formTeam")
