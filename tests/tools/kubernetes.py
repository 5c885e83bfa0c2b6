"""Objects of Kubernetes as tests look at them: read, checked against the schema of a version, and who may reach whom."""

import json

import extras
import jsonschema
import yaml

# The first and the last that the chart is held to. Chart.yaml says the first, too.
OLDEST, NEWEST = "1.30.0", "1.37.0"
# Of operators: their schemas are not Kubernetes'.
FOREIGN = {"Certificate", "ServiceMonitor", "PrometheusRule"}


def read(text):
    return [o for o in yaml.load_all(text, Loader=yaml.CSafeLoader) if o]


def mistakes(objects, version):
    """What a server of that version would not know or not take."""
    schemas = extras.wheel("kubernetes-validate") / "kubernetes_validate" / "kubernetes-json-schema" / f"v{version}-local-strict"
    definitions = json.loads((schemas / "_definitions.json").read_text())
    for o in (o for o in objects if o["kind"] not in FOREIGN):
        group, _, number = o["apiVersion"].rpartition("/")
        name = "-".join(part for part in (o["kind"].lower(), group.split(".")[0], number) if part)
        path = schemas / f"{name}.json"
        if not path.exists():
            yield f"Kubernetes {version} has no {o['apiVersion']} {o['kind']}"
            continue
        schema = json.loads(path.read_text())
        resolver = jsonschema.RefResolver("https://kubernetes.io/", schema, store={"https://kubernetes.io/api/_definitions.json": definitions})
        for error in jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(o):
            yield f"{o['kind']} {o['metadata']['name']}: {'/'.join(map(str, error.absolute_path))}: {error.message[:150]}"


def pods(objects):
    """(object, pod's spec, pod's labels) of everything that makes pods."""
    for o in objects:
        spec = o.get("spec", {})
        if o["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if o["kind"] in ("Deployment", "Job", "CronJob"):
            yield o, spec["template"]["spec"], spec["template"]["metadata"]["labels"]


def containers(pod):
    return [*pod.get("initContainers", []), *pod["containers"]]


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
