"""司法确认: the joint application and what courts may answer (民事诉讼法 §205–206, 民诉法解释 §355, §358)."""

import secrets

from world import CaseTest


class ConfirmationTest(CaseTest):
    def apply(self, case, caller=None, **more):
        return (caller or self.mediator).post("/v1/mediation/confirmations", {
            "caseId": case.id, "court": "东阳市人民法院", "jurisdiction": "ORGANISATION_PLACE", "applicants": [0, 1]} | more)

    def applied_for(self, on=None):
        case = self.agreed(on or self.ago(3))
        return case, self.ok(self.apply(case))

    def act(self, confirmation, act, caller=None, **body):
        return (caller or self.office).post(f"/v1/mediation/confirmations/{confirmation['id']}:{act}", body)

    def number(self):
        return f"（{self.today.year}）浙0783民特{secrets.randbelow(10**9)}号"

    def accepted_by_court(self, **more):
        case, confirmation = self.applied_for()
        return case, self.ok(self.act(confirmation, "accept", number=self.number(), **more))

    def test_both_parties_apply_together(self):
        """§205: one party alone is refused, and neither is the case changed by it."""
        case = self.agreed()
        for applicants in ([0], [1], [0, 0], [0, 5]):
            self.refused(self.apply(case, applicants=applicants), 400, "NOT_JOINT")
        self.assertNotIn("confirmationAppliedOn", case.read())
        made = self.ok(self.apply(case))
        self.assertEqual((made["state"], made["parent"], made["partyCount"]), ("APPLIED", case.id, 2))
        self.assertEqual(case.read()["confirmationResult"], "APPLIED")

    def test_it_is_asked_for_once(self):
        """A second application beside one that runs is refused."""
        case, _ = self.applied_for()
        self.refused(self.apply(case), 400, "CONFIRMATION_PENDING")

    def test_oral_agreements_are_not_confirmed(self):
        """M2: an oral agreement has first to be written down."""
        case = self.mediating().do("agreeOrally", agreement={"content": "和解"})
        self.refused(self.apply(case), 400)

    def test_confirmed_and_enforced(self):
        """裁定有效, then 申请执行: the court's limits run from its filing; two years to ask for enforcement."""
        case, confirmation = self.accepted_by_court()
        kinds = {c["kind"]: c for c in confirmation["clocks"]}
        self.assertEqual(kinds["COURT_ACCEPT"]["state"], "STOPPED")
        self.assertEqual((kinds["COURT_DECIDE"]["period"]["amount"], kinds["COURT_TARGET"]["period"]["amount"]), (30, 15))
        ruled = self.ok(self.act(confirmation, "confirm"))
        self.assertEqual((ruled["state"], ruled["ruledOn"]), ("CONFIRMED", str(self.today)))
        self.assertIn("ENFORCEMENT", [c["kind"] for c in ruled["clocks"] if c["state"] == "RUNNING"])
        self.assertEqual(case.read()["confirmationResult"], "CONFIRMED")
        self.assertEqual(self.ok(self.act(confirmation, "enforce"))["state"], "ENFORCED")

    def test_a_court_that_does_not_accept_says_why(self):
        """不予受理 names one of the grounds of §355."""
        case, confirmation = self.applied_for()
        self.refused(self.act(confirmation, "refuse"), 400, "GROUND_MISSING")
        self.refused(self.act(confirmation, "refuse", ground="UNCLEAR"), 400, "GROUND_MISSING")
        self.assertEqual(self.ok(self.act(confirmation, "refuse", ground="WRONG_COURT"))["state"], "NOT_ACCEPTED")
        self.assertEqual(case.read()["confirmationResult"], "NOT_ACCEPTED")

    def test_a_court_that_dismisses_says_why(self):
        """裁定驳回 names one of the grounds of §358."""
        _, confirmation = self.accepted_by_court()
        self.refused(self.act(confirmation, "dismiss", ground="WRONG_COURT"), 400, "GROUND_MISSING")
        self.assertEqual(self.ok(self.act(confirmation, "dismiss", ground="UNCLEAR"))["state"], "DISMISSED")

    def test_the_parties_may_withdraw(self):
        """撤回: recorded by the mediator who applied for them; they may apply again in time."""
        case, confirmation = self.applied_for()
        self.assertEqual(self.ok(self.act(confirmation, "withdraw", self.mediator))["state"], "WITHDRAWN")
        self.assertEqual(case.read()["confirmationResult"], "WITHDRAWN")
        self.ok(self.apply(case))

    def test_a_mediator_does_not_record_for_the_court(self):
        """The court's answers are recorded by the office, not by the mediator; its number is needed."""
        _, confirmation = self.applied_for()
        self.refused(self.act(confirmation, "accept", self.mediator, number=self.number()), 403)
        self.refused(self.act(confirmation, "accept"), 400, "COURT_NUMBER_MISSING")

    def test_history_names_the_articles(self):
        """Each step stands in the history of the confirmation and of its case, with its article."""
        case, confirmation = self.accepted_by_court()
        entries = self.ok(self.office.get(f"/v1/mediation/confirmations/{confirmation['id']}/history"))["entries"]
        self.assertEqual([(e["action"], "第205条" in e["law"]) for e in entries], [("APPLY", True), ("ACCEPT", False)])
        self.assertEqual([e["action"] for e in case.history()][-2:], ["APPLY_CONFIRMATION", "RECORD_CONFIRMATION"])

    def test_the_article_is_that_of_its_time(self):
        """The same rule was §201 in 2023 and is §205 today."""
        case = self.agreed("2023-03-01")
        self.ok(self.apply(case, occurredOn="2023-03-10"))
        self.assertIn("第201条", case.history()[-1]["law"])
