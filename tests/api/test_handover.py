"""移交: the open work of a person who leaves, handed over at identity, carried out by mediation."""

import secrets
import time

from world import CaseTest


class HandoverTest(CaseTest):
    def hand_over(self, giver, taker):
        system = self.suite.http("dongyang.system")
        self.ok(system.act(f"/v1/identity/accounts/{giver}:handOver", {"to": taker, "reason": "调离"}))

    def wait_for(self, case, assignee):
        for _ in range(60):
            if case.read().get("assignee") == assignee:
                return
            time.sleep(0.5)
        self.fail(f"{case.path} is not assigned to {assignee}")

    def test_there_and_back(self):
        """An open case goes to the successor and, when he hands over in turn, comes back; its history tells both."""
        successor = "t." + secrets.token_hex(6)
        made = self.ok(self.suite.http("dongyang.system").post(
            "/v1/identity/accounts", {"account": successor, "displayName": "接任", "organisation": "330783118-00"}))
        post = {"role": "mediator", "organisation": "330783118-00"}
        self.refused(self.suite.http("dongyang.system").act(
            "/v1/identity/accounts/nanma.mediator:handOver", {"to": successor, "reason": "调离"}), 400, "SUCCESSOR_NOT_ENTITLED", "to")
        self.ok(self.suite.http("dongyang.security").act(f"/v1/identity/accounts/{successor}:grantPost", post))
        case = self.mediating()
        self.wait_for(case, self.me)
        try:
            self.hand_over("nanma.mediator", successor)
            self.wait_for(case, made["account"]["id"])
            self.refused(case.try_("recordSession", session={"heldOn": str(self.today), "manner": "1", "minutes": "接续调解"}),
                         400, "MEDIATOR_MISSING")  # the successor is no member of the committee
        finally:
            self.hand_over(successor, "nanma.mediator")
        self.wait_for(case, self.me)
        self.assertEqual([entry["action"] for entry in case.history()][-2:], ["HAND_OVER", "HAND_OVER"])
        self.assertEqual(case.read()["mediators"], [self.member])
