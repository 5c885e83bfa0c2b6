"""人民调解 from the application to the file: each way in which a dispute may go (人民调解法)."""

from world import CaseTest, signatures

_MUST = ("IDENTITY_PROOF", "AGREEMENT")  # what no act of the procedure makes by itself: the parties bring or sign it


class MainLineTest(CaseTest):
    def test_a_written_agreement_from_application_to_archive(self):
        """书面协议: applied, accepted, assigned, mediated, agreed, supervised, performed, revisited, archived."""
        case = self.applied()
        self.assertEqual(case.now["state"], "APPLIED")
        case.do("accept")
        year = self.today.year
        self.assertRegex(case.now["number"], f"^（{year}）东南马人调字第[0-9]+号$")
        self.assertEqual((case.now["state"], case.now["acceptedOn"]), ("ACCEPTED", str(self.today)))
        case.do("assign", mediators=[self.member])
        self.assertEqual((case.now["state"], case.now["assignee"]), ("ASSIGNED", self.me))
        case.do("invite", invitation={"name": "马支书", "relation": "村干部", "partiesConsent": True})
        case.do("recordSession", session={"heldOn": str(self.today), "manner": "2", "minutes": "视频调解"})
        self.assertEqual(case.now["state"], "MEDIATING")
        case.do("draftAgreement", agreement={"content": "各让一尺", "performBy": str(self.today)})
        self.refused(case.try_("sign"), 400, "NOTHING_SIGNED")
        case.do("sign", signatures=signatures(1, self.today))
        self.refused(case.try_("sign", signatures=signatures(1, self.today)), 400, "SIGNED_BY_PARTY", "signatures[0].party")
        case.do("sign", signatures=[{"party": 1, "signedOn": str(self.today)}], mediatorSignedOn=str(self.today), sealedOn=str(self.today))
        case.do("agree")
        self.assertEqual((case.now["state"], case.now["agreement"]["effectiveOn"]), ("AGREED_WRITTEN", str(self.today)))
        self.assertTrue(case.now["confirmable"])
        case.do("supervise").do("perform").do("revisit", revisit={"visitedOn": str(self.today), "record": "和好", "satisfaction": 5})
        self.assertEqual(case.now["state"], "PERFORMED")
        for paper in _MUST:
            case.upload(paper)
        case.do("archive")
        self.assertEqual((case.now["state"], case.now["archivedOn"]), ("ARCHIVED", str(self.today)))
        self.assertFalse([c for c in case.now["clocks"] if c["state"] == "RUNNING"], "nothing runs in a closed file")
        self.assertEqual([e["action"] for e in case.history()], [
            "APPLY", "ACCEPT", "ASSIGN", "INVITE", "RECORD_SESSION", "DRAFT_AGREEMENT", "SIGN", "SIGN", "AGREE", "SUPERVISE",
            "PERFORM", "REVISIT", "ADD_ATTACHMENT", "ADD_ATTACHMENT", "ARCHIVE"])

    def test_an_oral_agreement_takes_effect_when_agreed(self):
        """人民调解法 §30: an oral agreement is effective when agreed and is recorded; no court confirms it."""
        case = self.mediating().do("agreeOrally", agreement={"content": "当场和解"})
        self.assertEqual((case.now["state"], case.now["agreement"]["effectiveOn"]), ("AGREED_ORAL", str(self.today)))
        self.assertFalse(case.now.get("confirmable", False))
        self.assertIn("ORAL_REGISTER", [p["kind"] for p in case.now["papers"]])
        self.assertIsNone(case.clock("CONFIRM"))

    def test_an_oral_agreement_may_be_written_down(self):
        """M2: written down and signed, it is a written agreement since its last signature, and a court may confirm it."""
        day = self.ago(5)
        case = self.mediating(day).do("agreeOrally", on=day, agreement={"content": "当场和解"})
        written = self.agreement(self.ago(2))
        self.refused(case.try_("writeDown", agreement=written | {"sealedOn": ""}), 400, "SEAL_MISSING")
        case.do("writeDown", agreement=written)
        agreement = case.now["agreement"]
        self.assertEqual((case.now["state"], agreement["agreedOn"], agreement["effectiveOn"]), ("AGREED_WRITTEN", day, self.ago(2)))
        self.assertEqual((case.now["confirmable"], case.clock("CONFIRM")["startedOn"]), (True, self.ago(2)))

    def test_a_failed_mediation_tells_of_other_routes(self):
        """人民调解法 §26: failing without telling the parties of other routes is refused."""
        case = self.mediating()
        self.refused(case.try_("fail", reason="差距过大"), 400, "ROUTES_NOT_TOLD")
        case.do("fail", reason="差距过大", routesTold=True)
        self.assertEqual((case.now["state"], case.now["concludedOn"]), ("FAILED", str(self.today)))
        case.upload("IDENTITY_PROOF")
        self.assertEqual(case.do("archive").now["state"], "ARCHIVED")

    def test_an_application_may_be_withdrawn(self):
        """人民调解法 §23, §26: parties may stop; the limit stops with them; once accepted they are told of other routes."""
        self.assertEqual(self.applied().do("withdraw", reason="自行和解").now["state"], "WITHDRAWN")
        case = self.accepted()
        self.refused(case.try_("withdraw", reason="自行和解"), 400, "ROUTES_NOT_TOLD")
        case.do("withdraw", reason="自行和解", routesTold=True)
        self.assertEqual((case.now["state"], case.now["routesTold"]), ("WITHDRAWN", True))
        self.assertEqual(case.clock("CONCLUDE")["state"], "STOPPED")

    def test_an_application_may_be_rejected(self):
        """不予受理: with a reason, without a number, and nothing can be done with it any more."""
        case = self.applied()
        self.refused(case.try_("reject"), 400, "FIELD_REQUIRED", "reason")
        case.do("reject", reason="属行政裁决事项")
        self.assertEqual((case.now["state"], case.now.get("number", "")), ("REJECTED", ""))
        self.refused(case.try_("accept"), 400, "ACTION_NOT_ALLOWED")

    def test_performance_may_be_disputed(self):
        """人民调解法 §32: a dispute over performance is recorded; the case may still be performed."""
        case = self.agreed().do("supervise").do("dispute", reason="付款方式有争议")
        self.assertEqual(case.now["state"], "DISPUTED")
        case.do("perform")
        self.assertEqual(case.now["state"], "PERFORMED")

    def test_a_risk_is_reported(self):
        """人民调解法 §25: a dispute that may become a matter for the police is reported at once."""
        case = self.applied().do("reportRisk", report={"reportedOn": str(self.today), "reportedTo": "派出所", "risk": "扬言报复"})
        self.assertIn("RISK_REPORT", [p["kind"] for p in case.now["papers"]])

    def test_an_act_in_the_wrong_state_changes_nothing(self):
        """Acts that the state does not allow are refused with it, and nothing is written."""
        case = self.applied()
        for act in ("agree", "perform", "archive", "supervise", "recordSession"):
            body = {"session": {"heldOn": str(self.today), "manner": "1", "minutes": "x"}} if act == "recordSession" else {}
            answer = case.try_(act, **body)
            self.refused(answer, 400, "ACTION_NOT_ALLOWED")
            self.assertIn("已申请", answer.json["message"])
        self.assertEqual([e["action"] for e in case.history()], ["APPLY"])
        self.assertEqual(case.read()["etag"], case.first["etag"])
