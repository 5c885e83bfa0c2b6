"""What the law lets nobody do: each rule of mediation refuses, names its article, and lets through what meets it."""

import json

from bureau import PURPOSE
from world import ENCLOSED, NANMA_REGION, CaseTest, particulars, people, signatures


class RulesTest(CaseTest):
    def law_of(self, answer):
        return next(d["metadata"]["law"] for d in answer.json["details"] if "metadata" in d)

    def apply(self, **more):
        return self.mediator.post("/v1/mediation/cases", {
            "committee": self.committee["id"], "region": NANMA_REGION, "particulars": particulars(**more)})

    def test_m1_nobody_mediates_against_a_clear_refusal(self):
        """M1, 人民调解法 §17: a party's clear refusal bars the application, the acceptance and the assignment."""
        made = people()
        unwilling = [made.party(1), made.party(2) | {"refuses": True}]
        answer = self.apply(parties=unwilling)
        self.refused(answer, 400, "PARTY_REFUSED")
        self.assertEqual(self.law_of(answer), "《人民调解法》第17条")
        case = self.applied()
        changed = particulars(parties=[*case.parties[:1], case.parties[1] | {"refuses": True}])
        case.do("edit", etag=case.now["etag"], particulars=changed)
        self.refused(case.try_("accept"), 400, "PARTY_REFUSED")
        self.assertEqual(case.actions()["ACCEPT"].get("reason"), "PARTY_REFUSED")
        case.do("edit", etag=case.now["etag"], particulars=particulars()).do("accept")

    def test_no_act_before_its_law(self):
        """人民调解法 §35: in force since 2011-01-01."""
        answer = self.mediator.post("/v1/mediation/cases", {"committee": self.committee["id"], "region": NANMA_REGION,
                                                            "occurredOn": "2010-12-31", "particulars": particulars()})
        self.refused(answer, 400, "LAW_NOT_IN_FORCE")
        self.assertIn("自2011-01-01起施行", answer.json["message"])

    def test_a_case_stands_in_the_county_of_its_committee(self):
        """law §3.7: cases are counted where they stand, so none stands outside the county of its committee."""
        answer = self.mediator.post("/v1/mediation/cases", {"committee": self.committee["id"], "region": "330108",
                                                            "particulars": particulars()})
        self.refused(answer, 400, "REGION_OUTSIDE", "region")

    def test_m2_a_success_needs_a_record_of_the_agreement(self):
        """M2, 人民调解法 §28: no success without an agreement that has content, nor without a session."""
        case = self.mediating()
        self.refused(case.try_("agree"), 400, "AGREEMENT_MISSING")
        self.refused(case.try_("agreeOrally", agreement={"content": ""}), 400)
        fresh = self.accepted().do("assign", mediators=[self.member])
        self.refused(fresh.try_("agree", agreement=self.agreement()), 400, "ACTION_NOT_ALLOWED")

    def test_m3_an_agreement_is_effective_with_the_last_of_its_signatures(self):
        """M3, 人民调解法 §29: every party, the mediator and the seal; effective on the last of them."""
        day, later = self.ago(3), self.ago(1)
        whole = self.agreement(day)
        for missing, reason in (("signatures", "PARTY_SIGNATURE_MISSING"), ("mediatorSignedOn", "MEDIATOR_SIGNATURE_MISSING"),
                                ("sealedOn", "SEAL_MISSING")):
            case = self.mediating(day)
            answer = case.try_("agree", agreement={k: v for k, v in whole.items() if k != missing})
            self.refused(answer, 400, reason)
            self.assertEqual(self.law_of(answer), "《人民调解法》第29条")
        case = self.mediating(day)
        self.refused(case.try_("agree", agreement=whole | {"signatures": signatures(1, day)}), 400, "PARTY_SIGNATURE_MISSING")
        for last in ("sealedOn", "mediatorSignedOn"):
            case = self.mediating(day).do("agree", agreement=whole | {last: later})
            self.assertEqual((case.now["agreement"]["effectiveOn"], case.now["concludedOn"]), (later, later))
        case = self.mediating(day).do("agree", agreement=whole | {"signatures": [{"party": 0, "signedOn": later}, {"party": 1, "signedOn": day}]})
        self.assertEqual(case.now["agreement"]["effectiveOn"], later)

    def test_m5_the_kind_of_diversion_decides_the_limit(self):
        """M5, 特邀调解规定 §27: delegated before filing 30 days, entrusted after it 15, in summary procedure 7."""
        self.refused(self.applied("2024-07-01", source="31").try_("accept", on="2024-07-01"), 400, "DIVERSION_MISSING")
        for kind, more, due in (("DELEGATED", {}, "2024-07-31"), ("ENTRUSTED", {}, "2024-07-16"), ("ENTRUSTED", {"summary": True}, "2024-07-08"),
                                ("INVITED", {}, "2024-08-01")):
            diversion = {"kind": kind, "court": "东阳市人民法院"} | more
            case = self.accepted("2024-07-01", source="31", diversion=diversion)
            self.assertEqual(case.clock("CONCLUDE")["dueOn"], due, kind)
        changed = particulars(source="31", diversion=diversion | {"kind": "DELEGATED"})
        self.refused(case.try_("edit", etag=case.read()["etag"], particulars=changed), 400, "DIVERSION_FIXED", "particulars.diversion")
        for source, kept in (("2", {"diversion": diversion}), ("31", {})):
            case = self.accepted("2024-07-01", source="31" if kept else "2", **kept)
            changed = particulars(source=source, **kept)
            self.refused(case.try_("edit", etag=case.read()["etag"], particulars=changed), 400, "DIVERSION_MISSING")

    def test_m6_status_and_ownership_are_mediated_but_not_confirmed(self):
        """M6, 民诉法解释 §355: disputes about status or ownership may be mediated; their agreements are not confirmable."""
        for flag in ("aboutStatus", "aboutOwnership"):
            case = self.agreed(**{flag: True, "type": "01"})
            self.assertFalse(case.now.get("confirmable", False))
            self.assertIsNone(case.clock("CONFIRM"))
            answer = self.mediator.post("/v1/mediation/confirmations", {
                "caseId": case.id, "court": "东阳市人民法院", "jurisdiction": "PARTY_DOMICILE", "applicants": [0, 1],
                "enclosed": ENCLOSED})
            self.refused(answer, 400, "NOT_CONFIRMABLE")

    def test_m7_an_interested_mediator_steps_back_unless_all_waive(self):
        """M7, 特邀调解规定 §15: a mediator in conflict is refused, unless the parties waive it."""
        case = self.accepted()
        self.assertTrue(case.actions()["ASSIGN"]["allowed"], "what only the request tells is not held against it beforehand")
        self.refused(case.try_("assign", mediators=[self.member], conflicted=[self.member]), 400, "MEDIATOR_CONFLICTED")
        other = next(m["id"] for m in self.committee["members"] if m["id"] != self.member)
        case.do("assign", mediators=[other], conflicted=[self.member], mediatorChoice="2")
        self.assertEqual((case.now["conflicted"], case.now["mediatorChoice"]), ([self.member], "2"))
        self.refused(case.try_("assign", mediators=[self.member]), 400, "MEDIATOR_CONFLICTED")
        case.do("assign", mediators=[self.member], partiesWaiveConflict=True)
        self.assertTrue(case.now["conflictWaived"])

    def test_a_mediator_of_another_committee_is_not_assigned(self):
        """人民调解法 §19: mediators are of the committee that has the case."""
        case = self.accepted()
        self.refused(case.try_("assign", mediators=["01ARZ3NDEKTSV4RRFFQ69G5FAV"]), 400, "MEDIATOR_UNKNOWN")

    def pending(self):
        """Cases with complaints that the office has still to decide."""
        listed = self.ok(self.office.get("/v1/mediation/cases", pendingComplaints="true", pageSize=200))
        return [c["id"] for c in listed.get("cases", [])]

    def test_m8_prohibited_acts_are_complained_of(self):
        """M8, 人民调解法 §15: a complaint about one of the four prohibited acts names the mediator, and is decided by the office."""
        case = self.accepted()
        about = {"text": "见录音", "madeOn": str(self.today), "mediator": self.member}
        for kind in ("FAVOURING", "INSULTING", "TAKING_PROPERTY", "LEAKING_PRIVACY"):
            case.do("complain", complaint=about | {"kind": kind})
        self.assertEqual(len(case.now["complaints"]), 4)
        self.assertIn(case.id, self.pending())
        self.refused(case.try_("complain", complaint=about), 400)
        stranger = about | {"kind": "INSULTING", "mediator": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
        self.refused(case.try_("complain", complaint=stranger), 400, "MEDIATOR_UNKNOWN")
        verdict = {"complaint": 1, "outcome": "CORRECTED", "findings": "批评教育，责令改正"}
        self.refused(case.try_("decideComplaint", **verdict), 403)
        case.do("decideComplaint", caller=self.office, **verdict)
        decided = case.now["complaints"][1]
        self.assertEqual((decided["outcome"], decided["decidedOn"]), ("CORRECTED", str(self.today)))
        self.refused(case.try_("decideComplaint", caller=self.office, **verdict), 400, "COMPLAINT_DECIDED")
        self.refused(case.try_("decideComplaint", caller=self.office, **verdict | {"complaint": 9}), 400, "COMPLAINT_UNKNOWN")
        for other in (0, 2, 3):
            self.assertIn(case.id, self.pending())
            case.do("decideComplaint", caller=self.office, **verdict | {"complaint": other, "outcome": "UNFOUNDED"})
        self.assertNotIn(case.id, self.pending())

    def test_m9_a_dossier_is_complete_before_it_is_archived(self):
        """M9: what the dossier must have is refused by name until it is there."""
        case = self.agreed().do("perform")
        answer = case.try_("archive")
        self.refused(answer, 400, "DOSSIER_INCOMPLETE")
        self.assertIn("当事人身份证明", answer.json["message"])
        self.assertFalse(case.actions()["ARCHIVE"].get("allowed", False))
        self.assertIn("调解协议书", answer.json["message"])
        case.do("addPaper", document="IDENTITY_PROOF")
        self.refused(case.try_("archive"), 400, "DOSSIER_INCOMPLETE")
        other = self.applied().upload("EVIDENCE")
        self.refused(case.try_("addPaper", document="AGREEMENT", attachment=other["id"]), 400, "ATTACHMENT_UNKNOWN")
        withdrawn = case.upload("IDENTITY_PROOF")
        case.upload("AGREEMENT")
        self.ok(self.mediator.post(f"/v1/mediation/attachments/{withdrawn['id']}:withdraw", {"reason": "传错"}))
        self.refused(case.try_("archive"), 400, "DOSSIER_INCOMPLETE")
        case.do("addPaper", document="IDENTITY_PROOF", attachment=case.upload("EVIDENCE")["id"]).do("archive")

    def test_m10_two_sides_and_each_party_identified(self):
        """M10: two parties at least, on opposite sides, and nobody unidentified before acceptance."""
        made = people()
        self.refused(self.apply(parties=[made.party(1)]), 400)
        self.refused(self.apply(parties=[made.party(1), made.party(1)]), 400, "ONE_SIDE_ONLY")
        nameless = {k: v for k, v in made.party(2).items() if k != "idNumber"}
        case = self.applied(parties=[made.party(1), nameless])
        self.refused(case.try_("accept"), 400, "PARTY_NOT_IDENTIFIED")
        company = {"name": "某木雕公司", "creditCode": "91350100M000100Y43", "side": 2}
        case.do("edit", etag=case.now["etag"], particulars=particulars(parties=[made.party(1), company])).do("accept")

    def test_m10_a_wrong_credit_code_warns_and_a_wrong_citizen_id_refuses(self):
        """law 1.4: a real company may carry a wrong check digit, a person may not."""
        made = people()
        case = self.applied(parties=[made.party(1), {"name": "某公司", "creditCode": "91350100M0001TGQXM", "side": 2}])
        self.assertTrue(case.now["particulars"]["parties"][1]["creditCodeSuspect"])
        case.do("accept")
        wrong = made.party(2) | {"idNumber": "110105194912310021"}
        self.refused(self.apply(parties=[made.party(1), wrong]), 400, "CITIZEN_ID_INVALID", "particulars.parties[1].idNumber")

    def test_m10_numbers_are_compared_in_one_form(self):
        """M10, GB 32100: one credit code in capitals and small letters is one organisation; it is kept in capitals."""
        company = {"name": "某木雕公司", "creditCode": "31370000-ma3cxy129c", "side": 1}
        self.refused(self.apply(parties=[company, company | {"creditCode": "31370000MA3CXY129C", "side": 2}]), 400, "SAME_PARTY_ON_BOTH_SIDES")
        made = people()
        case = self.applied(parties=[company, made.party(2)])
        found = self.ok(self.mediator.post("/v1/mediation/cases:search", {"idNumber": "31370000ma3CXY129c"},
                                           headers=PURPOSE))["cases"]
        self.assertIn(case.id, [c["id"] for c in found])

    def test_m10_a_citizens_number_stands_where_it_is_masked(self):
        """GB 32100, 个人信息: a citizen's number is refused as a credit code, and wherever it would be shown to all."""
        made = people()
        one, two = made.party(1), made.party(2)
        misplaced = {"name": "赵大山", "creditCode": one["idNumber"], "side": 1}
        self.refused(self.apply(parties=[misplaced, two]), 400, "CREDIT_CODE_IS_CITIZEN_ID", "particulars.parties[0].creditCode")
        nowhere = one | {"idNumber": "000000199003070016"}
        self.refused(self.apply(parties=[nowhere, two]), 400, "CITIZEN_ID_INVALID", "particulars.parties[0].idNumber")
        case = self.applied(parties=[one, {"name": "某公司", "creditCode": "91350100M000100Y43", "side": 2}])
        seen = self.ok(self.http(self.account("city_supervisor")).get(case.path))["particulars"]["parties"][1]
        self.assertIn("*", seen["creditCode"])

    def test_what_is_typed_has_one_form(self):
        """Names without invisible characters and with one separator, prose with one kind of line break, telephone numbers."""
        made = people()
        one = made.party(1) | {"name": "阿依\u200b古丽•买买提 ", "phone": "(0579) 8662 0001"}
        case = self.applied(parties=[one, made.party(2)], facts="第一行\r\n第二行")
        stored = case.read(purpose="check")["particulars"]
        self.assertEqual((stored["parties"][0]["name"], stored["parties"][0]["phone"], stored["facts"]),
                         ("阿依古丽·买买提", "0579-86620001", "第一行\n第二行"))
        for query in ({"partyName": "阿依古丽・买买提"}, {"phone": "0579 86620001"}):
            found = self.ok(self.mediator.post("/v1/mediation/cases:search", query, headers=PURPOSE)).get("cases", [])
            self.assertIn(case.id, [c["id"] for c in found], query)
        for wrong, reason in (({"name": "\u2060\u2060"}, "FIELD_REQUIRED"), ({"name": "…"}, "FIELD_BLANK"), ({"phone": "-----"}, "FIELD_PHONE"),
                              ({"phone": "1381234567"}, "FIELD_PHONE")):
            self.refused(self.apply(parties=[made.party(1) | wrong, made.party(2)]), 400, reason)

    def test_m10_a_certificate_has_its_type(self):
        """M10: the number of another certificate needs its type; an identity card's has a check digit; parties are found by it."""
        made = people()
        passport = {k: v for k, v in made.party(2).items() if k != "idNumber"} | {"certificateNumber": "E" + made.phone()}
        self.refused(self.apply(parties=[made.party(1), passport]), 400, "FIELD_REQUIRED", "particulars.parties[1].certificateType")
        self.refused(self.apply(parties=[made.party(1), passport | {"certificateType": "111"}]), 400, "CITIZEN_ID_INVALID",
                     "particulars.parties[1].certificateNumber")
        case = self.applied(parties=[made.party(1), passport | {"certificateType": "414"}]).do("accept")
        found = self.ok(self.mediator.post("/v1/mediation/cases:search", {"idNumber": passport["certificateNumber"]},
                                           headers=PURPOSE))["cases"]
        self.assertEqual([c["id"] for c in found], [case.id])
        permit = passport | {"certificateType": "553"}
        for number, reason in (("USA 310-1990 0307-0", None), ("933070199003070014", None), (made.party(2)["idNumber"], "CERTIFICATE_NUMBER_INVALID")):
            answer = self.apply(parties=[made.party(1), permit | {"certificateNumber": number}])
            self.ok(answer) if reason is None else self.refused(answer, 400, reason, "particulars.parties[1].certificateNumber")
        bare = particulars(parties=[made.party(1), {k: v for k, v in passport.items() if k != "certificateNumber"}])
        self.refused(case.try_("edit", etag=case.now["etag"], particulars=bare), 400, "PARTY_NOT_IDENTIFIED")

    def test_signatures_belong_to_the_parties_as_they_stood(self):
        """人民调解法 §29: once somebody has signed, the registration is edited no more; a correction keeps signers in place."""
        case = self.mediating().do("draftAgreement", agreement={"content": "各让一尺"})
        case.do("sign", signatures=[{"party": 0, "signedOn": str(self.today), "manner": "3"}])
        self.refused(case.try_("edit", etag=case.now["etag"], particulars=particulars()), 400, "SIGNED_ALREADY")
        self.assertEqual(case.actions()["EDIT"].get("reason"), "SIGNED_ALREADY")
        swapped = json.dumps({"particulars": {"parties": case.parties[::-1]}})
        self.refused(self.mediator.post("/v1/mediation/corrections", {
            "objectType": "Case", "object": case.id, "reason": "录入错误", "kind": "AMEND", "updateMask": "particulars.parties",
            "content": swapped}), 400, "SIGNER_CHANGED")

    def test_days_follow_each_other(self):
        """人民调解法 §27: an act dated before what it follows is refused with the two days."""
        case = self.mediating(self.ago(5))
        answer = case.try_("agree", on=self.ago(3), agreement=self.agreement(self.ago(6)))
        self.refused(answer, 400, "ACT_OUT_OF_ORDER")
        self.assertIn(f"早于指定调解员日期{self.ago(5)}", answer.json["message"])
        answer = case.try_("agree", on=self.ago(3), agreement=self.agreement(self.ago(2)))
        self.refused(answer, 400, "ACT_OUT_OF_ORDER")
        case.do("agree", on=self.ago(3), agreement=self.agreement(self.ago(4)))
        self.refused(case.try_("perform", on=self.ago(5)), 400, "ACT_OUT_OF_ORDER")
        self.refused(case.try_("revisit", revisit={"visitedOn": self.ago(5), "record": "早"}), 400, "ACT_OUT_OF_ORDER")

    def test_no_act_before_the_one_it_follows(self):
        """An act of the course is not before the last one; what stands beside it is entered late, in any order."""
        case = self.agreed(self.ago(9)).do("supervise", on=self.ago(3))
        self.refused(case.try_("dispute", on=self.ago(5)), 400, "ACT_OUT_OF_ORDER")
        self.refused(case.try_("perform", on=self.ago(5)), 400, "ACT_OUT_OF_ORDER")
        case.do("revisit", revisit={"visitedOn": self.ago(6), "record": "正在履行"})
        case.do("perform", on=self.ago(3))

    def test_nobody_signs_twice(self):
        """人民调解法 §29: two days of one party are a mistake, not to be resolved in silence."""
        twice = self.agreement(self.ago(1))
        twice["signatures"] += signatures(1, self.today)
        self.refused(self.mediating(self.ago(1)).try_("agree", agreement=twice), 400, "SIGNED_TWICE", "agreement.signatures[2].party")

    def test_committees_and_corrections_tell_what_may_be_done(self):
        """design §7: what may I do now, and why that date, of every object; only what can be asked for by itself."""
        path = f"/v1/mediation/committees/{self.committee['id']}"
        acts = [a["action"] for a in self.ok(self.county.get(f"{path}/actions"))["actions"]]
        self.assertEqual(acts, ["CHANGE", "REELECT", "DISSOLVE"])
        self.assertEqual(self.ok(self.county.get(f"{path}/clocks/TERM"))["clock"]["label"], "任期")
        case = self.agreed()
        self.assertNotIn("RECORD_CONFIRMATION", case.actions())
        asked = self.ok(self.office.post("/v1/mediation/corrections", {
            "objectType": "Case", "object": case.id, "kind": "WITHDRAW_ACT", "reason": "登记有误"}))
        answer = self.ok(self.head.get(f"/v1/mediation/corrections/{asked['id']}/actions"))
        self.assertEqual([a["action"] for a in answer["actions"] if a.get("allowed")], ["APPROVE", "REJECT"])

    def test_who_presided_and_took_part(self):
        """A session tells who presided, a mediator of the case, and who took part."""
        case = self.accepted().do("assign", mediators=[self.member])
        session = {"heldOn": str(self.today), "manner": "1", "minutes": "双方陈述", "participants": ["赵大山", "钱小河"]}
        self.refused(case.try_("recordSession", session=session | {"mediator": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}), 400,
                     "MEDIATOR_UNKNOWN", "session.mediator")
        case.do("recordSession", session=session)
        self.assertEqual((case.now["sessions"][0]["mediator"], case.now["sessions"][0]["participants"]), (self.member, ["赵*", "钱*"]))

    def test_m11_five_representatives_at_most(self):
        """M11: a side of many is represented by five at most, and so is the other."""
        made = people()
        many = [made.party(1) | {"representative": True} for _ in range(6)]
        case = self.applied(parties=[*many, made.party(2)])
        self.refused(case.try_("accept"), 400, "TOO_MANY_REPRESENTATIVES")
        many[0]["representative"] = False
        other = [made.party(2) | {"representative": True} for _ in range(5)]
        case.do("edit", etag=case.now["etag"], particulars=particulars(parties=[*many, *other])).do("accept")

    def test_disputes_reserved_to_other_organs_are_not_accepted(self):
        """人民调解工作若干规定 §22: what the law gives to another organ is not accepted."""
        self.refused(self.applied(reservedToOtherOrgan=True).try_("accept"), 400, "RESERVED_TO_OTHER_ORGAN")

    def test_others_are_invited_with_consent_only(self):
        """人民调解法 §20: relatives and experts take part with the parties' consent."""
        case = self.accepted().do("assign", mediators=[self.member])
        self.refused(case.try_("invite", invitation={"name": "甲", "relation": "亲属"}), 400, "INVITATION_WITHOUT_CONSENT")
        case.do("invite", invitation={"name": "甲", "relation": "亲属", "partiesConsent": True})


class CommitteeTest(CaseTest):
    """人民调解法 §8, §9, §14: who may sit on a committee, and for how long."""

    def establish(self, members, **more):
        return self.county.post("/v1/mediation/committees", {
            "organisation": "330783-court", "region": "330783", "name": "组成测试", "type": "6", "level": "3", "caseWord": "东测",
            "members": members} | more)

    def members(self, *more, size=3):
        made = people()
        base = [made.member("HEAD", "1"), made.member("MEMBER", "2")] + [made.member("MEMBER", "1") for _ in range(size - 2)]
        return [*base, *more]

    def test_composition(self):
        """Three to nine, one head, a woman, a minority member in mixed areas, adults only."""
        made = people()
        child = made.member("MEMBER", "1", bornOn=f"{self.today.year - 17}-06-01")
        men = [m | {"sex": "1"} for m in self.members()]
        self.refused(self.establish(self.members(size=2)), 400, "COMMITTEE_SIZE")
        self.refused(self.establish(self.members(size=10)), 400, "COMMITTEE_SIZE")
        self.refused(self.establish(men), 400, "COMMITTEE_WOMAN")
        self.refused(self.establish(self.members(made.member("HEAD", "1"))), 400, "COMMITTEE_HEAD")
        self.refused(self.establish([m | {"role": "MEMBER"} for m in self.members()]), 400, "COMMITTEE_HEAD")
        self.refused(self.establish(self.members(), mixedArea=True), 400, "COMMITTEE_MINORITY")
        self.refused(self.establish(self.members(child)), 400, "MEDIATOR_NOT_ADULT")

    def test_a_dissolved_organisation_establishes_none(self):
        system = self.http("dongyang.system")
        made = self.ok(system.post("/v1/identity/organisations", {
            "code": "330783-gone", "parentCode": "330783", "name": "撤销的单位", "kind": "COMMITTEE", "level": 5}))
        self.ok(system.act(f"/v1/identity/organisations/{made['organisation']}:dissolve", {"reason": "撤销"}))
        self.refused(self.establish(self.members(), organisation="330783-gone"), 400, "ORGANISATION_DISSOLVED")

    def test_types_work_at_their_levels(self):
        """A village's committee mediates at the village's level, not at the city's."""
        self.refused(self.establish(self.members(), type="1", level="3"), 400, "COMMITTEE_LEVEL")
        self.refused(self.establish(self.members(), type="4", level="1"), 400, "COMMITTEE_LEVEL")

    def test_no_two_committees_number_alike(self):
        """The word of the case numbers is one committee's own in its county."""
        self.refused(self.establish(self.members(), caseWord=self.committee["caseWord"]), 400, "CASE_WORD_TAKEN", "caseWord")

    def test_a_mediator_at_work_does_not_leave(self):
        """人民调解法 §10: who mediates in a case is replaced there first, and a committee with open cases is not dissolved."""
        self.accepted().do("assign", mediators=[self.member])
        path, rest = f"/v1/mediation/committees/{self.committee['id']}", [m for m in self.committee["members"] if m["id"] != self.member]
        etag = self.ok(self.county.get(path))["etag"]
        made = people()
        body = {"etag": etag, "members": [*(made.member(m["role"], m["sex"]) | {"id": m["id"]} for m in rest), made.member("MEMBER", "2")]}
        if not any(m["role"] == "HEAD" for m in rest):
            body["members"][-1]["role"] = "HEAD"
        self.refused(self.county.act(f"{path}:change", body), 400, "MEMBER_HAS_CASES")
        self.refused(self.county.act(f"{path}:dissolve", {"reason": "撤并"}), 400, "COMMITTEE_HAS_CASES")

    def test_a_term_has_three_years(self):
        """§9: a term ends the day before the third anniversary; the demonstration's committees run theirs."""
        term = next(c for c in self.committee["clocks"] if c["kind"] == "TERM")
        begin, end = self.committee["electedOn"], term["dueOn"]
        self.assertEqual((int(end[:4]) - int(begin[:4]), term["period"]["article"]), (3, "9"))
        self.assertLess(end[5:], begin[5:]) if begin[5:] != "01-01" else None
