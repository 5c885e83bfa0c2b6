"""People in corrections of the demonstration: 260 in the offices of 东阳市, 30 in two of 义乌市, in every state that a term passes through,
and who is helped after it or after prison. All made up, the same for the same seed."""

import datetime
import time

from demo_people import People, with_check_digit

_API = "/v1/corrections"
_PUBLIC, _PROBATION, _PAROLE, _OUTSIDE = "01", "02", "03", "04"  # correction_category
_END_OF = {_PROBATION: "PROBATION_REVOKED", _PAROLE: "PAROLE_REVOKED", _OUTSIDE: "RECALLED"}
_CATEGORIES = (_PROBATION,) * 15 + (_PAROLE,) * 2 + (_PUBLIC, _OUTSIDE, _OUTSIDE)
_KEY_PERSON, _ORDINARY = "01", "02"
_MAN, _WOMAN = "1", "2"
_PATIENCE_SECONDS = 60  # until the suite has opened the releases

# How many people have which story, in each county; the others of a county are in correction and nothing is the matter.
_STORIES = {
    "330783": (("noticed", 10), ("absent", 4), ("registered", 12), ("minor", 8), ("lost", 6), ("suspected", 4), ("admonished", 8), ("warned", 4),
               ("moving", 3), ("accepted", 1), ("asking", 4), ("away", 8),
               ("overstayed", 2), ("back", 5), ("tagged", 22), ("revoking", 3), ("held", 2), ("ending", 6), ("released", 20), ("served", 8), ("pardoned", 2), ("revoked", 9), ("dead", 3), ("troubled", 3)),
    "330782": (("noticed", 2), ("registered", 2), ("admonished", 1), ("ending", 1), ("released", 4), ("revoked", 1)),
}
_UNSTAFFED = 2  # offices of 东阳市 that nobody empowered works in
_SIZES = {"330783": 260, "330782": 30}
_COUNTIES = {"330783": ("东阳市", "dongyang.officer", "浙0783"), "330782": ("义乌市", "yiwu.officer", "浙0782")}
# Of who comes from prison: how far help has come.
_FROM_PRISON = ("received",) * 3 + ("unknown",) + ("verified",) * 3 + ("told",) * 3 + ("unlinked",) * 2 + ("linked",) * 3 + ("helped",) * 5
_MEASURES = ("01", "03", "04", "06", "07")


class Corrections:
    """Loads in two steps, since the suite itself opens a release when a term nears its end: begin() leads people as far as that,
    finish() ends their terms and begins the help that follows."""

    def __init__(self, suite, pool, day):
        self._pool, self._day = pool, day
        self.head = suite.http("dongyang.head", timeout=120)
        self._callers = {county: suite.http(account, timeout=120) for county, (_, account, _) in _COUNTIES.items()}
        self._offices = {county: _offices(caller, county) for county, caller in self._callers.items()}
        self._people = [_Term(self, county, n, story) for county, size in _SIZES.items() for n, story in enumerate(_stories(county, size))]
        self._help = [_Help(self, n, stage) for n, stage in enumerate(_FROM_PRISON)]
        self.counsellor = suite.http("dongyang.counsellor", timeout=120)
        self._officers = [_Officer(self, "330783", n, place)
                          for n, place in enumerate(["330783"] * 3 + self._offices["330783"][:-_UNSTAFFED])]

    def begin(self):
        for account in self._callers.values():
            account.must("GET", f"{_API}/subjects?pageSize=1")
        # First those whose releases the suite is to open meanwhile.
        people = sorted(self._people, key=lambda p: p.story not in ("released", "ending"))
        list(self._pool.map(lambda p: p.run(), people + self._help + self._officers))

    def finish(self):
        """Returns a line to show."""
        due = [p for p in self._people if p.story in ("released", "ending")]
        releases = self._releases({p.id for p in due})
        list(self._pool.map(lambda p: p.end(releases[p.id]), due))
        _Centre(self).run()
        helped = sum(p.story == "released" for p in self._people) + len(self._help)
        return f"{len(self._people)} people in corrections, {helped} in resettlement"

    def date(self, days_ago):
        return (self._day - datetime.timedelta(days_ago)).isoformat()

    def caller(self, county):
        return self._callers[county]

    def office(self, county, n):
        offices = self._offices[county]
        return offices[n % len(offices)]

    def _releases(self, subjects):
        """The releases of these, by subject."""
        found, deadline = {}, time.monotonic() + _PATIENCE_SECONDS
        while missing := subjects - found.keys():
            if time.monotonic() > deadline:
                raise AssertionError(f"the suite has opened no release for {len(missing)} whose terms end")
            for caller in self._callers.values():
                token = ""
                while token is not None:
                    page = caller.must("GET", f"{_API}/releases", query={"pageSize": 200, "pageToken": token})
                    found |= {r["subject"]: r["id"] for r in page.get("releases", [])}
                    token = page.get("nextPageToken") or None
            time.sleep(0.2)
        return found


