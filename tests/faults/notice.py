"""A changed notice of holidays moves every running limit of every kind, once, and nothing else, though the service is killed meanwhile."""

import calendar
import datetime
import random
import time
import uuid

from bureau import Bureau, assert_whole, hex_of_id, patiently
from suite import temporary_suite, wait_until

_DAY = datetime.timedelta(days=1)
_MOVED_WITHIN = 120  # the lease of a killed watcher runs out first
_KINDS = {"CONCLUDE", "CONFIRM", "COURT_ACCEPT", "COURT_DECIDE", "COURT_TARGET", "ENFORCEMENT"}


def prove(shared):
    """On a suite of its own: it publishes notices for everybody, and counts every limit of the county itself."""
    with temporary_suite("notice") as suite:
        suite.short = shared.short
        _prove(suite)


def _prove(suite):
    bureau = Bureau(suite)
    office = _Office(bureau)
    holidays = _Holidays(suite)
    today = suite.clock.today()
    for _ in range(1 if suite.short else 60):
        office.open_one_of_each()

    # The notices that settle all these limits; those that end in a year unknown so far are settled by them.
    before = office.limits()
    for year in range(today.year - 2, today.year + 4):
        if not holidays.knows(year):
            holidays.publish(year)
    _settled(office, holidays, before)
    provisional = [key for key, clock in office.limits().items() if clock.get("provisional") and clock["dueOn"][:4] <= str(today.year + 2)]
    assert not provisional, f"still provisional: {provisional}"

    reached, rounds, kills, late = set(), 0, 0, 0
    due = {clock["dueOn"] for clock in office.limits().values() if _moves(clock) or _is_late(clock)}
    for year in sorted({holidays.notice_year(day) for day in due}):
        off = sorted(day for day in due if holidays.notice_year(day) == year)
        for days in (off, []):
            before, rows = office.limits(), office.rows()
            holidays.publish(year, days)
            if not suite.short or kills == 0:
                time.sleep(random.uniform(0, 1.5))
                suite.kill("mediation")
                suite.start_process("mediation")
                kills += 1
            changed = _settled(office, holidays, before)
            assert changed or not days, f"the notice of {year} with {days} off has moved nothing"
            reached |= {before[key]["kind"] for key in changed}
            late += sum(_is_late(before[key]) for key in changed)
            objects = {key[0] for key in changed}
            new = office.rows(since=rows)
            settled = [row["object"] for row in new if row["action"] == "CLOCK_SETTLED"]
            assert sorted(settled) == sorted(hex_of_id(o) for o in objects), (
                f"{len(settled)} rows CLOCK_SETTLED for {len(objects)} objects whose limits have moved")
            others = {row["action"] for row in new} - {"CLOCK_SETTLED", "CLOCK_TURNED"}
            assert not others, f"a notice has led to {others}"
            listed = office.moved()
            assert objects <= listed.keys(), f"not listed as moved: {objects - listed.keys()}"
            rounds += 1
    assert _KINDS <= reached, f"no notice has moved {_KINDS - reached}"
    assert late, "no limit that ended late was judged again"
    rows = assert_whole(suite, "mediation")
    print(f"    {rounds} changed notices, mediation killed under {kills} of them: the limits {', '.join(sorted(reached))} of"
          f" {len({key[0] for key, clock in office.limits().items() if _moves(clock)})} objects moved to the days that an own count gives,"
          f" each once; agreed and extended ones, terms, and what ended in time stayed; {late} that had ended late are in time;"
          f" {rows} journal rows verify")


def _settled(office, holidays, before):
    """Waits until every limit stands where the calendar puts it; the keys of those that have moved."""
    wanted = {key: holidays.last_day(clock) for key, clock in before.items()}  # counted without the suite

    def arrived():
        now = {key: (clock["dueOn"], clock.get("provisional", False)) for key, clock in office.limits().items()}
        wrong = [(key, now[key], there) for key, there in wanted.items() if now[key] != there]
        office.wrong = wrong[:5]
        return not wrong

    try:
        wait_until(arrived, _MOVED_WITHIN, "moving the limits", pause=0.5)
    except Exception as error:
        raise AssertionError(f"limits that stand wrong: {office.wrong}") from error
    now = office.limits()
    assert now.keys() == before.keys(), "limits came or went"
    for key, clock in now.items():
        same = {name: value for name, value in clock.items()
                if name not in ("dueOn", "provisional", "colour", "ruleVersion", "movedFrom", "movedOn")}
        assert all(before[key].get(name) == value for name, value in same.items()), f"more than its day was changed: {before[key]} {clock}"
        if clock["dueOn"] == before[key]["dueOn"]:
            assert clock.get("movedFrom") == before[key].get("movedFrom"), f"called moved and is not: {clock}"
        else:
            assert clock["movedFrom"] == before[key]["dueOn"], f"does not tell from which day it was moved: {clock}"
    return {key for key in now if now[key]["dueOn"] != before[key]["dueOn"]}


