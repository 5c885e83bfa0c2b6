"""司法确认: the joint application and what courts may answer (民事诉讼法 §205–206, 民诉法解释 §355, §358)."""

import secrets

from world import ENCLOSED, CaseTest


class ConfirmationTest(CaseTest):
    def apply(self, case, caller=None, **more):
        return (caller or self.mediator).post("/v1/mediation/confirmations", {
            "caseId": case.id, "court": "东阳市人民法院", "jurisdiction": "ORGANISATION_PLACE", "applicants": [0, 1],
            "enclosed": ENCLOSED} | more)

    def applied_for(self, on=None):
        case = self.agreed(on or self.ago(3))
        return case, self.ok(self.apply(case))

    def act(self, confirmation, act, caller=None, **body):
        return (caller or self.office).act(f"/v1/mediation/confirmations/{confirmation['id']}:{act}", body)

    def number(self):
        return f"（{self.today.year}）浙0783民特{secrets.randbelow(10**9)}号"

    def accepted_by_court(self, **more):
        case, confirmation = self.applied_for()
        return case, self.ok(self.act(confirmation, "accept", number=self.number(), **more))

    def correct(self, kind, object_type, object_id, **body):
        return self.office.post("/v1/mediation/corrections", {"objectType": object_type, "object": object_id, "kind": kind,
                                                              "reason": "登记有误"} | body)

    def corrected(self, kind, object_type, object_id, **body):
        asked = self.ok(self.correct(kind, object_type, object_id, **body))
        return self.ok(self.head.act(f"/v1/mediation/corrections/{asked['id']}:approve", {}))

    def test_corrections_reach_the_case_from_the_latest_confirmation_only(self):
        """更正: an earlier application says nothing of the case any more; the latest, withdrawn or voided, does."""
        case, first = self.applied_for()
        self.ok(self.act(first, "withdraw", self.mediator))
        second = self.ok(self.apply(case))
        self.ok(self.act(second, "accept", number=self.number()))
        self.ok(self.act(second, "confirm"))
        self.corrected("AMEND", "Confirmation", first["id"], updateMask="court", content='{"court": "义乌市人民法院"}')
        self.corrected("VOID", "Confirmation", first["id"])
        self.assertEqual(case.read()["confirmationResult"], "CONFIRMED")
        self.refused(self.correct("WITHDRAW_ACT", "Case", case.id), 400, "ACT_OF_ANOTHER")
        self.refused(self.correct("VOID", "Case", case.id), 400, "CHILD_STANDS")
        self.corrected("WITHDRAW_ACT", "Confirmation", second["id"])
        self.assertEqual(case.read()["confirmationResult"], "ACCEPTED")
        self.corrected("VOID", "Confirmation", second["id"])
        self.assertNotIn("confirmationResult", case.read())
        self.assertEqual(case.clock("CONFIRM")["state"], "RUNNING")
        self.corrected("VOID", "Case", case.id)

    def test_an_amended_agreement_moves_the_limit_of_enforcement(self):
        """§250: two years from the last day of performance, also where that is put right after the ruling."""
        case, confirmation = self.accepted_by_court()
        self.ok(self.act(confirmation, "confirm"))
        day = self.ago(-30)
        done = self.corrected("AMEND", "Case", case.id, updateMask="agreement.performBy",
                              content=f'{{"agreement": {{"performBy": "{day}"}}}}')
        shown = next(r for r in done["effect"]["related"] if r["object"] == confirmation["id"])
        self.assertEqual([c["kind"] for c in shown["effect"]["clocks"]], ["ENFORCEMENT"])
        after = self.ok(self.office.get(f"/v1/mediation/confirmations/{confirmation['id']}"))
        self.assertEqual(after["performBy"], day)
        limit = next(c for c in after["clocks"] if c["kind"] == "ENFORCEMENT")
        self.assertEqual(limit["dueOn"], shown["effect"]["clocks"][0]["after"]["dueOn"])

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

    def test_what_was_not_accepted_may_be_asked_for_again(self):
        """The thirty days run on; within them there may be another application."""
        case, confirmation = self.applied_for()
        due = case.clock("CONFIRM")["dueOn"]
        self.ok(self.act(confirmation, "refuse", ground="WRONG_COURT"))
        self.assertEqual((case.clock("CONFIRM")["state"], case.clock("CONFIRM")["dueOn"]), ("RUNNING", due))
        self.ok(self.apply(case))

    def test_a_dismissed_agreement_is_changed_by_mediation(self):
        """裁定驳回 names its ground, also one of §355 found later; then the agreement may be changed (§206)."""
        case, confirmation = self.accepted_by_court()
        self.refused(case.try_("reviseAgreement"), 400, "AGREEMENT_NOT_DISMISSED")
        self.refused(self.act(confirmation, "dismiss"), 400, "GROUND_MISSING")
        self.assertEqual(self.ok(self.act(confirmation, "dismiss", ground="OWNERSHIP"))["state"], "DISMISSED")
        again = self.apply(case)
        self.refused(again, 400, "CONFIRMATION_DISMISSED")
        self.assertIn("变更原协议或者达成新的协议", again.json["message"])
        case.do("reviseAgreement")
        self.assertEqual((case.now["state"], case.now.get("confirmationResult"), case.now.get("result")), ("MEDIATING", None, None))
        case.do("agree", agreement=self.agreement())
        self.ok(self.apply(case))

    def test_papers_go_with_the_application(self):
        """民诉法解释 §354: agreement, proof of the mediation, identity; an agent's power of attorney."""
        case = self.agreed()
        for missing in ENCLOSED:
            self.refused(self.apply(case, enclosed=[p for p in ENCLOSED if p != missing]), 400, "PAPERS_MISSING")
        self.refused(self.apply(case, byAgents=True), 400, "PAPERS_MISSING")
        self.ok(self.apply(case, byAgents=True, enclosed=[*ENCLOSED, "POWER_OF_ATTORNEY"]))

    def test_the_inviting_court_is_the_one_to_ask(self):
        """§205(1): of a case that a court delegated, that court; what it entrusted after filing is not confirmed at all."""
        diversion = {"kind": "DELEGATED", "court": "东阳市人民法院"}
        case = self.agreed(source="31", diversion=diversion)
        self.refused(self.apply(case), 400, "COURT_NOT_COMPETENT")
        self.refused(self.apply(case, jurisdiction="INVITING_COURT", court="义乌市人民法院"), 400, "COURT_NOT_COMPETENT")
        self.ok(self.apply(case, jurisdiction="INVITING_COURT"))
        entrusted = self.agreed(source="31", diversion=diversion | {"kind": "ENTRUSTED"})
        self.refused(self.apply(entrusted, jurisdiction="INVITING_COURT"), 400, "ENTRUSTED_BY_COURT")
        invited = self.agreed(source="31", diversion=diversion | {"kind": "INVITED"})
        self.assertFalse(invited.now.get("confirmable", False))
        self.refused(self.apply(invited, jurisdiction="INVITING_COURT"), 400, "INVITED_BY_COURT")

    def test_the_courts_limit_is_extended_by_its_president(self):
        """§187: extended to a later day with the president's approval, and explained."""
        _, confirmation = self.accepted_by_court()
        later = str(self.today.replace(year=self.today.year + 1))
        self.refused(self.act(confirmation, "extend", extendedUntil=later), 400, "EXTENSION_NOT_APPROVED")
        self.ok(self.act(confirmation, "extend", extendedUntil=later, presidentApproves=True))
        answer = self.ok(self.office.get(f"/v1/mediation/confirmations/{confirmation['id']}/clocks/COURT_DECIDE"))
        self.assertEqual((answer["clock"]["dueOn"], answer["steps"][-1]), (later, f"经延长，至 {later} 届满"))

    def test_no_act_before_the_one_it_follows(self):
        """Acts are dated in their order: not before the effect, nor before the court has filed."""
        self.refused(self.apply(self.agreed(self.ago(3)), occurredOn=self.ago(4)), 400)
        _, confirmation = self.accepted_by_court(occurredOn=self.ago(0))
        self.refused(self.act(confirmation, "confirm", occurredOn=self.ago(1)), 400, "ACT_OUT_OF_ORDER")

    def test_what_follows_from_an_answer_is_not_before_it(self):
        """§206: neither is the agreement changed before the ruling, nor a new one signed before the change."""
        case = self.agreed(self.ago(9))
        confirmation = self.ok(self.apply(case, occurredOn=self.ago(8)))
        self.ok(self.act(confirmation, "accept", number=self.number(), occurredOn=self.ago(7)))
        self.ok(self.act(confirmation, "dismiss", ground="UNCLEAR", occurredOn=self.ago(5)))
        self.refused(case.try_("reviseAgreement", on=self.ago(6)), 400, "ACT_OUT_OF_ORDER")
        case.do("reviseAgreement", on=self.ago(4))
        self.refused(case.try_("agree", agreement=self.agreement(self.ago(6))), 400, "ACT_OUT_OF_ORDER")
        case.do("agree", agreement=self.agreement(self.ago(3)))
        refused = self.ok(self.apply(case, occurredOn=self.ago(2)))
        self.ok(self.act(refused, "refuse", ground="WRONG_COURT", occurredOn=self.ago(1)))
        self.refused(self.apply(case, occurredOn=self.ago(2)), 400, "ACT_OUT_OF_ORDER")
        self.ok(self.apply(case, occurredOn=self.ago(1)))

    def test_a_court_that_is_late_does_not_extend(self):
        """§187: what was approved in time is entered with its day; the ruling is not before it."""
        case = self.agreed(self.ago(80))
        confirmation = self.ok(self.apply(case, occurredOn=self.ago(79)))
        self.ok(self.act(confirmation, "accept", number=self.number(), occurredOn=self.ago(78)))
        until = {"presidentApproves": True, "extendedUntil": str(self.today)}
        self.refused(self.act(confirmation, "extend", **until), 400, "EXTENSION_TOO_LATE")
        self.ok(self.act(confirmation, "extend", occurredOn=self.ago(60), **until))
        self.refused(self.act(confirmation, "confirm", occurredOn=self.ago(61)), 400, "ACT_OUT_OF_ORDER")
        self.ok(self.act(confirmation, "confirm", occurredOn=self.ago(59)))

    def test_actions_tell_who_may_do_what(self):
        """The office may record what the court says; the mediator may only withdraw."""
        _, confirmation = self.applied_for()
        allowed = {}
        for name, caller in (("office", self.office), ("mediator", self.mediator)):
            actions = self.ok(caller.get(f"/v1/mediation/confirmations/{confirmation['id']}/actions"))["actions"]
            allowed[name] = {a["action"] for a in actions if a.get("allowed")}
        self.assertEqual(allowed, {"office": {"ACCEPT", "REFUSE", "WITHDRAW"}, "mediator": {"WITHDRAW"}})

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
