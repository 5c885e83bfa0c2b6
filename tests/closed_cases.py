"""Closed cases of a past year, as an old system of the county would hand them over, in lines."""

import json
import uuid

from bureau import TYPES, citizen_id
from console import Failure

YEAR = 2025
IMPORT = "/v1/mediation/cases:import"


def committees(suite):
    """(organisation, region) of every committee of the county."""
    officer, found, token = suite.http("dongyang.officer", timeout=60), [], None
    while True:
        page = officer.get("/v1/mediation/committees", pageSize=200, pageToken=token).json
        found += [(c["organisation"], c["region"]) for c in page.get("committees", []) if c["state"] == "ACTIVE"]
        token = page.get("nextPageToken")
        if not token:
            return found


def lines(places, count):
    """Lines of new cases, in pieces of a thousand, spread over the days of the year, the places and the types."""
    run = uuid.uuid4().hex[:8]
    for first in range(0, count, 1000):
        yield "".join(_line(places, run, i, count) for i in range(first, min(first + 1000, count))).encode()


def _line(places, run, i, count):
    organisation, region = places[i * 7919 % len(places)]
    month, day = divmod(i * 336 // count, 28)
    date = f"{YEAR}-{month + 1:02d}-{day + 1:02d}"
    born = f"19{60 + i % 40}{1 + i % 12:02d}{1 + i % 28:02d}"
    return json.dumps({
        "number": f"（{YEAR}）{run}人调字第{i + 1}号", "organisation": organisation, "region": region, "type": TYPES[i % len(TYPES)],
        "source": "12"[i % 2], "acceptedOn": date, "concludedOn": date, "result": "2" if i % 33 == 0 else "1",
        "agreementForm": "" if i % 33 == 0 else "12"[i % 2], "amountFen": str(i % 1000 * 100), "facts": "邻里之间因排水发生争执，经调解和好",
        "parties": [{"name": "赵大山", "idNumber": citizen_id("330783", born, i % 1000), "phone": f"138{i % 10 ** 8:08d}", "side": 1},
                    {"name": "钱小河", "side": 2}]}, ensure_ascii=False) + "\n"


def load(suite, pieces, timeout=900):
    """Imports; the answer, which has no refusals."""
    answer = suite.http("dongyang.officer", timeout=timeout).request("POST", IMPORT, data=pieces,
                                                                     content_type="application/x-ndjson", timeout=timeout)
    if not answer.ok or int(answer.json.get("refused", 0)):
        raise Failure(f"The import failed: {answer!r}")
    return answer.json
