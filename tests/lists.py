"""Every list, search, worklist, drill-down and table of the suite, as one caller asks for it.

They are held against the gateway's own description: a page of a list that is not among them is a failure."""

import concurrent.futures
import re

from bureau import PURPOSE, Bureau
from closed_cases import YEAR, committees
from console import Failure

_COUNTY, _TOWNSHIP, _TOWNSHIP_OFFICER, _MEDIATOR = "dongyang.officer", "330783118", "nanma.officer", "nanma.mediator"
_SYSTEM = "dongyang.system"
_PAGES = ("pageSize", "page_size")
_READERS = (_COUNTY, "dongyang.counsellor", "dongyang.head", "dongyang.auditor", "zhejiang.system")
_ASKED = {"work": {"kind": "TODO"}}  # what a list cannot be asked without


class Question:
    """A request as one caller makes it. `table`: of figures that are summed and not kept."""

    def __init__(self, suite, name, account, method, path, body=None, query=None, table=False, headers=None):
        self.suite, self.name, self.account, self.method, self.path = suite, name, account, method, path
        self.body, self.query, self.table, self.headers = body, query or {}, table, headers or {}
        self.http = suite.http(account, timeout=60)

    def ask(self, changed=None):
        if self.method == "GET":
            answer = self.http.request("GET", self.path, query={**self.query, **(changed or {})}, headers=self.headers)
        else:
            answer = self.http.request("POST", self.path, body={**(self.body or {}), **(changed or {})}, headers=self.headers)
        if not answer.ok:
            raise Failure(f"{self.name}: {answer!r}")
        return answer.json

    def found(self):
        return next((len(v) for v in self.ask().values() if isinstance(v, list)), 0)

    def reads(self):
        """The rows that the database reads for it: the fewest of three times, since others read as well."""
        counts = []
        for _ in range(3):
            before = _reads(self.suite)
            self.ask()
            counts.append(_reads(self.suite) - before)
        return min(counts)


def _reads(suite):
    """Rows that the database has read, for all its callers."""
    rows = suite.mysql_root("SHOW GLOBAL STATUS LIKE 'Handler_read%'")
    return sum(int(row["Value"]) for row in rows)


def open_cases(suite, count):
    """So many cases accepted by a committee of a township, and one object of every other type."""
    bureau = Bureau(suite)
    _corrected(suite.http(_COUNTY))

    def one(_):
        return bureau.act(bureau.apply()["id"], "accept")

    bureau.mediator.must("POST", "/v1/mediation/screenings", {"committee": bureau.committee["id"], "region": bureau.region})
    bureau.officer.must("POST", "/v1/mediation/corrections", {"objectType": "Case", "object": bureau.apply()["id"], "kind": "VOID",
                                                              "reason": "重复登记"})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return sum(1 for _ in pool.map(one, range(count)))


def _corrected(county):
    """An assessment that is to be voided, and a subject where there is none yet: a person has one term at a time."""
    base, office = "/v1/corrections", {"office": _TOWNSHIP, "region": _TOWNSHIP}
    person = {"name": "赵大山", "idNumber": "33078319900307001X", "sex": "1", "residence": "南马镇安恬村"}
    assessment = county.must("POST", f"{base}/assessments", {**office, "commission": {
        "commissioner": "01", "commissionerName": "东阳市人民法院", "letterNumber": "（2026）浙0783刑初1号", "personKind": "01",
        "category": "02", "person": person}})
    county.must("POST", f"{base}/corrections", {"objectType": "Assessment", "object": assessment["id"], "kind": "VOID", "reason": "重复登记"})
    if not county.must("GET", f"{base}/subjects").get("subjects"):
        county.must("POST", f"{base}/subjects", {**office, "person": person, "decision": {
            "category": "02", "decider": "01", "deciderName": "东阳市人民法院", "number": "（2026）浙0783刑初1号",
            "effectiveOn": f"{YEAR}-09-01", "termFrom": f"{YEAR}-09-01", "termTo": f"{YEAR + 2}-08-31", "offence": "05"}})


