"""Decisions of the hotline's routing in a second of one core: two thousand agents, twenty thousand who wait, widening all the while."""

import json
import subprocess

from proofs import Measure
from state import binary

_ASKED_FOR = 100_000  # a second
_LONGEST_US = 100     # p99


def bench(suite):
    runs = [json.loads(subprocess.run([str(binary("sifa-routing-decisions"))], capture_output=True, text=True, check=True, timeout=600).stdout)
            for _ in range(1 if suite.short else 3)]
    run = sorted(runs, key=lambda one: one["decisions_a_second"])[len(runs) // 2]
    rate = run["decisions_a_second"]
    return [
        Measure("routing: decisions, one core's own time", rate, "/s", _ASKED_FOR, "/s asked for", goal=1.0,
                note=f"{run['agents']:,} agents, {run['waiting']:,} waiting"),
        Measure("routing: p99 of a decision", run["p99_us"], "µs", _LONGEST_US, "µs asked for", goal=1.0, lower_is_better=True,
                note=f"longest {run['longest_us']:,.0f} µs"),
        Measure("routing: decisions beside a sorted scan", rate, "/s", run["scans_a_second"], "/s by a scan of all who wait, sorted"),
    ]
