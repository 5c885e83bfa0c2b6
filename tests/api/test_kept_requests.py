"""What was asked for an act, and when it was done: in the journal, and shown to who may see it."""

import datetime
import json
import urllib.parse

from world import ENCLOSED, NANMA_REGION, CaseTest, particulars


class KeptRequestTest(CaseTest):
    def asked(self, row, caller=None, purpose=None):
        headers = {"X-Purpose": urllib.parse.quote(purpose)} if purpose else None
        return (caller or self.county).request("GET", f"/v1/mediation/journal/{row}:request", headers=headers)

    def test_what_was_asked_is_kept_masked_and_shown_whole_for_a_purpose(self):
        """The row of an act has its request; personal data in it is masked, or read for a purpose that the history keeps."""
        case = self.applied()
        row = case.history()[0]
        self.assertTrue(row["hasRequest"])
        shown = self.ok(self.asked(row["journalId"]))
        self.assertEqual(shown["method"], "/sifa.mediation.v1.CaseService/ApplyCase")
        self.assertEqual(shown["request"]["region"], NANMA_REGION)
        text = json.dumps(shown, ensure_ascii=False)
        for party in case.parties:
            self.assertNotIn(party["name"], text)
            self.assertNotIn(party["idNumber"], text)
        whole = self.ok(self.asked(row["journalId"], purpose="复核申请"))
        self.assertEqual([p["name"] for p in whole["request"]["particulars"]["parties"]], [p["name"] for p in case.parties])
        self.assertEqual(case.history()[-1]["action"], "READ")

    def test_it_is_shown_in_the_reach_of_who_asks(self):
        """Out of reach the row is not there; auditors see it masked, and no purpose shows them more."""
        row = self.applied().history()[0]["journalId"]
        self.refused(self.asked(row, self.neighbour), 404)
        auditor = self.http("dongyang.auditor")
        self.assertEqual(self.ok(self.asked(row, auditor))["request"]["particulars"]["facts"], "***")
        self.refused(self.asked(row, auditor, "审计"), 403, "PERSONAL_DATA_REFUSED")

    def test_what_nobody_asked_for_has_none(self):
        """An act that another one brought about keeps no request of its own."""
        case = self.agreed(self.ago(3))
        self.ok(self.mediator.post("/v1/mediation/confirmations", {
            "caseId": case.id, "court": "东阳市人民法院", "jurisdiction": "ORGANISATION_PLACE", "applicants": [0, 1], "enclosed": ENCLOSED}))
        entry = case.history()[-1]
        self.assertEqual(entry["action"], "APPLY_CONFIRMATION")
        self.assertNotIn("hasRequest", entry)
        self.refused(self.asked(entry["journalId"]), 404, "REQUEST_NOT_KEPT")


class InstantTest(CaseTest):
    def test_the_instant_of_an_act(self):
        """An act entered as it is done has its instant; one entered by its day has none; day and instant agree."""
        case = self.applied()
        self.assertIn("occurredAt", case.history()[0])
        by_day = self.applied(self.ago(3))
        self.assertNotIn("occurredAt", by_day.history()[0])
        at = f"{self.ago(2)}T01:30:00Z"
        by_day.do("accept", occurredAt=at)
        entry = by_day.history()[1]
        self.assertEqual((entry["occurredOn"], entry["occurredAt"]), (self.ago(2), at))
        later = (self.today + datetime.timedelta(2)).isoformat()
        for when, reason in (({"occurredAt": f"{later}T00:00:00Z"}, "INSTANT_FUTURE"),
                             # Half past five in the afternoon by UTC is the next day in China.
                             ({"occurredOn": self.ago(2), "occurredAt": f"{self.ago(2)}T17:30:00Z"}, "INSTANT_OF_ANOTHER_DAY")):
            answer = self.mediator.post("/v1/mediation/cases", {
                "committee": self.committee["id"], "region": NANMA_REGION, "particulars": particulars()} | when)
            self.refused(answer, 400, reason)
