"""The cases of the demonstration county: closed ones by import, others led to every state by the acts that lead there."""

import calendar
import datetime

from demo_people import People

_CLOSED = 600
# Shares of villages, townships and trades among a county's cases, in per cent.
_LEVELS = (("1", 73), ("2", 17), ("3", 10))
_TRADE_TYPES = {"东医": ("12",), "东交": ("13",), "东劳": ("1001", "1099"), "东物": ("14",)}
_COURT = "东阳市人民法院"
_BLANK_PAGE = b"%PDF-1.4\n%%EOF\n"


def load_closed(officer, committees, day):
    """The cases of last year and of this year up to the month before last. Returns how many there are."""
    answer = officer.post_lines("/v1/mediation/cases:import", _closed(committees, day), timeout=60)
    errors = answer.json.get("errors", []) if answer.ok else repr(answer)
    assert not errors, f"closed cases were refused: {errors}"
    return int(answer.json.get("imported", 0)) + int(answer.json.get("repeated", 0))


def _closed(committees, day):
    people = People("closed")
    begin = datetime.date(day.year - 1, 1, 1)
    days = (_months_before(day.replace(day=1), 1) - begin).days
    by_level = {level: [c for c in committees if c["level"] == level] for level, _ in _LEVELS}
    used = {}
    for _ in range(_CLOSED):
        point, level = people.randint(0, 99), "1"
        for level, share in _LEVELS:
            if point < share:
                break
            point -= share
        committee = people.choice(by_level[level])
        accepted = begin + datetime.timedelta(people.randint(0, days - 1))
        key = (committee["organisation"], accepted.year)
        used[key] = used.get(key, 0) + 1
        yield _closed_case(people, committee, accepted, used[key])


def _closed_case(people, committee, accepted, number):
    particulars = people.particulars(source=_source(people), only=_TRADE_TYPES.get(committee["caseWord"]))
    succeeded = people.random() < 0.985
    concluded = accepted + datetime.timedelta(people.randint(0, 27))
    case = {key: particulars[key] for key in ("type", "source", "difficulty", "amountFen", "parties", "facts")}
    # 民调字: the number of an older system; 人调字 are those given here.
    case |= {"number": f"（{accepted.year}）{committee['caseWord']}民调字第{number}号", "organisation": committee["organisation"],
             "region": committee["region"], "acceptedOn": accepted.isoformat(), "concludedOn": concluded.isoformat(),
             "result": "1" if succeeded else "2"}
    if succeeded:
        case["agreementForm"] = "2" if people.random() < 0.55 else "1"
        if people.random() < 0.93:
            case["performedOn"] = (concluded + datetime.timedelta(people.randint(0, 10))).isoformat()
    return case


def _source(people):
    luck = people.randint(0, 99)
    return "1" if luck < 52 else "2" if luck < 95 else people.choice(("31", "33", "34"))


def _months_before(day, months):
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def load_live(suite, pool, committees, village, day):
    """Cases in every state, some with limits that are near or past. Returns how many."""
    nanma, hengdian, medical = committees["330783118-00"], committees["330783123-00"], committees["330783-m1"]
    places = [("nanma.mediator", nanma, 1), ("nanma.mediator", nanma, 1), ("nanma.mediator2", nanma, 2),
              ("nanma.village", committees[village], 1), ("hengdian.mediator", hengdian, 1),
              ("dongyang.mediator", medical, 1)]
    others = [c for code, c in sorted(committees.items()) if c["level"] == "2" and c is not nanma and c is not hengdian]
    cases = []
    for n, story in enumerate([*_STORIES, *_STORIES]):
        account, committee, seat = places[n % len(places)] if n < len(_STORIES) else ("dongyang.officer", others[n % len(others)], 1)
        cases.append(_LiveCase(suite.http(account), suite.http("dongyang.officer"), committee, seat, day, n, story))
    for account, _, _ in places:
        suite.token(account)
    list(pool.map(_LiveCase.run, cases))
    _void_one(suite, cases[0], day)
    return len(cases)


