"""Figures by the day on which each is counted: conclusions, performance due, and the committees there are."""

from imports import CUBE, ImportTest, closed_case, failed, measure, ratio

_OFFICE, _REGION = "330783201-00", "330783201"
_MARCH = ("2012-03-01", "2012-03-31")


def case(number, accepted, /, **more):
    return closed_case(f"（2012）履行第{number}号", _OFFICE, _REGION, accepted, **more)


class MeasuresTest(ImportTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        withdrawn = failed(case(5, "2012-03-01")) | {"result": "4"}
        cls.load([case(1, "2012-03-01", performBy="2012-06-30", performedOn="2012-06-01"),
                  case(2, "2012-03-01", concludedOn="2012-04-01", performBy="2012-06-30"),
                  case(3, "2012-03-01"),  # tells nothing about its performance
                  case(6, "2012-02-01", performedOn="2012-02-20"),  # names no day: due from its effect on
                  failed(case(4, "2012-03-01")), withdrawn])

    def performance(self, begin, end):
        answer = self.query(begin, end, _REGION, cube="mediation.performance")
        return ratio(answer, "performance"), measure(answer, "performed"), measure(answer, "due")

    def test_performance_is_of_what_is_due(self):
        """履行率: performed ÷ agreements due, each in the period in which it falls due."""
        self.assertEqual(self.performance("2012-06-01", "2012-06-30"), ("50.00", 1, 2))
        self.assertEqual(self.performance(*_MARCH), ("—", 0, 0))
        self.assertEqual(self.performance("2012-02-01", "2012-02-29"), ("100.00", 1, 1))
        self.assertEqual(self.performance("2012-05-01", "2012-05-31"), ("—", 0, 0))

    def test_organisations_are_called_by_their_names(self):
        """按单位分组: the county's offices as people know them."""
        county = "/33/3307/330783/"
        answer = self.office.must("POST", "/v1/mediation/statistics:query", {
            "cube": CUBE, "from": _MARCH[0], "to": _MARCH[1], "organisationPath": county, "groupBy": ["organisation"]})
        names = answer["keys"][0]["labels"]
        self.assertEqual(answer["place"], "东阳市司法局")
        self.assertTrue(all(row["keys"][0] in names for row in answer["rows"]))
        self.assertFalse([name for name in names.values() if "/" in name], names)

    def test_withdrawn_is_not_failed(self):
        """撤回: of five accepted three succeeded, one failed, one was withdrawn."""
        answer = self.query(*_MARCH, _REGION)
        self.assertEqual([measure(answer, name) for name in ("accepted", "succeeded", "failed", "withdrawn", "pending")], [5, 3, 1, 1, 0])

    def test_conclusions_count_in_their_own_month(self):
        """办结: four in March, the fifth in April."""
        concluded = [measure(self.query(*month, _REGION, cube="mediation.conclusions"), "concluded")
                     for month in (_MARCH, ("2012-04-01", "2012-04-30"))]
        self.assertEqual(concluded, [4, 1])

    def test_committees_are_a_stock(self):
        """调委会: those there are today, with their mediators; none before the first was set up."""
        today = str(self.suite.clock.today())
        answer = self.query(today, today, "330783", cube="mediation.committees")
        self.assertGreaterEqual(measure(answer, "committees"), 388 + 18)
        self.assertEqual(measure(answer, "mediators"), measure(answer, "full_time") + measure(answer, "part_time"))
        self.assertTrue(3 <= float(ratio(answer, "per_committee")) <= 9)
        self.assertEqual(measure(self.query("1990-01-01", "1990-01-01", "330783", cube="mediation.committees"), "committees"), 0)
