"""Permits and transfers through the gateway: asked for by the office, given by the county, and a person who goes to another one."""

import datetime

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number


class PermitsTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")
        cls.there = cls.suite.http("yiwu.officer")

    def person(self, order, **more):
        return active(self, citizen_number("19860214", order), termTo=self.day(300), **more)

    def day(self, ahead=0):
        return (self.suite.clock.today() + datetime.timedelta(ahead)).isoformat()

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def test_travel_for_six_months(self):
        """实施办法 §29: the county permits named counties for six months at most; inside his own he needs no permit."""
        s = self.person(501)
        body = {"subject": s["id"], "purpose": "送货", "frequency": "每周两次", "route": "东阳至义乌", "places": ["330782"]}
        self.refused(self.office.post(f"{CORRECTIONS}/travelPermits", body | {"places": ["330783"]}), 400, "NOT_LEAVING")
        permit = self.ok(self.office.post(f"{CORRECTIONS}/travelPermits", body))
        self.refused(self.act(self.office, "travelPermits", permit, "approve"), 403)
        permit = self.ok(self.act(self.county, "travelPermits", permit, "approve"))
        self.assertLessEqual(permit["to"], self.day(184))
        permit = self.ok(self.act(self.county, "travelPermits", permit, "revoke", reason="不再送货"))
        self.assertEqual(permit["state"], "REVOKED")

    def test_meetings_and_places(self):
        """实施办法 §25, §39: a meeting is permitted beforehand; who is not banned from a place needs no permit to enter it."""
        s = self.person(502)
        meeting = {"subject": s["id"], "kind": "VISITOR", "contactName": "李大力", "purpose": "商谈赔偿", "from": self.day(1), "to": self.day(1)}
        self.refused(self.office.post(f"{CORRECTIONS}/contactPermits", meeting | {"from": self.day(-1)}), 400, "PERMIT_BACKDATED")
        permit = self.ok(self.office.post(f"{CORRECTIONS}/contactPermits", meeting))
        self.assertEqual(self.ok(self.act(self.county, "contactPermits", permit, "approve"))["state"], "APPROVED")
        entry = {"subject": s["id"], "area": "横店影视城", "purpose": "应聘", "from": self.day(1), "to": self.day(1)}
        self.refused(self.office.post(f"{CORRECTIONS}/entryPermits", entry), 400, "BAN_MISSING")
        banned = self.person(503, ban=True)
        permit = self.ok(self.office.post(f"{CORRECTIONS}/entryPermits", entry | {"subject": banned["id"]}))
        permit = self.ok(self.act(self.county, "entryPermits", permit, "approve"))
        self.assertTrue(permit["papers"])

    def test_a_transfer_between_two_counties(self):
        """社区矫正法 §27; 实施办法 §30, §31: the county there sees it once it is asked, answers, and has him once he has reported."""
        s = self.person(504)
        body = {"subject": s["id"], "toOffice": "330782001", "toRegion": "330782001", "residence": "义乌市稠城街道", "grounds": "就业"}
        self.refused(self.office.post(f"{CORRECTIONS}/transfers", body | {"toOffice": "330783123", "toRegion": "330783123"}), 400, "SAME_COUNTY")
        transfer = self.ok(self.office.post(f"{CORRECTIONS}/transfers", body))
        path = f"{CORRECTIONS}/transfers/{transfer['id']}"
        self.refused(self.there.get(path), 404)
        transfer = self.ok(self.act(self.county, "transfers", transfer, "consult"))
        self.assertIn(transfer["id"], [t["id"] for t in self.ok(self.there.get(f"{CORRECTIONS}/transfers", pageSize=200))["transfers"]])
        self.assertIn(transfer["id"], [i["objectId"] for i in self.ok(self.there.get(f"{CORRECTIONS}/work", types="Transfer"))["items"]])
        self.refused(self.act(self.county, "transfers", transfer, "answer", agreed=True, answer="同意"), 403, "ACT_OF_ANOTHER")
        transfer = self.ok(self.act(self.there, "transfers", transfer, "answer", agreed=True, answer="同意接收"))
        self.refused(self.act(self.there, "transfers", transfer, "decide"), 403, "ACT_OF_ANOTHER")
        for http, name in ((self.county, "decide"), (self.county, "handOver"), (self.there, "report"), (self.there, "acknowledge")):
            transfer = self.ok(self.act(http, "transfers", transfer, name))
        self.refused(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"), 404)
        self.assertEqual(self.ok(self.there.get(f"{CORRECTIONS}/subjects/{s['id']}"))["organisation"], "330782001")
        assert_whole(self.suite, "corrections")