class _Office:
    """Cases with every kind of limit, in every state that a limit has."""

    def __init__(self, bureau):
        self.bureau, self.wrong = bureau, []
        self._reader = bureau.suite.http("dongyang.officer", timeout=60)

    def open_one_of_each(self):
        today = self.bureau.suite.clock.today()
        self.bureau.act(self.bureau.apply()["id"], "accept")
        extended = self.bureau.act(self.bureau.apply()["id"], "accept")
        self.bureau.act(extended["id"], "extend", extendedUntil=(today + 60 * _DAY).isoformat(), allPartiesAgree=True)
        self._conclude_late(today)
        for diversion in ({"kind": "DELEGATED"}, {"kind": "ENTRUSTED"}, {"kind": "ENTRUSTED", "summary": True}):
            self._accept(diversion)
        self._agree(today)
        self._confirm(today)
        self._confirm(today, "accept")
        self._confirm(today, "accept", "confirm")

    def _accept(self, diversion):
        body = self.bureau.application()
        body["particulars"].update(source="31", diversion={"court": "东阳市人民法院", **diversion})
        case = self.bureau.mediator.must("POST", "/v1/mediation/cases", body, idempotency_key=body["requestId"])
        return self.bureau.act(case["id"], "accept")

    def _agree(self, today):
        case = self.bureau.apply()
        for name, body in self.bureau.steps(today.isoformat()):
            if name == "agree":
                body["agreement"]["performBy"] = (today + 40 * _DAY).isoformat()
            case = self.bureau.act(case["id"], name, **body)
        return case

    def _confirm(self, today, *acts):
        case = self._agree(today)
        confirmation = self.bureau.mediator.must("POST", "/v1/mediation/confirmations", {
            "caseId": case["id"], "court": "东阳市人民法院", "jurisdiction": "ORGANISATION_PLACE", "applicants": [0, 1],
            "enclosed": ["AGREEMENT", "MEDIATION_PROOF", "IDENTITY_PROOF"]})
        for act in acts:
            number = {"number": f"（2026）浙0783民特{uuid.uuid4().int % 10 ** 8}号"} if act == "accept" else {}
            self.bureau.officer.must_act(f"/v1/mediation/confirmations/{confirmation['id']}:{act}", number)
        return confirmation

    def _conclude_late(self, today):
        """A case that was concluded on the day after its limit, which a changed notice will call in time."""
        begun = (today - 50 * _DAY).isoformat()
        case = self.bureau.mediator.must("POST", "/v1/mediation/cases", {**self.bureau.application(), "occurredOn": begun})
        case = self.bureau.act(case["id"], "accept", occurredOn=begun)
        late = (datetime.date.fromisoformat(case["clocks"][0]["dueOn"]) + _DAY).isoformat()
        for name, body in self.bureau.steps(late)[1:]:
            case = self.bureau.act(case["id"], name, occurredOn=late, **body)
        assert _is_late(case["clocks"][0]), f"concluded {late} and not late: {case['clocks'][0]}"

    def limits(self):
        """{(object, kind): clock} of the committees, confirmations and new cases of the county; a voided record has no limits any more."""
        since = (self.bureau.suite.clock.today() - 60 * _DAY).isoformat()
        return {(one["id"], clock["kind"]): clock
                for path, query in (("cases", {"acceptedFrom": since}), ("confirmations", {}), ("committees", {}))
                for one in self._pages(f"/v1/mediation/{path}", path, **query) if one["state"] != "VOIDED"
                for clock in one.get("clocks", [])}

    def _pages(self, path, name, **query):
        token = None
        while True:
            page = patiently(lambda: self._reader.get(path, pageSize=200, pageToken=token, **query))  # pylint: disable=cell-var-from-loop
            assert page.ok, f"{path}: {page!r}"
            yield from page.json.get(name, [])
            token = page.json.get("nextPageToken")
            if not token:
                return

    def rows(self, since=None):
        """What the journal has of acts; with `since` those that it had not then."""
        rows = self.bureau.suite.mysql_root("SELECT HEX(id) AS id, HEX(object_id) AS object, action FROM journal WHERE version > 0 OR"
                                            " action = 'CLOCK_TURNED'", database="sifa_mediation")
        known = {row["id"] for row in since or []}
        return [row for row in rows if row["id"] not in known]

    def moved(self):
        """{object: limits} of the worklist of moved limits."""
        return {item["objectId"]: item["moved"] for item in self._pages("/v1/mediation/work", "items", kind="MOVED")}


