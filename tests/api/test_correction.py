"""更正: what was entered wrongly is put right with a reason and another person's approval, and stays on record."""

import json

from world import CaseTest


class CorrectionTest(CaseTest):
    def ask(self, case, caller=None, **body):
        return (caller or self.mediator).post("/v1/mediation/corrections", {
            "objectType": "Case", "object": case.id, "reason": "录入错误"} | body)

    def approve(self, correction, caller=None, **body):
        return (caller or self.head).act(f"/v1/mediation/corrections/{correction['id']}:approve", body)

    def test_a_wrong_act_is_withdrawn(self):
        """撤销: the latest act is undone; the case is what it was before, its history keeps both."""
        case = self.accepted().do("withdraw", reason="误点", routesTold=True)
        asked = self.ok(self.ask(case, kind="WITHDRAW_ACT"))
        self.assertEqual((asked["state"], asked["action"]), ("REQUESTED", "WITHDRAW"))
        self.assertEqual(case.read()["state"], "WITHDRAWN", "nothing changes before the approval")
        self.ok(self.approve(asked))
        self.assertEqual((case.read()["state"], case.clock("CONCLUDE")["state"]), ("ACCEPTED", "RUNNING"))
        entry = case.history()[-1]
        self.assertEqual((entry["action"], entry["approvedBy"], entry["correction"]), ("CORRECT", "dongyang.head", asked["id"]))

    def test_a_wrong_date_is_amended_and_moves_the_limit(self):
        """更正内容: a date of acceptance put right moves the limit that runs from it; the effect is shown before."""
        case = self.accepted("2024-03-04")
        act = case.history()[1]["journalId"]
        asked = self.ok(self.ask(case, kind="AMEND", act=act, actDay="2024-03-14", updateMask="acceptedOn",
                                 content=json.dumps({"acceptedOn": "2024-03-14"})))
        effect = self.ok(self.head.get(f"/v1/mediation/corrections/{asked['id']}/effect"))
        self.assertEqual([(c["before"]["dueOn"], c["after"]["dueOn"]) for c in effect["clocks"]], [("2024-04-07", "2024-04-15")])
        self.assertTrue(effect["counts"]["before"] and effect["counts"]["after"])
        self.ok(self.approve(asked, objectEtag=effect["objectEtag"]))
        self.assertEqual((case.read()["acceptedOn"], case.clock("CONCLUDE")["dueOn"]), ("2024-03-14", "2024-04-15"))

    def test_a_limit_without_ground_is_removed(self):
        """更正内容: an agreement that names no day of performance has no such limit; the others stay."""
        case = self.agreed(self.ago(3), perform_by=self.ago(-30))
        due = case.clock("CONFIRM")["dueOn"]
        self.ok(self.approve(self.ok(self.ask(case, kind="AMEND", updateMask="agreement.performBy", content="{}"))))
        self.assertIsNone(case.clock("PERFORMANCE"))
        self.assertEqual(case.clock("CONFIRM")["dueOn"], due)

    def test_the_last_amendment_of_a_day_counts(self):
        """A date amended by its act and later by its field; one request does not name two days."""
        case = self.accepted("2024-03-04")
        act = case.history()[1]["journalId"]
        self.ok(self.approve(self.ok(self.ask(case, kind="AMEND", act=act, actDay="2024-03-14"))))
        self.ok(self.approve(self.ok(self.ask(case, kind="AMEND", updateMask="acceptedOn", content='{"acceptedOn": "2024-03-06"}'))))
        self.assertEqual((case.read()["acceptedOn"], case.clock("CONCLUDE")["dueOn"]), ("2024-03-06", "2024-04-07"))
        self.refused(self.ask(case, kind="AMEND", act=act, actDay="2024-03-14", updateMask="acceptedOn",
                              content='{"acceptedOn": "2024-03-06"}'), 400, "DATES_DIFFER", "content.acceptedOn")

    def test_who_asks_does_not_approve(self):
        """Nobody approves what he asked for; mediators and offices ask, the head approves."""
        case = self.accepted()
        asked = self.ok(self.ask(case, self.head, kind="VOID"))
        self.refused(self.approve(asked), 400, "CORRECTION_OWN")
        self.refused(self.approve(asked, self.mediator), 403)
        self.refused(self.approve(asked, self.office), 403)

    def test_rejected_and_cancelled(self):
        """不予批准, 撤回申请: the case stays as it is."""
        case = self.accepted()
        first, second = self.ok(self.ask(case, kind="VOID")), None
        self.assertEqual(self.ok(self.head.act(f"/v1/mediation/corrections/{first['id']}:reject", {"reason": "并无错误"}))["state"], "REJECTED")
        second = self.ok(self.ask(case, kind="VOID"))
        self.assertEqual(self.ok(self.mediator.act(f"/v1/mediation/corrections/{second['id']}:cancel", {"reason": "看错了"}))["state"], "CANCELLED")
        self.assertEqual(case.read()["state"], "ACCEPTED")

    def test_an_approval_holds_for_what_was_seen(self):
        """An approval that names what it saw is refused where the case has changed since."""
        case = self.accepted()
        asked = self.ok(self.ask(case, kind="VOID"))
        seen = self.ok(self.head.get(f"/v1/mediation/corrections/{asked['id']}/effect"))["objectEtag"]
        case.do("assign", mediators=[self.member])
        self.refused(self.approve(asked, objectEtag=seen), 409, "ETAG_STALE")

    def test_a_voided_case_is_final(self):
        """作废: read, but never acted on or corrected again; its number stays used."""
        case = self.accepted()
        number = case.now["number"]
        self.ok(self.approve(self.ok(self.ask(case, kind="VOID"))))
        self.assertEqual((case.read()["state"], case.read()["number"]), ("VOIDED", number))
        self.refused(case.try_("assign", mediators=[self.member]), 400)
        self.refused(self.ask(case, kind="VOID"), 400, "RECORD_VOIDED")


