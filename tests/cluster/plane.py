"""A control plane of Kubernetes on this machine for as long as a block lasts, with fake nodes, and what a proof asks of it.

    with plane.running() as kubernetes:
        kubernetes.must("POST", "/api/v1/namespaces", {...})

Its controllers are the real ones. Its nodes are played by kwok: a pod that is scheduled is ready at once, one of a Job is complete, and one
of a Job with the label FAILS fails."""

import contextlib
import http.client
import json
import secrets
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

from console import Failure, tail
from suite import wait_until

from cluster import tools

FAILS = "sifa-test-fails"
_NODES = ("a", "b", "c")


@contextlib.contextmanager
def running():
    programs = tools.get()
    with tempfile.TemporaryDirectory(prefix="sifa-cluster-") as scratch:
        plane = Plane(programs, Path(scratch))
        try:
            plane.start()
            yield plane
        finally:
            plane.stop()


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Plane:
    def __init__(self, programs, directory):
        self._programs, self._directory = programs, directory
        self._token = secrets.token_hex(16)
        self._started = []
        self.kubeconfig = directory / "kubeconfig"
        self._port = 0

    # -- life

    def start(self):
        client, peer, self._port, manager, scheduler, kwok = _free_ports(6)
        d, server = self._directory, f"https://127.0.0.1:{self._port}"
        (d / "certs").mkdir()
        subprocess.run(["openssl", "genrsa", "-out", d / "sa.key", "2048"], check=True, capture_output=True, timeout=60)
        (d / "tokens.csv").write_text(f'{self._token},admin,1,"system:masters"\n')
        self.kubeconfig.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "it", "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "clusters": [{"name": "it", "cluster": {"server": server, "insecure-skip-tls-verify": True}}], "users": [{"name": "it", "user": {"token": self._token}}]}))
        urls = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
        self._spawn("etcd", f"--data-dir={d / 'etcd'}", f"--listen-client-urls={urls[0]}", f"--advertise-client-urls={urls[0]}", f"--listen-peer-urls={urls[1]}",
                    f"--initial-advertise-peer-urls={urls[1]}", f"--initial-cluster=default={urls[1]}", "--unsafe-no-fsync")
        self._spawn("kube-apiserver", f"--etcd-servers={urls[0]}", f"--secure-port={self._port}", "--bind-address=127.0.0.1", f"--cert-dir={d / 'certs'}",
                    f"--service-account-key-file={d / 'sa.key'}", f"--service-account-signing-key-file={d / 'sa.key'}", "--service-account-issuer=https://cluster",
                    "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=RBAC", f"--token-auth-file={d / 'tokens.csv'}",
                    "--disable-admission-plugins=ServiceAccount", "--profiling=false")
        wait_until(lambda: self._alive() and self._is_ready(), 120, "the API server", pause=0.2)
        self._spawn("kube-controller-manager", f"--kubeconfig={self.kubeconfig}", "--leader-elect=false", f"--service-account-private-key-file={d / 'sa.key'}",
                    "--controllers=*,-node-ipam-controller", "--bind-address=127.0.0.1", f"--secure-port={manager}")
        self._spawn("kube-scheduler", f"--kubeconfig={self.kubeconfig}", "--leader-elect=false", "--bind-address=127.0.0.1", f"--secure-port={scheduler}")
        self._spawn("kwok", f"--kubeconfig={self.kubeconfig}", "--manage-all-nodes=true", "--node-lease-duration-seconds=40", f"--server-address=127.0.0.1:{kwok}",
                    *(f"--config={path}" for path in self._stages()))
        for name in _NODES:
            room = {"cpu": "16", "memory": "32Gi", "pods": "110"}
            self.must("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "status": {"allocatable": room, "capacity": room}, "metadata": {
                "name": f"node-{name}", "labels": {"kubernetes.io/hostname": f"node-{name}", "topology.kubernetes.io/zone": f"zone-{name}"}}})
        wait_until(lambda: self._alive() and sum(_condition(n, "Ready") for n in self.list("/api/v1/nodes")) == len(_NODES), 90, "the nodes", pause=0.3)

    def _stages(self):
        """kwok's own ways of nodes, pods and volumes, and one of ours: pods that fail."""
        complete = "pod/fast/pod-complete.yaml"
        for path in sorted((self._programs / "stages").rglob("*.yaml")):
            if not str(path).endswith(complete):
                yield path
        text = (self._programs / "stages" / complete).read_text()
        marked = "    - key: '.metadata.labels[\"" + FAILS + "\"]'\n      operator: '{}'\n  next:"
        completes, fails = self._directory / "completes.yaml", self._directory / "fails.yaml"
        assert "\n  next:" in text and "name: pod-complete" in text
        completes.write_text(text.replace("  next:", marked.format("DoesNotExist"), 1))
        fails.write_text(text.replace("  next:", marked.format("Exists"), 1).replace("name: pod-complete", "name: pod-fails")
                         .replace("exitCode: 0", "exitCode: 1").replace("reason: Completed", "reason: Error").replace("phase: Succeeded", "phase: Failed"))
        yield from (completes, fails)

    def _spawn(self, name, *arguments):
        log = open(self._directory / f"{name}.log", "wb")  # pylint: disable=consider-using-with  # as long as the process
        self._started.append((name, subprocess.Popen([self._programs / name, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._directory), log))

    def _alive(self):
        for name, process, _ in self._started:
            if process.poll() is not None:
                raise Failure(f"{name} ended by itself.", excerpt=tail(self._directory / f"{name}.log", 8))
        return True

    def _is_ready(self):
        try:
            return self._request("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def stop(self):
        for _, process, log in reversed(self._started):
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)
            log.close()

    @contextlib.contextmanager
    def nodes_stand_still(self):
        """Nothing that is scheduled starts or ends meanwhile."""
        process = next(p for name, p, _ in self._started if name == "kwok")
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    # -- questions

    def _request(self, method, path, body=None):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # made by the server itself a moment ago, on loopback
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, timeout=30, context=context)
        try:
            kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
            connection.request(method, path, json.dumps(body) if body else None, {"Authorization": f"Bearer {self._token}", "Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.startswith("{") else text
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        return self._request(method, path, body)

    def must(self, method, path, body=None):
        status, answer = self._request(method, path, body)
        if status >= 300:
            raise Failure(f"{method} {path} answers {status}: {answer['message'] if isinstance(answer, dict) else answer}")
        return answer

    def list(self, path):
        return self.must("GET", path)["items"]

    def namespace(self, name):
        """One in which only pods run that the strictest of Kubernetes' profiles admits."""
        self.must("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": name, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}})

    def everything(self, namespace):
        """{kind/name} of all that lies in a namespace, but for what Kubernetes itself puts there."""
        found = set()
        groups = ["/api/v1", *(f"/apis/{g['preferredVersion']['groupVersion']}" for g in self.must("GET", "/apis")["groups"])]
        for group in groups:
            for resource in self.must("GET", group)["resources"]:
                if resource["namespaced"] and "list" in resource["verbs"] and resource["name"] != "events":
                    for o in self.list(f"{group}/namespaces/{namespace}/{resource['name']}"):
                        found.add(f"{resource['kind']}/{o['metadata']['name']}")
        return found - {"ConfigMap/kube-root-ca.crt", "ServiceAccount/default"}

    def mistakes(self, o):
        """What the server has against an object that is not there yet, fields that it does not know included; empty where it would take it."""
        group = f"/apis/{o['apiVersion']}" if "/" in o["apiVersion"] else f"/api/{o['apiVersion']}"
        name = next(r["name"] for r in self.must("GET", group)["resources"] if r["kind"] == o["kind"] and "/" not in r["name"])
        status, answer = self._request("POST", f"{group}/namespaces/{o['metadata']['namespace']}/{name}?dryRun=All&fieldValidation=Strict", o)
        return "" if status < 300 else f"{o['kind']} {o['metadata']['name']}: {answer['message'] if isinstance(answer, dict) else answer}"

    def pods(self, namespace, component=None):
        """Those of a namespace that are not on their way out."""
        return [p for p in self.list(f"/api/v1/namespaces/{namespace}/pods") if "deletionTimestamp" not in p["metadata"]
                and component in (None, p["metadata"]["labels"].get("app.kubernetes.io/component"))]

    def ready(self, namespace):
        """{process: pods that are ready and stay}, of what is no Job."""
        found = {}
        for p in self.pods(namespace):
            component = p["metadata"]["labels"]["app.kubernetes.io/component"]
            if component != "job":
                found[component] = found.get(component, 0) + _condition(p, "Ready")
        return found

    def evict(self, pod):
        """The status of the request to let a pod go elsewhere: 201, or 429 where its budget does not allow it now."""
        meta = pod["metadata"]
        return self._request("POST", f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/eviction",
                             {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": meta["name"], "namespace": meta["namespace"]}})[0]

    def cordon(self, node, off=True):
        self.must("PATCH", f"/api/v1/nodes/{node}", {"spec": {"unschedulable": off}})


def _condition(thing, kind):
    return any(c["type"] == kind and c["status"] == "True" for c in thing.get("status", {}).get("conditions", ()))


def age(begin):
    return f"{time.monotonic() - begin:.1f} s"
