"""What the chart makes is run as it stands, outside a cluster: migrations, processes and checks, against a MariaDB over TLS.

Volumes are directories, those of Secrets on read-only mounts; addresses are those of this machine; everything else of a command line is as a
pod has it."""

import copy
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import catalogue
import certificates
import chart
import totp
import yaml
from mariadb import MariaDb
from processes import clean_environment
from state import ROOT, State, binary, free_port
from suite import Suite, wait_until
from web import Client

_DATABASE, _REDIS = "mariadb.database.svc:3306", "redis.database.svc:6379"  # of the example


class TlsMariaDb(MariaDb):
    """As the private one, and on a TCP port with TLS only."""

    def __init__(self, state, supervisor, port, certificate):
        super().__init__(state, supervisor)
        self.port, self._certificate = port, certificate

    def _command(self):
        tls = [f"--ssl-{kind}={self._certificate / kind}.pem" for kind in ("ca", "cert", "key")]
        return [*(word for word in super()._command() if word != "--skip-networking"), "--bind-address=127.0.0.1", f"--port={self.port}", *tls,
                "--require-secure-transport=ON"]


class RenderedTest(unittest.TestCase):
    def setUp(self):
        self.suite = Suite()  # whose keyrings and certificates are taken, as docs/operations/kubernetes.md does for a first installation
        directory = tempfile.TemporaryDirectory(prefix="sifa-rendered-")
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.objects = {(o["kind"], o["metadata"]["name"]): o for o in yaml.load_all(chart.rendered("province").read_text(), Loader=yaml.CSafeLoader) if o}
        taken = set()
        self.ports = {}
        for name in (*(f"{s.name} {kind}" for s in catalogue.SERVICES for kind in ("listen", "inner")), "database", "nothing"):
            self.ports[name] = free_port(taken)
            taken.add(self.ports[name])
        self._start_database()
        self._make_secrets()

    def _start_database(self):
        authority = certificates.Authority(self.directory / "database-tls")
        authority.directory.mkdir()
        authority.ensure(["database"])
        state = State(self.directory / "db")
        state.create()
        self.ca = authority.ca
        self.database = TlsMariaDb(state, Suite(state)._supervisor, self.ports["database"], authority.directory / "database")  # pylint: disable=protected-access
        self.database.start()
        self.addCleanup(self.database.stop)
        names = [s.name for s in catalogue.SERVICES if s.database]
        sql = subprocess.run([ROOT / "deploy/mysql/users.sh", self.directory / "passwords", *names], capture_output=True, text=True, check=True, timeout=60)
        self.database.query(sql.stdout)

    def _make_secrets(self):
        """{Secret: {key: bytes}}, as the pages of the chart ask for them."""
        self.secrets = {"sifa-database": {}, "sifa-database-migrate": {}, "mariadb-ca": {"ca.crt": self.ca.read_bytes()}}
        for s in catalogue.SERVICES:
            tls = self.suite.tls(s.name)
            self.secrets[f"sifa-tls-{s.name}"] = {"ca.crt": (tls / "ca.pem").read_bytes(), "tls.crt": (tls / "cert.pem").read_bytes(),
                                                  "tls.key": (tls / "key.pem").read_bytes()}
            if s.database:
                self.secrets["sifa-database"][s.name] = (self.directory / "passwords" / s.name).read_bytes()
                self.secrets["sifa-database-migrate"][s.name] = (self.directory / "passwords" / f"{s.name}_migrate").read_bytes()
                self.secrets[f"sifa-keys-{s.name}"] = {k: self.suite.state.path("keys", s.name, k).read_bytes() for k in ("keyring", "master.key")}
        self.secrets["sifa-database-backup"] = {"password": (self.directory / "passwords" / "sifa_backup").read_bytes()}
        self.secrets["redis"] = {"password": b"no Redis runs here"}
        self.secrets["front-end-certificate"] = self.secrets["sifa-tls-gateway"]

    def pod(self, kind, name):
        spec = self.objects[kind, name]["spec"]
        return Pod(self, name, (spec["jobTemplate"]["spec"] if kind == "CronJob" else spec)["template"]["spec"])

    def test_the_suite_of_the_example_starts_serves_and_verifies(self):
        services = [s.name for s in catalogue.SERVICES if s.database]
        for name in services:
            self.pod("Job", f"sifa-migrate-{name}").run()
        pods = {s.name: self.pod("Deployment", f"sifa-{s.name}") for s in catalogue.SERVICES}
        for pod in pods.values():
            pod.start()
        for name, pod in pods.items():
            wait_until(lambda: pod.answers(self.ports[f"{name} inner"], "/readyz"), 60, f"{name} to be ready")  # pylint: disable=cell-var-from-loop
        self.check_served(pods["identity"])
        witnessed = lambda: int(self.database.query("SELECT COUNT(*) AS n FROM journal WHERE action = 'WITNESS'", "sifa_mediation")[0]["n"])  # pylint: disable=unnecessary-lambda-assignment
        wait_until(witnessed, 90, "the end of identity's journal to be witnessed")
        # Also of a journal that has nothing yet but what it keeps of another.
        wait_until(lambda: int(self.database.query("SELECT COUNT(*) AS n FROM journal WHERE action = 'WITNESS'", "sifa_identity")[0]["n"]), 90,
                   "the end of mediation's journal to be witnessed")
        self.check_journals(services)
        self.check_dump()
        self.database.query("UPDATE journal SET action = 'NOTHING'", "sifa_identity")
        found = self.pod("CronJob", "sifa-verify-identity").run(fails="verify")
        self.assertEqual(found.returncode, 3)
        self.assertIn("CHANGED", found.stdout)
        for pod in pods.values():
            self.assertEqual(pod.stop(), 0, "ends by itself at SIGTERM, in time")

    def check_served(self, identity):
        """The first administrator signs in, by what the pod that filled the empty database has in its memory."""
        account = yaml.safe_load(identity.path("/run/sifa/first/accounts.json").read_text())[0]
        client = Client(f"https://127.0.0.1:{self.ports['gateway listen']}", self.suite.ca)
        answers = []

        def sign_in():  # a gateway that was there before identity looks for it again within two seconds
            answers.append(client.post("/v1/identity/sessions", {"account": account["account"], "password": account["password"],
                                                                 "totpCode": totp.code(account["totpSecret"], time.time())}))
            return answers[-1].status != 503
        wait_until(sign_in, 10, "the gateway to reach identity", pause=0.2)
        answer = answers[-1]
        self.assertTrue(answer.ok, repr(answer))
        self.assertEqual(answer.json["mustChangePassword"], True)
        answer = client.get("/v1/reference/periods:compute?instrument=APL&amount=7&unit=DAY&eventDate=2024-09-27")
        self.assertIn(answer.status, (200, 405), repr(answer))

    def check_dump(self):
        """Every schema, its rows too; what an earlier run left unfinished is gone."""
        dumps = self.directory / "volumes" / "dumps"
        dumps.mkdir(parents=True)
        (dumps / "sifa-1.sql.part").touch()
        self.pod("CronJob", "sifa-backup").run()
        (dump,) = dumps.glob("*.sql.gz")
        text = gzip.decompress(dump.read_bytes())
        for s in catalogue.SERVICES:
            self.assertEqual(f"USE `sifa_{s.name}`".encode() in text, s.database)
        self.assertIn(b"INSERT INTO `journal`", text)
        self.assertTrue(text.rstrip().splitlines()[-1].startswith(b"-- Dump completed"))
        self.assertEqual({p.name for p in dumps.iterdir()}, {dump.name, f"{dump.name}.sha256"})

    def check_journals(self, services):
        """Whole, and the ends that a check has found whole are kept, each in its service's directory."""
        for name in services:
            self.pod("Job", f"sifa-test-{name}").run()
        self.assertEqual({p.name for p in (self.directory / "volumes" / "journal-heads").iterdir()}, set(services))
        anchors = {p.name: int(p.read_text().split()[0]) for p in (self.directory / "volumes" / "journal-anchors").glob("*.anchor")}
        self.assertGreaterEqual(anchors["identity.anchor"], 1, "who seals writes the anchor on the claim")


