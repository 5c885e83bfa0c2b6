"""The demonstration county is 东阳市 as it is, with people who are not: what `tools/sifa up` promises to show."""

from base import ApiTest

_STATES = ("APPLIED", "ACCEPTED", "REJECTED", "ASSIGNED", "MEDIATING", "AGREED_WRITTEN", "AGREED_ORAL", "FAILED", "WITHDRAWN",
           "PERFORMING", "PERFORMED", "DISPUTED", "ARCHIVED", "VOIDED")


class DemonstrationTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.suite.http("dongyang.officer")

    def all(self, path, name):
        found, token = [], ""
        while True:
            page = self.ok(self.office.get(path, pageSize=200, pageToken=token))
            found += page[name]
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def test_a_committee_for_every_township_village_and_trade(self):
        """18 townships, 388 villages and four trades have a committee, each of a lawful composition."""
        committees = [c for c in self.all("/v1/mediation/committees", "committees") if c["state"] == "ACTIVE"]
        levels = [len({c["organisation"] for c in committees if c["level"] == level}) for level in "123"]
        self.assertEqual((levels[0], levels[1]), (388, 18))
        self.assertGreaterEqual(levels[2], 4)
        for c in committees:
            seated = [m for m in c["members"] if m["role"] != "ENGAGED"]
            self.assertTrue(3 <= len(seated) <= 9 and any(m["sex"] == "2" for m in seated), c["name"])
            self.assertEqual(sum(m["role"] == "HEAD" for m in seated), 1, c["name"])

    def test_cases_in_every_state(self):
        """There is something to see in every state, and clocks of every colour."""
        for state in _STATES:
            self.assertTrue(self.ok(self.office.get("/v1/mediation/cases", states=state, pageSize=1)).get("cases"), state)
        counts = self.ok(self.office.get("/v1/mediation/work", types="Case"))["counts"][0]
        self.assertTrue(all(int(counts.get(colour, 0)) for colour in ("green", "yellow", "red")), counts)
        states = {c["state"] for c in self.ok(self.office.get("/v1/mediation/confirmations"))["confirmations"]}
        self.assertIn("ACCEPTED", states, "a court is deciding")

    def test_mediators_have_work_of_their_own(self):
        """Whoever signs in as a mediator finds work that is his."""
        for account in ("nanma.mediator", "nanma.mediator2", "hengdian.mediator", "nanma.village", "dongyang.mediator"):
            self.assertTrue(self.ok(self.http(account).get("/v1/mediation/work", mine=True)).get("items"), account)

    def test_figures_of_this_year_and_last(self):
        """Both years have figures to compare."""
        year = self.suite.clock.today().year
        for y in (year - 1, year):
            answer = self.ok(self.office.post("/v1/mediation/statistics:query", {
                "cube": "mediation.cases", "from": f"{y}-01-01", "to": f"{y}-12-31", "region": "330783"}))
            if y < year or self.suite.clock.today().month > 2:
                self.assertGreater(int(answer["totals"]["measures"][0]), 50, y)

    def test_loading_again_changes_nothing(self):
        """Loading that was cut short goes on; loading again adds nothing."""
        import demo  # pylint: disable=import-outside-toplevel
        rows = lambda: self.suite.mysql_root(  # noqa: E731
            "SELECT type, COUNT(*) AS n FROM object GROUP BY type ORDER BY type", "sifa_mediation")
        before = rows()
        self.assertIn("410 committees, 600 closed cases", demo.load(self.suite))
        self.assertEqual(rows(), before)
