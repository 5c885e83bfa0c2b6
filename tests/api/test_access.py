"""Who sees what: scope by organisation, masking of personal data, the look-up by code, search."""

import json
import secrets
import urllib.parse

from bureau import PURPOSE
from world import NANMA_REGION, CaseTest, particulars, people


class ScopeTest(CaseTest):
    def test_another_township_does_not_learn_that_a_case_exists(self):
        """管辖范围: out of reach is not there, for reading, acting, history and files alike."""
        case = self.accepted()
        for path in (*(case.path + part for part in ("", "/history", "/actions", "/clocks/CONCLUDE")), case.files):
            self.refused(self.neighbour.get(path), 404)
        self.refused(case.try_("assign", caller=self.neighbour, mediators=[self.member]), 404)
        self.refused(case.try_("withdraw", caller=self.neighbour, reason="x"), 404)
        found = self.ok(self.neighbour.get("/v1/mediation/cases", number=case.now["number"]))
        self.assertEqual(found.get("cases", []), [])

    def test_a_village_does_not_see_its_township(self):
        """A village's mediator sees the village's cases and not those of the township above it."""
        self.refused(self.http("nanma.village").get(self.applied().path), 404)

    def test_offices_see_what_is_below_them(self):
        """Township office, county, city and province see the case of a committee below them."""
        case = self.applied()
        for account in ("nanma.officer", "dongyang.officer", "dongyang.head", "jinhua.supervisor", "zhejiang.supervisor"):
            self.assertEqual(case.read(self.http(account))["id"], case.id, account)

    def test_supervisors_read_and_do_not_act(self):
        """A supervisor reads every case below and decides nothing there; the actions say so."""
        case = self.applied()
        for account in ("jinhua.supervisor", "zhejiang.supervisor"):
            supervisor = self.http(account)
            self.refused(case.try_("accept", caller=supervisor), 403)
            self.refused(supervisor.post("/v1/mediation/cases", {
                "committee": self.committee["id"], "region": NANMA_REGION, "particulars": particulars()}), 403)
            self.assertFalse(any(a.get("allowed") for a in case.actions(supervisor).values()))

    def test_administrators_see_no_case(self):
        """三员分立: none of the three administrators reads a case; the auditor reads the journal, not what it is about."""
        case = self.applied()
        for account in ("dongyang.system", "dongyang.security", "dongyang.auditor", "dongyang.operator"):
            self.refused(self.http(account).get(case.path), 403)
        rows = self.ok(self.http("dongyang.auditor").get("/v1/mediation/journal", object=case.id))["entries"]
        self.assertEqual([(r["entry"]["action"], r["entry"]["actorAccount"]) for r in rows], [("APPLY", "nanma.mediator")])
        for name in (p["name"] for p in case.parties):
            self.assertNotIn(name, json.dumps(rows, ensure_ascii=False))

    def test_nobody_without_a_token(self):
        """Without a token, or with one that is not ours, there is nothing to see."""
        self.refused(self.http().get(self.applied().path), 401)
        self.refused(self.http().request("GET", "/v1/mediation/cases", headers={"Authorization": "Bearer x.y.z"}), 401)


class PersonalDataTest(CaseTest):
    def test_personal_data_is_masked(self):
        """脱敏: no name, number, phone or statement of the parties leaves unmasked without a purpose."""
        case = self.mediating()
        for answer in (case.read(), self.ok(self.mediator.get("/v1/mediation/cases", number=case.now["number"])), case.first):
            text = json.dumps(answer, ensure_ascii=False)
            for party in case.parties:
                for value in (party["name"], party["idNumber"], party["phone"], "双方陈述"):
                    self.assertNotIn(value, text)
        shown = case.read()["particulars"]["parties"][0]
        party = case.parties[0]
        self.assertEqual(shown["name"], party["name"][0] + "*")
        self.assertEqual((shown["phone"], shown["idNumber"]), (
            party["phone"][:3] + "****" + party["phone"][-4:], party["idNumber"][:3] + "*" * 13 + party["idNumber"][-2:]))

    def test_a_purpose_unmasks_and_is_in_the_history(self):
        """With a purpose the data is shown, and who read it and what for stands in the history."""
        case = self.accepted()
        shown = case.read(purpose=urllib.parse.quote("送达协议书"))["particulars"]["parties"][0]
        self.assertEqual((shown["name"], shown["idNumber"]), (case.parties[0]["name"], case.parties[0]["idNumber"]))
        entry = case.history()[-1]
        self.assertEqual((entry["actorAccount"], entry["purpose"]), ("nanma.mediator", "***"), "a purpose may name people")
        purposes = [e["purpose"] for e in case.history(purpose="check") if e["action"] == "READ"]
        self.assertEqual(purposes, ["送达协议书", "check"])
        self.assertEqual(case.read()["etag"], case.now["etag"], "a reading is no new version")

    def test_a_purpose_that_nobody_can_read_is_none(self):
        """Blanks and hidden characters are refused as in any field, naming the header, and unmask nothing."""
        case = self.applied()
        for purpose, reason in (("%20%20", "FIELD_BLANK"), ("%E3%80%80", "FIELD_BLANK"), ("%C2%A0", "FIELD_BLANK"),
                                ("%E2%80%8B", "FIELD_BLANK"), ("%0A", "FIELD_CHARACTER"), ("%E2%80%AE", "FIELD_CHARACTER")):
            with self.subTest(purpose):
                answer = self.mediator.request("GET", case.path, headers={"X-Purpose": purpose})
                self.refused(answer, 400, reason, "X-Purpose")

    def test_supervisors_stay_masked(self):
        """Who may not see personal data is refused even with a purpose."""
        answer = self.http("jinhua.supervisor").request("GET", self.applied().path, headers={"X-Purpose": "check"})
        self.refused(answer, 403, "PERSONAL_DATA_REFUSED")

    def test_progress_reveals_nothing_personal(self):
        """进度查询: anybody with the code sees the state and dates, and no more; a wrong code is not there."""
        case, anybody = self.accepted(), self.http()
        look_up = lambda code: self.patiently(lambda: anybody.get(f"/v1/mediation/progress/{code}"))  # noqa: E731
        progress = self.ok(look_up(case.first["progressCode"]))
        self.assertEqual((progress["state"], progress["typeLabel"], progress["number"]), ("ACCEPTED", "邻里纠纷", case.now["number"]))
        self.assertLessEqual(set(progress), {"state", "stateLabel", "number", "typeLabel", "appliedOn", "acceptedOn", "concludedOn",
                                             "dueOn", "provisional"})
        self.refused(look_up("0" * 12), 404)
        self.refused(look_up("short"), 400)


