"""The chart is installed, upgraded, rolled back, drained and removed by the real controllers of Kubernetes, and breaks nothing on the way.

No pod runs in it: what its command lines do is tried by tests/tools/test_chart.py, on this machine and against a MariaDB over TLS;
that the image is the same twice, by tests/tools/test_image.py. It needs a Go that fetches modules, and helm; without them it is not tried."""

import contextlib
import os
import subprocess
import threading
import time

import catalogue
import chart
import console
import yaml
from extras import NotHere
from suite import wait_until

from cluster import plane

HAS_SHORT_FORM = False
_REPLICAS = 2
_SCALED = "hotline"  # by itself
_OPERATORS = ("Certificate", "ServiceMonitor", "PrometheusRule")  # whose definitions are not Kubernetes' own
_NAMES = {s.name for s in catalogue.SERVICES}


def prove(_suite):
    if chart.helm() is None:
        raise NotHere("helm is not on the PATH (go install helm.sh/helm/v3/cmd/helm@v3.22.0)")
    with plane.running() as kubernetes:
        for namespace in ("sifa", "one", "two"):
            kubernetes.namespace(namespace)
        _examples(kubernetes)
        site = Site(kubernetes, "one")
        _install(site)
        _upgrade_and_back(site)
        _drain(site)
        _failing_migration(site)
        _stand_still(site)
        _second(site, Site(kubernetes, "two"))


class Site:
    """One release in one namespace."""

    def __init__(self, kubernetes, namespace):
        self.kubernetes, self.namespace = kubernetes, namespace

    def helm(self, verb, *words, fails=False):
        command = [chart.helm(), verb, "sifa", *words, f"--namespace={self.namespace}"]
        result = subprocess.run(command, env={**os.environ, "KUBECONFIG": str(self.kubernetes.kubeconfig)}, capture_output=True, text=True, timeout=300)
        assert (result.returncode != 0) == fails, f"helm {verb}: {result.stdout[-500:]}{result.stderr[-1500:]}"
        return result.stderr

    def apply(self, verb, tag, *words, fails=False):
        return self.helm(verb, str(chart.CHART), f"--values={chart.values_of('county')}", f"--set=image.tag={tag}",
                         f"--set=services.{_SCALED}.autoscaling.enabled=true", "--wait", "--timeout=120s", *words, fails=fails)

    def tags(self):
        return {p["spec"]["containers"][0]["image"].rpartition(":")[2] for p in self.pods()}

    def pods(self):
        return [p for p in self.kubernetes.pods(self.namespace) if p["metadata"]["labels"]["app.kubernetes.io/component"] != "job"]

    def whole(self, tag):
        wait_until(lambda: self.tags() == {tag} and self.kubernetes.ready(self.namespace) == dict.fromkeys(_NAMES, _REPLICAS), 60, f"all of {tag}", pause=0.2)

    @contextlib.contextmanager
    def never_fewer(self, least):
        """Looks on all the while: no process has fewer pods that are ready. Yields a list whose only entry is the number of looks."""
        seen, looks, end = dict.fromkeys(_NAMES, _REPLICAS), [0], threading.Event()

        def look():
            while not end.is_set():
                ready = self.kubernetes.ready(self.namespace)
                for name in _NAMES:
                    seen[name] = min(seen[name], ready.get(name, 0))
                looks[0] += 1

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield looks
        finally:
            end.set()
            watcher.join()
        assert min(seen.values()) >= least, f"fewer than {least} ready: {seen}"


def _examples(kubernetes):
    """What `tools/sifa manifests` gives, for who has no Helm."""
    own = [o for example in chart.examples() for o in yaml.safe_load_all(chart.rendered(example).read_text()) if o and o["kind"] not in _OPERATORS]
    mistakes = [mistake for o in own if (mistake := kubernetes.mistakes(o))]
    assert not mistakes, "\n".join(mistakes)
    assert kubernetes.mistakes({**own[0], "nonsense": 1}), "the server takes anything"
    console.say(f"    {len(own)} objects of the rendered examples would be taken as they are")


def _install(site):
    begin = time.monotonic()
    site.apply("install", "1.0.0")
    site.whole("1.0.0")
    nodes = {}
    for p in site.pods():
        nodes.setdefault(p["metadata"]["labels"]["app.kubernetes.io/component"], set()).add(p["spec"]["nodeName"])
    assert all(len(of) == _REPLICAS for of in nodes.values()), f"replicas share a node: {nodes}"
    left = {o for o in site.kubernetes.everything(site.namespace) if o.startswith("Job/")}
    assert not left, f"Jobs that are done are still there: {left}"
    console.say(f"    installed under pod security restricted in {plane.age(begin)}: {len(_NAMES)} processes, {len(site.pods())} pods ready, replicas on different nodes")


