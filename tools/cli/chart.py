"""The chart: its README made from the values, the rendered examples with the digest of what made them, and `tools/sifa manifests`.

Templates are rendered by Helm and by nothing else. Where it is not at hand the examples are what there is; their digest says
whether they are of this chart and these values."""

import hashlib
import re
import shutil
import subprocess

from console import Failure
from state import ROOT

CHART = ROOT / "charts" / "sifa"
EXAMPLES = CHART / "examples"
README = CHART / "README.md"
# Helm built by hand takes itself for a client of an old cluster.
KUBERNETES = "1.34.0"
_NOT_RENDERED = ("examples", "README.md")


def helm():
    """The path of Helm, or None."""
    return shutil.which("helm")


def digest(values):
    """Of everything that a rendering with these values follows from."""
    found = hashlib.sha256()
    files = sorted(p for p in CHART.rglob("*") if p.is_file() and p.relative_to(CHART).parts[0] not in _NOT_RENDERED)
    for path in [*files, values]:
        name = str(path.relative_to(CHART)) if path != values else "values"
        content = path.read_bytes()
        found.update(f"{name} {len(content)}\n".encode() + content)
    return found.hexdigest()


def render(values=(), *, release="sifa", namespace="sifa", tests=True):
    """What `helm template` says, with or without the Jobs of `helm test`; Failure with the sentence of the chart where the values do not fit."""
    program = helm()
    if program is None:
        raise Failure("helm is not at hand.", hint="go install helm.sh/helm/v3/cmd/helm@v3.22.0, or take a rendered example: charts/sifa/examples")
    result = subprocess.run([program, "template", release, str(CHART), "--namespace", namespace, "--kube-version", KUBERNETES,
                             *([] if tests else ["--skip-tests"]),
                             *(word for path in values for word in ("--values", str(path)))], capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        raise Failure("The chart cannot be rendered with these values.", excerpt=result.stderr.strip().splitlines()[:10])
    return result.stdout


def examples():
    """Names of the examples."""
    return sorted(p.parent.name for p in EXAMPLES.glob("*/values.yaml"))


def values_of(example):
    return EXAMPLES / example / "values.yaml"


def rendered(example):
    return EXAMPLES / example / "rendered.yaml"


def head(example):
    return (f"# What `helm template sifa charts/sifa --namespace sifa --values charts/sifa/examples/{example}/values.yaml` makes. tools/sifa docs\n"
            f"# digest of chart and values: {digest(values_of(example))}\n")


def write():
    """The README, and the examples where Helm is at hand. Returns what could not be done, or an empty text."""
    README.write_text(readme(), encoding="utf-8")
    stale = [e for e in examples() if not rendered(e).exists() or not rendered(e).read_text().startswith(head(e))]
    if stale and helm() is None:
        return f"examples of the chart are out of date and helm is not at hand: {', '.join(stale)}"
    for example in stale:
        rendered(example).write_text(head(example) + render([values_of(example)]), encoding="utf-8")
    return ""


_HEAD = """# The chart `sifa`

Sifa on Kubernetes 1.30 or newer: one template for all processes, which stand in one list (`services`). How it is installed, upgraded and
looked after: [docs/operations/kubernetes.md](../../docs/operations/kubernetes.md). This page is made from [values.yaml](values.yaml) by
`tools/sifa docs`.

`examples/county` and `examples/province` are values with what they become (`rendered.yaml`), so that a review shows what a change does; a test
compares the digest of chart and values always, and the rendering where Helm is at hand.

The chart makes no secrets and no random values, and needs these to exist:

| Secret | keys | for |
|---|---|---|
| `sifa-database` | a password for each service with a database, under its name | the user `<service>` |
| `sifa-database-migrate` | the same | the user `<service>_migrate`; seen by the Jobs of migrations only |
| `sifa-database-backup` | `password` | the user `sifa_backup`, with `backup.enabled` |
| `sifa-keys-<service>` | `keyring`, `master.key` | reading and writing bodies, the journal |
| `sifa-tls-<process>` | `tls.crt`, `tls.key`, `ca.crt` | mTLS; made by cert-manager where `tls.certManager` is on |
| ConfigMap or Secret of `database.ca` | `ca.pem` | the database's certificate |

| value | default | means |
|---|---|---|
"""


def readme():
    """Head and a table of values: the comments above each in values.yaml."""
    rows, path, comment, item = [], [], [], None
    for line in (CHART / "values.yaml").read_text(encoding="utf-8").splitlines():
        indent = len(line) - len(line.lstrip())
        if item is not None and line.strip() and indent <= item and not line.lstrip().startswith("-"):
            item = None
        if line.lstrip().startswith("- ") or item is not None:  # of the value above
            item = indent if item is None else item
        elif not line.strip():
            comment = []
        elif line.lstrip().startswith("#"):
            comment.append(line.strip()[1:].strip())
        elif match := re.match(r"( *)([\w\"*.-]+):(.*)", line):
            depth, value = len(match[1]) // 2, match[3].strip()
            path = [*path[:depth], match[2]]
            if comment or value:  # a heading without a word says nothing
                rows.append((".".join(path), value, " ".join(comment)))
            comment = []
    cells = (f"| `{name}` | {f'`{value}`' if value else ''} | {text.replace('|', chr(92) + '|').replace('<', '&lt;')} |\n" for name, value, text in rows)
    return _HEAD + "".join(cells)