def _stories(county, size):
    stories = [story for story, count in _STORIES[county] for _ in range(count)]
    return stories + ["active"] * (size - len(stories))


def _offices(caller, county):
    answer = caller.must("GET", "/v1/identity/organisations", query={"below": county, "kind": "JUSTICE_OFFICE", "pageSize": 200})
    return sorted(o["organisation"] for o in answer["organisations"])


class _Record:
    """Something that is led through acts, each with a key of its own."""

    def __init__(self, corrections, county, key):
        self._all, self._county, self._key = corrections, county, key
        self._people = People(key)
        self._caller = corrections.caller(county)
        self._etags = {}
        self.id = None

    def _create(self, what, body):
        answer = self._caller.must("POST", f"{_API}/{what}", body, idempotency_key=f"demo/{self._key}/{what}")
        self._etags[answer["id"]] = answer["etag"]
        return answer["id"]

    def _act(self, what, record, name, caller=None, **body):
        """By the version that the last act has left, or as it is now where the suite has acted since."""
        caller = caller or self._caller
        path, key = f"{_API}/{what}/{record}:{name}", {"idempotency_key": f"demo/{self._key}/{what}/{name}"}
        answer = None
        if record in self._etags:
            answer = caller.act(path, {"etag": self._etags[record], **body}, **key)
        json = answer.json if answer is not None and answer.ok else caller.must_act(path, body, **key)
        self._etags[record] = json["etag"]

    def _person(self, county, sex, born):
        sequence = self._people.randint(0, 499) * 2 + (1 if sex == _MAN else 0)
        place = _COUNTIES[county][0]
        return {"name": self._people.name(sex), "idNumber": with_check_digit(f"{county}{born:%Y%m%d}{sequence:03d}"), "sex": sex,
                "ethnicGroup": "01", "phone": self._people.phone(), "residence": f"{place}某村{self._people.randint(1, 300)}号"}

    def _sex(self):
        return _WOMAN if self._people.random() < 0.15 else _MAN

    def _plan(self, risk):
        measures = sorted({self._people.choice(_MEASURES) for _ in range(2)})
        return {"risk": risk, "plan": "协助落实就业和社会保险，每季度走访。", "measures": measures, "agreed": True,
                "guides": [{"name": self._people.name(_MAN), "role": "01"}, {"name": self._people.name(_WOMAN), "role": "02"}]}


class _Officer(_Record):
    """Who works at the county's centre or in an office."""

    def __init__(self, corrections, county, number, place):
        super().__init__(corrections, county, f"officer-{county}-{number}")
        self._number, self._place = number, place

    def run(self):
        sex = self._sex()
        person = self._person(self._county, sex, self._people.born(1970, 1998))
        self._create("officers", {"office": self._place, "region": self._place, "name": person["name"], "idNumber": person["idNumber"],
                                  "post": "EMPOWERED", "certificate": f"ZJ0783{self._number:04d}", "from": self._all.date(400)})


