"""Case transitions through the gateway, sealed and counted, beside bare transactions of the same statements."""

import json
import time
import uuid

from bureau import Bureau, assert_whole, hex_of_id
from casework_tables import scratch, sizes
from console import Failure
from limits import unlimited
from load import Noise, cpu_seconds, median, wrk
from proofs import Measure

_CONNECTIONS = 32
_POOL = 12  # connections of a service to its database


def bench(suite):
    bureau = Bureau(suite)
    images, records, terms = sizes(suite, hex_of_id(bureau.conclude()["id"]))
    application = bureau.application()
    application.pop("requestId")
    steps = [application, *(body for _, body in bureau.steps(suite.clock.today().isoformat()))]
    lines = "\n".join(json.dumps(body, ensure_ascii=False) for body in steps)
    rounds, seconds = (1, 2) if suite.short else (5, 6)
    rates, bare, ratios, tails, latencies, costs = [], [], [], [], [], []
    with scratch(suite) as reference, unlimited(suite):
        noise = Noise()
        for i in range(rounds + 1):
            bureau.settle()
            before = {name: cpu_seconds(suite.pid(name)) for name in ("gateway", "mediation", "mysql")}
            result = wrk(suite, "walk.lua", seconds, _CONNECTIONS, threads=_CONNECTIONS, account="nanma.mediator",
                         steps=lines, run=uuid.uuid4().hex[:12])
            if result["failed"]:
                raise Failure(f"{result['failed']} requests failed: {result['why']}")
            begin = time.monotonic()
            bureau.settle()
            tail = time.monotonic() - begin
            cost = {name: cpu_seconds(suite.pid(name)) - was for name, was in before.items()}
            busy = cpu_seconds(suite.pid("mysql"))
            other = reference("transitions", connections=_POOL, seconds=seconds, images=images, records=records, terms=terms)
            if i == 0 and not suite.short:
                continue
            rate = result["transitions"] / (result["seconds"] + tail)
            rates.append(rate)
            bare.append(other["rate"])
            ratios.append(rate / other["rate"])
            tails.append(tail)
            latencies.append(result)
            costs.append({name: used / result["transitions"] * 1e6 for name, used in cost.items()})
            costs[-1]["mysql for the bare ones"] = (cpu_seconds(suite.pid("mysql")) - busy) / other["transitions"] * 1e6
    assert_whole(suite, "mediation")
    spent = ", ".join(f"{name} {median([c[name] for c in costs]):.0f}" for name in costs[0])
    return [
        Measure(f"case transitions, {_CONNECTIONS} callers, sealed and counted", median(ratios) * median(bare), "/s", median(bare),
                f"/s bare transactions on {_POOL} connections", goal=0.5,
                note=f"median of {len(ratios)} rounds of {seconds} s, ratios {min(ratios):.2f}–{max(ratios):.2f}; sealed and counted"
                     f" {median(tails):.2f} s after the last answer; {noise}"),
        Measure("case transitions, p99", median([r["p99_us"] for r in latencies]) / 1000, "ms",
                note=f"p50 {median([r['p50_us'] for r in latencies]) / 1000:.1f} ms; µs of processor a transition: {spent}"),
    ]