class _LiveCase:
    """Leads one case through its story: the names of acts, each with how many days ago it was done."""

    def __init__(self, mediator, officer, committee, seat, day, number, story):
        self._mediator, self._officer, self._committee, self._seat = mediator, officer, committee, seat
        self._day, self._number, self._story = day, number, story
        self._people = People(f"live-{number}")
        self._confirmation = None
        self.id = None

    def run(self):
        for act, ago, *more in self._story:
            getattr(self, act)(self._date(ago), *more)

    def _date(self, days_ago):
        return (self._day - datetime.timedelta(days_ago)).isoformat()

    def _key(self, what, body):
        return f"demo/case/{self._number}/{what}/{body.get('occurredOn', '')}"

    def _post(self, path, body):
        return self._mediator.must("POST", path, body, idempotency_key=self._key(path.rsplit("/", 1)[-1], body))

    def _act(self, act, body, path=None, caller=None):
        path = path or f"/v1/mediation/cases/{self.id}"
        return (caller or self._mediator).must_act(f"{path}:{act}", body, idempotency_key=self._key(act, body))

    def apply(self, date, **more):
        only = _TRADE_TYPES.get(self._committee["caseWord"])
        self.id = self._post("/v1/mediation/cases", {
            "committee": self._committee["id"], "region": self._committee["region"], "occurredOn": date,
            "particulars": self._people.particulars(source=self._people.choice("12"), only=only, **more)})["id"]

    def accept(self, date):
        self._act("accept", {"occurredOn": date})

    def reject(self, date):
        self._act("reject", {"occurredOn": date, "reason": "属于行政裁决事项，已告知向主管部门申请。"})

    def assign(self, date):
        self._act("assign", {"occurredOn": date, "mediators": [self._committee["members"][self._seat]["id"]]})

    def session(self, date):
        self._act("recordSession", {"occurredOn": date, "session": {
            "heldOn": date, "manner": self._people.choice("112"), "place": "人民调解室",
            "minutes": "调解员听取双方陈述，释明有关规定，双方就主要事实无异议。"}})

    def extend(self, date, until):
        self._act("extend", {"occurredOn": date, "extendedUntil": self._date(until), "allPartiesAgree": True,
                             "reason": "双方同意延长，继续协商赔偿数额。"})

    def risk(self, date):
        self._act("reportRisk", {"report": {"reportedOn": date, "reportedTo": "派出所", "risk": "一方情绪激动，扬言报复。"}})

    def agree(self, date, perform_by):
        self._act("agree", {"occurredOn": date, "agreement": {
            "content": "一、甲方自愿补偿乙方；二、双方互谅互让，不再就此争执。", "amountFen": str(self._people.randint(5, 90) * 10_000),
            "performBy": self._date(perform_by), "mediatorSignedOn": date, "sealedOn": date,
            "signatures": [{"party": 0, "signedOn": date}, {"party": 1, "signedOn": date}]}})

    def orally(self, date):
        self._act("agreeOrally", {"occurredOn": date, "agreement": {"content": "双方握手言和，当场清理完毕。"}})

    def fail(self, date):
        self._act("fail", {"occurredOn": date, "reason": "双方就数额差距较大，经多次调解未达成一致。", "routesTold": True})

    def withdraw(self, date):
        self._act("withdraw", {"occurredOn": date, "reason": "双方已自行和解。", "routesTold": True})

    def supervise(self, date):
        self._act("supervise", {"occurredOn": date})

    def perform(self, date):
        self._act("perform", {"occurredOn": date})

    def dispute(self, date):
        self._act("dispute", {"occurredOn": date, "reason": "一方认为补偿款项支付方式与约定不符。"})

    def revisit(self, date):
        self._act("revisit", {"revisit": {"visitedOn": date, "record": "双方关系恢复正常。", "satisfaction": 5}})

    def papers(self, _date):
        """Scans of what the parties brought and signed."""
        for document in ("IDENTITY_PROOF", "AGREEMENT"):
            self._mediator.must("POST", "/v1/mediation/attachments", data=_BLANK_PAGE,
                                query={"objectType": "Case", "object": self.id, "fileName": "扫描件.pdf", "document": document}, content_type="application/octet-stream",
                                idempotency_key=f"demo/case/{self._number}/{document}")

    def archive(self, date):
        self._act("archive", {"occurredOn": date})

    def confirmation(self, date):
        self._confirmation = self._post("/v1/mediation/confirmations", {
            "caseId": self.id, "occurredOn": date, "court": _COURT, "jurisdiction": "ORGANISATION_PLACE", "applicants": [0, 1],
            "enclosed": ["AGREEMENT", "MEDIATION_PROOF", "IDENTITY_PROOF"]})["id"]

    def court_accepts(self, date):
        self._rule("accept", {"occurredOn": date, "number": f"（{self._day.year}）浙0783民特{100 + self._number}号"})

    def court_confirms(self, date):
        self._rule("confirm", {"occurredOn": date})

    def _rule(self, act, body):
        self._act(act, body, f"/v1/mediation/confirmations/{self._confirmation}", self._officer)


