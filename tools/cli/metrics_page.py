"""The metrics of the programs, read out of the sources: what rules and dashboards may use, and the page docs/operations/metrics.md."""

import re
from dataclasses import dataclass

from state import ROOT

PAGE = ROOT / "docs" / "operations" / "metrics.md"
_HISTOGRAM = ("_bucket", "_sum", "_count")
_KINDS = {"Counter": "counter", "Gauge": "gauge", "Latency": "histogram"}
_MADE = re.compile(r'\b(Counter|Gauge|Latency)\(\s*"((?:sifa|process)_\w+)"\s*,\s*"([^"]*)"')
_HEAD = """# Metrics

What `/metrics` of each process shows. Printed from the sources by `tools/sifa docs`; [alerts.md](alerts.md) says what is watched of
it, `deploy/grafana` draws it. Labels `job`, `service`, `instance`, and in a cluster `namespace` and `pod`, are Prometheus' own.

Read these two ways before writing a query:

- `sifa_journal_lag_rows`, `sifa_journal_oldest_seconds`, `sifa_journal_quarantined_rows`, `sifa_follower_lag_rows`, `sifa_clocks` and `sifa_objects` are read
  from the database and say the same in **every** replica of a service, or 0: take `max by (service)`, never `sum`. While the database is away they keep
  their last value.
- A series with a `code` is there from the start for `OK`, `INTERNAL`, `DATA_LOSS`, `UNAVAILABLE` and `DEADLINE_EXCEEDED`; of any other code, of a `kind` of
  clocks, or of an `action`, it is made with its first event, so `increase()` does not see that one.

| metric | kind | labels | of | means |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Metric:
    name: str
    kind: str
    labels: frozenset
    help: str
    module: str  # libs/journal, services/gateway

    @property
    def series(self):
        """Names as they stand in a query."""
        return {self.name + suffix for suffix in _HISTOGRAM} if self.kind == "histogram" else {self.name}


def read():
    """{name: Metric} of all sources."""
    found = {}
    for path in sorted([*ROOT.glob("libs/*/*.cc"), *ROOT.glob("services/*/*.cc")]):
        if path.stem.endswith(("_test", "_fixture")):
            continue
        text = path.read_text(encoding="utf-8")
        for match in _MADE.finditer(text):
            kind, name, words = match.groups()
            labels = set(re.findall(r'\{\s*"(\w+)"\s*,', _arguments(text, match.end())))
            before = found.get(name)
            found[name] = Metric(name, _KINDS[kind], frozenset(labels | (before.labels if before else set())), words.rstrip("."),
                                 str(path.parent.relative_to(ROOT)))
    return found


def _arguments(text, start):
    """What follows until the call's parenthesis closes."""
    depth = 1
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end]
    return ""


def page():
    rows = [f"| `{m.name}` | {m.kind} | {', '.join(f'`{label}`' for label in sorted(m.labels))} | `{m.module}` | {m.help} |\n"
            for _, m in sorted(read().items())]
    return _HEAD + "".join(rows)


def write():
    PAGE.write_text(page(), encoding="utf-8")
