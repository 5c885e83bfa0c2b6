"""The enforcement agencies of the demonstration county: three of them with their officers, bases, powers and benchmarks. Articles and figures are
those of the laws; people are nobody's."""

import datetime

from demo_people import People

ENFORCEMENT = "/v1/enforcement"
COUNTY = "330783"

# By the clerk's account: (office, name, credit code, sector).
AGENCIES = {
    "chengguan.clerk": ("330783-cm", "东阳市综合行政执法局", "11330783002586105F", "01"),
    "shichang.clerk": ("330783-ms", "东阳市市场监督管理局", "11330783002586113A", "02"),
    "jiaotong.clerk": ("330783-tr", "东阳市交通运输局", "113307830025861215", "03"),
}

# (clerk, title, rank, article, text, since, until)
_BASES = [
    ("shichang.clerk", "无证无照经营查处办法", "ADMINISTRATIVE_REGULATION", 13, "从事无照经营的，由工商行政管理部门依照相关法律、行政法规的规定予以处罚；没有规定的，处一万元以下罚款", "2017-10-01", ""),
    ("shichang.clerk", "中华人民共和国食品安全法", "LAW", 124, "货值金额一万元以上的，并处货值金额十倍以上二十倍以下罚款", "2015-10-01", ""),
    ("jiaotong.clerk", "中华人民共和国道路交通安全法", "LAW", 90, "处警告或者二十元以上二百元以下罚款", "2004-05-01", ""),
    ("chengguan.clerk", "城市市容和环境卫生管理条例", "ADMINISTRATIVE_REGULATION", 34, "责令其纠正违法行为、采取补救措施外，可以并处警告、罚款", "1992-08-01", ""),
]


def _tiers(*tiers):
    return [{"tier": tier, "grounds": grounds} | ({"band": {"least": least, "most": most}} if most else {}) for tier, grounds, least, most in tiers]


# (clerk, code, conduct, number of its basis, measure, least, most, tiers)
_BENCHMARKS = [
    ("shichang.clerk", "DYSJ001", "从事无照经营", 0, "AMOUNT", 0, 1000000, _tiers(
        ("1", "初次违法、危害后果轻微并及时改正", 0, 0), ("3", "经营时间不足三个月且主动改正", 0, 300000), ("4", "不具有从轻、从重情形", 300000, 700000),
        ("5", "拒不改正，或者两年内再次违法", 700000, 1000000))),
    ("shichang.clerk", "DYSJ002", "生产经营不符合食品安全标准的食品，货值金额一万元以上", 1, "MULTIPLE", 1000, 2000, _tiers(
        ("3", "主动召回并消除危害后果", 1000, 1300), ("4", "不具有从轻、从重情形", 1300, 1700), ("5", "造成危害后果，或者拒不召回", 1700, 2000))),
]


def load(suite, day):
    """Fills the agencies. Returns a line to show."""
    county = suite.http("dongyang.officer", timeout=120)
    clerks = {account: suite.http(account, timeout=120) for account in AGENCIES}
    since = (day - datetime.timedelta(200)).isoformat()
    agencies = {account: _announced(county, account, since) for account in AGENCIES}
    officers = sum(_officers(county, clerks[account], agencies[account], day) for account in AGENCIES)
    bases = [_basis(clerks[entry[0]], number, entry, since) for number, entry in enumerate(_BASES)]
    for entry, basis in zip(_BASES, bases):
        _power(clerks[entry[0]], agencies[entry[0]], entry, basis, since)
    for entry in _BENCHMARKS:
        _benchmark(clerks[entry[0]], entry, bases[entry[3]], since)
    return f"{len(agencies)} agencies, {officers} officers, {len(bases)} bases, {len(_BENCHMARKS)} benchmarks"


def _made(http, collection, key, body):
    request = f"demo/enforcement/{key}"
    return http.must("POST", f"{ENFORCEMENT}/{collection}", body | {"requestId": request}, idempotency_key=request)


def _done(http, collection, made, act, state, **body):
    """The object after the act; as it is, where it has left the state from which it is done."""
    now = http.must("GET", f"{ENFORCEMENT}/{collection}/{made['id']}")
    if now["state"] != state:
        return now
    return http.must("POST", f"{ENFORCEMENT}/{collection}/{made['id']}:{act}", body | {"etag": now["etag"]})


def _announced(county, account, since):
    office, name, code, field = AGENCIES[account]
    made = _made(county, "agencies", office, {"office": office, "region": COUNTY, "name": name, "creditCode": code, "kind": "ORGAN", "field": field,
                                              "occurredOn": since})
    return _done(county, "agencies", made, "announce", "DRAFT", occurredOn=since)


def _officers(county, clerk, agency, day):
    """Four of an agency: two in service, one whose certificate is suspended, and one who has yet to be certified."""
    people = People(f"enforcement-{agency['creditCode']}")
    since, until = (day - datetime.timedelta(150)).isoformat(), (day + datetime.timedelta(1600)).isoformat()
    for order in range(4):
        key = f"{agency['creditCode']}/officer/{order}"
        sex, born = people.sex(), people.born(1968, 1999)
        officer = _made(clerk, "officers", key, {"agency": agency["id"], "name": people.name(sex), "idNumber": people.citizen_id(born, sex),
                                                 "post": "执法一线", "occurredOn": since})
        if order == 3:
            continue
        _done(clerk, "officers", officer, "train", "REGISTERED", subject="公共法律知识和专业法律知识", hours=60, occurredOn=since)
        _done(county, "officers", officer, "certify", "REGISTERED", certificate=f"{agency['creditCode'][12:16]}{order + 1:03}", district=COUNTY,
              to=until, occurredOn=since, hearingChair=order == 0, **{"from": since})
        if order == 2:
            _done(county, "officers", officer, "suspend", "CERTIFIED", reason="群众投诉，调查期间暂扣",
                  occurredOn=(day - datetime.timedelta(10)).isoformat())
    return 4


def _basis(clerk, number, entry, since):
    account, title, rank, article, text, valid_from, valid_to = entry
    made = _made(clerk, "bases", f"basis/{number}", {
        "office": AGENCIES[account][0], "region": COUNTY, "title": title, "rank": rank, "article": article, "text": text, "validFrom": valid_from,
        "occurredOn": since} | ({"validTo": valid_to} if valid_to else {}))
    return _done(clerk, "bases", made, "publish", "DRAFT", occurredOn=since)


def _power(clerk, agency, entry, basis, since):
    key = f"power/{basis['id']}"
    made = _made(clerk, "powers", key, {"agency": agency["id"], "code": f"{entry[3]:03}", "name": f"违反《{entry[1]}》的行政处罚", "actKind": "01",
                                        "bases": [basis["id"]], "occurredOn": since})
    _done(clerk, "powers", made, "publish", "DRAFT", occurredOn=since)


def _benchmark(clerk, entry, basis, since):
    account, code, name, _, measure, least, most, tiers = entry
    made = _made(clerk, "benchmarks", code, {
        "office": AGENCIES[account][0], "region": COUNTY, "code": code, "name": name, "basis": basis["id"], "field": AGENCIES[account][3],
        "measure": measure, "statutory": {"least": least, "most": most}, "tiers": tiers, "validFrom": since, "occurredOn": since})
    for act, state in (("file", "DRAFT"), ("publish", "FILED")):
        _done(clerk, "benchmarks", made, act, state, occurredOn=since)
