"""The hotline's work orders through the gateway: from the call to the visit, into mediation, into the ledger of complaints, rated."""

import secrets

from base import ApiTest
from bureau import assert_whole
from suite import wait_until
from world import NANMA, NANMA_REGION, people

_ORDERS = "/v1/hotline/workOrders"
_OFFICE = "330783118"  # 南马司法所


class HotlineTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = {"agent": "dongyang.agent", "supervisor": "dongyang.supervisor", "messenger": "dongyang.messenger", "head": "dongyang.head",
                 "office": "nanma.officer", "neighbour": "hengdian.officer", "mediator": "nanma.mediator"}
        for name, account in names.items():
            setattr(cls, name, cls.suite.http(account))
        cls.centre = cls.head.must("POST", "/v1/hotline/centres", {
            "office": "330783", "region": "330783", "name": "东阳市12348热线", "calledNumbers": [f"{secrets.randbelow(10**12):012}"],
            "serves": ["330783"], "languages": ["zh"]})["id"]

    def create(self, **more):
        self.caller = people().party(1)
        return self.ok(self.agent.post(_ORDERS, {
            "centre": self.centre, "channel": "01",
            "caller": {"name": self.caller["name"], "phone": self.caller["phone"], "specialGroup": "01"},
            "matter": {"place": NANMA_REGION, "basis": "STATED", "topic": "02", "facts": "被拖欠三个月工资，询问如何讨要"}} | more))

    def try_(self, order, act, caller=None, **body):
        return (caller or self.agent).act(f"{_ORDERS}/{order['id']}:{act}", body)

    def do(self, order, act, caller=None, **body):
        return self.ok(self.try_(order, act, caller, **body))

    def read(self, order):
        return self.ok(self.agent.get(f"{_ORDERS}/{order['id']}"))

    def code(self, order):
        """What the citizen is sent."""
        path = f"/v1/hotline/workOrders/{order['id']}/code"
        return self.ok(self.messenger.request("GET", path, headers={"X-Purpose": "%E5%8F%91%E9%80%81%E8%AF%84%E4%BB%B7%E7%A0%81"}))

    def routed(self):
        return self.do(self.create(), "route", target="03", office=_OFFICE, instructions="请核实工资支付情况")

    def test_main_line(self):
        """An agent records and routes; 南马司法所 signs for it and replies; the agent calls back and closes. Each sees what is his."""
        order = self.create()
        self.assertRegex(order["number"], r"^（\d{4}）330783热字第\d+号$")
        self.assertEqual(order["caller"]["name"], self.caller["name"][0] + "*")
        self.refused(self.office.get(f"{_ORDERS}/{order['id']}"), 404)
        self.refused(self.try_(order, "route", target="08", office=_OFFICE), 400, "PAID_SERVICE_GUIDANCE_ONLY")
        order = self.do(order, "route", target="03", office=_OFFICE)
        self.refused(self.neighbour.get(f"{_ORDERS}/{order['id']}"), 404)
        actions = {a["action"]: a.get("allowed", False) for a in self.ok(self.office.get(f"{_ORDERS}/{order['id']}/actions"))["actions"]}
        self.assertTrue(actions["ACCEPT"] and actions["RETURN"])
        self.assertFalse(actions["SUPERVISE"])
        self.refused(self.try_(order, "accept"), 403, "PERMISSION_MISSING")
        self.assertIn(order["id"], [o["objectId"] for o in self.ok(self.office.get("/v1/hotline/work"))["items"]])
        self.do(order, "accept", self.office)
        self.refused(self.try_(order, "extend", self.office, until="2030-01-04", reason="需要调查"), 403, "PERMISSION_MISSING")
        self.do(order, "supervise", self.supervisor, instructions="请按期回复")
        self.do(order, "handle", self.office, note="已联系用工单位")
        self.do(order, "reply", self.office, reply="用工单位已支付全部工资", laws=["《保障农民工工资支付条例》第3条"])
        self.do(order, "visit", satisfaction="02", words="工资已到账")
        order = self.do(order, "close")
        self.assertEqual(order["state"], "CLOSED")
        acts = [e["action"] for e in self.ok(self.agent.get(f"{_ORDERS}/{order['id']}/history"))["entries"]]
        self.assertEqual(acts, ["CREATE", "ROUTE", "ACCEPT", "SUPERVISE", "HANDLE", "REPLY", "VISIT", "CLOSE"])
        assert_whole(self.suite, "hotline")

    def test_returned_twice(self):
        """After two returns the supervisor says whose the order is, and that is final."""
        order = self.routed()
        self.do(order, "return", self.office, reason="不属于我所管辖")
        self.do(order, "route", target="03", office=_OFFICE)
        self.do(order, "return", self.office, reason="仍不属于我所管辖")
        self.refused(self.try_(order, "route", target="03", office=_OFFICE), 400, "CENTRE_DECIDES")
        self.do(order, "designate", self.supervisor, target="03", office=_OFFICE)
        self.refused(self.try_(order, "return", self.office, reason="不属于我所管辖"), 400, "ORDER_DESIGNATED")
        self.assertEqual(self.do(order, "accept", self.office)["state"], "ACCEPTED")

    def test_into_mediation(self):
        """H5: a transferred order is one case, in the agent's name; both numbers are kept and the case's progress follows."""
        order, respondent = self.create(), people().party(2)
        committee = next(c["id"] for c in self.ok(self.agent.get("/v1/mediation/committees", organisation=NANMA))["committees"]
                         if c["state"] == "ACTIVE")
        transfer = {"committee": committee, "disputeType": "1001", "respondents": [{"name": respondent["name"], "phone": respondent["phone"]}]}
        self.do(order, "transferToMediation", transfer=transfer)
        order = wait_until(lambda: (lambda o: o if o["state"] == "HANDLING" else None)(self.read(order)), 15, "the case of the order")
        case = self.ok(self.mediator.get(f"/v1/mediation/cases/{order['caseId']}"))
        self.assertEqual(case["state"], "APPLIED")
        applied = self.ok(self.mediator.get(f"/v1/mediation/cases/{case['id']}/history"))["entries"][0]
        self.assertEqual(applied["actorAccount"], "dongyang.agent")
        self.assertEqual(self.ok(self.mediator.get(f"{_ORDERS}/{order['id']}"))["number"], order["number"])
        # Who they are is established by the committee, before it accepts.
        purpose = {"X-Purpose": "%E6%A0%B8%E5%AF%B9%E8%BA%AB%E4%BB%BD"}
        particulars = self.ok(self.mediator.request("GET", f"/v1/mediation/cases/{case['id']}", headers=purpose))["particulars"]
        for party, known in zip(particulars["parties"], (self.caller, respondent)):
            party["idNumber"] = known["idNumber"]
        self.ok(self.mediator.act(f"/v1/mediation/cases/{case['id']}:edit", {"particulars": particulars, "reason": "核明当事人身份"}))
        accepted = self.ok(self.mediator.act(f"/v1/mediation/cases/{case['id']}:accept", {}))
        order = wait_until(lambda: (lambda o: o if o.get("caseNumber") else None)(self.read(order)), 30, "the number of the case")
        self.assertEqual(order["caseNumber"], accepted["number"])
        self.assertEqual(order["caseState"], "ACCEPTED")

    def test_refused_by_mediation(self):
        """What mediation refuses comes back with its reason."""
        order = self.create()
        transfer = {"committee": "01" + "0" * 24, "disputeType": "1001", "respondents": [{"name": people().party(2)["name"]}]}
        self.do(order, "transferToMediation", transfer=transfer)
        order = wait_until(lambda: (lambda o: o if o["state"] == "RETURNED" else None)(self.read(order)), 15, "the refusal")
        self.assertEqual(len(order["refusals"]), 1)
        self.assertTrue(order["refusals"][0]["message"].strip())

    def test_rated_by_the_citizen(self):
        """Nobody who answers calls sees the code; by it the citizen follows his order, rates it once, and once more after the visit."""
        order = self.do(self.create(), "answer", answer="可以申请劳动仲裁", laws=["《劳动争议调解仲裁法》第5条"])
        purpose = {"X-Purpose": "%E6%A0%B8%E5%AF%B9"}
        seen = self.ok(self.agent.request("GET", f"{_ORDERS}/{order['id']}", headers=purpose))
        self.assertEqual(seen["caller"]["phone"], self.caller["phone"])
        sent = self.code(order)
        self.assertEqual(sent["phone"], self.caller["phone"])
        self.assertNotIn(sent["code"], str(seen))
        self.refused(self.agent.get(f"{_ORDERS}/{order['id']}/code"), 403, "PERMISSION_MISSING")
        citizen = self.http()
        progress = self.ok(self.patiently(lambda: citizen.get(f"/v1/hotline/progress/{sent['code']}")))
        self.assertEqual([s["label"] for s in progress["steps"]], ["收到", "即时答复"])
        self.assertNotIn(self.caller["name"], str(progress))
        self.ok(self.patiently(lambda: citizen.post("/v1/hotline/ratings", {"code": sent["code"], "satisfaction": "04", "words": "没有讲清"})))
        self.refused(self.patiently(lambda: citizen.post("/v1/hotline/ratings", {"code": sent["code"], "satisfaction": "01"})), 409,
                     "ALREADY_RATED")
        self.assertEqual(self.read(order)["state"], "DISSATISFIED")
        self.do(order, "visit", satisfaction="02", words="已补充说明")
        receipt = self.ok(self.patiently(lambda: citizen.post("/v1/hotline/ratings:supplement", {"code": sent["code"], "satisfaction": "02"})))
        self.assertEqual((receipt["satisfaction"], receipt["supplement"]), ("04", "02"))

    def test_complaint(self):
        """投诉台账: every step with its day, the letter under seal; the caller's order is answered by its outcome."""
        order = self.create()
        ledger = "/v1/hotline/complaints"
        complaint = self.ok(self.agent.post(ledger, {"workOrder": order["id"], "against": "东阳市某律师事务所", "againstKind": "01"}))
        path = f"{ledger}/{complaint['id']}"
        self.ok(self.supervisor.act(f"{path}:accept", {"toldHow": "03"}))
        seal = {"seal": "东阳市司法局公章", "document": "转办函", "copies": 1, "approvedBy": "楼卫东"}
        self.refused(self.supervisor.act(f"{path}:transfer", {"office": _OFFICE}), 400)
        self.ok(self.supervisor.act(f"{path}:transfer", {"office": _OFFICE, "seal": seal}))
        self.ok(self.office.act(f"{path}:handle", {"outcome": "REJECTED", "result": "收费符合约定"}))
        self.ok(self.supervisor.act(f"{path}:serve", {"servedHow": "04"}))
        closed = self.ok(self.supervisor.act(f"{path}:close", {}))
        self.assertTrue(all(closed[day] for day in ("registeredOn", "acceptedOn", "transferredOn", "handledOn", "servedOn", "closedOn")))
        self.assertEqual(self.read(order)["state"], "REPLIED")

    def test_what_was_said_and_where_to_apply(self):
        """A snippet is found by its words and attached in its version; 法律援助法 §38 says where legal aid is applied for."""
        word = f"讨薪{secrets.token_hex(4)}"
        made = self.ok(self.head.post("/v1/hotline/snippets", {
            "office": "330783", "region": "330783", "topic": "02", "title": word, "text": "可以向劳动保障监察机构投诉", "laws": ["《劳动法》第91条"],
            "validFrom": "2024-01-01"}))
        self.ok(self.head.act(f"/v1/hotline/snippets/{made['id']}:publish", {}))
        found = self.ok(self.agent.post("/v1/hotline/snippets:search", {"words": word, "topic": "02"}))["snippets"]
        self.assertEqual([s["id"] for s in found], [made["id"]])
        order = self.create()
        said = self.do(order, "attachSnippet", snippet=made["id"])
        self.assertEqual(said["snippets"][0]["version"], 1)
        self.refused(self.try_(order, "recordLegalAid", legalAid={"litigation": True, "basis": "03", "place": "330783118"}), 400, "LEGAL_AID_PLACE")
        told = self.do(order, "recordLegalAid", legalAid={"litigation": True, "basis": "01", "place": "330783118"})
        self.assertEqual(told["legalAid"]["agency"], "东阳市法律援助中心")
        self.refused(self.agent.post("/v1/hotline/snippets", {}), 403)

    def test_which_point_serves_first(self):
        """mission 23: half an hour in town, an hour in villages; anybody asks, and no list is open to him."""
        anybody = self.suite.http(None)
        path = "/v1/hotline/servicePoints:nearest"
        near = self.ok(self.patiently(lambda: anybody.get(path, latitude=29.2896, longitude=120.2417)))
        self.assertEqual(near["limitMinutes"], 30)
        self.assertIn(near["points"][0]["kind"], ("01", "04"), "the centre, or out of hours its kiosk")
        self.assertTrue(all(p["withinCircle"] for p in near["points"] if p.get("kilometres", 0) < 1))
        served = [p["servedAt"] for p in near["points"] if "servedAt" in p]
        self.assertEqual(served, sorted(served))
        kiosks = self.ok(self.patiently(lambda: anybody.get(path, latitude=29.2896, longitude=120.2417, kind="04")))["points"]
        self.assertEqual([p["kind"] for p in kiosks], ["04"])
        self.refused(self.patiently(lambda: anybody.get(path, latitude=120.2, longitude=29.3)), 400, "PLACE_OUTSIDE")
        self.refused(self.patiently(lambda: anybody.get("/v1/hotline/servicePoints")), 401)
        gaps = self.ok(self.head.get("/v1/hotline/servicePoints:gaps", region="330783"))
        self.assertEqual(len(gaps["gaps"]), gaps["divisions"] - 4)
        self.refused(self.agent.post("/v1/hotline/servicePoints", {"office": "330783"}), 403)
