"""本人账号 and 法律监督: a person reads and asks by an account of his own; the procuratorate reads all, minors too, and acts by opinions."""

import datetime
import secrets

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, OFFICE, active, citizen_number, notice
from test_papers import text_of


class OwnAccountTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office = cls.suite.http("dongyang.officer"), cls.suite.http("nanma.officer")
        cls.system, cls.security = cls.suite.http("dongyang.system"), cls.suite.http("dongyang.security")
        cls.procurator, cls.elsewhere = cls.suite.http("dongyang.procurator"), cls.suite.http("hengdian.officer")

    def own_account(self, subject):
        """Who calls as the person himself: (method, path, body) → answer."""
        name = "p." + secrets.token_hex(6)
        made = self.ok(self.system.post("/v1/identity/accounts", {"account": name, "displayName": "本人", "organisation": "330783"}))
        until = (datetime.date.today() + datetime.timedelta(700)).isoformat()
        post = {"role": "supervised_person", "organisation": "330783"}
        accounts = f"/v1/identity/accounts/{name}"
        self.refused(self.security.act(f"{accounts}:grantPost", post), 400, "PERSON_MISSING")
        self.refused(self.security.act(f"{accounts}:grantPost", {"role": "mediator", "organisation": "330783118-00", "person": subject}),
                     400, "PERSON_UNEXPECTED")
        self.ok(self.security.act(f"{accounts}:grantPost", post | {"person": subject, "validTo": until}))
        self.refused(self.security.act(f"{accounts}:grantPost", {"role": "mediator", "organisation": "330783118-00"}), 400,
                     "OWN_ACCOUNT_APART")
        half = self.ok(self.security.act(f"{accounts}:confirmReset", {"reason": "本人核实"}))["half"]
        password = f"Rainy-Hills-{secrets.token_hex(4)}-93"
        self.ok(self.patiently(lambda: self.http().post("/v1/identity/accounts:redeemReset", {
            "account": name, "firstHalf": made["half"], "secondHalf": half, "newPassword": password})))
        token = self.ok(self.patiently(lambda: self.http().post("/v1/identity/sessions", {"account": name, "password": password})))
        headers = {"Authorization": f"Bearer {token['accessToken']}"}
        return lambda method, path, body=None, **more: self.http().request(method, f"{CORRECTIONS}/{path}", body=body, headers=headers | more)

    def test_a_person_reads_and_asks_for_himself(self):
        s = active(self, citizen_number("19850612", 601))
        other = active(self, citizen_number("19850612", 602))
        own = self.own_account(s["id"])
        mine = self.ok(own("GET", f"subjects/{s['id']}"))
        self.assertEqual(mine["person"]["name"], "赵大山")  # his own name, unmasked without saying why
        self.assertEqual([x["id"] for x in self.ok(own("GET", "subjects"))["subjects"]], [s["id"]])
        self.refused(own("GET", f"subjects/{other['id']}"), 404)
        self.refused(own("GET", f"subjects/{s['id']}/risk"), 403, "PERMISSION_MISSING")  # no score
        entries = self.ok(own("GET", f"subjects/{s['id']}/history"))["entries"]
        self.assertIn("ANNOUNCE", [e["action"] for e in entries])
        self.assertFalse([e for e in entries if e.get("actor") or e.get("actorAccount")])
        complaint = self.ok(own("POST", "complaints", {"subject": s["id"], "kind": "APPEAL", "content": "请求复查。"}))
        self.refused(own("POST", f"complaints/{complaint['id']}:accept", {"etag": complaint["etag"]}), 403, "PERMISSION_MISSING")
        self.refused(own("POST", "complaints", {"subject": other["id"], "kind": "APPEAL", "content": "请求复查。"}), 404)
        self.refused(own("POST", "searches", {"subject": s["id"], "absentAfter": "2024-09-20"}), 404)
        self.assertEqual([x["id"] for x in self.ok(own("GET", "complaints"))["complaints"]], [complaint["id"]])
        self.assertIn("READ", [e["action"] for e in self.ok(self.county.get(f"{CORRECTIONS}/subjects/{s['id']}/history"))["entries"]])
        assert_whole(self.suite, "corrections")

    def test_a_person_reads_his_breach_without_what_others_said(self):
        """What the office keeps for itself is neither in the answer nor on the paper that he prints."""
        s, day = active(self, citizen_number("19850612", 604)), "2024-10-08"
        own = self.own_account(s["id"])
        breach = self.ok(self.office.post(f"{CORRECTIONS}/breaches", {
            "subject": s["id"], "happenedOn": day, "facts": "未经批准离开东阳市", "occurredOn": day}))
        path = f"breaches/{breach['id']}"
        breach = self.ok(self.office.post(f"{CORRECTIONS}/{path}:investigate", {
            "etag": breach["etag"], "evidence": ["邻居钱小河的证言"], "heardOn": day, "statement": "属实", "occurredOn": day}))
        self.ok(self.county.post(f"{CORRECTIONS}/{path}:establish", {"etag": breach["etag"], "kind": "RULES_SLIGHT", "occurredOn": day}))
        read = self.ok(own("GET", path))
        self.assertEqual((read["facts"], read.get("evidence")), ("未经批准离开东阳市", None))
        for paper in self.ok(own("GET", f"papers?objectType=Breach&object={breach['id']}"))["papers"]:
            printed = own("GET", f"papers/{paper['act']}/{paper['document']}?wording={paper['wording']}", Accept="application/pdf")
            self.assertEqual(printed.status, 200, repr(printed))
            self.assertIn("未经批准离开东阳市", text_of(printed.body))
            self.assertNotIn("钱小河", text_of(printed.body))

    def test_a_minor_is_seen_by_those_whose_post_it_is_and_by_the_procuratorate(self):
        """社区矫正法 §54, §62."""
        s = self.ok(notice(self, citizen_number("20070307", 603)))
        path = f"{CORRECTIONS}/subjects/{s['id']}"
        self.assertTrue(self.ok(self.office.get(path))["minor"])
        supervisor = self.suite.http("jinhua.supervisor")
        self.refused(supervisor.get(path), 404)
        listed = self.ok(supervisor.get(f"{CORRECTIONS}/subjects", organisation=OFFICE, pageSize=200)).get("subjects", [])
        self.assertFalse([x for x in listed if x.get("minor")])
        self.assertEqual(self.ok(self.procurator.get(path))["person"]["name"], "赵*")
        read = self.ok(self.procurator.request("GET", path, headers={"X-Purpose": "%E6%B3%95%E5%BE%8B%E7%9B%91%E7%9D%A3"}))
        self.assertEqual(read["person"]["name"], "赵大山")
        self.assertIn("dongyang.procurator",
                      [e.get("actorAccount") for e in self.ok(self.county.get(f"{path}/history"))["entries"] if e["action"] == "READ"])
        self.refused(self.procurator.post(f"{path}:register", {"etag": s["etag"]}), 403, "PERMISSION_MISSING")
        opinion = self.ok(self.procurator.post(f"{CORRECTIONS}/supervisionOpinions", {
            "office": OFFICE, "region": OFFICE, "kind": "RECTIFICATION", "procuratorate": "东阳市人民检察院", "document": "东检矫〔2024〕1号",
            "issuedOn": "2024-09-03", "content": "应当及时接收。", "replyBy": "2030-01-31"}))
        self.refused(self.procurator.post(f"{CORRECTIONS}/supervisionOpinions/{opinion['id']}:reply", {
            "etag": opinion["etag"], "adopted": True, "reply": "已接收。"}), 403, "PERMISSION_MISSING")
