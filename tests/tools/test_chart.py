"""The chart: its values, what they become, and that both say what the suite is."""

import copy
import functools
import json
import re
import tempfile
import unittest
from pathlib import Path

import catalogue
import chart
import jsonschema
import kubernetes
import yaml
from console import Failure
from extras import NotHere
from state import ROOT

SERVICES = {s.name: s for s in catalogue.SERVICES}


def values(example=None):
    """The values of the chart, with those of an example over them, as Helm lays them."""
    merged = yaml.safe_load((chart.CHART / "values.yaml").read_text())
    return over(merged, yaml.safe_load(chart.values_of(example).read_text())) if example else merged


def over(base, upper):
    for key, value in upper.items():
        base[key] = over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
    return base


@functools.cache
def objects(example="province"):
    return kubernetes.read(chart.rendered(example).read_text())


def of_kind(kind, example="province"):
    return {o["metadata"]["name"]: o for o in objects(example) if o["kind"] == kind}


def needs_helm():
    if chart.helm() is None:
        raise NotHere("helm is not on the PATH (go install helm.sh/helm/v3/cmd/helm@v3.22.0)")


class ValuesTest(unittest.TestCase):
    def setUp(self):
        self.schema = jsonschema.Draft7Validator(json.loads((chart.CHART / "values.schema.json").read_text()))

    def test_what_the_chart_says_itself_fits_the_schema(self):
        jsonschema.Draft7Validator.check_schema(self.schema.schema)
        for example in (None, *chart.examples()):
            self.assertEqual([e.message for e in self.schema.iter_errors(values(example))], [], example)

    def test_a_chart_above_may_pass_global_and_enabled(self):
        self.assertEqual(list(self.schema.iter_errors({**values("county"), "global": {"any": 1}, "enabled": True})), [])

    def test_wrong_values_are_refused(self):
        for path, wrong in (
                ("nonsense", 1), ("image.tag", "a b"), ("image.digest", "sha256:12"), ("defaults.replicas", 0), ("defaults.replicas", "2"),
                ("defaults.resources.limits", {"cpu": "1"}), ("defaults.flags", {"clock": "/run/clock"}), ("defaults.flags", {"demonstration": True}),
                ("defaults.flags", {"seed_demo": True}), ("defaults.flags", {"create_keys": True}), ("defaults.flags", {"mysql": "elsewhere:3306"}), ("defaults.autoscaling.cpu", 0),
                ("services.mediation", {"replicas": 2}), ("services.mediation.hostNetwork", True), ("services.Mediation", {"calls": []}),
                ("logLevel", "verbose"), ("first.organisation", 33), ("gateway.service.type", "ExternalName"), ("database.host", "unix:/run/mysql"),
                ("database.password", "secret"), ("redis.address", "redis"), ("networkPolicy.database", [{"ipBlock": {"cidr": "10.0.0.5"}}]),
                ("networkPolicy.dns", []), ("verify.schedule", "daily"), ("backup.keepDays", 0), ("monitoring.runbooks", "https://example.cn"),
                ("pods.hostNetwork", True)):
            with self.subTest(f"{path}: {wrong}"):
                changed = copy.deepcopy(values("county"))
                *parents, last = path.split(".")
                at = changed
                for parent in parents:
                    at = at[parent]
                at[last] = wrong
                self.assertNotEqual(list(self.schema.iter_errors(changed)), [])

    def test_flags_that_the_chart_sets_are_not_for_values(self):
        mine = set()
        for _, pod, _ in kubernetes.pods(objects()):
            for container in kubernetes.containers(pod):
                if container["command"][0].startswith("/opt/sifa/bin/"):
                    mine.update(re.match(r"--(\w+)=", word)[1] for word in container["args"])
        mine -= {flag for service in (values("province")["services"]) for flag in values("province")["services"][service].get("flags", {})}
        refused = set(self.schema.schema["definitions"]["flags"]["propertyNames"]["not"]["enum"])
        self.assertEqual(mine - refused, set())
        known = set(re.findall(r"`--(\w+)`", (ROOT / "docs/operations/flags.md").read_text()))
        self.assertEqual(refused - known, set(), "no such flag")
        self.assertEqual(mine - known, set(), "no such flag")

    def test_values_that_do_not_fit_each_other_are_refused_with_a_sentence(self):
        needs_helm()
        for changes, sentence in (
                ({"image": {"repository": ""}}, "image.repository is empty"), ({"image": {"tag": ""}}, "say which image"),
                ({"image": {"tag": "latest"}}, "nobody knows what runs"), ({"database": {"host": ""}}, "say where the database is"),
                ({"database": {"ca": {"configMap": ""}}}, "with TLS only"), ({"database": {"ca": {"secret": "x"}}}, "choose one"),
                ({"tls": {"certManager": {"enabled": True}}}, "names no issuer"), ({"services": {"mediation": {"calls": ["elsewhere"]}}}, "which is not in services"),
                ({"services": {"mediation": {"witness": "mediation"}}}, "own witness"), ({"services": {"mediation": {"witness": "elsewhere"}}}, "witnessed by elsewhere"),
                ({"services": {"mediation": {"witness": "corrections"}}}, "may not call it"), ({"services": {"gateway": {"witness": "identity"}}}, "keeps no journal"),
                ({"services": {"mediation": {"replicas": 3, "autoscaling": {"enabled": True}}}}, "replicas and autoscaling"),
                ({"services": {"mediation": {"autoscaling": {"minReplicas": 9}}}}, "greater than maxReplicas"),
                ({"services": {"identity": None}}, "services has no identity"), ({"networkPolicy": {"database": []}}, "nothing would reach the database"),
                ({"backup": {"enabled": True}}, "names no claim"), ({"redis": {"address": "redis:6379"}}, "nothing would reach Redis"), ({"redis": {"address": "a:26379,b:26379"}}, "those of sentinels"), ({"monitoring": {"serviceMonitor": True}}, "would reach no process")):
            with self.subTest(sentence), tempfile.TemporaryDirectory() as directory:
                path = Path(directory) / "values.yaml"
                path.write_text(yaml.safe_dump(changes))
                with self.assertRaises(Failure) as refused:
                    chart.render([chart.values_of("county"), path])
                self.assertIn(sentence, " ".join(refused.exception.excerpt))


