"""A person's records through the gateway: searched for when lost, what that calls for proposed, released at the end of the term."""

import time

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, OFFICE, active, citizen_number


class RecordsTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def only(self, what, subject, patience=90):
        """The only record of a kind that a subject has, waited for where the suite makes it."""
        deadline = time.monotonic() + patience
        while True:
            found = self.ok(self.county.get(f"{CORRECTIONS}/{what}", subject=subject["id"])).get(what, [])
            if found or time.monotonic() > deadline:
                self.assertEqual(len(found), 1, what)
                return found[0]
            time.sleep(1)

    def test_lost_searched_for_and_found(self):
        """社区矫正法 §30; 实施办法 §35, §38: three means, the police, found on the twelfth day: 警告 is proposed, and declined with a reason."""
        s = active(self, citizen_number("19900307", 301))
        body = {"subject": s["id"], "absentAfter": "2024-09-10", "occurredOn": "2024-09-11"}
        search = self.ok(self.office.post(f"{CORRECTIONS}/searches", body))
        self.assertRegex(search["number"], r"^（2024）330783矫查字第\d+号$")
        self.refused(self.office.post(f"{CORRECTIONS}/searches", body), 400, "SEARCH_OPEN")
        self.assertEqual(self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"))["flags"], ["MISSING"])
        self.refused(self.act(self.office, "searches", search, "askPolice", police="东阳市公安局", occurredOn="2024-09-12"), 400, "SEARCH_INCOMPLETE")
        for means in ("PHONE", "DATA", "VISIT"):
            search = self.ok(self.act(self.office, "searches", search, "step", means=means, result="未找到", occurredOn="2024-09-12"))
        search = self.ok(self.act(self.office, "searches", search, "askPolice", police="东阳市公安局", occurredOn="2024-09-13"))
        search = self.ok(self.act(self.office, "searches", search, "find", foundHow="在外地打工", occurredOn="2024-09-22"))
        self.assertEqual((search["state"], search["daysAbsent"]), ("FOUND", 12))
        proposal = self.only("proposals", s)
        self.assertEqual((proposal["kind"], proposal["article"]), ("WARN", "《社区矫正法实施办法》第35条"))
        self.refused(self.act(self.county, "proposals", proposal, "decline"), 400, "FIELD_REQUIRED")
        self.refused(self.act(self.office, "proposals", proposal, "decline", reason="情有可原"), 403)
        proposal = self.ok(self.act(self.county, "proposals", proposal, "decline", reason="因住院未能联系，有证明"))
        self.assertEqual(proposal["state"], "DECLINED")
        self.refused(self.http("hengdian.officer").get(f"{CORRECTIONS}/searches/{search['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_released_at_the_end_of_the_term(self):
        """社区矫正法 §44; 实施办法 §53: prepared by the suite, appraised and ended by the county."""
        s = active(self, citizen_number("19900307", 303), termTo="2025-02-28")
        release = self.only("releases", s)
        release = self.ok(self.act(self.office, "releases", release, "summarise", summary="服从管理"))
        self.refused(self.act(self.office, "releases", release, "appraise", appraisal="表现良好"), 403)
        release = self.ok(self.act(self.county, "releases", release, "appraise", appraisal="表现良好"))
        release = self.ok(self.act(self.office, "releases", release, "announce", publicly=True))
        release = self.ok(self.act(self.county, "releases", release, "issue"))
        ended = self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}"))
        self.assertEqual((ended["state"], ended["end"], ended["endedOn"], ended["endDocument"]),
                         ("RELEASED", "EXPIRED", "2025-02-28", release["number"]))
        self.assertIn("解除社区矫正证明书", [p["label"] for p in release["papers"]])
