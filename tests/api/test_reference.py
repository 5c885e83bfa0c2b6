"""Reference data: periods, identifiers, divisions, calendar, code tables. Open to everybody."""

from base import ApiTest
from bureau import citizen_id


class ReferenceTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.caller = cls.suite.http()

    def get(self, path, **query):
        return self.ok(self.try_get(path, **query))

    def try_get(self, path, **query):
        return self.patiently(lambda: self.caller.get(path, **query))

    def post(self, path, body):
        return self.patiently(lambda: self.caller.post(path, body))


class PeriodsTest(ReferenceTest):
    # 2024: holidays 15 to 17 September and 1 to 7 October; make-up days 14 and 29 September, 12 October.
    VECTORS = (("APL", 7, "DAY", "2024-09-27", "2024-10-12", "penalty decided: seven working days, two make-up days count"),
               ("G118", 20, "WORKING_DAY", "2024-09-27", "2024-10-30", "other decisions: twenty working days"),
               ("APL", 5, "DAY", "2024-09-12", "2024-09-20", "notice of hearing: the make-up Saturday counts"),
               ("AEL", 10, "DAY", "2024-09-30", "2024-10-18", "demand: up to ten days are working days"),
               ("CVL", 30, "DAY", "2024-08-30", "2024-09-29", "referral: a Sunday that is worked does not roll over"),
               ("ARL", 60, "DAY", "2024-08-02", "2024-10-08", "reconsideration: day 60 is a holiday"),
               ("APL", 15, "DAY", "2024-09-20", "2024-10-08", "fine: calendar days, day 15 is a holiday"),
               ("APL", 90, "DAY", "2024-07-05", "2024-10-08", "case opened: calendar days, day 90 is a holiday"))

    def compute(self, **body):
        return self.post("/v1/reference/periods:compute", body)

    def test_the_eight_vectors(self):
        """期间: working days, make-up days and roll-over by each instrument's own list."""
        for instrument, amount, unit, event, due, why in self.VECTORS:
            answer = self.ok(self.compute(instrument=instrument, amount=amount, unit=unit, eventDate=event))
            self.assertEqual(answer["dueDate"], due, why)

    def test_the_answer_says_why(self):
        """为什么是这一天: the unit applied and each step, with its article."""
        answer = self.ok(self.compute(instrument="APL", amount=7, unit="DAY", eventDate="2024-09-27"))
        self.assertEqual((answer["dueDate"], answer["unitApplied"]), ("2024-10-12", "WORKING_DAY"))
        self.assertIn("MAKEUP", [s["kind"] for s in answer["steps"]])
        self.assertIn("第85条", answer["steps"][0]["text"])

    def test_months_and_terms(self):
        """By months the same day (民法典 §202), of criminal procedure from a month's end to a month's end (刑诉法解释 §202); a term of
        sentence ends the day before."""
        for instrument, due, law in (("PMR", "2025-03-28", "《民法典》第202条"), ("CPL", "2025-03-31", "适用刑事诉讼法的解释》第202条")):
            answer = self.ok(self.compute(instrument=instrument, amount=1, unit="MONTH", eventDate="2025-02-28"))
            self.assertEqual(answer["dueDate"], due)
            self.assertTrue(any(law in s["text"] for s in answer["steps"]), answer["steps"])
        self.assertEqual(self.ok(self.compute(instrument="CVL", amount=3, unit="MONTH", eventDate="2024-11-30"))["dueDate"], "2025-02-28")
        for begin, end in (("2024-03-10", "2025-03-09"), ("2024-02-29", "2025-02-27")):
            answer = self.ok(self.compute(instrument="CCL", unit="TERM", termYears=1, eventDate=begin))
            self.assertEqual(answer["dueDate"], end)

    def test_what_cannot_be_computed(self):
        """An unknown instrument, no date, a year without a notice: refused, never guessed."""
        self.refused(self.compute(instrument="XXX", amount=7, unit="DAY", eventDate="2024-09-27"), 400)
        self.refused(self.compute(instrument="APL", amount=7, unit="DAY"), 400)
        self.refused(self.compute(instrument="APL", amount=7, unit="DAY", eventDate="2024-02-30"), 400, field="eventDate")
        self.refused(self.compute(instrument="APL", amount=7, unit="DAY", eventDate="2031-05-05"), 400, "CALENDAR_YEAR_UNKNOWN", "eventDate")
        for body in ({"instrument": "CL", "unit": "TERM", "termDays": 2, "eventDate": "9999-12-31"},
                     {"instrument": "CL", "amount": 1, "unit": "YEAR", "eventDate": "9999-06-01"},
                     {"instrument": "CCL", "amount": 48, "unit": "HOUR", "eventTime": "9999-12-31T01:00:00Z"},
                     {"instrument": "CPL", "amount": 15, "unit": "DAY", "eventDate": "9999-12-31", "inCustody": True}):
            self.refused(self.compute(**body), 400, "PERIOD_MALFORMED")

    def test_each_refusal_names_its_field(self):
        """What is missing, unknown, or does not belong to the unit is refused with its field."""
        good = {"instrument": "APL", "amount": 7, "unit": "DAY", "eventDate": "2024-09-27"}
        term = {"instrument": "CCL", "unit": "TERM", "termYears": 1, "eventDate": "2024-03-10"}
        for body, field in ((good | {"instrument": "XXX"}, "instrument"), (good | {"amount": 0}, "amount"),
                            ({k: v for k, v in good.items() if k != "amount"}, "amount"),
                            (term | {"termYears": 0}, "termYears"), (term | {"amount": 3}, "amount"),
                            (good | {"inCustody": True}, "inCustody"), (good | {"termYears": 1}, "termYears"), (good | {"eventTime": "2024-09-29T01:00:00Z"}, "eventDate"),
                            (good | {"excluded": [{"from": "2024-09-30", "to": "2024-09-29"}]}, "excluded[0].to")):
            self.refused(self.compute(**body), 400, field=field)
        answer = self.ok(self.compute(**good | {"excluded": [{"from": "2024-09-28", "to": "2024-09-30"}]}))
        self.assertNotIn("为，", "".join(s["text"] for s in answer["steps"]))


