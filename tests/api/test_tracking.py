"""Electronic positioning, the exit ban and commutation through the gateway (law §2.2 #6, #11; 社区矫正法 §29, §33)."""

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number


class TrackingTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def setUp(self):
        self.head, self.city = self.http(self.account("county_head")), self.http(self.account("city_supervisor"))

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def subject(self, s):
        return self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"))

    def test_tracking(self):
        """社区矫正法 §29: a ground with its object, three months, the head of the bureau, the notice; then lifted."""
        s = active(self, citizen_number("19900307", 411))
        revocation = self.ok(self.county.post(f"{CORRECTIONS}/revocations", {
            "subject": s["id"], "kind": "PROBATION", "ground": "OVER_MONTH", "facts": "脱离监管四十日", "addressee": "ORIGINAL",
            "occurredOn": "2024-11-04"}))
        body = {"subject": s["id"], "ground": "REVOCATION", "groundObject": revocation["id"], "facts": "可能逃跑", "device": "WRISTBAND",
                "from": "2024-11-06", "to": "2025-02-06", "occurredOn": "2024-11-05"}
        for wrong, reason in (({"groundObject": s["id"]}, "GROUND_WITHOUT_OBJECT"), ({"device": "PHONE"}, "PHONE_IS_NO_DEVICE"),
                              ({"to": "2025-02-07"}, "AUTHORITY_TOO_LONG"), ({"from": "2024-11-04", "to": "2025-01-06"}, "AUTHORITY_BACK_DATED")):
            self.refused(self.office.post(f"{CORRECTIONS}/trackingAuthorities", body | wrong), 400, reason)
        authority = self.ok(self.office.post(f"{CORRECTIONS}/trackingAuthorities", body))
        self.refused(self.office.post(f"{CORRECTIONS}/trackingAuthorities", body), 400, "AUTHORITY_OVERLAPS")
        self.refused(self.act(self.county, "trackingAuthorities", authority, "approve", occurredOn="2024-11-05"), 403)
        authority = self.ok(self.act(self.head, "trackingAuthorities", authority, "approve", occurredOn="2024-11-05"))
        self.refused(self.act(self.office, "trackingAuthorities", authority, "notify", deviceNumber="BD1", occurredOn="2024-11-05"), 400,
                     "AUTHORITY_OUT_OF_PERIOD")
        authority = self.ok(self.act(self.office, "trackingAuthorities", authority, "notify", deviceNumber="BD1", occurredOn="2024-11-07"))
        self.assertIn("TAGGED", self.subject(s)["flags"])
        authority = self.ok(self.act(self.county, "trackingAuthorities", authority, "lift", reason="不需要继续使用", occurredOn="2024-11-20"))
        self.assertEqual([p["label"] for p in authority["papers"]],
                         ["使用电子定位装置审批表", "使用电子定位装置决定书", "使用电子定位装置告知书", "解除电子定位装置决定书"])
        self.assertNotIn("TAGGED", self.subject(s)["flags"])
        assert_whole(self.suite, "corrections")

    def test_exit_ban(self):
        """出境入境管理法 §12: told on reception, lifted after the end of the term."""
        s = active(self, citizen_number("19900307", 413))
        ban = self.ok(self.county.post(f"{CORRECTIONS}/exitBans", {"subject": s["id"], "occurredOn": "2024-09-09", "documents": [
            {"type": "01", "number": "E12345678", "custody": "01"}]}))
        ban = self.ok(self.act(self.county, "exitBans", ban, "report", police="东阳市公安局", occurredOn="2024-09-09"))
        self.refused(self.act(self.county, "exitBans", ban, "lift"), 400, "ACTION_NOT_ALLOWED")

    def test_commutation(self):
        """社区矫正法 §33; 实施办法 §42: the county proposes, the city reviews and submits, the court rules."""
        s = active(self, citizen_number("19900307", 415))
        c = self.ok(self.county.post(f"{CORRECTIONS}/commutations", {"subject": s["id"], "ground": "GREAT_MERIT", "facts": "舍己救人",
                                                                     "occurredOn": "2024-11-04"}))
        self.refused(self.act(self.county, "commutations", c, "review", opinion="AGREE", reason="同意"), 403)
        c = self.ok(self.act(self.city, "commutations", c, "review", opinion="AGREE", reason="符合条件", occurredOn="2024-11-06"))
        c = self.ok(self.act(self.city, "commutations", c, "submit", court="金华市中级人民法院", occurredOn="2024-11-07"))
        self.assertEqual(c["clocks"][0]["dueOn"], "2024-12-09")
        c = self.ok(self.act(self.county, "commutations", c, "recordRuling", ruling="GRANT", document="（2024）浙07刑更8号", termTo="2026-02-28",
                             occurredOn="2024-11-28"))
        self.assertEqual(self.subject(s)["decision"]["termTo"], "2026-02-28")
        self.assertEqual(c["state"], "GRANTED")
        assert_whole(self.suite, "corrections")
