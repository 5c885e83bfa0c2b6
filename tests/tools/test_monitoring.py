"""Rules and dashboards say what is true of the programs: metrics, labels, services, runbooks."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import catalogue
import metrics_page
import observe
import promql
import yaml
from state import ROOT, State

RULES = ROOT / "deploy/prometheus/rules.yaml"
TESTS = sorted((ROOT / "deploy/prometheus").glob("*_test.yaml"))
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
ALERTS = ROOT / "docs/operations/alerts.md"
# Labels that Prometheus gives to every series of a target.
TARGET = {"job", "service", "instance", "namespace", "pod"}
# Of other exporters, and of Prometheus itself: {series: labels}.
FOREIGN = {
    "up": set(), "ALERTS": {"alertname", "alertstate", "severity"},
    "kube_job_status_failed": {"job_name"}, "kube_cronjob_status_last_successful_time": {"cronjob"},
}
# What no rule and no dashboard shows, and why.
UNUSED = {
    "sifa_gateway_request_seconds_sum": "quantiles are drawn, means hide what matters", "sifa_gateway_request_seconds_count": "requests_total has codes",
    "sifa_rpc_seconds_sum": "as above", "sifa_rpc_seconds_count": "calls_total has codes",
}
UNITS = {"short", "percentunit", "reqps", "cps", "s", "d", "bytes"}


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def alerts():
    return [rule for rule in rules() if "alert" in rule]


def panels():
    """(dashboard, panel) of everything that draws a query."""
    return [(path.name, panel) for path in DASHBOARDS for panel in json.loads(path.read_text())["panels"] if panel["type"] not in ("row", "text")]


def queries():
    """(where, expression) of all rules and panels, and of the marks on the dashboards."""
    yield from ((rule.get("alert") or rule["record"], rule["expr"]) for rule in rules())
    yield from ((f"{name}: {panel['title']}", promql.of_dashboard(target["expr"])) for name, panel in panels() for target in panel["targets"])
    for path in DASHBOARDS:
        yield from ((f"{path.name}: {mark['name']}", promql.of_dashboard(mark["expr"])) for mark in json.loads(path.read_text())["annotations"]["list"])


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=120)


class ParserTest(unittest.TestCase):
    def test_what_a_query_asks_for(self):
        names, selected, groupings = promql.uses(
            'sum by (service, le) (rate(a_total{code=~"X|b_total", le="1"}[5m] offset 1d)) or on (kind) 0 * 14.4e3 * sifa:b:max > bool 2')
        self.assertEqual(names, {"a_total", "sifa:b:max"})
        self.assertEqual(selected, [("a_total", "code"), ("a_total", "le")])
        self.assertEqual(groupings, {"service", "le", "kind"})


class MetricTest(unittest.TestCase):
    def setUp(self):
        self.labels = dict(FOREIGN)
        for metric in metrics_page.read().values():
            self.labels |= {name: set(metric.labels) | ({"le"} if name.endswith("_bucket") else set()) for name in metric.series}
        for rule in rules():
            if "record" in rule:
                self.labels[rule["record"]] = promql.uses(rule["expr"])[2]

    def test_every_metric_and_label_of_a_query_is_one_of_the_programs(self):
        for where, expression in queries():
            names, selected, groupings = promql.uses(expression)
            with self.subTest(where):
                self.assertTrue(names or "vector" in expression, expression)
                self.assertEqual(names - self.labels.keys(), set(), "no such metric")
                for metric, label in selected:
                    self.assertIn(label, self.labels[metric] | TARGET, f"{metric} has no label {label}")
                known = TARGET.union(*(self.labels[name] for name in names))
                self.assertEqual(groupings - known, set(), "no metric of this query has such a label")

    def test_every_metric_of_the_programs_is_used_or_there_is_a_reason(self):
        used = set().union(*(promql.uses(expression)[0] for _, expression in queries()))
        series = set().union(*(metric.series for metric in metrics_page.read().values()))
        self.assertEqual(series - used - UNUSED.keys(), set())
        self.assertEqual(UNUSED.keys() - (series - used), set(), "a reason for what is used, or is no more")

    def test_each_source_that_names_a_metric_is_read(self):
        known = metrics_page.read()
        for path in [*ROOT.glob("libs/*/*.cc"), *ROOT.glob("services/*/*.cc")]:
            if not path.stem.endswith(("_test", "_fixture")):
                made = set(re.findall(r'"((?:sifa|process)_[a-z_]+)"', path.read_text()))
                self.assertEqual({name for name in made if name.startswith("sifa_") or "seconds" in name} - known.keys(), set(), path)

    def test_the_page_of_metrics_is_what_the_sources_say(self):
        self.assertEqual(metrics_page.PAGE.read_text(), metrics_page.page(), "tools/sifa docs")

    def test_streams_are_no_measure_of_speed(self):
        """A stream lasts as long as it lasts: neither record of times counts one."""
        records = {rule["record"]: rule["expr"] for rule in rules() if "record" in rule}
        routes = re.search(r'route!~"([^"]+)"', records["sifa:gateway_request_seconds_bucket:rate5m"])[1]
        methods = re.search(r'method!~"([^"]+)"', records["sifa:rpc_seconds_bucket:rate5m"])[1]
        found = 0
        for path in ROOT.glob("protos/sifa/**/*.proto"):
            for name, words, body in re.findall(r"rpc (\w+)(\([^{;]*)\{(.*?)\n  \}", path.read_text(), re.S):
                if "stream " in words:
                    found += 1
                    self.assertRegex(f"/sifa.x.v1.Y/{name}", rf"^({methods})$")
                    self.assertRegex(re.search(r'(?:get|post|put): "([^"]+)"', body)[1], rf"^({routes})$")
        self.assertGreater(found, 3)

    def test_values_that_every_replica_tells_alike_are_never_added_up(self):
        for where, expression in queries():
            for metric in ("sifa_journal_lag_rows", "sifa_journal_oldest_seconds", "sifa_journal_quarantined_rows", "sifa_follower_lag_rows", "sifa_clocks", "sifa_objects"):
                for match in re.finditer(rf"{metric}\b", expression):
                    before = expression[:match.start()]
                    self.assertRegex(before, r"max( by \([^)]*\) )?\($", f"{where}: {metric} wants max")


class RuleTest(unittest.TestCase):
    def test_prometheus_and_alertmanager_take_their_configuration(self):
        result = promtool("check", "config", ROOT / "deploy/prometheus/prometheus.yml")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        result = subprocess.run(["amtool", "check-config", ROOT / "deploy/prometheus/alertmanager.yml"], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_each_alert_fires_where_it_should_and_not_elsewhere(self):
        result = promtool("test", "rules", *TESTS)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        fires, quiet = set(), set()
        for path in TESTS:
            for test in yaml.safe_load(path.read_text())["tests"]:
                for check in test["promql_expr_test"]:
                    (fires if check["exp_samples"] else quiet).add(re.search(r'alertname="(\w+)"', check["expr"])[1])
        names = {alert["alert"] for alert in alerts()}
        self.assertEqual(fires, names, "one test each in which it fires")
        self.assertEqual(names - quiet, set(), "one test each in which it does not")

    def test_each_alert_says_what_it_is_and_has_a_runbook(self):
        headings = set(re.findall(r"^### (\w+)$", ALERTS.read_text(), re.M))
        self.assertEqual(headings, {alert["alert"] for alert in alerts()})
        for alert in alerts():
            with self.subTest(alert["alert"]):
                self.assertIn(alert["labels"]["severity"], ("page", "ticket", "bureau"))
                self.assertEqual(alert["annotations"].keys(), {"summary", "description", "runbook_url"})
                self.assertEqual(alert["annotations"]["runbook_url"], f"docs/operations/alerts.md#{alert['alert'].lower()}")

    def test_severities_have_a_route(self):
        text = (ROOT / "deploy/prometheus/alertmanager.yml").read_text()
        for severity in {alert["labels"]["severity"] for alert in alerts()} - {"ticket"}:  # which is the receiver of all others
            self.assertIn(f'severity="{severity}"', text)
        inhibited = set(re.findall(r"\b[A-Z]\w+[a-z]\b", " ".join(re.findall(r"alertname=~?\"([^\"]*)\"", text))))
        self.assertEqual(inhibited - {alert["alert"] for alert in alerts()}, set(), "inhibits what is no alert")


class ObserveTest(unittest.TestCase):
    def test_prometheus_scrapes_every_process_of_the_suite(self):
        with tempfile.TemporaryDirectory() as directory:
            state = State(Path(directory) / "state")
            state.create()
            state.choose_ports(catalogue.wanted_ports(state))
            targets = observe.targets(state)
            self.assertEqual([target["labels"]["service"] for target in targets], [s.name for s in catalogue.SERVICES])
            self.assertEqual(targets[0]["targets"], [f"127.0.0.1:{state.ports(catalogue.SERVICES[0].name)['inner']}"])


class DashboardTest(unittest.TestCase):
    def test_every_query_is_promql(self):
        every = [expression for _, expression in queries()]
        document = {"groups": [{"name": "all", "rules": [{"record": f"q{i}", "expr": e} for i, e in enumerate(every)]}]}
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "queries.yaml"
            path.write_text(yaml.safe_dump(document))
            result = promtool("check", "rules", path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_each_can_be_laid_beside_the_others(self):
        boards = [json.loads(path.read_text()) for path in DASHBOARDS]
        for key in ("uid", "title"):
            self.assertEqual(len({board[key] for board in boards}), len(boards))
        for board in boards:
            with self.subTest(board["title"]):
                variables = {variable["name"] for variable in board["templating"]["list"]}
                self.assertTrue({"datasource", "namespace"} <= variables)
                self.assertTrue(board["description"])
                ids = [panel["id"] for panel in board["panels"]]
                self.assertEqual(len(set(ids)), len(ids), "ids of panels are unique")
                for name in set(re.findall(r"\$\{?([a-z_]\w*)", json.dumps(board))) - {"__rate_interval", "__range", "__all"}:
                    self.assertIn(name, variables)

    def test_panels_do_not_lie_on_each_other(self):
        for path in DASHBOARDS:
            taken = {}
            for panel in json.loads(path.read_text())["panels"]:
                at = panel["gridPos"]
                self.assertLessEqual(at["x"] + at["w"], 24, f"{path.name}: {panel['title']}")
                for x in range(at["x"], at["x"] + at["w"]):
                    for y in range(at["y"], at["y"] + at["h"]):
                        self.assertNotIn((x, y), taken, f"{path.name}: {panel['title']} lies on {taken.get((x, y))}")
                        taken[x, y] = panel["title"]

    def test_each_panel_says_what_it_shows(self):
        for name, panel in panels():
            with self.subTest(f"{name}: {panel['title']}"):
                self.assertTrue(panel["title"] and panel["description"])
                self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS)
                self.assertEqual(panel["datasource"]["uid"], "${datasource}")
                letters = [target["refId"] for target in panel["targets"]]
                self.assertEqual(len(set(letters)), len(letters))
                for target in panel["targets"]:
                    self.assertIn('namespace=~"$namespace"', target["expr"], "of the suite that was chosen")

    def test_no_dashboard_names_a_service(self):
        for path in DASHBOARDS:
            for panel in json.loads(path.read_text())["panels"]:
                for target in panel.get("targets", ()):
                    for s in catalogue.SERVICES:
                        self.assertNotRegex(target["expr"], rf'(service|peer)="{s.name}"', "a new service would be missing")


if __name__ == "__main__":
    unittest.main()
