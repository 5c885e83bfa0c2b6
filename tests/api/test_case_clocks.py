"""Limits of a case: when they start, when they end, what extends and what stops them. Acts are entered with their true dates."""

import time

from suite import wait_until
from world import ENCLOSED, CaseTest


class ConcludeTest(CaseTest):
    """人民调解工作若干规定 §33: generally within one month of acceptance."""

    def due(self, accepted):
        return self.accepted(accepted).clock("CONCLUDE")["dueOn"]

    def test_one_month_from_acceptance(self):
        """The same day of the next month; its last day where there is none; the first working day where it is a day off."""
        self.assertEqual(self.due("2024-07-08"), "2024-08-08")
        self.assertEqual(self.due("2024-01-31"), "2024-02-29")
        self.assertEqual(self.due("2026-06-30"), "2026-07-30", "民法典 §202: the corresponding day, not the month's last")
        self.assertEqual(self.due("2024-09-05"), "2024-10-08", "10-05 is a holiday, 10-08 the first working day after it")
        self.assertEqual(self.due("2024-08-29"), "2024-09-29", "a Sunday that is a working day does not roll over")

    def test_extension_with_the_consent_of_all(self):
        """Extended only with the consent of all parties, to the agreed day and not back."""
        case = self.accepted(self.ago(20))
        later = str(self.today.replace(year=self.today.year + 1))
        self.refused(case.try_("extend", extendedUntil=later), 400, "EXTENSION_WITHOUT_CONSENT")
        case.do("extend", extendedUntil=later, allPartiesAgree=True)
        clock = case.clock("CONCLUDE")
        self.assertEqual((clock["dueOn"], clock["extended"], clock["colour"]), (later, True, "GREEN"))
        self.refused(case.try_("extend", extendedUntil=self.ago(1), allPartiesAgree=True), 400)

    def test_what_has_run_out_is_not_extended(self):
        """An extension agreed on after the last day is none; one agreed on in time may be entered later, with its day."""
        case = self.accepted("2024-07-08")
        self.assertEqual(case.actions()["EXTEND"]["reason"], "EXTENSION_TOO_LATE")
        agreed = {"extendedUntil": "2024-09-30", "allPartiesAgree": True}
        self.refused(case.try_("extend", **agreed), 400, "EXTENSION_TOO_LATE")
        self.refused(case.try_("extend", on="2024-08-09", **agreed), 400, "EXTENSION_TOO_LATE")
        self.assertEqual(case.do("extend", on="2024-08-08", **agreed).clock("CONCLUDE")["dueOn"], "2024-09-30")
        sent = {"source": "31", "diversion": {"kind": "DELEGATED", "court": "东阳市人民法院"}}
        case = self.accepted("2024-07-01", **sent).do("extend", on="2024-07-31", **agreed)
        self.assertEqual(case.history()[-1]["law"], "《最高人民法院关于人民法院特邀调解的规定》第27条")

    def test_colours(self):
        """Green, yellow a week before the end, red after it; a limit that was met stops, and stays red where it was late."""
        self.assertEqual(self.accepted(self.ago(2)).clock("CONCLUDE")["colour"], "GREEN")
        self.assertEqual(self.accepted(self.ago(26)).clock("CONCLUDE")["colour"], "YELLOW")
        late = self.mediating(self.ago(60))
        self.assertEqual(late.clock("CONCLUDE")["colour"], "RED")
        self.assertEqual(late.now["clocks"], late.read()["clocks"], "an act answers what is then read")
        late.do("fail", reason="未达成", routesTold=True)
        clock = late.clock("CONCLUDE")
        self.assertEqual((clock["state"], clock["endedOn"], clock["colour"]), ("STOPPED", str(self.today), "RED"))

    def test_what_was_agreed_in_time_is_in_time(self):
        """An agreement signed before the last day and entered after it concludes with its last signature."""
        case = self.mediating("2024-07-08").do("agree", agreement=self.agreement("2024-08-05"))
        clock = case.clock("CONCLUDE")
        self.assertEqual((case.now["concludedOn"], clock["endedOn"], clock["colour"]), ("2024-08-05", "2024-08-05", "GREEN"))
        case = self.mediating("2024-07-08").do("agreeOrally", agreement={"content": "道歉", "agreedOn": "2024-08-05"})
        self.assertEqual((case.now["concludedOn"], case.clock("CONCLUDE")["colour"]), ("2024-08-05", "GREEN"))
        whole = self.agreement("2024-08-20")
        self.assertEqual(case.do("writeDown", agreement=whole).now["concludedOn"], "2024-08-05", "written down later")

    def test_it_is_explained(self):
        """为什么是这一天: the limit tells its rule and its steps."""
        case = self.accepted("2024-09-05")
        answer = self.ok(self.mediator.get(f"{case.path}/clocks/CONCLUDE"))
        self.assertEqual(answer["clock"]["period"], {"instrument": "PMR", "amount": 1, "unit": "MONTH", "article": "33"})
        self.assertTrue(any("2024年10月8日" in step for step in answer["steps"]), answer["steps"])
        self.refused(self.mediator.get(f"{case.path}/clocks/CONFIRM"), 404)