class ExampleTest(unittest.TestCase):
    def test_examples_and_readme_are_of_this_chart(self):
        for example in chart.examples():
            self.assertTrue(chart.rendered(example).read_text().startswith(chart.head(example)), f"{example}: tools/sifa docs, with helm")
        self.assertEqual(chart.README.read_text(), chart.readme(), "tools/sifa docs")

    def test_helm_renders_what_the_examples_show(self):
        needs_helm()
        for example in chart.examples():
            self.assertEqual(chart.rendered(example).read_text(), chart.head(example) + chart.render([chart.values_of(example)]), example)

    def test_the_oldest_and_the_newest_kubernetes_take_them(self):
        self.assertIn(f">={kubernetes.OLDEST}", (chart.CHART / "Chart.yaml").read_text())
        for version in (kubernetes.OLDEST, kubernetes.NEWEST):
            self.assertEqual(list(kubernetes.mistakes(objects(), version)), [], version)
        wrong = copy.deepcopy(of_kind("Deployment", "county")["sifa-gateway"])
        wrong["spec"]["replica"] = 2
        self.assertEqual(len(list(kubernetes.mistakes([wrong], kubernetes.NEWEST))), 1, "an unknown field is found")

    def test_dashboards_come_along(self):
        needs_helm()
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "values.yaml"
            path.write_text("monitoring: {dashboards: true}")
            made = kubernetes.read(chart.render([chart.values_of("county"), path]))
        data = next(o["data"] for o in made if o["metadata"]["name"] == "sifa-dashboards")
        self.assertEqual({name: json.loads(text) for name, text in data.items()},
                         {f"sifa-{p.name}": json.loads(p.read_text()) for p in (chart.CHART / "files/dashboards").glob("*.json")})


