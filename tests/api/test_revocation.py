"""Revocation, arrest and custody through the gateway: proposed and submitted by the county, ruled either way (law §2.2 #13, #16 to #19)."""

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number

COURT, PROCURATORATE = "（2024）浙0783刑更{}号", "东阳市人民检察院"


class RevocationTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def propose(self, s, http=None, **body):
        return (http or self.county).post(f"{CORRECTIONS}/revocations", {
            "subject": s["id"], "kind": "PROBATION", "ground": "TWO_WARNINGS", "facts": "受到两次警告后仍不报告", "addressee": "ORIGINAL",
            "occurredOn": "2024-11-04"} | body)

    def submitted(self, s, **body):
        return self.ok(self.act(self.county, "revocations", self.ok(self.propose(s, **body)), "submit", procuratorate=PROCURATORATE,
                                occurredOn="2024-11-05"))

    def arrested(self, s):
        arrest = self.ok(self.county.post(f"{CORRECTIONS}/arrests", {"subject": s["id"], "ground": "MAY_FLEE", "facts": "购买了出境机票",
                                                                     "occurredOn": "2024-11-05"}))
        self.refused(self.act(self.county, "arrests", arrest, "submit", occurredOn="2024-11-05"), 400, "INSTANT_MISSING")
        arrest = self.ok(self.act(self.county, "arrests", arrest, "submit", occurredAt="2024-11-05T10:30:00+08:00"))
        due = [c for c in arrest["clocks"] if c["kind"] == "DECIDE_BY"][0]
        self.assertEqual((due["dueOn"], due["dueAt"]), ("2024-11-07", "2024-11-07T03:00:00Z"))
        arrest = self.ok(self.act(self.county, "arrests", arrest, "recordDecision", decision="ARREST", document="（2024）浙0783刑捕1号",
                                  occurredAt="2024-11-06T15:00:00+08:00"))
        return self.ok(self.act(self.county, "arrests", arrest, "recordExecution", police="东阳市公安局", place="东阳市看守所",
                                occurredOn="2024-11-07"))

    def subject(self, s):
        return self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"))

    def test_granted(self):
        """社区矫正法 §46 to §49: the term ends with the ruling, and he is handed over, caught or not."""
        s = active(self, citizen_number("19900307", 401))
        self.refused(self.propose(s, self.office), 403)
        self.refused(self.propose(s, kind="RECALL", ground="CAUSE_GONE"), 400, "REVOCATION_OF_ANOTHER_CATEGORY")
        self.refused(self.propose(s, ground="PAROLE_BREACH"), 400, "GROUND_OF_ANOTHER_KIND")
        self.refused(self.propose(s, addressee="LOCAL", addresseeName="东阳市人民法院", originalRegion="330106"), 400, "ADDRESSEE_NOT_COMPETENT")
        self.refused(self.county.post(f"{CORRECTIONS}/arrests", {"subject": s["id"], "ground": "MAY_FLEE", "facts": "购买了出境机票"}), 400,
                     "REVOCATION_REQUIRED")
        revocation = self.submitted(s)
        self.assertRegex(revocation["number"], r"^（2024）330783矫撤字第\d+号$")
        self.assertEqual(revocation["clocks"][0]["dueOn"], "2024-12-05")
        self.refused(self.propose(s), 400, "REVOCATION_OPEN")
        self.arrested(s)
        self.assertEqual(self.subject(s)["flags"], ["REVOKE_PENDING", "DETAINED"])
        revocation = self.ok(self.act(self.county, "revocations", revocation, "recordRuling", ruling="GRANT", document=COURT.format(3),
                                      occurredOn="2024-11-20"))
        ended = self.subject(s)
        self.assertEqual((ended["state"], ended["end"], ended["endedOn"], ended["endDocument"]),
                         ("TERMINATED", "PROBATION_REVOKED", "2024-11-20", COURT.format(3)))
        revocation = self.ok(self.act(self.county, "revocations", revocation, "recordDelivery", atLarge=True, occurredOn="2024-11-21"))
        self.assertEqual(revocation["state"], "AT_LARGE")
        revocation = self.ok(self.act(self.county, "revocations", revocation, "recordDelivery", deliveredTo="金华监狱", occurredOn="2024-12-01"))
        self.assertEqual(revocation["state"], "DELIVERED")
        self.assertIn("撤销缓刑建议书", [p["label"] for p in revocation["papers"]])
        self.refused(self.propose(s), 400, "SUBJECT_ENDED")
        assert_whole(self.suite, "corrections")

    def test_refused(self):
        """社区矫正法 §48: he stays, and is released at once; nobody is released from corrections meanwhile."""
        s = active(self, citizen_number("19900307", 403), category="03")
        revocation = self.submitted(s, kind="PAROLE", ground="PAROLE_BREACH")
        arrest = self.arrested(s)
        self.ok(self.act(self.county, "revocations", revocation, "recordRuling", ruling="REFUSE", document=COURT.format(4),
                         occurredOn="2024-11-20"))
        arrest = self.ok(self.county.get(f"{CORRECTIONS}/arrests/{arrest['id']}"))
        self.assertEqual((arrest["state"], arrest["releaseDueOn"]), ("RELEASE_DUE", "2024-11-20"))
        self.assertEqual(self.subject(s)["flags"], ["DETAINED"])
        self.ok(self.act(self.county, "arrests", arrest, "recordRelease", occurredOn="2024-11-20"))
        self.assertNotIn("flags", self.subject(s))
        self.refused(self.http("hengdian.officer").get(f"{CORRECTIONS}/revocations/{revocation['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_custody(self):
        """实施办法 §41: told within three days, and later."""
        s = active(self, citizen_number("19900307", 405))
        held = {"subject": s["id"], "kind": "ADMINISTRATIVE", "authority": "东阳市公安局", "since": "2024-11-04", "until": "2024-11-11"}
        custody = self.ok(self.county.post(f"{CORRECTIONS}/custodies", held | {"occurredOn": "2024-11-08"}))
        self.assertTrue(custody["toldLate"])
        self.assertEqual(self.subject(s)["flags"], ["DETAINED"])
        self.refused(self.county.post(f"{CORRECTIONS}/custodies", held | {"occurredOn": "2024-11-03"}), 400, "CUSTODY_IN_FUTURE")
        custody = self.ok(self.act(self.county, "custodies", custody, "end", occurredOn="2024-11-11"))
        self.assertEqual(custody["state"], "ENDED")