def _is_computed(clock):
    """Whether its last day follows from the calendar: neither agreed nor a term."""
    return "period" in clock and not clock.get("extended") and clock["period"]["unit"] != "TERM"


def _moves(clock):
    """Whether any notice moves it: it runs, or nobody knew yet when it would have ended."""
    return _is_computed(clock) and (clock["state"] == "RUNNING" or clock.get("provisional", False))


def _is_late(clock):
    return _is_computed(clock) and clock["state"] == "STOPPED" and clock["endedOn"] > clock["dueOn"]


class _Holidays:
    """The calendar as it was published, and limits counted by it without the suite's own calendar."""

    def __init__(self, suite):
        self._admin = suite.http("zhejiang.system")
        self._asked = suite.http()
        self._notices = {}
        self._days = {}

    def knows(self, year):
        answer = self._asked.get(f"/v1/reference/calendar/{year}")
        if not answer.ok:
            return False
        for day in answer.json["days"]:
            self._notices.setdefault(day.get("noticeYear", year), {})[day["date"]] = (day["kind"], day["name"])
        return True

    def notice_year(self, day):
        """Whose notice may take that day off: of the days before New Year the next one's."""
        return int(day[:4]) + (day[5:] >= "12-25")

    def publish(self, year, off=()):
        """The notice of a year as it was, or one with New Year and National Day, and with more days off."""
        notice = self._notices.setdefault(year, {f"{year}-01-01": ("HOLIDAY", "元旦"), f"{year}-10-01": ("HOLIDAY", "国庆节")})
        days = {**notice, **{day: ("HOLIDAY", "元旦" if day < f"{year}-01-01" else "补休") for day in off}}
        lines = [f"{day},{kind.lower()},{name}" for day, (kind, name) in sorted(days.items())]
        self._admin.must("POST", "/v1/reference/calendar:import", {
            "year": year, "csv": "\n".join(["date,kind,name", *lines]) + "\n", "reason": "证明用"}, idempotency_key=str(uuid.uuid4()))
        self._days[year] = days

    def last_day(self, clock):
        """The last day of a limit by what has been published, and whether it is provisional; what stands, where no notice moves it."""
        stands = clock["dueOn"], clock.get("provisional", False)
        if not (_moves(clock) or _is_late(clock)):
            return stands
        end = self._rolled(clock)
        return end if _moves(clock) or clock["endedOn"] <= end[0] else stands

    def _rolled(self, clock):
        end = _add(datetime.date.fromisoformat(clock["startedOn"]), clock["period"])
        known = {day: kind for year in (end.year, end.year + 1) for day, (kind, _) in {**self._notices.get(year, {}),
                                                                                       **self._days.get(year, {})}.items()}
        if f"{self.notice_year(end.isoformat())}-01-01" not in known:
            return end.isoformat(), True
        while not (known.get(end.isoformat()) == "MAKEUP" or (end.isoformat() not in known and end.weekday() < 5)):
            end += _DAY
        return end.isoformat(), False


def _add(start, period):
    """Civil periods: 民法典 §202."""
    amount, unit = period["amount"], period["unit"]
    if unit == "DAY":
        return start + amount * _DAY
    months = start.year * 12 + start.month - 1 + amount * {"MONTH": 1, "YEAR": 12}[unit]
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