class _Term(_Record):
    """One person's term, as far as its story goes."""

    def __init__(self, corrections, county, number, story):
        super().__init__(corrections, county, f"corrections-{county}-{number}")
        self._number, self.story = number, story
        self._office = corrections.office(county, number)
        self._category = self._choose_category()

    def _choose_category(self):
        if self.story == "minor":
            return _PROBATION
        if self.story == "served":
            return _OUTSIDE
        if self.story == "revoking":
            return _PROBATION
        if self.story in ("revoked", "dead"):
            return (_PROBATION, _PAROLE, _OUTSIDE)[self._number % 3]
        if self.story in ("noticed", "absent", "released", "ending"):
            return (_PROBATION, _PROBATION, _PAROLE, _PUBLIC)[self._number % 4]
        return self._people.choice(_CATEGORIES)

    def run(self):
        getattr(self, f"_{self.story}")()

    def _notice(self, began, left):
        """In force `began` days ago; it ends in `left` days."""
        people, (_, _, court) = self._people, _COUNTIES[self._county]
        sex = self._sex()
        begin = datetime.date.fromisoformat(self._all.date(began))
        born = begin - datetime.timedelta(365 * 17 + people.randint(0, 200)) if self.story == "minor" else people.born(1955, 1999)
        decider = "东阳市人民法院" if self._county == "330783" else "义乌市人民法院"
        self._announced = began - 8
        self.id = self._create("subjects", {
            "office": self._office, "region": self._office, "occurredOn": self._all.date(began - 2), "person": self._person(self._county, sex, born),
            "decision": {"category": self._category, "decider": "01", "deciderName": decider,
                         "number": f"（{begin.year}）{court}刑初{self._number + 1}号", "effectiveOn": begin.isoformat(),
                         "termFrom": begin.isoformat(), "termTo": self._all.date(-left), "offence": people.choice(("02", "03", "04", "05", "06"))}})

    def _subject(self, name, days_ago=None, **body):
        if days_ago is not None:
            body["occurredOn"] = self._all.date(days_ago)
        self._act("subjects", self.id, name, **body)

    def _receive(self, began, left):
        self._notice(began, left)
        self._subject("register", began - 6)

    def _announce(self, began, left):
        self._receive(began, left)
        woman, man = self._people.name(_WOMAN), self._people.name(_MAN)
        self._subject("formTeam", began - 7, team=[{"name": man, "sex": _MAN, "role": "01"},
                                                   {"name": woman, "sex": _WOMAN, "role": "02", "knowsMinors": True}])
        self._subject("announce", self._announced, publicly=self.story != "minor")

    def _in_correction(self, began=None, left=None):
        began = began or self._people.randint(40, 330)
        self._announce(began, left or self._people.randint(60, 360))
        self._subject("classify", self._announced - 3, managementClass=self._people.choice(("02", "03", "03", "04")))

    def _noticed(self):
        self._notice(self._people.randint(3, 6), 365)

    def _absent(self):
        self._notice(self._people.randint(14, 20), 365)  # the suite searches

    def _registered(self):
        self._receive(self._people.randint(7, 9), 365)

    def _active(self):
        self._in_correction()
        subject = self._caller.must("GET", f"{_API}/subjects/{self.id}")
        plan = self._create("plans", {"subject": self.id, "occurredOn": self._all.date(self._announced - 4), "content": {
            "goals": "遵纪守法，自食其力。", "measures": "按时报告，定期谈话。", "managementClass": subject["managementClass"],
            "education": "法治和道德教育。", "help": "介绍就业岗位。"}})
        if self._number % 4:
            self._act("plans", plan, "approve", occurredOn=self._all.date(self._announced - 5))

    def _minor(self):
        self._in_correction()

    def _troubled(self):
        """Assessed by the counsellor; with two of three the level asks for more than that."""
        self._in_correction()
        case = self._create("psychologyCases", {"subject": self.id, "grounds": "家中变故，情绪低落。", "occurredOn": self._all.date(9)})
        plain = ("2", "3", "4")[self._number % 3]
        self._act("psychologyCases", case, "assess", self._all.counsellor, occurredOn=self._all.date(6), scale="mood",
                  answers=[{"item": i, "answer": plain if i <= 10 else "4" if i <= 12 else "2"} for i in range(1, 16)])
        if plain == "4":
            self._act("psychologyCases", case, "warn", self._all.counsellor, occurredOn=self._all.date(5),
                      warning="近期情绪低落，请多走访。")

    def _lost(self):
        self._in_correction()
        ago = self._people.randint(2, 8)
        search = self._create("searches", {"subject": self.id, "absentAfter": self._all.date(ago + 1), "occurredOn": self._all.date(ago)})
        self._act("searches", search, "step", means="PHONE", result="电话无人接听", occurredOn=self._all.date(ago))

    def _suspected(self):
        self._in_correction()
        self._breach(4)

    def _admonished(self):
        self._in_correction()
        self._sanctioned("RULES_SLIGHT")

    def _warned(self):
        self._in_correction()
        self._sanctioned("RULES_FAIRLY_SERIOUS")

    def _held(self):
        self._in_correction()
        self._create("custodies", {"subject": self.id, "kind": "ADMINISTRATIVE", "authority": "东阳市公安局", "since": self._all.date(2),
                                   "until": self._all.date(-8), "occurredOn": self._all.date(1)})

    def _tag(self, ground, record):
        """For three months less some days, approved by the head of the bureau."""
        tag = self._create("trackingAuthorities", {
            "subject": self.id, "ground": ground, "groundObject": record, "facts": "可能再次脱离监管。", "device": "WRISTBAND",
            "from": self._all.date(5), "to": self._all.date(-50), "occurredOn": self._all.date(7)})
        self._act("trackingAuthorities", tag, "approve", self._all.head, occurredOn=self._all.date(6))
        self._act("trackingAuthorities", tag, "notify", deviceNumber=f"BD{self._number}", occurredOn=self._all.date(5))

    def _tagged(self):
        """Had left without leave, and was found."""
        self._in_correction()
        search = self._create("searches", {"subject": self.id, "absentAfter": self._all.date(12), "occurredOn": self._all.date(11)})
        self._act("searches", search, "find", foundHow="在邻县亲属家中找到。", occurredOn=self._all.date(8))
        self._tag("LEFT_UNAPPROVED", search)

    def _revoking(self):
        self._in_correction()
        revocation = self._create("revocations", {
            "subject": self.id, "kind": "PROBATION", "ground": "OTHER_SERIOUS", "facts": "多次违反监督管理规定，拒不改正。", "addressee": "ORIGINAL",
            "occurredOn": self._all.date(9)})
        self._act("revocations", revocation, "submit", procuratorate="东阳市人民检察院", occurredOn=self._all.date(8))
        self._tag("REVOCATION", revocation)

    def _leave(self, asked, first, last):
        """Asked for `asked` days ago, from `first` to `last` days ago."""
        self._in_correction()
        return self._create("leaves", {
            "subject": self.id, "purpose": "01", "details": "到省城医院复查。", "places": [{"region": "330102", "address": "庆春路79号"}],
            "from": self._all.date(first), "to": self._all.date(last), "proofKind": "01", "proofNumber": f"诊字{self._number}号",
            "occurredOn": self._all.date(asked)})

    def _asking(self):
        self._leave(1, -4, -13)

    def _gone(self, first, last):
        leave = self._leave(first + 3, first, last)
        self._act("leaves", leave, "approve", occurredOn=self._all.date(first + 2))
        self._act("leaves", leave, "depart", occurredOn=self._all.date(first))
        return leave

    def _away(self):
        self._gone(3, -6)

    def _overstayed(self):
        self._gone(14, 3)  # the suite says so

    def _back(self):
        self._act("leaves", self._gone(30, 20), "return", occurredOn=self._all.date(20))

    def _moving(self):
        """To 义乌市, which is asked whether it takes him."""
        self._in_correction()
        transfer = self._create("transfers", {
            "subject": self.id, "toOffice": "330782001", "toRegion": "330782001", "residence": "义乌市稠城街道某小区", "grounds": "在义乌市务工并租房。",
            "occurredOn": self._all.date(4)})
        self._act("transfers", transfer, "consult", occurredOn=self._all.date(3))
        return transfer

    def _accepted(self):
        """It does, and he has seven days to report there."""
        transfer = self._moving()
        self._act("transfers", transfer, "answer", self._all.caller("330782"), agreed=True, answer="居所和工作属实，同意接收。",
                  occurredOn=self._all.date(2))
        self._act("transfers", transfer, "decide", occurredOn=self._all.date(1))

    def _breach(self, ago):
        """Found out and inquired into."""
        day = self._all.date(ago)
        breach = self._create("breaches", {"subject": self.id, "happenedOn": day, "facts": "未经批准到相邻县市探亲。", "occurredOn": day})
        self._act("breaches", breach, "investigate", evidence=["车票"], heardOn=day, statement="本人承认。", occurredOn=day)
        return breach

    def _sanctioned(self, kind):
        """Established, proposed by the suite, accepted and decided."""
        breach, ago = self._breach(20), 18
        self._act("breaches", breach, "establish", kind=kind, occurredOn=self._all.date(ago))
        proposals = self._caller.must("GET", f"{_API}/proposals", query={"subject": self.id})["proposals"]
        proposal = next(p["id"] for p in proposals if p["kind"] in ("ADMONISH", "WARN"))
        self._act("proposals", proposal, "accept", occurredOn=self._all.date(ago - 1))
        sanction = self._caller.must("GET", f"{_API}/proposals/{proposal}")["opened"]
        self._act("sanctions", sanction, "decide", occurredOn=self._all.date(ago - 2))
        self._act("sanctions", sanction, "serve", occurredOn=self._all.date(ago - 3))

    def _ending(self):
        self._in_correction(began=self._people.randint(200, 330), left=self._people.randint(3, 25))

    def _released(self):
        self._in_correction(began=self._people.randint(200, 330), left=-self._people.randint(1, 20))

    def _served(self):
        self._in_correction(began=self._people.randint(200, 330), left=-self._people.randint(1, 20))
        self._subject("recordTermServed", 0, document=f"释字{self._number}号")

    def _pardoned(self):
        self._in_correction()
        self._subject("pardon", 2, document="特赦裁定书")

    def _revoked(self):
        self._in_correction()
        self._subject("recordRevoked", 5, end=_END_OF[self._category], document=f"刑更{self._number}号")

    def _dead(self):
        self._in_correction()
        self._subject("recordDeath", 3, document=f"死亡证明{self._number}号")

    def end(self, release):
        """A release that the suite has opened: some are under way, others done."""
        steps = 3 if self.story == "released" else self._number % 3
        for name, body in (("appraise", {"appraisal": "服从监督管理，按时报告，鉴定意见为良好。"}), ("announce", {}), ("issue", {}))[:steps]:
            self._act("releases", release, name, **body)
        if self.story != "released" or self._number % 4 == 0:
            return
        [help_] = self._caller.must("GET", f"{_API}/resettlements", query={"subject": self.id})["resettlements"]
        self._act("resettlements", help_["id"], "help", **self._plan(_ORDINARY))
        self._act("resettlements", help_["id"], "visit", visit={"family": "与家人同住", "housing": "自有住房", "work": "在本地务工"})


