"""Figures of 200,000 imported cases by place, month and type: how long the service takes to answer.

A table that was asked for before is remembered and brought up to date by what has come since. Beside that it is told how long
tables take that are read anew: the same figures, each time told in the divisions of another day, which is another question. Both are asked by
the same slow client, whose own time is in them.
"""

import datetime
import json
import time

from bureau import settle
from closed_cases import YEAR, committees, lines, load
from limits import unlimited
from load import Noise, grpc, median, sure, text_field, wrk
from proofs import Measure

_METHOD = "/sifa.office.v1.StatisticsService/QueryStatistics"
_ACCOUNT = "dongyang.officer"
_LIMIT = 5.0  # ms
_TOWNSHIP = "330783118"
_WHOLE_YEAR = (f"{YEAR}-01-01", f"{YEAR}-12-31")
# name, place, days, grouped by; whether the limit is promised for it
_QUESTIONS = (
    ("one township, month × type", _TOWNSHIP, _WHOLE_YEAR, ("month", "type"), True),
    ("one month, region × type", "330783", (f"{YEAR}-06-01", f"{YEAR}-06-30"), ("region", "month", "type"), True),
    ("the county, month × type", "330783", _WHOLE_YEAR, ("month", "type"), True),
    ("the county, region × month × type", "330783", _WHOLE_YEAR, ("region", "month", "type"), True),
)


def bench(suite):
    count, seconds = (5000, 1) if suite.short else (200_000, 8)
    begin = time.monotonic()
    load(suite, lines(committees(suite), count))
    settle(suite, 600)
    measures = [Measure("cases imported, sealed and counted", count / (time.monotonic() - begin), "/s", note=f"{count} cases")]
    with unlimited(suite):
        for name, region, days, groups, promised in _QUESTIONS:
            measures.append(_ask(suite, seconds, name, region, days, groups, promised))
    return measures


def _ask(suite, seconds, name, region, days, groups, promised):
    body = {"cube": "mediation.cases", "from": days[0], "to": days[1], "region": region, "groupBy": list(groups)}
    rows = len(suite.http(_ACCOUNT).must("POST", "/v1/mediation/statistics:query", body)["rows"])
    request = b"".join([text_field(1, body["cube"]), text_field(2, days[0]), text_field(3, days[1]), text_field(4, region),
                        *(text_field(7, g) for g in groups)])
    times = 20 if suite.short else 100
    anew = _asked_from_python(suite, [{**body, "divisionsOn": day} for day in _other_days(times)])
    again = _asked_from_python(suite, [body] * times)
    noise = Noise()
    direct = sure(grpc(suite, "mediation", _METHOD, request, seconds, 1, _ACCOUNT))
    through = sure(wrk(suite, "get.lua", seconds, 1, threads=1, account=_ACCOUNT, path="/v1/mediation/statistics:query",
                       body=json.dumps(body)))
    return Measure(f"{name}, p99 at the service", direct["p99_us"] / 1000, "ms", _LIMIT, "ms", goal=1.0 if promised else None,
                   lower_is_better=True,
                   note=f"{rows} rows, {direct['bytes']} B; p50 {direct['p50_us'] / 1000:.2f} ms; through the gateway p50"
                        f" {through['p50_us'] / 1000:.2f}, p99 {through['p99_us'] / 1000:.2f} ms; from Python"
                        f" p50 {median(again):.1f} ms, read anew {median(anew):.1f} ms; {noise}")


def _other_days(count):
    return [(datetime.date(YEAR, 1, 1) + datetime.timedelta(days=i)).isoformat() for i in range(count)]


def _asked_from_python(suite, questions):
    http = suite.http(_ACCOUNT)
    millis = []
    for question in questions:
        begin = time.perf_counter()
        http.must("POST", "/v1/mediation/statistics:query", question)
        millis.append((time.perf_counter() - begin) * 1000)
    return millis