class IdentifiersTest(ReferenceTest):
    def check(self, kind, value):
        return self.ok(self.post("/v1/reference/identifiers:check", {"kind": kind, "value": value}))["verdict"]

    def test_citizen_ids(self):
        """公民身份号码: right ones pass; a wrong check digit or date refuses."""
        for value in ("11010519491231002X", "11010519491231002x", "440524188001010014", "33078319900307001X",
                      "37020219851130422X", "150102197001011231"):
            self.assertEqual(self.check("CITIZEN_ID", value), "VALID", value)
        for value in ("110105194912310021", "11010519491331002X", "110105491231002", "abc"):
            self.assertEqual(self.check("CITIZEN_ID", value), "REFUSED", value)

    def test_numbers_as_they_are_typed(self):
        """Full width, spaces and hyphens are no part of a number; no division begins with 00 or 99, permits begin with 81 to 83 and 9."""
        for value in ("３３０７８３１９９００３０７００１ｘ", "330783 19900307 001X", " 33078319900307001X\u200b"):
            self.assertEqual(self.check("CITIZEN_ID", value), "VALID", value)
        for prefix, verdict in (("000000", "REFUSED"), ("990101", "REFUSED"), ("810000", "VALID"), ("830000", "VALID"), ("933156", "VALID")):
            self.assertEqual(self.check("CITIZEN_ID", citizen_id(prefix, "19900307", 1)), verdict, prefix)
        self.assertEqual(self.check("CREDIT_CODE", "91350100-m000100y43"), "VALID")
        self.assertEqual(self.check("CREDIT_CODE", "33078319900307001X"), "REFUSED")

    def test_credit_codes(self):
        """统一社会信用代码: a wrong check digit warns, since a real company has one; a malformed code refuses."""
        for value in ("91350100M000100Y43", "113307830026090041", "31370000MA3CXY129C"):
            self.assertEqual(self.check("CREDIT_CODE", value), "VALID", value)
        self.assertEqual(self.check("CREDIT_CODE", "91350100M0001TGQXM"), "WARNING")
        self.assertEqual(self.check("CREDIT_CODE", "91350100M000100"), "REFUSED")
        self.assertEqual(self.check("ORGANISATION_CODE", "D2143569-X"), "VALID")