class _Centre(_Record):
    """What the centre of 东阳市 does today: a heightened period, two roll-calls that are under way, inspections by video."""

    def __init__(self, corrections):
        super().__init__(corrections, "330783", "centre")

    def run(self):
        self._create("heightenings", {"office": "330783", "region": "330783", "managementClass": "03", "beginsOn": self._all.date(0),
                                      "endsOn": self._all.date(-13), "grounds": "全市重大活动期间，普通级对象每周报告。"})
        self._call("lot", {"office": "330783", "region": "330783", "mode": "BY_LOT", "sampleSize": 12, "seed": "2026年第268期 3-0-7",
                           "seedPublished": "东阳市司法局门户网站"})
        office = self._all.office("330783", 0)
        self._call("office", {"office": office, "region": office, "mode": "WHOLE"})
        for n, (viewed, findings) in enumerate((("视频查看值班和台账，未发现问题。", []), ("视频查看点名台账。", ["点名台账缺三日。"]))):
            office = self._all.office("330783", n)
            self._key = f"centre/inspection/{n}"
            self._create("inspections", {"office": office, "region": office, "inspector": "330783", "topics": ["01", "04"], "viewed": viewed,
                                         "findings": findings})

    def _call(self, name, body):
        """Two of three answer by telephone; of one a machine says no; the others have not answered yet."""
        self._key = f"centre/{name}"
        roll_call = self._create("rollCalls", body)
        self._act("rollCalls", roll_call, "start")
        checks = self._caller.must("GET", f"{_API}/checks", query={"rollCall": roll_call, "pageSize": 200})["checks"]
        for n, check in enumerate(checks):
            self._key, self._etags[check["id"]] = f"centre/{name}/{n}", check["etag"]
            if n == 0:
                self._act("checks", check["id"], "answer", means="FACE", score=41, live=True)
            elif n % 3:
                self._act("checks", check["id"], "answer", means="PHONE", note="本人接听，在家。")


