"""The year of a county to 5 December 2021: 7,549 cases accepted, 7,531 settled, by three levels, for 1,087,950 residents."""

from imports import ImportTest, closed_case, days, failed, formula, measure, ratio, rows_by_key

_PERIOD, _COUNTY = ("2021-01-01", "2021-12-05"), "330783"
_LEVELS = {"1": 5508, "2": 1289, "3": 752}  # village, township, county (mediation_level)
_FAILED = 18


def cases(committees):
    """Each level's cases dealt out in turn to its committees, one day after another."""
    day, numbers = days(*_PERIOD), {}
    for level, count in _LEVELS.items():
        offices = [c for c in committees if c["level"] == level]
        for n in range(count):
            office = offices[n % len(offices)]
            numbers[office["id"]] = number = numbers.get(office["id"], 0) + 1
            case = closed_case(f"（2021）{office['caseWord']}调字第{number}号", office["organisation"], office["region"], next(day))
            yield failed(case) if level == "2" and n < _FAILED else case


class DongyangTest(ImportTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        committees, token = [], ""
        while True:
            answer = cls.office.must("GET", f"/v1/mediation/committees?region={_COUNTY}&pageSize=200&pageToken={token}")
            committees += answer["committees"]
            token = answer.get("nextPageToken", "")
            if not token:
                break
        # Those of the demonstration county, not what other tests establish beside it.
        cls.load(cases(sorted((c for c in committees if c["state"] == "ACTIVE"), key=lambda c: c["organisation"])))

    def test_success(self):
        """成功率 99.76 %: 7,531 of 7,549 accepted."""
        answer = self.query(*_PERIOD, _COUNTY)
        self.assertEqual(ratio(answer, "success"), "99.76")
        self.assertIn("7531 ÷ 受理件数 7549", formula(answer, "success"))

    def test_levels(self):
        """级别占比 72.96 / 17.08 / 9.96 %: of accepted, not of settled."""
        rows = rows_by_key(answer := self.query(*_PERIOD, _COUNTY, groupBy=["level"]))
        self.assertEqual({k: measure(answer, "accepted", row) for k, row in rows.items()}, _LEVELS)
        self.assertEqual({k: row["share"] for k, row in rows.items()}, {"1": "72.96", "2": "17.08", "3": "9.96"})

    def test_per_ten_thousand(self):
        """万人化解率 69.39 件/万人: accepted cases for 10,000 of 1,087,950 residents. It is no percentage."""
        answer = self.query(*_PERIOD, _COUNTY)
        self.assertEqual((ratio(answer, "per_10000"), answer["totals"]["population"]), ("69.39", "1087950"))
        self.assertIn("7549 ÷ 常住人口 1087950", formula(answer, "per_10000"))
        self.assertEqual([r["unit"] for r in answer["ratios"] if r["name"] == "per_10000"], ["件/万人"])

    def test_drill_down(self):
        """穿透查询: behind the year and behind each level stand as many records as it says."""
        for level, count in _LEVELS.items():
            found = self.drill_down(*_PERIOD, _COUNTY, filters=[{"dimension": "level", "values": [level]}])
            self.assertEqual(len({o["objectId"] for o in found}), count)
        self.assertEqual(len(self.drill_down(*_PERIOD, _COUNTY, measure="failed")), _FAILED)

    def test_places_and_months_sum_to_the_whole(self):
        """By township, and by month, the parts are the year; the period ends on 5 December."""
        for group in ("region", "month"):
            answer = self.query(*_PERIOD, _COUNTY, groupBy=[group])
            self.assertEqual(sum(measure(answer, "accepted", row) for row in answer["rows"]), 7549, group)
        towns = rows_by_key(self.query(*_PERIOD, _COUNTY, groupBy=["region"]))
        self.assertEqual(len([key for key in towns if len(key) == 9]), 18)
        last = self.query("2021-12-01", "2021-12-31", _COUNTY)
        self.assertEqual(measure(last, "accepted"), measure(self.query("2021-12-01", "2021-12-05", _COUNTY), "accepted"))

    def test_export(self):
        """导出: the same figures, with a digest."""
        text = self.export(*_PERIOD, _COUNTY, groupBy=["level"])
        self.assertIn("\n1,村社级,5508,", text)
        self.assertIn("7531 ÷ 受理件数 7549 × 100 = 99.76 %", text)

    def test_reports_stay_as_they_were_filed(self):
        """固化报表: a filed report gives its figures again from the journal, with no case changed since."""
        report = self.head.must("POST", "/v1/mediation/reports", {
            "name": "2021年人民调解年报", "query": {"cube": "mediation.cases", "from": _PERIOD[0], "to": _PERIOD[1], "region": _COUNTY}})
        compared = self.head.must("GET", f"/v1/mediation/reports/{report['id']}/comparison")
        self.assertTrue(compared["reproducible"])
        self.assertEqual(measure(compared["report"]["answer"], "accepted"), 7549)
        self.assertFalse(any(map(int, sum((d.get("difference", []) for d in compared.get("differences", [])), []))))