class SuiteTest(unittest.TestCase):
    """What the chart says of the suite is so."""

    def test_the_processes_are_those_of_the_catalogue(self):
        found = {name: (own.get("database", True), own.get("witness")) for name, own in values()["services"].items()}
        self.assertEqual(found, {s.name: (s.database, s.witness) for s in catalogue.SERVICES})
        for example in chart.examples():
            self.assertEqual(of_kind("Deployment", example).keys(), {f"sifa-{name}" for name in SERVICES})
            for s in catalogue.SERVICES:
                pod = of_kind("Deployment", example)[f"sifa-{s.name}"]["spec"]["template"]["spec"]
                self.assertEqual(pod["containers"][0]["command"], [f"/opt/sifa/bin/{s.program}"])

    def test_who_may_reach_whom_is_who_may_call_whom(self):
        for example in chart.examples():
            self.assertEqual(self.reachable(example), self.callable_(), example)

    def callable_(self):
        """{(caller, service)} by config/peers.textproto. The operator's certificate is for a person, and no process."""
        hosts = {name: name for name in SERVICES}
        for path in ROOT.glob("protos/sifa/*/v1/service.proto"):
            hosts.update({package: path.parts[-3] for package in re.findall(r'"(\w+)"', "".join(re.findall(r"hosts: \[([^\]]*)\]", path.read_text())))})
        with_database = {s.name for s in catalogue.SERVICES if s.database}
        found = set()
        for block in re.findall(r"^peers \{(.*?)^\}", (ROOT / "config/peers.textproto").read_text(), re.S | re.M):
            caller = re.search(r'name: "(\w+)"', block)[1]
            for prefix in re.findall(r'may_call: "([^"]+)"', block):
                package = re.match(r"/sifa\.(?:(\w+)\.v1\.)?", prefix)[1]
                if package is None or "HoldingsService" in prefix:
                    targets = with_database - {caller}
                elif "WitnessService" in prefix:
                    targets = {SERVICES[caller].witness}
                else:
                    self.assertIn(package, hosts, prefix)
                    targets = {hosts[package]}
                found |= {(caller, target) for target in targets}  # also itself: its other replicas
        return {(caller, target) for caller, target in found if caller in SERVICES}

    def reachable(self, example):
        """{(caller, service)} that both ends' policies let through on the port of calls."""
        deployments = {d["metadata"]["name"].removeprefix("sifa-"): d["spec"]["template"] for d in of_kind("Deployment", example).values()}
        policies = of_kind("NetworkPolicy", example).values()
        everything = [p for p in policies if p["metadata"]["name"] == "sifa"]
        self.assertEqual([(p["spec"]["policyTypes"], p["spec"].get("ingress"), p["spec"].get("egress")) for p in everything],
                         [(["Ingress", "Egress"], None, None)], "all is closed but for what a policy opens")

        def open_(one, direction, other, port):
            labels, others = deployments[one]["metadata"]["labels"], deployments[other]["metadata"]["labels"]
            for policy in policies:
                if not kubernetes.selects(policy["spec"]["podSelector"], labels):
                    continue
                for rule in policy["spec"].get(direction, []):
                    if port not in [p["port"] for p in rule["ports"]]:
                        continue
                    peers = rule.get("from" if direction == "ingress" else "to", [{}])
                    if any("podSelector" in p and "namespaceSelector" not in p and kubernetes.selects(p["podSelector"], others) for p in peers):
                        return True
            return False
        return {(caller, target) for caller in deployments for target in deployments
                if open_(caller, "egress", target, 7000) and open_(target, "ingress", caller, "grpc")}

    def test_nothing_else_is_open(self):
        """By port: front ends to the gateway, Prometheus to the inner port, DNS, database, Redis."""
        for policy in of_kind("NetworkPolicy").values():
            name = policy["metadata"]["name"].removeprefix("sifa-")
            ports = {d: sorted({str(p["port"]) for rule in policy["spec"].get(d, []) for p in rule["ports"]}) for d in ("ingress", "egress")}
            if name == "sifa":
                expected = ([], [])
            elif name == "job":
                expected = ([], ["3306", "53"])
            elif name == "gateway":
                expected = (["https", "inner"], ["53", "7000"])
            else:
                expected = (["grpc", "inner"], ["3306", "53", "6379", "7000"])
            self.assertEqual((ports["ingress"], ports["egress"]), expected, name)
            for direction, peers in (("ingress", "from"), ("egress", "to")):
                for rule in policy["spec"].get(direction, []):
                    if name != "gateway" or rule["ports"] != [{"port": "https"}]:
                        self.assertTrue(rule.get(peers), f"{name}: open to all on {rule['ports']}")

    def test_calls_go_round_the_replicas(self):
        """A name stands for every pod where its Service has no address of its own."""
        for example in chart.examples():
            for name, s in of_kind("Service", example).items():
                self.assertEqual(s["spec"].get("clusterIP") == "None", name not in ("sifa-gateway",), name)

    def test_keys_are_read_where_nobody_can_write_them(self):
        for o, pod, _ in kubernetes.pods(objects()):
            volumes = {v["name"]: v for v in pod["volumes"]}
            for c in kubernetes.containers(pod):
                for mount in c["volumeMounts"]:
                    if volumes[mount["name"]].get("secret", {}).get("secretName", "").startswith("sifa-keys-"):
                        self.assertTrue(mount.get("readOnly"), o["metadata"]["name"])
                        self.assertEqual(volumes[mount["name"]]["secret"]["defaultMode"], 0o440)

    def test_each_service_has_a_migration_and_a_check(self):
        names = [s.name for s in catalogue.SERVICES if s.database]
        self.assertEqual(of_kind("CronJob").keys() - {"sifa-backup"}, {f"sifa-verify-{n}" for n in names})
        self.assertEqual(of_kind("Job").keys(), {f"sifa-{kind}-{n}" for n in names for kind in ("migrate", "test")})
        schedules = [o["spec"]["schedule"] for o in of_kind("CronJob").values()]
        self.assertEqual(len(set(schedules)), len(schedules), "one after the other")


