"""Files of enforcement cases, from the bytes to the book: read, checked, taken and judged, beside multi-row inserts of the same rows."""

import time

from bureau import settle
from casework_tables import scratch, sizes
from enforcement_files import BASE, CaseFile, opened, reach
from limits import unlimited
from load import Noise
from proofs import Measure


def bench(suite):
    rows = 2_000 if suite.short else 20_000
    clerk = suite.http("chengguan.clerk", timeout=120)
    with scratch(suite, "enforcement") as reference, unlimited(suite):
        noise = Noise()
        _timed(suite, clerk, CaseFile(500))  # caches and statements
        steps = _timed(suite, clerk, CaseFile(rows))
        case = suite.mysql_root("SELECT HEX(object_id) AS id FROM journal WHERE object_type = 'Case' AND version = 1 ORDER BY id DESC LIMIT 1",
                                database="sifa_enforcement")[0]["id"]
        images, records, terms = sizes(suite, case, "enforcement")
        bare = reference("import", rows=rows, images=images.split(",")[0], records=records.split(",")[0], terms=terms)["rate"]
    whole = rows / sum(steps.values())
    told = ", ".join(f"{name} {rows / seconds:,.0f}" for name, seconds in steps.items())
    return [Measure(f"{rows:,} rows of a file into the book", whole, "rows/s", bare, "rows/s inserts of 100 rows", goal=0.35,
                    note=f"rows/s of each step: {told}; judged, sealed and counted at the end; {noise}")]


def _timed(suite, clerk, file):
    """Seconds of each step."""
    steps, begin = {}, time.monotonic()

    def done(step):
        nonlocal begin
        now = time.monotonic()
        steps[step], begin = now - begin, now

    batch = opened(clerk, file)
    done("sent")
    reach(clerk, batch, "READ")
    done("read")
    clerk.must_act(f"{BASE}/batches/{batch}:check", {})
    reach(clerk, batch, "CHECKED")
    done("checked")
    clerk.must_act(f"{BASE}/batches/{batch}:take", {})
    reach(clerk, batch, "TAKEN", 900)
    done("taken")
    settle(suite, 300, "enforcement")
    done("sealed and counted")
    return steps