def _mediated(applied):
    """Up to the first session, two days after the application."""
    return [("apply", applied), ("accept", applied - 1), ("assign", applied - 1), ("session", applied - 2)]


# Each ends in another state; days are counted back from the first start. Limits: one month to conclude, thirty days to ask
# for confirmation, the agreement's own day to perform.
_STORIES = [
    [("apply", 1)],
    [("apply", 3)],
    [("apply", 3), ("accept", 2)],
    [("apply", 27), ("accept", 26)],                                            # a few days are left
    [("apply", 12), ("accept", 11), ("assign", 10)],
    [("apply", 9), ("reject", 8)],
    _mediated(8),
    [*_mediated(28), ("session", 10)],                                          # a few days are left
    _mediated(50),                                                              # overdue
    [*_mediated(40), ("extend", 12, -15)],
    [*_mediated(6), ("risk", 3)],
    [*_mediated(30), ("agree", 10, -20)],
    [*_mediated(45), ("agree", 26, -5)],                                        # confirmation: a few days are left
    [*_mediated(60), ("agree", 40, 8), ("supervise", 30)],                      # performance overdue
    [*_mediated(20), ("agree", 9, -2), ("supervise", 5)],                       # performance in two days
    [*_mediated(14), ("orally", 7)],
    [*_mediated(35), ("agree", 20, 6), ("perform", 8), ("revisit", 3)],
    [*_mediated(40), ("agree", 25, 10), ("dispute", 6)],
    [*_mediated(25), ("fail", 4)],
    [("apply", 15), ("accept", 14), ("withdraw", 9)],
    [*_mediated(70), ("agree", 55, 40), ("perform", 42), ("papers", 30), ("archive", 28)],
    [*_mediated(24), ("agree", 12, -30), ("confirmation", 8), ("court_accepts", 6)],
]


def _void_one(suite, case, day):
    """An application entered twice, voided with the county's approval."""
    office, head = suite.http("nanma.officer"), suite.http("dongyang.head")
    asked = head.must("GET", "/v1/mediation/corrections", query={"object": case.id}).get("corrections", [])
    correction = asked[0] if asked else office.must("POST", "/v1/mediation/corrections", {
        "objectType": "Case", "object": case.id, "kind": "VOID", "reason": f"{day.isoformat()}核对发现同一纠纷重复登记。"},
        idempotency_key="demo/void")
    if correction["state"] == "REQUESTED":
        head.must_act(f"/v1/mediation/corrections/{correction['id']}:approve", idempotency_key="demo/void/approve")
