"""Every list is read along an index: with thousands of cases a page reads few rows, though the database has not looked at its tables."""

import importlib.util
from pathlib import Path


def prove(suite):
    file = Path(__file__).parents[1] / "scale" / "growth.py"
    spec = importlib.util.spec_from_file_location("bench_growth", file)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    asked = bench.reads_of_pages(suite, 8000)
    slow = {name: reads for name, reads in asked.items() if reads > bench.MOST_READS}
    assert not slow, f"pages that read more than {bench.MOST_READS} rows: {slow}"
    print(f"    {len(asked)} pages; the most rows that one read: {max(asked.values())}")
