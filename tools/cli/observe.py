"""Debian's Prometheus and Alertmanager beside a suite (`tools/sifa up --observe`), with the rules of deploy/prometheus.

Both keep what they need under prometheus/ of the state directory and end with the suite."""

import http.client
import json
import re
import shutil

import catalogue
from mariadb import find_program
from state import ROOT, write_atomically

NAMES = ("prometheus", "alertmanager")
_PREFERRED = {"prometheus": 9090, "alertmanager": 9093}
_SOURCE = ROOT / "deploy" / "prometheus"
_READY_SECONDS = 60


def targets(state):
    """What Prometheus scrapes, as its file_sd wants it: the inner port of every process."""
    return [{"targets": [f"127.0.0.1:{state.ports(name)['inner']}" for name in catalogue.processes(s, state)], "labels": {"service": s.name}}
            for s in catalogue.SERVICES]


def start(suite, supervisor, step):
    """Starts both where they do not run. `step`: as in Suite."""
    state = suite.state
    state.choose_ports([(name, "listen", _PREFERRED[name] if state.is_default else None) for name in NAMES],
                       [name for name in NAMES if supervisor.record(name)])
    _write(state)
    for name in reversed(NAMES):
        with step(name) as current:
            record = supervisor.record(name)
            command = [str(word) for word in _command(name, state)]
            if record is None or record.command != command:
                supervisor.stop(name)
                record = supervisor.spawn(name, command)
            supervisor.wait_ready(record, lambda: problem(state, name), _READY_SECONDS)  # pylint: disable=cell-var-from-loop
            current.detail = f"ready, pid {record.pid}, {address(state, name)}"


def address(state, name):
    return f"http://127.0.0.1:{state.ports(name)['listen']}"


def problem(state, name):
    """None where it is ready, else why it is not."""
    connection = http.client.HTTPConnection("127.0.0.1", state.ports(name).get("listen", 0), timeout=3)
    try:
        connection.request("GET", "/-/ready")
        status = connection.getresponse().status
        return None if status == 200 else f"/-/ready answers {status}"
    except (OSError, http.client.HTTPException) as error:
        return f"/-/ready: {error}"
    finally:
        connection.close()


def _write(state):
    """Its configuration as in the tree, with the ports of this suite."""
    directory = state.path("prometheus")
    directory.mkdir(mode=0o700, exist_ok=True)
    text = (_SOURCE / "prometheus.yml").read_text()
    example = "127.0.0.1:9093"
    assert example in text
    write_atomically(directory / "prometheus.yml", text.replace(example, f"127.0.0.1:{state.ports('alertmanager')['listen']}"))
    write_atomically(directory / "targets.json", json.dumps(targets(state), indent=1) + "\n")
    shutil.copyfile(_SOURCE / "rules.yaml", directory / "rules.yaml")
    # Nobody is told here: alerts are looked at. The example's receivers would be called in vain.
    text = re.sub(r"    webhook_configs:\n      - url: .*\n", "", (_SOURCE / "alertmanager.yml").read_text())
    write_atomically(directory / "alertmanager.yml", text)


def _command(name, state):
    directory = state.path("prometheus")
    listen = f"--web.listen-address=127.0.0.1:{state.ports(name)['listen']}"
    if name == "alertmanager":
        return [find_program("prometheus-alertmanager"), f"--config.file={directory / 'alertmanager.yml'}",
                f"--storage.path={directory / 'alertmanager'}", listen, "--cluster.listen-address="]
    return [find_program("prometheus"), f"--config.file={directory / 'prometheus.yml'}", listen, f"--storage.tsdb.path={directory / 'data'}",
            "--storage.tsdb.retention.time=7d", "--storage.tsdb.retention.size=512MB"]