class _Help(_Record):
    """Somebody from prison, as far as help has come."""

    def __init__(self, corrections, number, stage):
        super().__init__(corrections, "330783", f"resettlement-{number}")
        self._number, self._stage = number, stage

    def run(self):
        office = self._all.office(self._county, self._number)
        people, ahead = self._people, self._stage in ("received", "unknown", "verified", "told")
        release = self._all.date(-people.randint(40, 80) if ahead else people.randint(10, 20))
        received = people.randint(3, 12) if ahead else 70
        risk = _KEY_PERSON if self._number % 4 == 0 else _ORDINARY
        self.id = self._create("resettlements", {
            "office": office, "region": office, "occurredOn": self._all.date(received), "person": self._person(self._county, self._sex(), people.born(1960, 1998)),
            "releaseType": "01", "prison": "浙江省第五监狱", "prisonNumber": f"330500{self._number:04d}", "offence": "05",
            "termFrom": self._all.date(1200), "termTo": release, "releaseOn": release})
        if self._stage == "received":
            return
        if self._stage == "unknown":
            self._on("declareUnknown", received - 2, verification="当地派出所和村委会均查无此人。")
            return
        self._on("verify", received - 2, verification="户籍在本村，父母在家，愿意接收。")
        if self._stage == "verified":
            return
        late = 3 if self._stage == "unlinked" else -7
        report_by = (datetime.date.fromisoformat(release) + datetime.timedelta(7)).isoformat() if ahead else self._all.date(late)
        self._on("prerelease", received - 3 if ahead else 45, releaseOn=release, reportBy=report_by, risk=risk)
        if self._stage in ("told", "unlinked"):
            return  # who has not reported is marked by the suite
        self._on("link", 8, fetched=risk == _KEY_PERSON)
        if self._stage == "linked":
            return
        self._on("help", 6, **self._plan(risk))
        self._on("visit", 2, visit={"family": "与父母同住", "housing": "租住", "work": "正在求职"})
        self._on("measure", 1, result={"measure": "03", "result": "经推荐到本镇木雕厂就业。", "resettled": self._number % 2 == 0})

    def _on(self, name, days_ago, **body):
        self._act("resettlements", self.id, name, occurredOn=self._all.date(days_ago), **body)
