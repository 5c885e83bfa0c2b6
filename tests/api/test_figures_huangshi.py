"""The published monthly table of a city, August 2016, to the digit: 869 cases accepted, 842 settled."""

import re

from imports import ImportTest, change, closed_case, days, failed, formula, measure, ratio, rows_by_key, spread

_OFFICE, _REGION = "330783007-00", "330783007"
_VOID_OFFICE, _VOID_REGION = "330783006-00", "330783006"
_TYPES = dict(zip(("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "99"),
                  (160, 278, 67, 44, 31, 76, 18, 28, 4, 13, 7, 55, 33, 1, 54)))
_TYPE_SHARES = dict(zip(_TYPES, "18.4 32.0 7.7 5.1 3.6 8.7 2.1 3.2 0.5 1.5 0.8 6.3 3.8 0.1 6.2".split()))
_SOURCES = {"1": 455, "2": 378, "33": 20, "34": 16}  # 36 transferred, by the police and by the petitions office
_SOURCE_SHARES = {"1": "52.4", "2": "43.5", "3": "4.1"}
_AUGUST, _SUCCEEDED = ("2016-08-01", "2016-08-31"), 842


def august(organisation, region):
    cases = [closed_case(f"（2016）黄石八月第{n}号", organisation, region, day, type=kind, source=source)
             for n, (kind, source, day) in enumerate(zip(spread(_TYPES), spread(_SOURCES), days(*_AUGUST)))]
    # The 27 failures are spread over the types.
    return [failed(c) if n % 32 == 5 else c for n, c in enumerate(cases)]


def bare_month(count, year, month):
    return [closed_case(f"（{year}）黄石{month}月第{n}号", _OFFICE, _REGION, day)
            for n, day in zip(range(count), days(f"{year}-{month:02}-01", f"{year}-{month:02}-31"))]


class HuangshiTest(ImportTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load([*august(_OFFICE, _REGION), *bare_month(840, 2016, 7), *bare_month(1028, 2015, 8)])

    def ask(self, **more):
        return self.query(*_AUGUST, _REGION, decimals=1, **more)

    def test_success(self):
        """调解成功率: 842 of 869 accepted are 96.9 %."""
        answer = self.ask()
        self.assertEqual((measure(answer, "accepted"), measure(answer, "succeeded")), (869, _SUCCEEDED))
        self.assertEqual(ratio(answer, "success"), "96.9")
        self.assertIn("842 ÷ 受理件数 869", formula(answer, "success"))

    def test_types(self):
        """类型占比: all fifteen counts and shares; the counts sum to the whole."""
        rows = rows_by_key(answer := self.ask(groupBy=["type"]))
        self.assertEqual({k: measure(answer, "accepted", row) for k, row in rows.items()}, _TYPES)
        self.assertEqual({k: row["share"] for k, row in rows.items()}, _TYPE_SHARES)
        self.assertEqual(measure(answer, "accepted"), 869)

    def test_sources(self):
        """来源占比: transfers by whichever authority are one class of three."""
        rows = rows_by_key(answer := self.ask(groupBy=["source:parent"]))
        self.assertEqual({k: measure(answer, "accepted", row) for k, row in rows.items()}, {"1": 455, "2": 378, "3": 36})
        self.assertEqual({k: row["share"] for k, row in rows.items()}, _SOURCE_SHARES)

    def test_comparisons(self):
        """同比 -159, -15.5 % against August 2015; 环比 +29, +3.5 % against July."""
        answer = self.ask(compare=["YEAR_ON_YEAR", "MONTH_ON_MONTH"])
        self.assertEqual(change(answer, "accepted", "yearOnYear"), (1028, -159, "-15.5"))
        self.assertEqual(change(answer, "accepted", "monthOnMonth"), (840, 29, "3.5"))
        self.assertEqual((answer["lastYearFrom"], answer["lastYearTo"]), ("2015-08-01", "2015-08-31"))
        self.assertEqual((answer["periodBeforeFrom"], answer["periodBeforeTo"]), ("2016-07-01", "2016-07-31"))

    def test_drill_down(self):
        """穿透查询: behind every figure stand as many records as it says, each once and a case that can be opened."""
        for kind, count in _TYPES.items():
            found = self.drill_down(*_AUGUST, _REGION, filters=[{"dimension": "type", "values": [kind]}])
            self.assertEqual(len(found), count, kind)
        everything = self.drill_down(*_AUGUST, _REGION)
        self.assertEqual(len({o["objectId"] for o in everything}), 869)
        self.assertEqual(len(self.drill_down(*_AUGUST, _REGION, measure="succeeded")), _SUCCEEDED)
        self.assertEqual(len(self.drill_down("2015-08-01", "2015-08-31", _REGION)), 1028)
        case = self.office.must("GET", f"/v1/mediation/cases/{everything[0]['objectId']}")
        self.assertRegex(case["number"], "^（2016）黄石八月第")

    def test_export(self):
        """导出: the table with its digest holds the same figures."""
        lines = self.export(*_AUGUST, _REGION, groupBy=["type"], decimals=1).splitlines()
        self.assertTrue(any(line.startswith("02,邻里纠纷,278,") for line in lines), lines)
        self.assertTrue(any(line.startswith("合计,,869,842,") for line in lines), lines)

    def test_a_rebuild_is_of_all_figures(self):
        """重算: a county's head may not; who may gets an answer at once, and one runs at a time (F16)."""
        self.refused(self.head.post("/v1/mediation/statistics:rebuild", {}), 403, "STATISTICS_OUT_OF_REACH")
        self.refused(self.head.get("/v1/mediation/statistics/rebuilds"), 403)
        answer = self.rebuild(replace=True)
        self.assertTrue(answer["replaced"])
        self.assertLessEqual(answer["startTime"], answer["endTime"])
        listed = self.suite.http("zhejiang.system").must("GET", "/v1/mediation/statistics/rebuilds")["rebuilds"]
        self.assertIn(answer["id"], [r["id"] for r in listed])

    def test_rebuild(self):
        """重算: summed from the journal's first row, the counters are the same."""
        answer = self.rebuild()
        self.assertEqual(int(answer.get("differenceCount", 0)), 0, answer.get("differences"))
        self.assertGreater(int(answer["contributions"]), 869 + 840 + 1028)


class VoidedCaseTest(ImportTest):
    def figures(self, **more):
        """Everything that the case of type 14, the only one, is part of."""
        bare = self.query(*_AUGUST, _VOID_REGION, decimals=1, **more)
        types = self.query(*_AUGUST, _VOID_REGION, groupBy=["type"], **more)
        sources = self.query(*_AUGUST, _VOID_REGION, decimals=1, groupBy=["source:parent"], **more)
        row = rows_by_key(types).get("14")
        return {"all": [measure(bare, m) for m in ("accepted", "succeeded", "written")],
                "per 10,000 and success": [re.findall(r"\d+", formula(bare, r))[0] for r in ("per_10000", "success")],
                "type": measure(types, "accepted", row) if row else 0,
                "sources": {k: r["share"] for k, r in rows_by_key(sources).items()},
                "records": len(self.drill_down(*_AUGUST, _VOID_REGION, **more))}

    def test_a_voided_case_moves_every_figure_that_it_touches(self):
        """作废: each figure that the case was in goes down by it; as of before, each is as it was."""
        self.load(august(_VOID_OFFICE, _VOID_REGION))
        before, position = self.figures(), self.query(*_AUGUST, _VOID_REGION)["position"]
        self.assertEqual(before, {"all": [869, 842, 842], "per 10,000 and success": ["869", "842"], "type": 1,
                                  "sources": _SOURCE_SHARES, "records": 869})
        case, = self.drill_down(*_AUGUST, _VOID_REGION, filters=[{"dimension": "type", "values": ["14"]}])
        self.void(case["objectId"])
        self.wait_until_counted()
        self.assertEqual(self.figures(), {"all": [868, 841, 841], "per 10,000 and success": ["868", "841"], "type": 0,
                                          "sources": {"1": "52.4", "2": "43.4", "3": "4.1"}, "records": 868})
        self.assertEqual(self.figures(asOf=position), before)
        self.assertEqual(self.office.must("GET", f"/v1/mediation/cases/{case['objectId']}")["state"], "VOIDED")
        answer = self.rebuild()
        self.assertEqual(int(answer.get("differenceCount", 0)), 0, answer.get("differences"))
