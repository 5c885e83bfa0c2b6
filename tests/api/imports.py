"""Closed cases for tests that import: lines as an old system would write them, and the figures asked back."""

import base64
import datetime
import hashlib
import itertools

from base import ApiTest
from suite import wait_until

CUBE = "mediation.cases"


class ImportTest(ApiTest):
    """Imports as the county's office, and asks for figures of one place and period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office, cls.head = cls.suite.http("dongyang.officer", timeout=120), cls.suite.http("dongyang.head", timeout=120)

    @classmethod
    def load(cls, lines):
        """Imports lines that have to be right, and waits until they are counted. Returns how many are new."""
        answer = cls.office.post_lines("/v1/mediation/cases:import", lines, timeout=120)
        assert answer.ok and "errors" not in answer.json, repr(answer)
        cls.wait_until_counted()
        return int(answer.json.get("imported", 0))

    @classmethod
    def wait_until_counted(cls):
        """Until every act that was committed before has reached the counters."""
        wait_until(lambda: cls.suite.metric("mediation", "sifa_journal_lag_rows") == 0, 30, "the sealing of the journal")
        head = int(cls.suite.mysql_root("SELECT MAX(position) AS head FROM journal_seal", "sifa_mediation")[0]["head"])
        period = {"cube": CUBE, "from": "2000-01-01", "to": "2000-01-01", "region": "330783"}
        wait_until(lambda: int(cls.office.must("POST", "/v1/mediation/statistics:query", period)["position"]) >= head, 30,
                   "the counting of what is sealed")

    def query(self, begin, end, region, **more):
        return self.office.must("POST", "/v1/mediation/statistics:query",
                                {"cube": CUBE, "from": begin, "to": end, "region": region} | more)

    def drill_down(self, begin, end, region, **more):
        """All records behind a figure."""
        found, token = [], ""
        while True:
            answer = self.office.must("POST", "/v1/mediation/statistics:drillDown", {
                "cube": CUBE, "from": begin, "to": end, "region": region, "pageSize": 200, "pageToken": token} | more)
            found += answer.get("objects", [])
            token = answer.get("nextPageToken")
            if not token:
                return found

    def export(self, begin, end, region, **more):
        """The exported table as text; its digest has been checked."""
        answer = self.office.must("POST", "/v1/mediation/statistics:export", {
            "query": {"cube": CUBE, "from": begin, "to": end, "region": region} | more})
        content = base64.b64decode(answer["content"])
        self.assertEqual(answer["digest"], hashlib.sha256(content).hexdigest())
        return content.decode("utf-8-sig")

    def rebuild(self, **how):
        """Counts everything again, and follows that to its end."""
        caller = self.suite.http("zhejiang.supervisor")
        begun = caller.must("POST", "/v1/mediation/statistics:rebuild", how)
        return wait_until(lambda: (now := caller.must("GET", f"/v1/mediation/statistics/rebuilds/{begun['id']}"))["state"] != "RUNNING" and now,
                          60, "the end of a rebuild", pause=0.2)

    def void(self, case, reason="重复登记"):
        """Voids a case with the head's approval."""
        asked = self.office.must("POST", "/v1/mediation/corrections", {
            "objectType": "Case", "object": case, "kind": "VOID", "reason": reason})
        return self.head.must_act(f"/v1/mediation/corrections/{asked['id']}:approve", {})


def _place(columns, name):
    return [column["name"] for column in columns].index(name)


def measure(answer, name, row=None):
    """A measure of a row, by its name; of the totals without a row."""
    return int((row or answer["totals"])["measures"][_place(answer["measures"], name)])


def ratio(answer, name, row=None):
    """A ratio of a row, by its name; of the totals without a row."""
    return (row or answer["totals"])["ratios"][_place(answer["ratios"], name)]


def formula(answer, name):
    """How the totals' ratio was made."""
    return answer["ratios"][_place(answer["ratios"], name)]["formula"]


def change(answer, name, comparison, row=None):
    at = _place(answer["measures"], name)
    found = (row or answer["totals"])[comparison]
    return int(found["previous"][at]), int(found["differences"][at]), found["percents"][at]


def rows_by_key(answer):
    return {row["keys"][0]: row for row in answer["rows"]}


def closed_case(number, organisation, region, accepted, /, **more):
    return {"number": number, "organisation": organisation, "region": region, "type": "02", "source": "2",
            "acceptedOn": str(accepted), "concludedOn": str(accepted), "result": "1", "agreementForm": "2"} | more


def failed(case):
    """The same case, without an agreement."""
    return {key: value for key, value in case.items() if key != "agreementForm"} | {"result": "2"}


def spread(counts):
    """{"01": 2, "02": 1} → "01", "01", "02"."""
    return itertools.chain.from_iterable([key] * count for key, count in counts.items())


def days(begin, end):
    """Endlessly, one day after another, both ends included."""
    first, last = datetime.date.fromisoformat(begin), datetime.date.fromisoformat(end)
    return itertools.cycle([first + datetime.timedelta(n) for n in range((last - first).days + 1)])
