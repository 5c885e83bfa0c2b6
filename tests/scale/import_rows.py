"""Closed cases imported through the gateway, beside multi-row inserts of the same rows into the same tables."""

import time

from bureau import backlog, settle
from casework_tables import scratch, sizes
from closed_cases import committees, lines, load
from limits import unlimited
from load import Noise, median
from proofs import Measure


def bench(suite):
    rounds, count = (1, 2000) if suite.short else (5, 20000)
    places = committees(suite)
    rates, counted, bare, ratios, late = [], [], [], [], []
    with scratch(suite) as reference, unlimited(suite):
        noise = Noise()
        for i in range(rounds + 1):
            size = min(count, 2000) if i == 0 else count
            settle(suite, 300)
            pieces = list(lines(places, size))
            begin = time.monotonic()
            answer = load(suite, iter(pieces))
            seconds = time.monotonic() - begin
            behind = backlog(suite)
            settle(suite, 300)
            whole = time.monotonic() - begin
            assert int(answer["imported"]) == size, answer
            other = reference("import", rows=size, **_sizes(suite))
            if i == 0:
                continue
            rates.append(size / seconds)
            counted.append(size / whole)
            bare.append(other["rate"])
            ratios.append(size / seconds / other["rate"])
            late.append(behind)
    return [
        Measure(f"import of {count} closed cases", median(ratios) * median(bare), "rows/s", median(bare),
                "rows/s inserts of 100 rows", goal=0.4,
                note=f"median of {len(ratios)} rounds, ratios {min(ratios):.2f}–{max(ratios):.2f}; one stream, one connection;"
                     f" {median(late):.0f} rows not sealed or counted yet at the answer; {noise}"),
        Measure("import, sealed and counted", median(counted), "rows/s", median(bare), "rows/s inserts of 100 rows"),
    ]


def _sizes(suite):
    case = suite.mysql_root("SELECT HEX(object_id) AS id FROM journal WHERE action = 'IMPORT' ORDER BY id DESC LIMIT 1",
                            database="sifa_mediation")[0]["id"]
    images, records, terms = sizes(suite, case)
    return {"images": images, "records": records, "terms": terms}