class Pod:
    """A pod's spec on this machine."""

    def __init__(self, test, name, spec):
        self._test, self._name, self._spec = test, name, copy.deepcopy(spec)
        self._home = test.directory / "pods" / f"{name}-{time.monotonic_ns()}"
        self._secrets = {volume["name"] for volume in spec["volumes"] if "secret" in volume}
        self._volumes = {volume["name"]: self._make(volume) for volume in spec["volumes"]}
        self._process = None

    def _make(self, volume):
        if claim := volume.get("persistentVolumeClaim"):
            path = self._test.directory / "volumes" / claim["claimName"]
            path.mkdir(parents=True, exist_ok=True)
            return path
        path = self._home / volume["name"]
        path.mkdir(parents=True)
        if secret := volume.get("secret"):
            for item in secret["items"]:
                (path / item["path"]).write_bytes(self._test.secrets[secret["secretName"]][item["key"]])
                os.chmod(path / item["path"], secret.get("defaultMode", 0o644))
        return path

    def path(self, inside):
        """A path of the only container, on this machine."""
        return Path(self._here(inside, self._spec["containers"][0]))

    def _here(self, word, container):
        for mount in sorted(container["volumeMounts"], key=lambda m: -len(m["mountPath"])):
            word = re.sub(re.escape(mount["mountPath"]) + r"(?![\w-])", str(self._volumes[mount["name"]]), word)
        word = word.replace("/opt/sifa/bin/", f"{binary('x').parent}/").replace("/opt/sifa/", f"{ROOT}/")
        host, _, port = _DATABASE.partition(":")
        word = word.replace(_DATABASE, f"127.0.0.1:{self._test.ports['database']}").replace(f"--host={host} --port={port}", f"--host=127.0.0.1 --port={self._test.ports['database']}")
        word = word.replace(_REDIS, f"127.0.0.1:{self._test.ports['nothing']}")
        word = re.sub(r"\bsifa-(\w+):7000", lambda m: f"127.0.0.1:{self._test.ports[m[1] + ' listen']}", word)
        for kind in ("listen", "inner"):
            word = re.sub(rf"^--{kind}=0\.0\.0\.0:\d+$", lambda _: f"--{kind}=127.0.0.1:{self._test.ports[container['name'] + ' ' + kind]}", word)  # pylint: disable=cell-var-from-loop
        return word

    def _command(self, container):
        """In a namespace of its own, in which the Secrets of the container are mounted as the kubelet mounts them."""
        secrets = [str(self._volumes[m["name"]]) for m in container["volumeMounts"] if m.get("readOnly") and m["name"] in self._secrets]
        privately = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
        mount = ["sh", "-euc", 'while [ "$1" != -- ]; do mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; done; shift; exec "$@"', "sh"]
        return [*privately, *mount, *secrets, "--", *(self._here(word, container) for word in (*container["command"], *container.get("args", ())))]

    def run(self, fails=None):
        """Its containers to their ends, one after the other as the kubelet does. `fails`: the one that has to; its result."""
        for container in (*self._spec.get("initContainers", ()), *self._spec["containers"]):
            result = subprocess.run(self._command(container), capture_output=True, text=True, timeout=120, cwd="/", env=clean_environment())
            if container["name"] == fails:
                return result
            self._test.assertEqual(result.returncode, 0, f"{self._name} {container['name']}: {result.stdout[-800:]}{result.stderr[-800:]}")
        return None

    def start(self):
        for container in self._spec.get("initContainers", ()):
            subprocess.run(self._command(container), check=True, timeout=60, env=clean_environment())
        self._log = open(self._home / "log", "wb")  # pylint: disable=consider-using-with
        self._process = subprocess.Popen(self._command(self._spec["containers"][0]), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,  # pylint: disable=consider-using-with
                                         cwd="/", env=clean_environment())
        self._test.addCleanup(self._end)

    def answers(self, port, page):
        self._test.assertIsNone(self._process.poll(), f"{self._name}: {(self._home / 'log').read_text(errors='replace')[-800:]}")
        result = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", f"http://127.0.0.1:{port}{page}"], capture_output=True, text=True, timeout=10)
        return result.stdout == "200"

    def stop(self):
        self._process.terminate()
        return self._process.wait(self._spec["terminationGracePeriodSeconds"] - 5)

    def _end(self):
        self._process.kill()
        self._process.wait()
        self._log.close()
        shutil.rmtree(self._home, ignore_errors=True)


if __name__ == "__main__":
    unittest.main()