def _upgrade_and_back(site):
    begin = time.monotonic()
    with site.never_fewer(_REPLICAS) as looks:
        site.apply("upgrade", "1.1.0")
        site.whole("1.1.0")
    console.say(f"    upgraded in {plane.age(begin)}: never fewer than {_REPLICAS} ready of each, in {looks[0]} looks")
    begin = time.monotonic()
    with site.never_fewer(_REPLICAS) as looks:
        site.helm("rollback", "1", "--wait", "--timeout=120s")
        site.whole("1.0.0")
    console.say(f"    rolled back in {plane.age(begin)}: the same, in {looks[0]} looks")


def _drain(site):
    kubernetes = site.kubernetes
    node = site.pods()[0]["spec"]["nodeName"]
    begin, refused = time.monotonic(), 0
    with site.never_fewer(_REPLICAS - 1):
        kubernetes.cordon(node)
        while leaving := [p for p in site.pods() if p["spec"].get("nodeName") == node]:
            assert time.monotonic() - begin < 90, f"still on {node}: {[p['metadata']['name'] for p in leaving]}"
            for p in leaving:
                status = kubernetes.evict(p)
                assert status in (201, 404, 429), status
                refused += status == 429
            time.sleep(0.2)
        site.whole("1.0.0")
    assert node not in {p["spec"]["nodeName"] for p in site.pods()}
    kubernetes.cordon(node, off=False)
    console.say(f"    {node} drained in {plane.age(begin)}: never fewer than {_REPLICAS - 1} ready of each")

    # While nothing that was evicted comes back elsewhere, the second of two may not go.
    for name in sorted(_NAMES):
        with kubernetes.nodes_stand_still():
            first, second = kubernetes.pods(site.namespace, name)
            assert kubernetes.evict(first) == 201
            wait_until(lambda: kubernetes.evict(second) == 429, 10, f"the budget of {name}")  # pylint: disable=cell-var-from-loop
        wait_until(lambda: kubernetes.ready(site.namespace).get(name) == _REPLICAS, 60, f"{name} again", pause=0.2)  # pylint: disable=cell-var-from-loop
    console.say(f"    the second of two replicas was not let go before the first was back, for each of {len(_NAMES)} processes")


def _failing_migration(site):
    before = {p["metadata"]["name"] for p in site.pods()}
    begin = time.monotonic()
    said = site.apply("upgrade", "2.0.0", f"--set=pods.labels.{plane.FAILS}=yes", "--set=migration.deadline=60", fails=True)
    assert "pre-upgrade" in said, said
    jobs = site.kubernetes.list(f"/apis/batch/v1/namespaces/{site.namespace}/jobs")
    assert any(job["status"].get("failed") for job in jobs), f"no migration failed: {[job['status'] for job in jobs]}"
    assert {p["metadata"]["name"] for p in site.pods()} == before, "pods were replaced though the migration failed"
    console.say(f"    a migration that fails ends the upgrade ({plane.age(begin)}), and the pods of before stay")
    site.apply("upgrade", "2.0.1")
    site.whole("2.0.1")
    console.say("    the next upgrade, with one that works, goes through")


def _stand_still(site):
    """The steps around a restore, as docs/operations/kubernetes.md has them."""
    kubernetes = site.kubernetes

    def scale(name, replicas):
        kubernetes.must("PATCH", f"/apis/apps/v1/namespaces/{site.namespace}/deployments/sifa-{name}", {"spec": {"replicas": replicas}})

    for name in _NAMES:
        scale(name, 0)
    wait_until(lambda: not site.pods(), 60, "nobody to write", pause=0.2)
    site.apply("upgrade", "2.0.1")
    wait_until(lambda: kubernetes.ready(site.namespace) == dict.fromkeys(_NAMES - {_SCALED}, _REPLICAS), 60, "all that have replicas", pause=0.2)
    scale(_SCALED, _REPLICAS)
    site.whole("2.0.1")
    console.say("    scaled to 0, and brought back by an upgrade as it was; what scales by itself wants to be told")


def _second(one, two):
    two.apply("install", "3.0.0")
    two.whole("3.0.0")
    one.whole("2.0.1")
    pods = {p["metadata"]["name"] for p in two.pods()}
    one.helm("uninstall", "--wait")
    kubernetes = one.kubernetes
    wait_until(lambda: not kubernetes.everything(one.namespace), 60, f"nothing left: {sorted(kubernetes.everything(one.namespace))}", pause=0.3)
    two.whole("3.0.0")
    assert {p["metadata"]["name"] for p in two.pods()} == pods, "the other installation was touched"
    console.say("    a second installation in another namespace is untouched by the removal of the first, of which nothing is left")
