"""What a front end relies on: repeated requests, stale versions, available actions, history, bad input."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from world import NANMA_REGION, CaseTest, particulars


class RequestsTest(CaseTest):
    def test_the_same_request_again_gives_the_same_answer(self):
        """幂等: a request_id that comes again does nothing and answers alike; with other content it is refused."""
        key = secrets.token_hex(8)
        body = {"requestId": key, "committee": self.committee["id"], "region": NANMA_REGION, "particulars": particulars()}
        first, again = self.mediator.post("/v1/mediation/cases", body), self.mediator.post("/v1/mediation/cases", body)
        self.assertEqual(self.ok(first)["id"], self.ok(again)["id"])
        other = self.mediator.post("/v1/mediation/cases", body | {"particulars": particulars()})
        self.refused(other, 409, "REQUEST_ID_REUSED")
        header = self.mediator.post("/v1/mediation/cases", {k: v for k, v in body.items() if k != "requestId"}, idempotency_key=key)
        self.assertEqual(self.ok(header)["id"], first.json["id"], "the header is the same as the field")

    def test_a_repeated_act_answers_as_it_did(self):
        """An act repeated after others answers with what it made then, and acts no second time."""
        case, key = self.applied(), secrets.token_hex(8)
        case.do("accept", requestId=key).do("assign", mediators=[self.member])
        self.assertEqual(self.ok(case.try_("accept", requestId=key))["state"], "ACCEPTED")
        self.assertEqual(case.read()["state"], "ASSIGNED")
        self.assertEqual(len(case.history()), 3)

    def test_a_stale_version_is_refused(self):
        """etag: who acts on what has changed since is refused, and nothing is changed."""
        case = self.applied()
        stale = case.now["etag"]
        case.do("accept", etag=stale)
        self.refused(case.try_("assign", etag=stale, mediators=[self.member]), 409, "ETAG_STALE")
        self.assertEqual(case.read()["state"], "ACCEPTED")

    def test_the_head_of_an_act(self):
        """An act on what exists names the version that its caller has seen, in the body or by If-Match; what every act has alike has its rules."""
        case = self.applied()
        path, etag = f"{case.path}:accept", case.now["etag"]
        self.refused(self.mediator.post(path, {}), 400, "FIELD_REQUIRED", "etag")
        self.refused(self.mediator.post(path, {"etag": etag}, headers={"If-Match": '"77"'}), 400, "IF_MATCH_CONFLICT", "etag")
        self.refused(self.mediator.post(path, {}, headers={"If-Match": '"77"'}), 409, "ETAG_STALE")
        for bad in (etag, f'W/"{etag}"', "*", f'"{etag}", "77"'):
            self.refused(self.mediator.post(path, {}, headers={"If-Match": bad}), 400, "HEADER_INVALID")
        for field, value, reason in (("requestId", "含汉字", "FIELD_PATTERN"), ("requestId", "x" * 65, "FIELD_TOO_LONG"),
                                     ("occurredOn", "2999-01-01", "FIELD_DATE_FUTURE"), ("etag", "7" * 65, "FIELD_TOO_LONG")):
            self.refused(self.mediator.post(path, {"etag": etag, field: value}), 400, reason, field)
        self.refused(self.mediator.post("/v1/mediation/cases/no-id:accept", {"etag": etag}), 400, "FIELD_ID", "id")
        self.refused(case.try_("withdraw", reason="由" * 2001, routesTold=True), 400, "FIELD_TOO_LONG", "reason")
        read = self.mediator.get(case.path)
        self.assertEqual(read.headers["ETag"], f'"{etag}"')
        self.assertEqual(case.read()["state"], "APPLIED", "nothing that was refused has changed anything")
        accepted = self.mediator.post(path, {}, headers={"If-Match": read.headers["ETag"]})
        self.assertEqual((self.ok(accepted)["state"], accepted.headers["ETag"]), ("ACCEPTED", f'"{int(etag) + 1}"'))
        stored = case.upload("EVIDENCE")
        withdraw = f"/v1/mediation/attachments/{stored['id']}:withdraw"
        self.refused(self.mediator.post(withdraw, {"reason": "传错"}, headers={"If-Match": '"1"'}), 400, "IF_MATCH_UNUSED")
        self.refused(self.mediator.get("/v1/mediation/cases?pageSize=201"), 400, "FIELD_RANGE", "pageSize")

    def test_a_repeated_act_may_name_the_version_that_it_has_made(self):
        """A caller whose answer was lost reads the object again: the act is the same, and done once."""
        case, key = self.applied(), secrets.token_hex(8)
        first = self.ok(case.try_("accept", requestId=key, etag=case.now["etag"]))
        again = self.ok(case.try_("accept", requestId=key, etag=first["etag"]))
        self.assertEqual((again["etag"], again["number"]), (first["etag"], first["number"]))
        self.assertEqual(len(case.history()), 2)

    def test_of_two_at_once_one_wins(self):
        """Eight editors with the same etag: one succeeds, seven are told."""
        case = self.applied()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: case.try_("edit", etag=case.first["etag"], particulars=particulars(facts=f"第{n}稿")), range(8)))
        self.assertEqual(sorted(a.status for a in answers), [200] + [409] * 7, answers)

    def test_actions_say_what_may_be_done_and_why_not(self):
        """可办事项: what is allowed has its article; what a rule bars has reason, message and article."""
        case = self.applied(reservedToOtherOrgan=True)
        actions = case.actions()
        self.assertEqual((actions["REJECT"]["allowed"], actions["REJECT"]["law"]), (True, "《人民调解工作若干规定》第24条"))
        self.assertEqual((actions["ACCEPT"].get("allowed", False), actions["ACCEPT"]["reason"]), (False, "RESERVED_TO_OTHER_ORGAN"))
        self.assertTrue(actions["ACCEPT"]["message"])
        self.assertEqual(case.actions(self.http("jinhua.supervisor"))["REJECT"]["reason"], "PERMISSION_MISSING")

    def test_history_tells_who_did_what_when_under_which_article(self):
        """办理记录: each act with person, organisation, dates, article, papers and limits."""
        entries = self.agreed().history()
        accept = entries[1]
        self.assertEqual((accept["actionLabel"], accept["fromState"], accept["toState"], accept["actor"], accept["actorAccount"]),
                         ("受理", "APPLIED", "ACCEPTED", self.me, "nanma.mediator"))
        self.assertEqual((accept["law"], accept["organisation"], accept["occurredOn"]),
                         ("《人民调解法》第17条", self.committee["organisation"], str(self.today)))
        self.assertTrue(accept["papers"] and accept["clocks"])
        self.assertEqual([int(e["version"]) for e in entries], list(range(1, len(entries) + 1)))


class BadInputTest(CaseTest):
    def refuse(self, body=None, reason=None, field=None, status=400, **options):
        self.refused(self.mediator.request("POST", "/v1/mediation/cases", body=body, **options), status, reason, field)

    def body(self, **more):
        return {"committee": self.committee["id"], "region": NANMA_REGION, "particulars": particulars(**more)}

    def test_malformed(self):
        """Malformed JSON, wrong types, unknown fields, invalid UTF-8, other media types: refused, and said where."""
        self.refuse(data=b'{"committee": ', reason="JSON_MALFORMED")
        self.refuse(data=b'{"region": "\xff\xfe"}')
        self.refuse(data=b"[]")
        self.refuse(self.body() | {"colour": "red"}, "FIELD_UNKNOWN", "colour")
        self.refuse(self.body() | {"region": 330783118.5}, field="region")
        self.refuse(self.body(parties="nobody"), field="particulars.parties")
        self.refuse(data=b"a=1", content_type="application/x-www-form-urlencoded", status=415)

    def test_wrong_values(self):
        """Unknown codes, regions and committees, numbers out of range, too many parties: refused by field."""
        self.refuse(self.body(type="77"), "CODE_UNKNOWN", "particulars.type")
        self.refuse(self.body(amountFen="-1"), field="particulars.amountFen")
        self.refuse(self.body(facts=""), "FIELD_REQUIRED", "particulars.facts")
        self.refuse(self.body(facts="字" * 20001), "FIELD_TOO_LONG", "particulars.facts")
        self.refuse(self.body() | {"region": "999999"}, "REGION_UNKNOWN")
        self.refuse(self.body() | {"region": "12"}, field="region")
        self.refuse(self.body() | {"committee": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, status=404)
        self.refuse(self.body() | {"committee": "xyz"}, field="committee")
        self.refuse(self.body() | {"occurredOn": "2999-01-01"}, field="occurredOn")
        self.refuse({}, "FIELD_REQUIRED", "particulars")
        self.refuse(self.body() | {"requestId": "请" * 64}, field="requestId")

    def test_too_large(self):
        """A body over the limit is refused, never cut."""
        self.refuse(data=b'{"x": "' + b"a" * (5 << 20) + b'"}', status=413)

    def test_unknown_routes(self):
        """No such route, or not that method: 404, 405."""
        self.refused(self.mediator.get("/v1/mediation/nothing"), 404)
        self.assertIn(self.mediator.request("PUT", "/v1/mediation/cases", body={}).status, (404, 405))
        self.refused(self.mediator.get("/v1/mediation/cases/not-an-id"), 400)
