"""The demonstration county is 东阳市 as it is, with people who are not: what `tools/sifa up` promises to show."""

from base import ApiTest

_STATES = ("APPLIED", "ACCEPTED", "REJECTED", "ASSIGNED", "MEDIATING", "AGREED_WRITTEN", "AGREED_ORAL", "FAILED", "WITHDRAWN",
           "PERFORMING", "PERFORMED", "DISPUTED", "ARCHIVED", "VOIDED")


class DemonstrationTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.suite.http("dongyang.officer")

    def all(self, path, name, account=None):
        """Every object of a list, as the county officer or another account sees it."""
        found, token, caller = [], "", self.http(account) if account else self.office
        while True:
            page = self.ok(caller.get(path, pageSize=200, pageToken=token))
            found += page.get(name, [])
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
        counts = self.ok(self.office.get("/v1/mediation/work", types="Case", counts="true"))["counts"][0]
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

    def test_people_in_corrections_in_every_state(self):
        """260 people in the 18 offices of 东阳市, 30 in two of 义乌市, of each category and in each state; eight are minors."""
        people = {place: self.all("/v1/corrections/subjects", "subjects", account)
                  for place, account in (("330783", "dongyang.officer"), ("330782", "yiwu.officer"))}
        for place, number, offices in (("330783", 260, 18), ("330782", 30, 2)):
            self.assertGreaterEqual(len(people[place]), number)
            self.assertEqual(len({s["organisation"] for s in people[place]}), offices)
        county = people["330783"]
        self.assertLessEqual({"NOTICED", "REGISTERED", "ACTIVE", "RELEASED", "TERMINATED"}, {s["state"] for s in county})
        self.assertLessEqual({"EXPIRED", "PARDONED", "PROBATION_REVOKED", "PAROLE_REVOKED", "RECALLED", "DEAD"}, {s.get("end") for s in county})
        self.assertLessEqual({"01", "02", "03", "04"}, {s["decision"]["category"] for s in county})
        self.assertGreaterEqual(sum(bool(s.get("minor")) for s in county), 8)
        searches = self.ok(self.office.get("/v1/corrections/searches", states="SEARCHING", pageSize=200))["searches"]
        self.assertGreaterEqual(len({s["subject"] for s in searches}), 10)
        for what, state in (("releases", "APPRAISED"), ("breaches", "INVESTIGATING"), ("sanctions", "SERVED"), ("leaves", "APPLIED"),
                            ("leaves", "DEPARTED"), ("leaves", "OVERSTAYED"), ("leaves", "RETURNED"), ("plans", "IN_FORCE"), ("duties", "DUE"),
                            ("psychologyCases", "ASSESSED"), ("psychologyCases", "WARNED"), ("rollCalls", "RUNNING"), ("checks", "PRESENT"), ("checks", "TO_JUDGE"), ("inspections", "OPEN")):
            self.assertTrue(self.ok(self.office.get(f"/v1/corrections/{what}", states=state, pageSize=1)).get(what), what)

    def test_offices_without_an_officer(self):
        """mission 2: 东阳市 has three empowered officers at its centre, and two offices with none."""
        staffing = self.ok(self.office.get("/v1/corrections/staffing", organisation="330783"))
        self.assertEqual(len(staffing["shortOffices"]), 2)
        self.assertEqual(staffing.get("shortCentres", []), [])

    def test_forty_in_resettlement(self):
        """From corrections and from prison, as far as each step of help."""
        helped = self.all("/v1/corrections/resettlements", "resettlements")
        self.assertGreaterEqual(len(helped), 40)
        self.assertEqual({h["origin"] for h in helped}, {"PRISON", "CORRECTIONS"})
        self.assertLessEqual({"RECEIVED", "VERIFIED", "UNVERIFIED", "PRE_RELEASE", "LINKED", "UNLINKED", "HELPING"}, {h["state"] for h in helped})

    def test_the_rates_of_resettlement(self):
        """law §9: of four released in 义乌市 all were linked and three are helped; nobody came from prison."""
        today = self.suite.clock.today()
        answer = self.ok(self.http("yiwu.officer").post("/v1/corrections/statistics:query", {
            "cube": "corrections.resettlements", "from": f"{today.year - 1}-01-01", "to": today.isoformat(), "region": "330782"}))
        rates = dict(zip((r["label"] for r in answer["ratios"]), answer["totals"]["ratios"]))
        self.assertEqual(rates, {"信息核实率": "—", "衔接率": "100.00", "帮教率": "75.00", "安置率": "0.00", "重新犯罪率": "0.00"})

    def test_loading_again_changes_nothing(self):
        """Loading that was cut short goes on; loading again adds nothing."""
        import demo  # pylint: disable=import-outside-toplevel
        rows = lambda: [self.suite.mysql_root(  # noqa: E731
            f"SELECT type, COUNT(*) AS n FROM object WHERE {kind} GROUP BY type ORDER BY type", f"sifa_{service}")
            for service, kind in (("mediation", "1 = 1"), ("corrections", "type IN ('Subject', 'Resettlement')"))]
        before = rows()
        told = demo.load(self.suite)
        self.assertIn("410 committees, 600 closed cases", told)
        self.assertIn("290 people in corrections, 44 in resettlement", told)
        self.assertEqual(rows(), before)
