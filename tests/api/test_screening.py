"""Screening of disputes through the gateway: recorded by the mediator, counted in the monthly table, voided with approval."""

from bureau import assert_whole
from imports import ImportTest, measure
from world import NANMA, NANMA_REGION, particulars

_PATH = "/v1/mediation/screenings"
_DAY, _CLEAR = "2023-03-03", "2023-04-05"  # days on which no other test screens


class ScreeningTest(ImportTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mediator = cls.suite.http("nanma.mediator")
        listed = cls.mediator.must("GET", f"/v1/mediation/committees?organisation={NANMA}")["committees"]
        cls.committee = next(c["id"] for c in listed if c["state"] == "ACTIVE")

    def record(self, **more):
        path = f"{_PATH}:find" if "lead" in more else _PATH
        return self.ok(self.mediator.post(path, {"committee": self.committee, "region": NANMA_REGION, "occurredOn": _DAY} | more))

    def act(self, screening, name, **body):
        return self.ok(self.mediator.act(f"{_PATH}/{screening['id']}:{name}", {"etag": screening["etag"]} | body))

    def figure(self, cube, name, begin, end):
        self.wait_until_counted()
        return measure(self.query(begin, end, NANMA_REGION, cube=cube), name)

    def test_a_dispute_is_found_prevented_and_counted(self):
        """排查 → 预防 → 防止: each is in the figure of its own day, and the record behind it is found; voided it is in none."""
        found = self.record(lead={"type": "02", "facts": "争水引起争吵", "people": 2})
        self.assertEqual(found["state"], "LEAD")
        actions = {a["action"]: a["allowed"] for a in self.ok(self.mediator.get(f"{_PATH}/{found['id']}/actions"))["actions"]}
        self.assertEqual(actions, {"PREVENT": True, "OPEN_CASE": True, "ESCALATE": True})
        found = self.act(found, "prevent", occurredOn="2023-03-04", prevention={"measures": "逐户走访"})
        self.refused(self.mediator.act(f"{_PATH}/{found['id']}:settle", {"etag": found["etag"], "danger": "4"}), 400, "PEOPLE_MISSING")
        found = self.act(found, "settle", occurredOn="2023-03-31", danger="4", people=12)
        self.assertEqual(found["state"], "PREVENTED")
        self.assertEqual(self.figure("mediation.screenings", "screened", _DAY, _DAY), 1)
        self.assertEqual(self.figure("mediation.prevention", "petition_people", "2023-03-31", "2023-03-31"), 12)
        assert_whole(self.suite, "mediation")  # screenings among the objects that are checked
        behind = self.drill_down("2023-03-31", "2023-03-31", NANMA_REGION, cube="mediation.prevention", measure="petition")
        self.assertEqual([r["objectId"] for r in behind], [found["id"]])
        self.assertEqual([e["action"] for e in self.ok(self.mediator.get(f"{_PATH}/{found['id']}/history"))["entries"]],
                         ["FIND", "PREVENT", "SETTLE"])
        asked = self.office.must("POST", "/v1/mediation/corrections", {
            "objectType": "Screening", "object": found["id"], "kind": "VOID", "reason": "重复登记"})
        self.head.must_act(f"/v1/mediation/corrections/{asked['id']}:approve", {})
        self.assertEqual(self.figure("mediation.screenings", "screened", _DAY, _DAY), 0)
        self.assertEqual(self.figure("mediation.prevention", "prevented", "2023-03-31", "2023-03-31"), 0)

    def test_a_round_that_found_nothing_is_listed_and_counted(self):
        """A clear round is one of the rounds, in the list and in the figure."""
        clear = self.record(occurredOn=_CLEAR)
        self.assertEqual(clear["state"], "CLEAR")
        listed = self.ok(self.office.get(_PATH, region=NANMA_REGION, screenedFrom=_CLEAR, screenedTo=_CLEAR))["screenings"]
        self.assertEqual([s["id"] for s in listed], [clear["id"]])
        self.assertEqual(self.figure("mediation.screenings", "screened", _CLEAR, _CLEAR), 1)

    def test_a_neighbour_neither_sees_nor_records(self):
        """Another township's office has no reach to this committee."""
        found = self.record(occurredOn="2023-05-06", lead={"type": "02", "facts": "相邻采光", "people": 2})
        neighbour = self.http("hengdian.officer")
        self.refused(neighbour.get(f"{_PATH}/{found['id']}"), 404)
        self.refused(neighbour.post(_PATH, {"committee": self.committee, "region": NANMA_REGION}), 404)

    def test_a_case_comes_from_one_screening(self):
        """转入调解: a second lead does not claim the same case."""
        leads = [self.record(occurredOn="2023-06-0%d" % day, lead={"type": "02", "facts": "排水", "people": 2}) for day in (5, 6)]
        case = self.ok(self.mediator.post("/v1/mediation/cases", {
            "committee": self.committee, "region": NANMA_REGION, "particulars": particulars()}))
        self.act(leads[0], "openCase", caseId=case["id"])
        again = self.mediator.act(f"{_PATH}/{leads[1]['id']}:openCase", {"etag": leads[1]["etag"], "caseId": case["id"]})
        self.refused(again, 409, "CASE_SCREENED")

    def test_the_record_of_a_round_is_voided_last(self):
        """The first record of a round counts for the round, so it stays while others are of it."""
        lead = {"type": "02", "facts": "排水", "people": 2}
        first = self.record(occurredOn="2023-06-07", lead=lead)
        self.record(occurredOn="2023-06-07", lead=lead, round=first["id"])
        asked = self.office.post("/v1/mediation/corrections", {
            "objectType": "Screening", "object": first["id"], "kind": "VOID", "reason": "重复登记"})
        self.refused(asked, 400, "ROUND_HAS_RECORDS")
