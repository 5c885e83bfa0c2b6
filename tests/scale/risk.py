"""Scores of risk in a second of one core: fifteen thousand people of a region, of every day, are no work for the pure function."""

import subprocess

from proofs import Measure
from state import ROOT, binary

_ASKED_FOR = 100_000  # a second


def bench(suite):
    command = [str(binary("sifa-risk-scores")), str(ROOT / "data/corrections")]
    rates = sorted(int(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()[0])
                   for _ in range(1 if suite.short else 5))
    return [Measure("scores of risk, one core's own time", rates[len(rates) // 2], "/s", _ASKED_FOR, "/s asked for", goal=1.0,
                    note=f"4 to 28 facts each; {rates[0]:,}–{rates[-1]:,}")]
