"""From a breach to what the law calls for, through the gateway: inquired into, established, proposed, accepted, decided, served."""

from base import ApiTest
from bureau import assert_whole
from people import CORRECTIONS, active, citizen_number


class SanctionsTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.county, cls.office, cls.head = (cls.suite.http(f"{who}") for who in ("dongyang.officer", "nanma.officer", "dongyang.head"))

    def act(self, http, what, record, name, **body):
        return http.post(f"{CORRECTIONS}/{what}/{record['id']}:{name}", {"etag": record["etag"]} | body)

    def proposals(self, s, state="PROPOSED"):
        return [p for p in self.ok(self.county.get(f"{CORRECTIONS}/proposals", subject=s["id"])).get("proposals", []) if p["state"] == state]

    def breach(self, s, day, kind, **more):
        """One of that day, established on it."""
        body = {"subject": s["id"], "happenedOn": day, "facts": "未经批准离开东阳市", "occurredOn": day}
        found = self.ok(self.office.post(f"{CORRECTIONS}/breaches", body))
        found = self.ok(self.act(self.office, "breaches", found, "investigate", evidence=["车票"], heardOn=day, statement="属实", occurredOn=day))
        return self.ok(self.act(self.county, "breaches", found, "establish", kind=kind, occurredOn=day, **more))

    def decided(self, s, day, kind):
        """The only open proposal, accepted on a day, and what it opened, decided."""
        (proposal,) = self.proposals(s)
        self.assertEqual(proposal["kind"], kind)
        accepted = self.ok(self.act(self.county, "proposals", proposal, "accept", occurredOn=day))
        sanction = self.ok(self.county.get(f"{CORRECTIONS}/sanctions/{accepted['opened']}"))
        return self.ok(self.act(self.county, "sanctions", sanction, "decide", occurredOn=day))

    def test_from_breach_to_admonition(self):
        """实施办法 §34: the office inquires, the county establishes, accepts and decides; 训诫 is served."""
        s = active(self, citizen_number("19870411", 401))
        body = {"subject": s["id"], "happenedOn": "2024-10-07", "facts": "未经批准离开东阳市", "occurredOn": "2024-10-08"}
        breach = self.ok(self.office.post(f"{CORRECTIONS}/breaches", body))
        self.assertRegex(breach["number"], r"^（2024）330783矫违字第\d+号$")
        sanction = {"subject": s["id"], "kind": "ADMONITION", "breach": breach["id"]}
        self.refused(self.office.post(f"{CORRECTIONS}/sanctions", sanction), 400, "BREACH_REQUIRED")
        establish = {"kind": "RULES_SLIGHT", "occurredOn": "2024-10-09"}
        self.refused(self.act(self.county, "breaches", breach, "establish", **establish), 400, "PERSON_NOT_HEARD")
        breach = self.ok(self.act(self.office, "breaches", breach, "investigate", heardOn="2024-10-08", statement="属实", occurredOn="2024-10-08"))
        self.refused(self.act(self.county, "breaches", breach, "establish", **establish), 400, "EVIDENCE_MISSING")
        breach = self.ok(self.act(self.office, "breaches", breach, "investigate", evidence=["车票"], occurredOn="2024-10-08"))
        self.refused(self.act(self.office, "breaches", breach, "establish", **establish), 403)
        breach = self.ok(self.act(self.county, "breaches", breach, "establish", **establish))
        (proposal,) = self.proposals(s)
        self.assertEqual((proposal["kind"], proposal["source"], proposal["article"]), ("ADMONISH", breach["id"], "《社区矫正法实施办法》第34条"))
        self.refused(self.act(self.office, "proposals", proposal, "accept"), 403)
        proposal = self.ok(self.act(self.county, "proposals", proposal, "accept", occurredOn="2024-10-10"))
        self.assertEqual((proposal["state"], proposal["openedType"]), ("ACCEPTED", "Sanction"))
        sanction = self.ok(self.office.get(f"{CORRECTIONS}/sanctions/{proposal['opened']}"))
        self.refused(self.act(self.office, "sanctions", sanction, "decide"), 403)
        sanction = self.ok(self.act(self.county, "sanctions", sanction, "decide", occurredOn="2024-10-11"))
        self.assertRegex(sanction["number"], r"^（2024）330783矫训字第\d+号$")
        self.assertEqual([p["label"] for p in sanction["papers"]], ["训诫决定书"])
        sanction = self.ok(self.act(self.office, "sanctions", sanction, "serve", occurredOn="2024-10-12"))
        self.assertEqual((sanction["state"], sanction["servedOn"]), ("SERVED", "2024-10-12"))
        again = {"subject": s["id"], "kind": "WARNING", "breach": breach["id"]}
        self.refused(self.office.post(f"{CORRECTIONS}/sanctions", again), 400, "ALREADY_SANCTIONED")
        self.refused(self.http("hengdian.officer").get(f"{CORRECTIONS}/breaches/{breach['id']}"), 404)
        assert_whole(self.suite, "corrections")

    def test_a_voided_sanction_undoes_what_was_built_on_it(self):
        """law §2.5 R11(5), R18: the third breach after two 训诫 is for 警告, until one of them turns out to be void."""
        s = active(self, citizen_number("19870411", 402))
        given = []
        for day in ("2024-10-08", "2024-10-10"):
            self.breach(s, day, "OTHER_SLIGHT")
            given.append(self.decided(s, day, "ADMONISH"))
        self.assertEqual(self.proposals(s), [])
        third = self.breach(s, "2024-10-14", "ABSENT_TO_TEN_DAYS", daysAbsent=3)
        (warning,) = self.proposals(s)
        self.assertEqual((warning["kind"], sorted(warning["counted"])), ("WARN", sorted(g["id"] for g in given)))
        asked = self.ok(self.correct("VOID", "Sanction", given[0]))
        self.ok(self.head.act(f"{CORRECTIONS}/corrections/{asked['id']}:approve"))
        self.assertEqual(self.ok(self.county.get(f"{CORRECTIONS}/sanctions/{given[0]['id']}"))["state"], "VOIDED")
        self.assertEqual(self.proposals(s), [])
        self.assertIn(warning["id"], [p["id"] for p in self.proposals(s, "WITHDRAWN")])
        asked = self.ok(self.correct("VOID", "Breach", third))
        self.ok(self.head.act(f"{CORRECTIONS}/corrections/{asked['id']}:approve"))
        assert_whole(self.suite, "corrections")

    def correct(self, kind, what, record):
        return self.office.post(f"{CORRECTIONS}/corrections", {"objectType": what, "object": record["id"], "kind": kind, "reason": "录入错误"})

    def test_a_breach_taken_back(self):
        """What is withdrawn as established has proposed nothing, and may be established anew; one that was answered stands."""
        s = active(self, citizen_number("19870411", 406))
        breach = self.breach(s, "2024-10-08", "RULES_FAIRLY_SERIOUS")
        (first,) = self.proposals(s)
        asked = self.ok(self.correct("WITHDRAW_ACT", "Breach", breach))
        self.ok(self.head.act(f"{CORRECTIONS}/corrections/{asked['id']}:approve"))
        self.assertEqual([p["id"] for p in self.proposals(s, "WITHDRAWN")], [first["id"]])
        breach = self.ok(self.county.get(f"{CORRECTIONS}/breaches/{breach['id']}"))
        self.assertEqual((breach["state"], breach.get("proposals", [])), ("INVESTIGATING", []))
        breach = self.ok(self.act(self.county, "breaches", breach, "establish", kind="RULES_FAIRLY_SERIOUS", occurredOn="2024-10-09"))
        self.decided(s, "2024-10-10", "WARN")
        self.refused(self.correct("WITHDRAW_ACT", "Breach", breach), 400, "BREACH_ANSWERED")
        self.refused(self.correct("VOID", "Breach", breach), 400, "BREACH_HAS_SANCTION")
        assert_whole(self.suite, "corrections")

    def test_no_police_penalty_of_a_parolee(self):
        """law §2.5 R12, R14: 训诫 and revocation are proposed of him; the police are not asked."""
        s = active(self, citizen_number("19870411", 403), category="03")
        breach = self.breach(s, "2024-10-08", "OTHER_SLIGHT")
        self.assertEqual(sorted(p["kind"] for p in self.proposals(s)), ["ADMONISH", "REVOKE"])
        penalty = {"subject": s["id"], "breach": breach["id"]}
        self.refused(self.office.post(f"{CORRECTIONS}/policePenalties", penalty), 400, "PAROLE_NO_POLICE_PENALTY")
        (admonish,) = [p for p in self.proposals(s) if p["kind"] == "ADMONISH"]
        self.ok(self.act(self.county, "proposals", admonish, "accept"))
        self.assertEqual([p["kind"] for p in self.proposals(s, "WITHDRAWN")], ["REVOKE"])

    def test_police_penalty(self):
        """实施办法 §36: proposed by the office, submitted by the county with its paper, decided by the police."""
        s = active(self, citizen_number("19870411", 404))
        breach = self.breach(s, "2024-10-08", "BAN_SERIOUS")
        self.assertEqual(sorted(p["kind"] for p in self.proposals(s)), ["PENALISE", "REVOKE"])
        (penalise,) = [p for p in self.proposals(s) if p["kind"] == "PENALISE"]
        opened = self.ok(self.act(self.county, "proposals", penalise, "accept", occurredOn="2024-10-09"))
        penalty = self.ok(self.county.get(f"{CORRECTIONS}/policePenalties/{opened['opened']}"))
        self.assertEqual(penalty["breach"], breach["id"])
        self.refused(self.act(self.office, "policePenalties", penalty, "submit", police="东阳市公安局"), 403)
        penalty = self.ok(self.act(self.county, "policePenalties", penalty, "submit", police="东阳市公安局", occurredOn="2024-10-10"))
        self.assertEqual([p["label"] for p in penalty["papers"]], ["治安管理处罚建议书"])
        penalty = self.ok(self.act(self.office, "policePenalties", penalty, "recordDecision", decisionNumber="东公行罚决字〔2024〕9号",
                                   fineFen="50000", occurredOn="2024-10-12"))
        self.assertEqual(penalty["state"], "DECIDED")
        self.refused(self.office.post(f"{CORRECTIONS}/policePenalties", {"subject": s["id"], "breach": breach["id"]}), 400, "POLICE_ALREADY_ASKED")

    def test_commended(self):
        """实施办法 §33: not before six months; the county decides."""
        s = active(self, citizen_number("19870411", 405))
        good = {"subject": s["id"], "repents": True, "obeysLaw": True, "obeysRules": True, "takesPart": True, "facts": "表现良好"}
        self.refused(self.office.post(f"{CORRECTIONS}/commendations", good | {"occurredOn": "2025-03-04"}), 400, "COMMENDED_TOO_EARLY")
        self.refused(self.office.post(f"{CORRECTIONS}/commendations", good | {"takesPart": False}), 400, "CONDITIONS_NOT_MET")
        praise = self.ok(self.office.post(f"{CORRECTIONS}/commendations", good | {"occurredOn": "2025-03-05"}))
        self.refused(self.act(self.office, "commendations", praise, "decide"), 403)
        praise = self.ok(self.act(self.county, "commendations", praise, "decide", occurredOn="2025-03-06"))
        self.assertEqual([p["label"] for p in praise["papers"]], ["表扬决定书"])
