"""The demonstration county: the committees of 东阳市 with their mediators, what they closed before and what they have in hand; and the
people in corrections there and in 义乌市.

Organisations and accounts are identity's (services/identity/demo.cc). Everything here goes through the gateway as anybody's
data would, so what it shows is what the rules allow. Cut short it goes on where it stopped: the day from which dates are
counted is kept, and every call has a request_id made from what it is about."""

import datetime
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import demo_cases
import demo_corrections
import demo_enforcement
import demo_hotline
from demo_people import People

COUNTY = "330783"
_CALLERS = 4
_VILLAGE, _TOWNSHIP, _COUNTY = 5, 4, 3  # levels of organisations

# Who of the demonstration's accounts sits where, by the names that identity gave them: (name, sex, role, kind).
_SEATS = {
    "330783118-00": {"nanma.head": ("吴国平", "1", "HEAD", "1"), "nanma.mediator": ("王建国", "1", "MEMBER", "1"),
                     "nanma.mediator2": ("李秀英", "2", "MEMBER", "2")},
    "330783123-00": {"hengdian.mediator": ("徐文华", "2", "MEMBER", "1")},
    "330783-m1": {"dongyang.mediator": ("何建军", "1", "MEMBER", "1")},
}


def load(suite):
    """Fills the county. Returns a line to show."""
    day = _first_day(suite)
    officer = suite.http("dongyang.officer", timeout=120)
    accounts = _accounts(suite)
    ids = {name: account["id"] for name, account in accounts.items()}
    village = suite.account("nanma.village")["organisation"]
    seats = _SEATS | {village: {"nanma.village": ("马小红", "2", "MEMBER", "2")}}
    organisations = _organisations(officer)
    with ThreadPoolExecutor(_CALLERS) as pool:
        corrections = demo_corrections.Corrections(suite, pool, day)
        corrections.begin()
        committees = list(pool.map(lambda o: _establish(officer, o, day, seats.get(o["organisation"], {}), ids), organisations))
        by_organisation = {c["organisation"]: c for c in committees}
        imported = demo_cases.load_closed(officer, committees, day)
        live = demo_cases.load_live(suite, pool, by_organisation, village, day)
        people = corrections.finish()
    enforcement = demo_enforcement.load(suite, day)
    agents = demo_hotline.load(suite, accounts)
    return f"{len(committees)} committees, {imported} closed cases, {live} in hand; {people}; {enforcement}; {agents}"


def _first_day(suite):
    kept = suite.state.load().get("demonstrationDay")
    if kept is None:
        kept = suite.clock.today().isoformat()
        suite.state.remember(demonstrationDay=kept)
    return datetime.date.fromisoformat(kept)


def _accounts(suite):
    """The county's accounts by log-in name."""
    answer = suite.http("dongyang.system").must("GET", f"/v1/identity/accounts?below={COUNTY}&pageSize=200", headers={"X-Purpose": urllib.parse.quote("演示数据")})
    return {a["account"]: a for a in answer["accounts"]}


def _organisations(officer):
    """The committees as organisations, in the order of their codes."""
    found, token = [], ""
    while True:
        answer = officer.must("GET", "/v1/identity/organisations", query={
            "below": COUNTY, "kind": "COMMITTEE", "pageSize": 200, "pageToken": token})
        found += answer["organisations"]
        token = answer.get("nextPageToken")
        if not token:
            return sorted(found, key=lambda o: o["organisation"])


def _establish(officer, organisation, day, seats, accounts):
    code = organisation["organisation"]
    people = People(f"committee-{code}")
    body = {
        "requestId": f"demo/committee/{code}", "organisation": code, "region": organisation["region"],
        "name": organisation["name"], "type": _type(organisation), "level": {_VILLAGE: "1", _TOWNSHIP: "2"}.get(organisation["level"], "3"),
        "caseWord": case_word(organisation), "members": _members(people, organisation["level"], seats, accounts),
        "occurredOn": (day - datetime.timedelta(_age(people))).isoformat(),
    }
    return officer.must("POST", "/v1/mediation/committees", body, idempotency_key=body["requestId"])


def _age(people):
    """Days since the election: a term has three years, some end soon, a few are overdue."""
    luck = people.random()
    return people.randint(1100, 1130) if luck < 0.01 else people.randint(1045, 1085) if luck < 0.03 else people.randint(120, 900)


def _type(organisation):
    if organisation["level"] == _COUNTY:
        return "61"
    if organisation["level"] == _TOWNSHIP:
        return "4" if "街道" in organisation["name"] else "3"
    return "2" if "社区" in organisation["name"] else "1"


def case_word(organisation):
    """（2026）<word>人调字第1号: "东南马", "东南马柏塔", "东医"."""
    name = organisation["name"].removeprefix("东阳市").removesuffix("人民调解委员会")
    if organisation["level"] == _COUNTY:
        return "东" + {"医疗": "医", "道路": "交", "劳动": "劳", "物业": "物"}.get(name[:2], name[:2])
    for part in ("街道", "社区", "镇", "乡", "村"):
        name = name.replace(part, "", 1)
    return ("东" + name)[:12]


def _members(people, level, seats, accounts):
    """A lawful composition: three to nine, one head, at least one woman."""
    members = [people.member(role, sex, name=name, kind=kind, account=accounts[account])
               for account, (name, sex, role, kind) in seats.items()]
    if not any(m["role"] == "HEAD" for m in members):
        members.insert(0, people.member("HEAD", kind="2" if level == _VILLAGE else "1"))
    members.append(people.member("MEMBER", "2"))
    size = people.randint(3, 5) if level == _VILLAGE else people.randint(5, 7)
    while len(members) < size:
        members.append(people.member("MEMBER"))
    if level != _VILLAGE:
        members.append(people.member("ENGAGED", kind="1"))
    return members