class ImportedCalendarTest(CaseTest):
    """A notice imported at identity moves the limits of every service, without a restart."""

    def notice(self, *more):
        days = self.ok(self.mediator.get("/v1/reference/calendar/2012"))["days"]
        lines = [f"{day['date']},{day['kind'].lower()},{day['name']}" for day in days] + list(more)
        return "date,kind,name\n" + "\n".join(sorted(lines)) + "\n"

    def wait_for(self, due):
        for _ in range(60):
            case = self.accepted("2012-05-15")
            if case.clock("CONCLUDE")["dueOn"] == due:
                return case
            time.sleep(0.5)
        self.fail(f"no limit ends on {due}")

    def test_a_day_off_at_the_end(self):
        """民事诉讼法 §85: one month from 2012-05-15 ends on a Friday; where that is a holiday, on the Monday. A limit that runs moves with it."""
        system = self.suite.http("zhejiang.system")
        usual = self.notice()
        running = self.wait_for("2012-06-15")
        try:
            self.ok(system.post("/v1/reference/calendar:import", {"year": 2012, "csv": self.notice("2012-06-15,holiday,放假")}))
            self.wait_for("2012-06-18")
            self.until_moved(running, "2012-06-15", "2012-06-18")
        finally:
            self.ok(system.post("/v1/reference/calendar:import", {"year": 2012, "csv": usual}))
        self.wait_for("2012-06-15")
        self.until_moved(running, "2012-06-18", "2012-06-15")
        explained = self.ok(self.mediator.get(f"{running.path}/clocks/CONCLUDE"))
        self.assertIn("变更前，至 2012-06-18 届满", explained["steps"][-1])
        self.assertEqual([e["action"] for e in running.history()].count("CLOCK_SETTLED"), 2)
        listed = self.ok(self.office.get("/v1/mediation/work", kind="MOVED", pageSize=200))["items"]
        item = next(i for i in listed if i["objectId"] == running.id)
        self.assertEqual((item["moved"][0]["from"], item["moved"][0]["dueOn"]), ("2012-06-18", "2012-06-15"))

    def until_moved(self, case, before, after):
        wait_until(lambda: case.clock("CONCLUDE")["dueOn"] == after, 60, f"moving a limit to {after}", pause=0.2)
        self.assertEqual(case.clock("CONCLUDE")["movedFrom"], before)


class ConfirmTest(CaseTest):
    """民事诉讼法 §205: asked for by the parties together within 30 days of the agreement's effect."""

    def test_a_make_up_sunday_is_a_working_day(self):
        """Effective on 2024-08-30, due on Sunday 2024-09-29, which is a working day; a day later it is too late."""
        case = self.agreed("2024-08-30")
        clock = case.clock("CONFIRM")
        self.assertEqual((clock["dueOn"], clock["startedOn"], clock["period"]["amount"]), ("2024-09-29", "2024-08-30", 30))
        body = {"caseId": case.id, "court": "东阳市人民法院", "jurisdiction": "ORGANISATION_PLACE", "applicants": [0, 1],
                "enclosed": ENCLOSED}
        late = self.mediator.post("/v1/mediation/confirmations", body | {"occurredOn": "2024-09-30"})
        self.refused(late, 400, "CONFIRMATION_TOO_LATE")
        self.ok(self.mediator.post("/v1/mediation/confirmations", body | {"occurredOn": "2024-09-29"}))
        clock = case.clock("CONFIRM")
        self.assertEqual((clock["state"], clock["endedOn"]), ("STOPPED", "2024-09-29"))

    def test_a_holiday_rolls_over(self):
        """Effective on 2024-09-02: day 30 is 10-02, a holiday; due on 10-08."""
        self.assertEqual(self.agreed("2024-09-02").clock("CONFIRM")["dueOn"], "2024-10-08")

    def test_it_runs_from_the_last_signature(self):
        """It runs from the day of effect, not from the day of mediation."""
        case = self.mediating("2024-06-03")
        whole = self.agreement("2024-06-03") | {"sealedOn": "2024-06-11"}
        case.do("agree", on="2024-06-11", agreement=whole)
        self.assertEqual((case.clock("CONFIRM")["startedOn"], case.clock("CONFIRM")["dueOn"]), ("2024-06-11", "2024-07-11"))


class PerformanceTest(CaseTest):
    def test_the_agreement_sets_the_day(self):
        """履行期限 ends on the agreement's own day, and stops when performed."""
        case = self.agreed("2024-06-03", perform_by="2024-06-30")
        self.assertEqual((case.clock("PERFORMANCE")["dueOn"], case.clock("PERFORMANCE")["colour"]), ("2024-06-30", "RED"))
        case.do("supervise", on="2024-06-20").do("perform", on="2024-06-28")
        clock = case.clock("PERFORMANCE")
        self.assertEqual((clock["state"], clock["endedOn"], clock["colour"]), ("STOPPED", "2024-06-28", "GREEN"))

    def test_performed_at_once(self):
        """An agreement without a day of performance starts no limit."""
        self.assertIsNone(self.agreed().clock("PERFORMANCE"))


class DatesTest(CaseTest):
    def test_no_act_of_tomorrow(self):
        """An act is never dated after today."""
        case = self.applied()
        self.refused(case.try_("accept", on="2999-01-01"), 400, field="occurredOn")
        self.refused(case.try_("accept", on="2024-02-30"), 400, field="occurredOn")

    def test_back_dated_acts_keep_their_true_day(self):
        """补录: an act done on paper is entered with its true date; when it was recorded shows beside it."""
        case = self.accepted("2024-03-04")
        entry = case.history()[-1]
        self.assertEqual(entry["occurredOn"], "2024-03-04")
        self.assertGreaterEqual(entry["recordedAt"][:4], str(self.today.year))
        self.assertRegex(case.now["number"], "^（2024）")
