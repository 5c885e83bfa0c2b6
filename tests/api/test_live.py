"""实时动态: a page sees within seconds what changes in whatever it may read, in one stream over all services."""

import contextlib
import json
import ssl
import time
import unittest
import urllib.request

import live_page
from live_page import Page
from world import CaseTest

SERVICES = ("corrections", "mediation")


class LiveTest(CaseTest):
    def page(self, caller, last_id=None, services=SERVICES, **query):
        """A page of the caller that follows."""
        page = Page(self.suite, live_page.ticket(caller), last_id, **query)
        self.assertEqual(page.status, 200, getattr(page, "refusal", ""))
        self.addCleanup(page.__exit__)
        return page.following(*services)

    def assert_refused(self, page, status, reason):
        self.assertEqual(page.status, status, page.__dict__)
        self.assertEqual(page.refusal["details"][0]["reason"], reason)

    def test_an_act_is_seen_by_who_may_read_its_object_and_by_nobody_else(self):
        officer, county, neighbour = (self.page(caller) for caller in (self.office, self.county, self.neighbour))
        began = time.monotonic()
        case = self.accepted()
        for page in (officer, county):
            page.wait(lambda: page.changes(case.id) == [("APPLY", "APPLIED"), ("ACCEPT", "ACCEPTED")], 3, "both acts")
        self.assertLess(time.monotonic() - began, 6)
        told = next(e for e in officer.events if e.kind == "change" and e.data["change"]["object"] == case.id)
        self.assertEqual(told.data["service"], "mediation")
        self.assertEqual(told.data["change"]["objectType"], "Case")
        self.assertEqual(told.data["change"]["organisationPath"].split("/")[-2], self.committee["organisation"])
        self.assertLessEqual(set(told.data["change"]), {"objectType", "object", "act", "state", "etag", "organisation",
                                                        "organisationPath", "region", "recordedAt"}, "nothing of what it says")
        self.assertEqual(neighbour.changes(case.id), [])
        self.assertNotIn("reset", officer.kinds())

    def test_a_page_narrows_what_it_sees(self):
        other_type = self.page(self.office, types="Committee")
        other_place = self.page(self.county, organisation="330783101")
        this_place = self.page(self.county, organisation="330783118", types=["Case", "Leave"])
        case = self.applied()
        this_place.wait(lambda: this_place.changes(case.id), 5)
        self.assertEqual(other_type.changes() + other_place.changes(case.id), [])

    def test_a_program_follows_one_service_with_its_token(self):
        """As lines, from a position on."""
        case = self.accepted()
        with self.stream("nanma.officer", "/v1/mediation/live") as lines:
            position = int(json.loads(next(lines))["position"])
        case.do("assign", mediators=[self.member])
        with self.stream("nanma.officer", f"/v1/mediation/live?afterPosition={position}&types=Case") as lines:
            acts = (m["change"]["act"] for m in map(json.loads, lines) if m.get("change", {}).get("object") == case.id)
            self.assertIn("ASSIGN", acts)  # at once after those that were not sealed yet when the first stream began
        self.refused(self.http("dongyang.security").get("/v1/mediation/live"), 403, "PERMISSION_MISSING")

    @contextlib.contextmanager
    def stream(self, account, path):
        request = urllib.request.Request(self.suite.url + path, headers={"Authorization": f"Bearer {self.suite.token(account)}"})
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=str(self.suite.ca)), timeout=10) as answer:
            yield answer

    def test_a_ticket_opens_one_stream_at_a_time_and_resumes_it(self):
        ticket = live_page.ticket(self.office)
        first = Page(self.suite, ticket).following(*SERVICES)
        self.assert_refused(Page(self.suite, ticket), 409, "TICKET_IN_USE")
        self.assert_refused(Page(self.suite, ticket, last_id=first.id), 409, "TICKET_IN_USE")
        case = self.applied()
        first.wait(lambda: first.changes(case.id))
        seen = first.id
        first.close()
        case.do("accept").do("assign", mediators=[self.member])
        deadline = time.monotonic() + 10
        while (again := Page(self.suite, ticket, last_id=seen)).status == 409 and time.monotonic() < deadline:
            time.sleep(0.1)  # the gateway has not seen yet that the first one has gone
        again.wait(lambda: len(again.changes(case.id)) == 2, 5, "what was missed")
        self.assertEqual(again.changes(case.id), [("ACCEPT", "ACCEPTED"), ("ASSIGN", "ASSIGNED")])
        self.assertNotIn("reset", again.kinds())
        again.close()
        while (without := Page(self.suite, ticket)).refusal["details"][0]["reason"] == "TICKET_IN_USE":
            time.sleep(0.1)
        self.assert_refused(without, 409, "TICKET_USED")

    def test_what_is_no_ticket_is_refused(self):
        ticket = live_page.ticket(self.office)
        forged = ticket[:-4] + ("AAAA" if ticket[-4:] != "AAAA" else "BBBB")
        for wrong in (forged, "x", ticket[:30]):
            self.assert_refused(Page(self.suite, wrong), 401, "TICKET_REFUSED")
        self.refused(self.http().get("/v1/live"), 400)
        self.refused(self.http().post("/v1/live/tickets", {}), 401)
        self.assert_refused(Page(self.suite, ticket, last_id="nothing of ours"), 400, "FIELD_PATTERN")

    def test_who_begins_beyond_the_journal_reads_anew(self):
        page = Page(self.suite, live_page.ticket(self.office), last_id="mediation:999999999")
        self.addCleanup(page.__exit__)
        page.wait(lambda: {"mediation", "corrections"} <= {e.data["service"] for e in page.events if e.kind == "reset"}, 5,
                  "mediation begins anew, of corrections the page has never heard")
        case = self.applied()
        page.wait(lambda: page.changes(case.id), 5)

    def test_a_stream_ends_with_its_session(self):
        """Within seconds; and the ticket opens nothing any more."""
        token = self.suite.sign_in("nanma.officer")["accessToken"]
        bearer = {"Authorization": f"Bearer {token}"}
        ticket = self.ok(self.http().request("POST", "/v1/live/tickets", body={}, headers=bearer))["ticket"]
        page = Page(self.suite, ticket).following(*SERVICES)
        self.ok(self.http().request("POST", "/v1/identity/sessions:logout", body={}, headers=bearer))
        page.wait(lambda: page.ended, 15, "the end")
        self.assertEqual(page.events[-1].kind, "end")
        self.assert_refused(Page(self.suite, ticket, last_id=page.id), 401, "SESSION_ENDED")

    def test_an_account_holds_so_many_streams(self):
        pages = [self.page(self.neighbour) for _ in range(8)]
        self.assert_refused(Page(self.suite, live_page.ticket(self.neighbour)), 429, "LIVE_LIMIT_REACHED")
        pages[0].close()
        deadline = time.monotonic() + 10
        while (page := Page(self.suite, live_page.ticket(self.neighbour))).status == 429 and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(page.status, 200)
        page.close()


if __name__ == "__main__":
    unittest.main()
