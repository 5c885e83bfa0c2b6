"""Every list, search, worklist, drill-down and table, with few cases and with twenty times as many: what grows, and what must not.

The database has not been told to look at its tables anew: what it has sampled of them may be of before the import."""

import time

from bureau import settle
from closed_cases import YEAR, committees, lines, load
from limits import searching, unlimited
from lists import open_cases, questions
from load import Noise, median
from proofs import Measure

_PAGE = 50.0    # ms, of the slowest page of a list in a hundred
_TABLE = 200.0  # of a table that is summed and not kept


def bench(suite):
    sizes = (200, 1000) if suite.short else (10_000, 200_000)
    times = 5 if suite.short else 60
    with unlimited(suite), searching(suite):
        results, cases = [], 0
        for size in sizes:
            begin = time.monotonic()
            load(suite, lines(committees(suite), size - cases))
            cases = size
            opened = open_cases(suite, size // 30)
            settle(suite, 900)
            print(f"    {size} cases, {opened} more opened, in {time.monotonic() - begin:.0f} s", flush=True)
            noise = Noise()
            results.append({q.name: _Result(q, times) for q in questions(suite)})
            print(f"    asked; {noise}", flush=True)
    few, many = results
    return [_measure(few[name], many[name]) for name in few]


class _Result:
    def __init__(self, question, times):
        self.name, self.table, self.millis = question.name, question.table, []
        self.found, self.reads = question.found(), question.reads()
        for i in range(times):
            begin = time.perf_counter()
            # A table that was asked for before is remembered: told in the divisions of another day it is another question.
            anew = self.table and question.method == "POST"
            question.ask({"divisionsOn": f"{YEAR}-{1 + i // 28:02d}-{1 + i % 28:02d}"} if anew else None)
            self.millis.append((time.perf_counter() - begin) * 1000)


def _measure(few, many):
    small, large = (sorted(r.millis) for r in (few, many))
    worst = large[min(len(large) - 1, int(len(large) * 0.99))]
    limit = _TABLE if many.table else _PAGE
    # A ratio of answers that take a millisecond says nothing: what is within three is flat.
    reference = max(median(small), 1.5)
    return Measure(many.name, median(large), "ms", reference, f"ms with few (≥ 1.5), {few.found} found",
                   goal=2.0 if not many.table else None, lower_is_better=True,
                   note=f"p99 {worst:.1f} ms{'' if worst <= limit else f', MORE THAN {limit:.0f}'}; {many.found} found;"
                        f" {many.reads} rows read")
