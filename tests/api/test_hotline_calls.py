"""12348 热线: a call from its arrival to its end, through a switch and the desks of agents, and who was not answered is called back."""

import time
import uuid

import walk
from base import ApiTest
from bureau import PURPOSE, assert_whole
from switchboard import HOTLINE, Seat, Switchboard


class HotlineCallsTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.suite.http("dongyang.head")
        cls.agent = Seat(cls.suite, "dongyang.agent2")

    def setUp(self):
        self.switch = Switchboard(self.suite, f"t-{uuid.uuid4().hex[:12]}")
        self.switch.tell("", booted={})

    def wait_for(self, what, ask, patience=15):
        deadline = time.monotonic() + patience
        while not (found := ask()):
            if time.monotonic() > deadline:
                self.fail(f"{what} did not come")
            time.sleep(0.1)
        return found

    def contact(self, offer):
        return self.ok(self.head.get(f"{HOTLINE}/contacts/{offer['contact']}"))

    def test_a_call_is_answered(self):
        """law §5.1, §5.2: ring, offer, bridge, end; one work order a call; waiting by the clock of the switch."""
        self.agent.be_ready()
        self.switch.call("c1", "13800000011")
        offer = self.wait_for("an offer", self.agent.offers)[0]
        ring = self.wait_for("a command", lambda: [c for c in self.switch.commands() if c["call"] == "c1" and c["kind"] == "RING"])[0]
        self.assertEqual((ring["kind"], ring["call"], ring["agent"], ring["offer"]), ("RING", "c1", self.agent.number, offer["id"]))
        self.refused(Seat(self.suite, "dongyang.agent3").accept(offer["id"]), 403, "OFFER_NOT_YOURS")
        self.assertTrue(self.ok(self.agent.accept(offer["id"]))["accepted"])
        self.switch.tell("c1", bridged={"offer": offer["id"]})
        talking = self.contact(offer)
        self.assertEqual((talking["state"], talking["agentNumber"]), ("TALKING", self.agent.number))
        order = self.ok(self.agent.http.get(f"{HOTLINE}/workOrders/{talking['workOrder']}"))
        self.assertEqual((order["state"], order["contact"]), ("CREATED", talking["id"]))
        self.switch.tell("c1", hungUp={"by": "01"})
        ended = self.contact(offer)
        self.assertEqual((ended["state"], ended["outcome"]), ("ENDED", "ANSWERED"))
        self.refused(self.agent.accept(offer["id"]), 400, "OFFER_GONE")
        assert_whole(self.suite, "hotline")

    def test_who_hangs_up_is_owed_a_callback(self):
        """One open callback for the number; who calls again goes on with it."""
        if self.agent.read()["state"] != "OFFLINE":
            self.agent.act("break", breakReason="01")
        caller = f"138{uuid.uuid4().int % 10**8:08d}"
        self.switch.call("c1", caller)
        time.sleep(5.2)
        self.switch.tell("c1", hungUp={"by": "01"})
        search = {"numberCalled": caller}
        owed = self.ok(self.head.post(f"{HOTLINE}/callbacks:search", search, headers=PURPOSE))["callbacks"]
        self.assertEqual([c["state"] for c in owed], ["OPEN"])
        self.switch.call("c2", caller)
        owed = self.ok(self.head.post(f"{HOTLINE}/callbacks:search", search, headers=PURPOSE))["callbacks"]
        self.assertEqual([c["state"] for c in owed], ["CALLED_AGAIN"])

    def test_what_a_switch_tells(self):
        """Told twice it is known, told otherwise it is refused; another's account is not the switch."""
        event = self.switch.event("c1", callArrived={"caller": "13800000013", "called": "12348", "channel": "01"})
        self.ok(self.switch.send(event))
        self.ok(self.switch.send(event))
        self.refused(self.switch.send(event | {"call": "c2"}), 409, "EVENT_CONFLICT")
        self.refused(self.agent.http.post(f"{HOTLINE}/switches/{self.switch.id}:sendEvents", {"boot": "b", "events": [event]}), 403)

    def test_the_walk_prints_what_the_page_says(self):
        """docs/walks/hotline.md, line by line."""
        self.assertGreater(walk.run("docs/walks/hotline.md", self.suite.state.directory), 15)