def questions(suite):
    mediation, identity = "/v1/mediation", "/v1/identity"
    officer = suite.http(_COUNTY, timeout=60)
    oldest = suite.mysql_root("SELECT number FROM object WHERE type = 'Case' AND number IS NOT NULL ORDER BY id LIMIT 1",
                              database="sifa_mediation")[0]["number"]
    case = officer.must("GET", f"{mediation}/cases?pageSize=1")["cases"][0]["id"]
    me = officer.must("GET", f"{identity}/me")["id"]
    mediator = suite.http(_MEDIATOR).must("GET", f"{identity}/me")["id"]
    asked = []

    def add(name, path, account=_COUNTY, method="GET", **more):
        asked.append(Question(suite, name, account, method, path, **more))

    def cases(name, account=_COUNTY, **query):
        add(f"cases: {name}", f"{mediation}/cases", account, query=query)

    def search(name, **body):
        add(f"cases: {name}", f"{mediation}/cases:search", method="POST", body=body, headers=PURPOSE)

    for who, account in (("county", _COUNTY), ("township", _TOWNSHIP_OFFICER), ("mediator", _MEDIATOR)):
        cases(f"first page, {who}", account)
        token = suite.http(account).must("GET", f"{mediation}/cases?pageSize=200").get("nextPageToken")
        if token:
            cases(f"second page of 200, {who}", account, pageSize=200, pageToken=token)
    cases("of the county", region="330783")
    cases("of a township", region=_TOWNSHIP)
    cases("of a village", region=_village(suite))
    cases("of a place without any", region="330782")
    cases("of a committee", organisation=committees(suite)[0][0])
    cases("of no committee", organisation="330783999-99")
    cases("in a rare state", states="REJECTED")
    cases("in a frequent state", states="ACCEPTED")
    cases("in two states", states=["ACCEPTED", "REJECTED"])
    cases("by number", number=oldest)
    cases("by no number", number="（1999）人调字第1号")
    cases("of a type", type="01")
    cases("of a type that none has", type="1102")
    cases("of a source", source="2")
    cases("of a person", assignee=mediator)
    cases("accepted on a day", acceptedFrom=f"{YEAR}-02-03", acceptedTo=f"{YEAR}-02-03")
    cases("accepted in a month", acceptedFrom=f"{YEAR}-06-01", acceptedTo=f"{YEAR}-06-30")
    cases("accepted in half a year", acceptedFrom=f"{YEAR}-01-01", acceptedTo=f"{YEAR}-06-30")
    cases("accepted in the year", acceptedFrom=f"{YEAR}-01-01", acceptedTo=f"{YEAR}-12-31")
    cases("by all at once", acceptedFrom=f"{YEAR}-06-01", acceptedTo=f"{YEAR}-06-30", region=_TOWNSHIP, type="03", source="1")
    cases("with a complaint", pendingComplaints="true")
    search("by telephone", phone="13800000001")
    search("by identity number", idNumber="330783197001010014")
    search("by a frequent name", partyName="赵大山")
    search("by a rare name", partyName="欧阳修")
    search("by a name of a hundred characters", partyName="".join(chr(0x4e00 + i) for i in range(100)))
    add("actions of a case", f"{mediation}/cases/{case}/actions")
    add("history of a case", f"{mediation}/cases/{case}/history")
    for kind in ("TODO", "OVERDUE", "DONE"):
        for who, account in (("county", _COUNTY), ("mediator", _MEDIATOR)):
            add(f"work: {kind}, {who}", f"{mediation}/work", account, query={"kind": kind})
            add(f"work: {kind}, {who}, mine", f"{mediation}/work", account, query={"kind": kind, "mine": "true"})
            token = suite.http(account).must("GET", f"{mediation}/work?kind={kind}&pageSize=200").get("nextPageToken")
            if token:
                add(f"work: {kind}, {who}, second page of 200", f"{mediation}/work", account,
                    query={"kind": kind, "pageSize": 200, "pageToken": token})
        add(f"work of all services: {kind}", "/v1/work", query={"kind": kind})
    add("counts of work", f"{mediation}/work", query={"pageSize": 1, "counts": "true"}, table=True)
    add("work: DONE of a type that none is of", f"{mediation}/work", query={"kind": "DONE", "types": "Correction"})
    for name, query in (("all", {}), ("of an actor", {"actor": me}), ("of an action", {"action": "ACCEPT"}), ("readings", {"action": "READ"}),
                        ("of an action that none is", {"action": "HAND_OVER"}), ("of a type", {"objectType": "Committee"}),
                        ("of an object", {"object": case}), ("before today", {"to": f"{YEAR}-01-01T00:00:00Z"})):
        add(f"journal: {name}", f"{mediation}/journal", query=query)
        add(f"journal: {name}, township", f"{mediation}/journal", _TOWNSHIP_OFFICER, query=query)
    for what in ("committees", "screenings", "confirmations", "corrections", "reports"):
        add(f"{what}: first page", f"{mediation}/{what}")
    add("committees: of a township", f"{mediation}/committees", query={"region": _TOWNSHIP})
    add("confirmations: of a case", f"{mediation}/confirmations", query={"caseId": case})
    add("identity, organisations: first page", f"{identity}/organisations")
    add("identity, organisations: by name", f"{identity}/organisations", query={"name": "南马"})
    add("identity, accounts: first page", f"{identity}/accounts", _SYSTEM)
    add("identity, accounts: by telephone", f"{identity}/accounts:search", _SYSTEM, "POST", body={"phone": "13800000001"}, headers=PURPOSE)
    add("identity, journal: first page", f"{identity}/journal", "dongyang.auditor")
    corrections = "/v1/corrections"
    for name, path, query in (("assessments: first page", "assessments", {}),
                              ("assessments: received in the year", "assessments",
                               {"receivedFrom": f"{YEAR}-01-01", "receivedTo": f"{YEAR}-12-31"}),
                              ("subjects: first page", "subjects", {}), ("subjects: of a township", "subjects", {"region": _TOWNSHIP}),
                              ("subjects: of a category", "subjects", {"category": "02"}), ("corrections: first page", "corrections", {}),
                              ("reports: first page", "reports", {}), ("work", "work", {"kind": "TODO"}), ("journal: all", "journal", {})):
        add(f"corrections, {name}", f"{corrections}/{path}", query=query)
    for what in ("assessments", "subjects"):
        add(f"corrections, {what}: by identity number", f"{corrections}/{what}:search", method="POST",
            body={"idNumber": "33078319900307001X"}, headers=PURPOSE)
    add("corrections, drill-down", f"{corrections}/statistics:drillDown", method="POST", body={
        "cube": "corrections.subjects", "from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31", "region": "330783"})
    for base, cube in ((mediation, "mediation.cases"), (corrections, "corrections.subjects")):
        report = _report(suite, base, cube)
        add(f"comparison of a report of {cube}", f"{base}/reports/{report}/comparison", table=True)
        add(f"rebuilds of {cube}", f"{base}/statistics/rebuilds", "zhejiang.system")
    for account, base, what in ((_COUNTY, mediation, "committees"), (_COUNTY, mediation, "screenings"),
                                (_COUNTY, mediation, "confirmations"), (_COUNTY, mediation, "corrections"),
                                (_COUNTY, corrections, "assessments"), (_COUNTY, corrections, "subjects"),
                                (_COUNTY, corrections, "corrections"),
                                ("dongyang.auditor", identity, "organisations"), ("dongyang.auditor", identity, "accounts")):
        first = suite.http(account).must("GET", f"{base}/{what}?pageSize=1")[what][0]["id"]
        add(f"history of one of the {what} of {base}", f"{base}/{what}/{first}/history", account)
    year = {"cube": "mediation.cases", "from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
    drill = f"{mediation}/statistics:drillDown"
    for name, body in (("the county's year", {**year, "region": "330783"}), ("a township's year", {**year, "region": _TOWNSHIP}),
                       ("a village's year", {**year, "region": _village(suite)}),
                       ("the county's December", {**year, "region": "330783", "from": f"{YEAR}-12-01"}),
                       ("the county's last quarter", {**year, "region": "330783", "from": f"{YEAR}-10-01"}),
                       ("a township's month", {**year, "region": _TOWNSHIP, "from": f"{YEAR}-06-01", "to": f"{YEAR}-06-30"}),
                       ("one measure of the county's year", {**year, "region": "330783", "measure": "succeeded"}),
                       ("one type of the county's year", {**year, "region": "330783", "filters": [{"dimension": "type", "values": ["02"]}]}),
                       ("an office's year", {**year, "organisationPath": "/33/3307/330783/330783118/"})):
        add(f"drill-down: {name}", drill, method="POST", body=body)
        token = officer.must("POST", drill, {**body, "pageSize": 200}).get("nextPageToken")
        if token:
            add(f"drill-down: {name}, second page of 200", drill, method="POST", body={**body, "pageSize": 200, "pageToken": token})
    position = int(officer.must("POST", f"{mediation}/statistics:query", {**year, "region": "330783"})["position"])
    for name, body in (("county, region × month × type", {**year, "region": "330783", "groupBy": ["region", "month", "type"]}),
                       ("county, villages × type", {**year, "region": "330783", "groupBy": ["region:5", "type"]}),
                       ("county, villages × month", {**year, "region": "330783", "groupBy": ["region:5", "month"]}),
                       ("county, villages × month × type of a quarter", {**year, "to": f"{YEAR}-03-31", "region": "330783",
                                                                         "groupBy": ["region:5", "month", "type"]}),
                       ("county, days that are no months", {**year, "from": f"{YEAR}-01-10", "to": f"{YEAR}-11-20", "region": "330783",
                                                            "groupBy": ["region", "type"]}),
                       ("county, as of half of what there is", {**year, "region": "330783", "groupBy": ["region", "type"],
                                                                "asOf": position // 2}),
                       ("county, as of a quarter", {**year, "region": "330783", "groupBy": ["month"], "asOf": position // 4})):
        add(f"table: {name}", f"{mediation}/statistics:query", method="POST", body=body, table=True)
    plain, empty = _plain(suite, asked)
    asked += plain
    if empty:
        print(f"    {len(empty)} lists of one thing not asked, since there is none of it", flush=True)
    _require_all(suite, asked, empty)
    return asked


def _plain(suite, asked):
    """Every list that has no question of its own: its first page, a search by name and, of lists of something, that of what stands first there; each
    service's figures drilled into; and of which lists there was nothing to ask, since nothing stands above them."""
    description = suite.http().must("GET", "/openapi.json")
    paths = description["paths"]
    known, plain, empty, readers = {q.path for q in asked}, [], set(), {}

    def reader(path):
        """What an officer may not read somebody else may: answers to psychological scales the counsellor, rebuilds a system administrator."""
        if path not in readers:
            readers[path] = next(account for account in _READERS if suite.http(account).get(f"{path}?pageSize=1").status == 200)
        return readers[path]

    def covered(path):
        parts = path.split("/")
        return any(len(p.split("/")) == len(parts) and all(a == b or a.startswith("{") for a, b in zip(parts, p.split("/"))) for p in known)

    for path in sorted(path for path, operations in paths.items() if _named(operations.get("get"), None) & set(_PAGES)):
        if covered(path):
            continue
        above, of_one, rest = path.partition("/{id}")
        if not of_one:
            plain.append(Question(suite, f"{path}: first page", reader(path), "GET", path, query=_ASKED.get(path.rpartition("/")[2])))
            if f"{path}:search" in paths:
                names = _named(paths[f"{path}:search"]["post"], description)
                plain.append(Question(suite, f"{path}: searched", reader(path), "POST", f"{path}:search", headers=PURPOSE,
                                      body={"name": "赵大山"} if "name" in names else {}))
            continue
        first = next((v[0]["id"] for v in suite.http(reader(above)).must("GET", f"{above}?pageSize=1").values() if isinstance(v, list) and v), None)
        if first is None:
            empty.add(path)
        else:
            plain.append(Question(suite, f"{path}: of one", reader(above), "GET", f"{above}/{first}{rest}"))
    for path in sorted(path for path in paths if path.endswith("/statistics:drillDown") and path not in known):
        year = {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31", "region": "330783"}
        refused = suite.http(_COUNTY).post(path, {**year, "cube": f"{path.split('/')[2]}.none"})
        cubes = set(re.findall(r"[a-z_]+\.[a-z_]+", refused.json["message"].partition("现有")[2]))
        assert cubes, f"{path} names its tables where one is not known: {refused!r}"
        plain += [Question(suite, f"{path}: {cube}", _COUNTY, "POST", path, body={**year, "cube": cube}) for cube in sorted(cubes)]
    return plain, empty


def _report(suite, base, cube):
    """A report filed before the cases of the second size came."""
    head = suite.http("dongyang.head", timeout=60)
    filed = head.must("GET", f"{base}/reports").get("reports", [])
    return filed[0]["id"] if filed else head.must("POST", f"{base}/reports", {
        "name": "年报", "query": {"cube": cube, "from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31", "region": "330783"}})["id"]


def _village(suite):
    return next(region for _, region in committees(suite) if len(region) == 12)


def _named(operation, description):
    """The parameters that an operation names in its query and, where the description is at hand, in its body."""
    if operation is None:
        return set()
    named = {p["name"] for p in operation.get("parameters", []) if "name" in p}  # A shared header is a reference.
    if description is None:
        return named
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    reference = schema.get("$ref", "").rpartition("/")[2]
    return named | set(description.get("components", {}).get("schemas", {}).get(reference, schema).get("properties", {}))


def _require_all(suite, questions, empty):
    """Fails where the gateway describes a page of a list that is not among the questions, but for the history of what is not there."""
    asked = {(q.method, q.path.partition("?")[0]) for q in questions}
    description = suite.http().must("GET", "/openapi.json")
    missing = []
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            named = _named(operation, description)
            if not named & set(_PAGES) or path in empty:
                continue
            parts = path.split("/")
            if not any(m == method.upper() and len(p.split("/")) == len(parts)
                       and all(a == b or a.startswith("{") for a, b in zip(parts, p.split("/"))) for m, p in asked):
                missing.append(f"{method.upper()} {path}")
    if missing:
        raise Failure("Lists that tests/lists.py does not ask for: " + ", ".join(sorted(missing)))
