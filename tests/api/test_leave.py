"""Leaves through the gateway: asked for, decided by office, county and city, begun, extended, ended, and overstayed."""

import time

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, OFFICE, active, citizen_number


class LeaveTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")
        cls.city = cls.suite.http("jinhua.supervisor")

    def apply(self, s, first, last, on="2024-09-06", **more):
        return self.office.post(f"{CORRECTIONS}/leaves", {
            "subject": s["id"], "purpose": "01", "details": "住院手术", "places": [{"region": "330102", "address": "庆春路79号"}],
            "from": first, "to": last, "proofKind": "01", "proofNumber": "诊字1号", "occurredOn": on} | more)

    def act(self, http, leave, name, **body):
        return http.post(f"{CORRECTIONS}/leaves/{leave['id']}:{name}", {"etag": leave["etag"]} | body)

    def flags(self, s):
        return self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}")).get("flags", [])

    def to_do(self):
        """The ids of the county's worklist."""
        ids, token = [], None
        while token != "":
            page = self.ok(self.county.get(f"{CORRECTIONS}/work", pageSize=200, pageToken=token))
            ids += [item["objectId"] for item in page.get("items", [])]
            token = page.get("nextPageToken", "")
        return ids

    def eventually(self, leave, state):
        deadline = time.monotonic() + 90
        while (now := self.ok(self.county.get(f"{CORRECTIONS}/leaves/{leave['id']}")))["state"] != state:
            self.assertLess(time.monotonic(), deadline, now["state"])
            time.sleep(1)
        return now

    def test_decided_on_its_level(self):
        """实施办法 §27: seven days by the delegated office, eight by the county, more than thirty in two months by the city."""
        s = active(self, citizen_number("19880615", 401))
        week = self.ok(self.apply(s, "2024-09-10", "2024-09-16"))
        self.assertRegex(week["number"], r"^（2024）330783矫外字第\d+号$")
        self.assertEqual((week["level"], week["days"]), ("OFFICE", 7))
        self.refused(self.act(self.office, week, "approve", occurredOn="2024-09-06"), 400, "NOT_DELEGATED")
        delegation = {"office": OFFICE, "region": OFFICE, "matter": "SHORT_LEAVES", "from": "2024-09-07", "to": "2024-12-31"}
        self.refused(self.office.post(f"{CORRECTIONS}/delegations", delegation | {"occurredOn": "2024-09-07"}), 403)
        self.refused(self.county.post(f"{CORRECTIONS}/delegations", delegation), 400, "DELEGATION_BACKDATED")
        delegation = self.ok(self.county.post(f"{CORRECTIONS}/delegations", delegation | {"occurredOn": "2024-09-07"}))
        week = self.ok(self.act(self.office, week, "approve", occurredOn="2024-09-09"))
        self.assertEqual((week["state"], week["delegation"], week["decidedInTime"]), ("APPROVED", delegation["id"], True))
        month = self.ok(self.apply(s, "2024-09-17", "2024-10-09", on="2024-09-12"))  # 23 days, 30 with those before
        self.refused(self.act(self.office, month, "approve", occurredOn="2024-09-13"), 403, "LEVEL_NOT_ENTITLED")
        month = self.ok(self.act(self.county, month, "approve", occurredOn="2024-09-13"))
        more = self.ok(self.apply(s, "2024-10-20", "2024-10-24", on="2024-10-12"))
        self.assertEqual((more["level"], more["daysInTwoMonths"]), ("CITY", 35))
        self.refused(self.act(self.county, more, "approve", occurredOn="2024-10-14"), 403, "LEVEL_NOT_ENTITLED")
        more = self.ok(self.act(self.city, more, "approve", occurredOn="2024-10-14"))
        self.assertIn("外出情况通知书", [p["label"] for p in more["papers"]])
        self.refused(self.http("hengdian.officer").get(f"{CORRECTIONS}/leaves/{more['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_refused_before_it_begins(self):
        """实施办法 §26, §27: without proof, without a cause, inside the county, beside another, beyond the term; nothing is changed."""
        s = active(self, citizen_number("19880615", 402))
        self.refused(self.apply(s, "2024-09-10", "2024-09-16", proofNumber=""), 400, "PROOF_MISSING")
        self.refused(self.apply(s, "2024-09-10", "2024-09-16", purpose="99"), 400, "LEAVE_WITHOUT_CAUSE")
        home = [{"region": "330783001", "address": "吴宁街道"}]
        self.refused(self.apply(s, "2024-09-10", "2024-09-16", places=home), 400, "NOT_LEAVING")
        self.refused(self.apply(s, "2024-09-10", "2024-09-16", places=[{"region": "330000", "address": "浙江"}]), 400, "REGION_TOO_WIDE")
        self.refused(self.apply(s, "2026-08-20", "2026-09-01"), 400, "LEAVE_BEYOND_TERM")
        leave = self.ok(self.apply(s, "2024-09-10", "2024-09-16"))
        self.refused(self.apply(s, "2024-09-16", "2024-09-18"), 400, "LEAVE_OVERLAPS")
        self.refused(self.act(self.office, leave, "depart", occurredOn="2024-09-10"), 400, "ACTION_NOT_ALLOWED")
        self.assertIn(leave["id"], self.to_do())
        leave = self.ok(self.act(self.county, leave, "refuse", reason="本地可以治疗", occurredOn="2024-09-07"))
        self.assertEqual(leave["state"], "REFUSED")
        self.assertEqual(len(self.ok(self.county.get(f"{CORRECTIONS}/leaves", subject=s["id"]))["leaves"]), 1)

    def test_returned_and_overstayed(self):
        """实施办法 §28: ON_LEAVE while he is away; back in time; and not back, found by the suite, which proposes an inquiry."""
        today = self.suite.clock.today()
        s = active(self, citizen_number("19880615", 403), termTo=f"{today.year + 2}-08-31")
        day = today.isoformat()
        leave = self.ok(self.act(self.county, self.ok(self.apply(s, day, day, on=day)), "approve"))
        leave = self.ok(self.act(self.office, leave, "depart"))
        self.assertEqual(self.flags(s), ["ON_LEAVE"])
        self.refused(self.act(self.office, leave, "arrive", region="330782"), 400, "PLACE_NOT_NAMED")
        leave = self.ok(self.act(self.office, leave, "arrive", region="330102", report="已入院"))
        leave = self.ok(self.act(self.office, leave, "return"))
        self.assertEqual(self.flags(s), [])
        self.refused(self.act(self.office, leave, "return"), 400, "ACTION_NOT_ALLOWED")
        self.assertIn("销假记录", [p["label"] for p in leave["papers"]])
        leave = self.ok(self.act(self.county, self.ok(self.apply(s, "2024-09-09", "2024-09-13")), "approve", occurredOn="2024-09-06"))
        leave = self.eventually(leave, "UNUSED")  # no departure has been entered, and its days have passed
        leave = self.ok(self.act(self.office, leave, "depart", occurredOn="2024-09-09"))
        leave = self.eventually(leave, "OVERSTAYED")
        proposals = self.ok(self.county.get(f"{CORRECTIONS}/proposals", subject=s["id"]))["proposals"]
        self.assertEqual([p["kind"] for p in proposals], ["INVESTIGATE"])
        leave = self.ok(self.act(self.office, leave, "return", occurredOn="2024-09-15"))
        self.assertEqual(leave["daysLate"], 2)
        assert_whole(self.suite, "corrections")