class PageTest(unittest.TestCase):
    def test_the_page_installs_and_restores_every_service(self):
        page = (ROOT / "docs/operations/kubernetes.md").read_text()
        lists = re.findall(r'^S="([^"]+)"', page, re.M)
        self.assertEqual(len(lists), 2)
        for names in lists:
            self.assertEqual(names.split(), [s.name for s in catalogue.SERVICES if s.database])
        self.assertEqual([int(n) for n in re.findall(r"  # (\d+)", page[:page.index("## What stands there")])], list(range(1, 11)), "ten commands")

    def test_secrets_of_the_page_are_those_of_the_chart(self):
        page = (ROOT / "docs/operations/kubernetes.md").read_text()
        wanted = {v["secret"]["secretName"] for _, pod, _ in kubernetes.pods(objects("county")) for v in pod["volumes"] if "secret" in v}
        for name in wanted:
            kind = re.sub(r"-(identity|mediation|corrections|hotline|enforcement|gateway)$", "-$", name)
            kind = {"sifa-database-migrate": "sifa-database$u"}.get(kind, kind)
            self.assertIn(f"secret generic {kind}", page, name)


class ObjectTest(unittest.TestCase):
    """What no schema says of a pod."""

    def test_pods_are_restricted_and_alone(self):
        for example in chart.examples():
            for o, pod, _ in kubernetes.pods(objects(example)):
                with self.subTest(f"{example}: {o['metadata']['name']}"):
                    self.assertFalse(pod["automountServiceAccountToken"])
                    self.assertFalse(pod["enableServiceLinks"], "SIFA_… of service links would be flags")
                    self.assertNotIn("hostNetwork", pod, "leases are held by host and pid")
                    security = pod["securityContext"]
                    self.assertTrue(security["runAsNonRoot"])
                    self.assertEqual(security["seccompProfile"], {"type": "RuntimeDefault"})
                    for c in kubernetes.containers(pod):
                        self.assertEqual(c["securityContext"], {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}})
                        self.assertTrue(c["resources"]["requests"].keys() >= {"cpu", "memory"})
                        self.assertIn("memory", c["resources"]["limits"])
                        self.assertNotIn("cpu", c["resources"]["limits"])
                        self.assertLessEqual({e["name"] for e in c.get("env", [])}, {"POD_IP", "TMPDIR"})  # no secret comes by the environment
                        self.assertRegex(c["image"], r"[:@]")
                        self.assertNotRegex(c["image"], r":latest|:$")

    def test_what_is_mounted_is_there_and_used(self):
        for o, pod, _ in kubernetes.pods(objects()):
            volumes = {v["name"] for v in pod["volumes"]}
            mounts = {m["name"]: c["name"] for c in kubernetes.containers(pod) for m in c["volumeMounts"]}
            self.assertEqual(mounts.keys(), volumes, o["metadata"]["name"])
            for c in kubernetes.containers(pod):
                paths = [m["mountPath"] for m in c["volumeMounts"]]
                for word in c.get("args", []) + c["command"][1:]:
                    for path in re.findall(r"/run/sifa/\S+", word):
                        self.assertTrue(any(path.startswith(p) for p in paths), f"{o['metadata']['name']}: {c['name']} has no {path}")

    def test_probes_and_services_name_ports_that_are_there(self):
        for example in chart.examples():
            deployments = of_kind("Deployment", example)
            for d in deployments.values():
                (c,) = d["spec"]["template"]["spec"]["containers"]
                ports = {p["name"] for p in c["ports"]}
                for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                    self.assertIn(c[probe]["httpGet"]["port"], ports)
                    self.assertGreaterEqual(c[probe]["timeoutSeconds"], 3, "a look at the database may take one")
                self.assertEqual(c["livenessProbe"]["httpGet"]["path"], "/healthz", "the database's absence is no reason to end a process")
                self.assertNotIn("lifecycle", c, "the programs themselves tell by /readyz that they go, before they do: --lame_duck")
                self.assertLess(5 + 21, d["spec"]["template"]["spec"]["terminationGracePeriodSeconds"])
            for s in of_kind("Service", example).values():
                chosen = [d for d in deployments.values() if all(d["spec"]["template"]["metadata"]["labels"].get(k) == v for k, v in s["spec"]["selector"].items())]
                self.assertTrue(chosen, s["metadata"]["name"])
                for d in chosen:
                    names = {p["name"] for p in d["spec"]["template"]["spec"]["containers"][0]["ports"]}
                    self.assertTrue({p["targetPort"] for p in s["spec"]["ports"]} <= names)
                inner = "inner" in [p["targetPort"] for p in s["spec"]["ports"]]
                self.assertEqual(inner, s["metadata"]["name"] == "sifa-inner", "the inner port belongs to no Service that others use")

    def test_replicas_autoscaling_and_disruption_do_not_fight(self):
        for example in chart.examples():
            scaled = {h["spec"]["scaleTargetRef"]["name"] for h in of_kind("HorizontalPodAutoscaler", example).values()}
            for name, d in of_kind("Deployment", example).items():
                self.assertEqual("replicas" in d["spec"], name not in scaled)
                self.assertEqual(d["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"], 0)
            for name, budget in of_kind("PodDisruptionBudget", example).items():
                self.assertEqual(budget["spec"]["maxUnavailable"], 1)
                self.assertGreater(of_kind("Deployment", example)[name]["spec"].get("replicas", 2), 1)

    def test_only_migrations_see_the_passwords_of_migrations(self):
        for o, pod, _ in kubernetes.pods(objects()):
            secrets = {v["secret"]["secretName"] for v in pod["volumes"] if "secret" in v}
            self.assertEqual("sifa-database-migrate" in secrets, "-migrate-" in o["metadata"]["name"], o["metadata"]["name"])

    def test_every_object_says_its_namespace(self):
        for example in chart.examples():
            self.assertEqual({o["metadata"].get("namespace") for o in objects(example)}, {"sifa"})

    def test_nothing_is_random_and_no_secret_is_made(self):
        for path in (chart.CHART / "templates").iterdir():
            self.assertNotRegex(path.read_text(), r"\b(rand\w+|uuidv4|lookup|genCA|genSelfSigned\w*|htpasswd|derivePassword)\b|\bnow \|", path.name)
        self.assertEqual(of_kind("Secret"), {})

    def test_rules_come_along_as_they_are(self):
        (rule,) = of_kind("PrometheusRule").values()
        self.assertEqual(rule["spec"], yaml.safe_load((chart.CHART / "files/rules.yaml").read_text()))


if __name__ == "__main__":
    unittest.main()
