"""A page of any list reads few rows however many cases there are: no plan goes through what it does not show."""

import json

from bureau import settle
from closed_cases import committees, lines, load
from limits import searching, unlimited
from lists import open_cases, questions

RUNS_LAST = True


def prove(suite):
    more = 30_000 if suite.short else 100_000
    with unlimited(suite), searching(suite):
        open_cases(suite, 20)
        settle(suite, 300)
        questions(suite)  # a report is filed before the cases come
        load(suite, lines(committees(suite), more))
        settle(suite, 300)
        reads = {q.name: q.reads() for q in questions(suite) if not q.table}
    # What is looked for before a page is read is bounded; no page goes through all that came.
    through = {name: count for name, count in reads.items() if count >= more}
    assert not through, f"rows read for a page among {more} cases: {json.dumps(through, ensure_ascii=False)}"
    most = max(reads, key=reads.get)
    print(f"    {len(reads)} lists asked among {more} cases; the most rows, {reads[most]}, are read for “{most}”")