class SearchTest(CaseTest):
    def test_by_personal_data_needs_the_right_and_a_purpose_and_is_in_the_journal(self):
        """F6: who may not read personal data does not find people by it either; whoever may says why, and the auditor sees it."""
        case = self.accepted()
        phone, name = case.parties[0]["phone"], case.parties[0]["name"]
        supervisor = self.http("jinhua.supervisor")
        for query in ({"phone": phone}, {"partyName": name}, {"idNumber": "330783199003070011", "region": "330783"}):
            for headers in (None, PURPOSE):
                answer = supervisor.post("/v1/mediation/cases:search", query, headers=headers)
                self.refused(answer, 403, "PERSONAL_DATA_REFUSED")
            self.refused(self.county.post("/v1/mediation/cases:search", query), 400, "PURPOSE_REQUIRED")
        self.assertTrue(self.ok(supervisor.post("/v1/mediation/cases:search", {"number": case.now["number"]}))["cases"])
        before = len(self.searches())
        self.assertEqual(self.search(self.county, phone=phone, partyName=name), [case.id])
        self.assertEqual(self.search(self.county, phone=people().phone()), [])
        second, first, *rest = self.searches()
        self.assertEqual(len(rest), before)
        self.assertEqual((first["searchedBy"], first["found"], first["entry"]["actorAccount"]), (["phone", "party_name"], "1", "dongyang.officer"))
        self.assertEqual((second["searchedBy"], second.get("found", "0")), (["phone"], "0"))
        self.assertTrue(first["entry"]["purpose"])
        self.assertNotIn(phone, json.dumps([first, second]))

    def searches(self):
        auditor = self.http("dongyang.auditor")
        return self.ok(auditor.get("/v1/mediation/journal", action="SEARCH", pageSize=200)).get("entries", [])

    def test_one_who_tries_numbers_is_stopped(self):
        """F6: so many searches by personal data in a minute, and no more."""
        caller = self.http("hengdian.officer")
        answers = [caller.post("/v1/mediation/cases:search", {"phone": people().phone()}, headers=PURPOSE) for _ in range(65)]
        self.assertEqual(answers[0].status, 200)
        refused = [a for a in answers if a.status == 429]
        self.assertGreaterEqual(len(refused), 5)
        self.assertEqual({a.reason for a in refused}, {"SEARCH_LIMIT_REACHED"})
        self.ok(caller.get("/v1/mediation/cases", states="ACCEPTED"))

    def search(self, caller=None, **query):
        return [c["id"] for c in self.ok((caller or self.mediator).post("/v1/mediation/cases:search", query, headers=PURPOSE)).get("cases", [])]

    def test_by_number_phone_id_and_part_of_a_name(self):
        """检索: by number, by a party's phone or ID number exactly, by part of a name."""
        made = people()
        # Two characters that no other name has, out of the rarely used.
        rare = "".join(secrets.choice("犇骉羴猋鱻麤龘靐飝馫厵灥") for _ in range(4))
        first = next(p for p in iter(lambda: made.party(1), None) if p["idNumber"].endswith("X")) | {"name": "诸葛" + rare}
        case = self.accepted(parties=[first, made.party(2)])
        spoken = "+86-" + "-".join((first["phone"][:3], first["phone"][3:7], first["phone"][7:]))
        for query in ({"number": case.now["number"]}, {"phone": first["phone"]}, {"phone": spoken}, {"idNumber": first["idNumber"]},
                      {"partyName": rare}, {"partyName": rare[:3]}, {"partyName": "诸葛" + rare}):
            self.assertEqual(self.search(**query), [case.id], query)
        self.assertEqual(self.search(phone=people().phone()), [])
        self.assertEqual(self.search(self.neighbour, idNumber=first["idNumber"]), [], "not in reach")
        self.assertEqual(self.search(self.county, idNumber=first["idNumber"].lower()), [case.id], "x is X")
        self.refused(self.mediator.post("/v1/mediation/cases:search", {"partyName": "赵"}, headers=PURPOSE), 400, "NAME_TOO_SHORT", "partyName")

    def test_pages(self):
        """Pages follow each other without gap or overlap; a token of another question is refused."""
        phone = people().phone()
        made = [self.applied(parties=[people().party(1) | {"phone": phone}, people().party(2)]).id for _ in range(5)]
        found, token = [], ""
        while True:
            page = self.ok(self.mediator.post("/v1/mediation/cases:search", {"phone": phone, "pageSize": 2, "pageToken": token},
                                              headers=PURPOSE))
            found += [c["id"] for c in page["cases"]]
            token = page.get("nextPageToken", "")
            if not token:
                break
            self.refused(self.mediator.post("/v1/mediation/cases:search", {"pageSize": 2, "pageToken": token}), 400, "PAGE_TOKEN_INVALID")
        self.assertEqual(found, made[::-1], "newest first")
