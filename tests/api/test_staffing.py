"""执法人员 and 人员配备 through the gateway: posts by the county, and where there are too few on a day."""

import unittest

from base import ApiTest
from bureau import PURPOSE, assert_whole
from people import CORRECTIONS, citizen_number


class StaffingTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office, cls.there = (cls.suite.http(a) for a in ("yiwu.officer", "jiangdong.officer", "dongyang.officer"))

    def appoint(self, http, office, order, **more):
        body = {"office": office, "region": office[:9], "name": "郑国强", "idNumber": citizen_number("19880808", order),
                "post": "EMPOWERED", "certificate": f"YW{order}", "from": "2025-01-01"}
        return http.post(f"{CORRECTIONS}/officers", body | more)

    def short(self, http, day, **more):
        staffing = self.ok(http.get(f"{CORRECTIONS}/staffing", day=day, **more))
        return staffing, {p["organisation"] for kind in ("shortCentres", "shortOffices") for p in staffing.get(kind, [])}

    def test_posts_and_where_there_are_too_few(self):
        """mission 2: three empowered officers at the county's centre and one in an office, on a day; law §2.8: the ratios with both numbers."""
        self.refused(self.appoint(self.office, "330782002", 301), 403)
        self.refused(self.appoint(self.there, "330782002", 301), 404)
        self.refused(self.appoint(self.county, "330782002", 301, certificate=""), 400, "CERTIFICATE_MISSING")
        first = self.ok(self.appoint(self.county, "330782002", 301))
        self.refused(self.appoint(self.county, "330782002", 301, certificate="YW999"), 400, "OFFICER_OVERLAPS")
        for order in (302, 303, 304):
            self.ok(self.appoint(self.county, "330782", order, region="330782"))
        _, short = self.short(self.county, "2025-06-30")
        self.assertTrue({"330782", "330782002"}.isdisjoint(short), short)
        self.assertIn("330782001", short)
        _, short = self.short(self.county, "2024-12-31")
        self.assertLessEqual({"330782", "330782002"}, short)
        ended = self.ok(self.county.post(f"{CORRECTIONS}/officers/{first['id']}:end",
                                         {"etag": first["etag"], "reason": "调离", "occurredOn": "2025-07-01"}))
        self.assertEqual(ended["endedOn"], "2025-07-01")
        staffing, short = self.short(self.county, "2025-07-01")
        self.assertIn("330782002", short)
        self.assertIn("330782002", self.short(self.office, "2025-07-01")[1])
        ratios = {r["name"]: r for r in staffing["ratios"]}
        self.assertEqual((staffing["centres"], staffing["offices"]), ("1", "2"))
        self.assertEqual(ratios["staff_per_centre"]["value"], "3.0")
        self.assertEqual(ratios["subjects_per_office"]["denominator"], "2")
        self.assertEqual(staffing.get("officesWithoutCounty", []), [])
        self.refused(self.office.get(f"{CORRECTIONS}/staffing", organisation="330782"), 404)
        masked = self.ok(self.office.get(f"{CORRECTIONS}/officers/{first['id']}"))
        self.assertNotEqual(masked["name"], "郑国强")
        asked = self.ok(self.county.post(f"{CORRECTIONS}/corrections", {
            "objectType": "Officer", "object": first["id"], "reason": "录入错误", "kind": "AMEND", "updateMask": "ended_on",
            "content": '{"endedOn": "2025-07-02"}'}))
        self.ok(self.suite.http("yiwu.head").act(f"{CORRECTIONS}/corrections/{asked['id']}:approve"))
        self.assertNotIn("330782002", self.short(self.county, "2025-07-01")[1])
        self.assertIn("330782002", self.short(self.county, "2025-07-02")[1])
        self.assertEqual(self.ok(self.office.request("GET", f"{CORRECTIONS}/officers/{first['id']}", headers=PURPOSE))["name"], "郑国强")
        assert_whole(self.suite, "corrections")


if __name__ == "__main__":
    unittest.main()