class RegionsTest(ReferenceTest):
    def children(self, code):
        return self.get(f"/v1/reference/regions/{code}/children")["regions"]

    def test_a_county_and_what_it_consists_of(self):
        """东阳市 has 18 townships and 388 villages, each with its name, level, parent and path."""
        county = self.get("/v1/reference/regions/330783")
        self.assertEqual((county["name"], county["level"], county["path"]), ("东阳市", 3, "浙江省金华市东阳市"))
        towns = self.children("330783")
        self.assertEqual(len(towns), 18)
        self.assertTrue(all(t["parent"] == "330783" and t["level"] == 4 for t in towns))
        self.assertEqual(sum(len(self.children(t["code"])) for t in towns), 388)

    def test_search(self):
        """By name, within a place."""
        found = self.get("/v1/reference/regions:search", text="南马", within="330783")["regions"]
        self.assertIn("330783118", [r["code"] for r in found])
        self.assertTrue(all(r["code"].startswith("330783") for r in found))
        self.assertEqual(self.get("/v1/reference/regions:search", text="南马镇", within="150000").get("regions", []), [])

    def test_a_division_that_was_dissolved(self):
        """371200 莱芜市 ended with 2018 and has successors; old records keep their place."""
        gone = self.get("/v1/reference/regions/371200")
        self.assertEqual((gone["validTo"], sorted(gone["successors"])), ("2018-12-31", ["370116", "370117"]))

    def test_divisions_that_were_changed(self):
        """Codes of once answer with their years, names of then and what came after (GB/T 2260 since 1981)."""
        for code, name, first, last, successors in [
                ("370282", "即墨市", "1990", "2017", ["370215"]), ("320602", "崇川区", "1991", "2020", ["320613"]),
                ("330183", "富阳市", "1994", "2014", ["330111"]), ("330185", "临安市", "1996", "2017", ["330112"]),
                ("330682", "上虞市", "1992", "2013", ["330604"]), ("370181", "章丘市", "1992", "2016", ["370114"]),
                ("370882", "兖州市", "1992", "2013", ["370812"]), ("330621", "绍兴县", "1983", "2013", ["330602", "330603"])]:
            gone = self.get(f"/v1/reference/regions/{code}")
            self.assertEqual((gone["name"], gone["validFrom"], gone["validTo"], gone["successors"]),
                             (name, f"{first}-01-01", f"{last}-12-31", successors), code)
            for successor in successors:
                self.assertIn(code, self.get(f"/v1/reference/regions/{successor}")["predecessors"])
            checked = self.ok(self.post("/v1/reference/identifiers:check", {"kind": "REGION_CODE", "value": code}))
            self.assertEqual((checked["verdict"], checked["reason"]), ("WARNING", "REGION_ABOLISHED"))
        self.assertEqual(self.get("/v1/reference/regions/370215")["validFrom"], "2017-01-01")
        self.assertEqual(self.get("/v1/reference/regions/320602", on="1985-05-05")["path"], "江苏省南通市城区")
        self.refused(self.try_get("/v1/reference/regions/370282", on="2018-01-01"), 400, "REGION_NOT_VALID")
        of_2016 = self.get("/v1/reference/regions/370200/children", on="2016-06-30")["regions"]
        self.assertTrue({"370282"} <= {r["code"] for r in of_2016} and "370215" not in {r["code"] for r in of_2016})
        for code in ("460302", "460303", "653228", "653229"):
            self.get(f"/v1/reference/regions/{code}")

    def test_unknown(self):
        """A code that is none, and one that nobody has."""
        self.refused(self.try_get("/v1/reference/regions/999999"), 404)
        self.refused(self.try_get("/v1/reference/regions/12"), 400)

    def test_provinces_and_code_tables(self):
        """All provinces, and the code tables with their groups."""
        self.assertGreaterEqual(len(self.get("/v1/reference/regions")["regions"]), 31)
        self.assertIn("dispute_type", self.get("/v1/reference/codeTables")["names"])
        table = {c["code"]: c for c in self.get("/v1/reference/codeTables/dispute_type")["codes"]}
        self.assertEqual((table["02"]["label"], table["02"]["group"], table["1001"]["parent"]), ("邻里纠纷", "A", "10"))
        self.refused(self.try_get("/v1/reference/codeTables/none"), 404)

    def test_the_calendar(self):
        """2024 with its holidays and make-up days; a year without a notice is not guessed."""
        days = {d["date"]: d["kind"] for d in self.get("/v1/reference/calendar/2024")["days"]}
        self.assertEqual((days["2024-10-01"], days["2024-09-29"]), ("HOLIDAY", "MAKEUP"))
        self.refused(self.try_get("/v1/reference/calendar/2031"), 400, "CALENDAR_YEAR_UNKNOWN")
