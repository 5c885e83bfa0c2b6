"""The page of metrics, which rules and dashboards are held to, against what the processes show."""

import re
import unittest

import catalogue
import metrics_page
from suite import Suite

# Made with their first event, which a quiet suite may not have seen.
LATER = {"sifa_journal_rows_total", "sifa_objects", "sifa_journal_witnessed_time_seconds"}


class MetricsPageTest(unittest.TestCase):
    def setUp(self):
        self.suite = Suite()
        self.shown = {}  # name: (kind, labels)
        for process in catalogue.SERVICES:
            kinds = {}
            for line in self.suite.inner(process.name, "/metrics")[1].splitlines():
                if line.startswith("# TYPE "):
                    _, _, name, kind = line.split()
                    kinds[name] = kind
                elif sample := re.match(r"([\w:]+)(?:\{(.*)\})? ", line):
                    name = sample[1] if sample[1] in kinds else re.sub(r"_(bucket|sum|count)$", "", sample[1])
                    labels = set(re.findall(r'(\w+)="', sample[2] or "")) - {"le"}
                    self.shown.setdefault(name, (kinds[name], set()))[1].update(labels)

    def test_what_is_shown_is_on_the_page_with_its_kind_and_labels(self):
        page = {m.name: (m.kind, set(m.labels)) for m in metrics_page.read().values()}
        self.assertEqual({name: page.get(name) for name in self.shown}, self.shown)

    def test_what_is_on_the_page_is_shown(self):
        self.assertEqual(metrics_page.read().keys() - self.shown.keys() - LATER, set())


if __name__ == "__main__":
    unittest.main()