class WorklistTest(CaseTest):
    """待办、已办、逾期 by the next limit."""

    def work(self, caller, **query):
        found, token = [], ""
        while True:
            page = self.ok(caller.get("/v1/mediation/work", pageSize=200, pageToken=token, types="Case", **query))
            found += page.get("items", [])
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def test_what_is_mine_and_what_is_due_first(self):
        """待办 mine: what is assigned to the caller, earliest limit first, gone when it is done."""
        case = self.mediating(self.ago(10))
        other = self.accepted(self.ago(10))
        items = self.work(self.mediator, mine=True)
        mine = next(i for i in items if i["objectId"] == case.id)
        self.assertEqual((mine["clock"], mine["state"], mine["assignee"]), ("CONCLUDE", "MEDIATING", self.me))
        self.assertNotIn(other.id, [i["objectId"] for i in items])
        self.assertIn(other.id, [i["objectId"] for i in self.work(self.office)])
        due = [i["dueOn"] for i in items if i.get("dueOn")]
        self.assertEqual(due, sorted(due))
        case.do("fail", reason="未成", routesTold=True).upload("IDENTITY_PROOF")
        case.do("archive")
        self.assertNotIn(case.id, [i["objectId"] for i in self.work(self.mediator, mine=True)])
        self.assertIn(case.id, [i["objectId"] for i in self.work(self.mediator, kind="DONE")])

    def test_overdue(self):
        """逾期: open and past its limit, red, for the mediator, the office and the county; not for the neighbours."""
        late, timely = self.mediating(self.ago(60)), self.mediating(self.ago(1))
        for caller in (self.mediator, self.office, self.county, self.http("jinhua.supervisor")):
            items = {i["objectId"]: i for i in self.work(caller, kind="OVERDUE")}
            self.assertEqual(items[late.id]["colour"], "RED")
            self.assertNotIn(timely.id, items)
        self.assertNotIn(late.id, [i["objectId"] for i in self.work(self.neighbour, kind="OVERDUE")])

    def test_counts(self):
        """How much there is, by colour, where asked for: as many as the list has."""
        self.mediating(self.ago(60))
        page = self.ok(self.office.get("/v1/mediation/work", types="Case", counts="true"))
        counts = page["counts"][0]
        self.assertEqual(sum(int(counts.get(k, 0)) for k in ("green", "yellow", "red", "withoutLimit")), len(self.work(self.office)))
        self.assertEqual(int(counts["red"]), len(self.work(self.office, kind="OVERDUE")))
