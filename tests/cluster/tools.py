"""A control plane of Kubernetes without containers, built from Go modules at fixed versions: etcd, kube-apiserver, kube-controller-manager,
kube-scheduler, and kwok, which plays the nodes. No pod runs in it; all controllers do.

Built once (about fifteen minutes of processor time, 6 GB of Go's caches) into $XDG_CACHE_HOME/sifa/cluster-<versions>."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import console
from extras import NotHere

KUBERNETES, ETCD, KWOK = "1.34.4", "3.6.16", "0.8.0"
STAGES = ("node/fast/node-initialize.yaml", "node/heartbeat-with-lease/node*.yaml", "pod/fast/pod-*.yaml", "volume/fast/p*.yaml")
_PROGRAMS = {"kube-apiserver": "NewAPIServerCommand", "kube-controller-manager": "NewControllerManagerCommand", "kube-scheduler": "NewSchedulerCommand"}
_MAIN = """package main

import (
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/{program}/app"
)

func main() {{ os.Exit(cli.Run(app.{command}())) }}
"""
_ETCD_MAIN = """package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
"""
_BUILD_SECONDS = 3600


def directory():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "sifa" / f"cluster-{KUBERNETES}-{ETCD}-{KWOK}"


def get():
    """The folder with all programs and kwok's stages/. Raises NotHere where they cannot be had on this machine."""
    target = directory()
    if (target / "complete").exists():
        return target
    if shutil.which("go") is None:
        raise NotHere("there is no go to build a control plane with")
    console.say(f"        building a control plane into {target}: once, and it takes its time")
    target.mkdir(parents=True, exist_ok=True)
    try:
        _etcd(target)
        _kwok(target)
        _kubernetes(target)
    except subprocess.CalledProcessError as error:
        last = (error.stderr or "").strip().splitlines()[-1:] or [str(error)]
        raise NotHere(f"the control plane cannot be built from Go modules here: {last[0][:160]}") from None
    (target / "complete").touch()
    return target


def _go(*arguments, cwd, **environment):
    return subprocess.run(["nice", "-n", "10", "go", *arguments], cwd=cwd, check=True, capture_output=True, text=True, timeout=_BUILD_SECONDS,
                          env={**os.environ, "GOFLAGS": "-mod=mod", "CGO_ENABLED": "0", **environment}).stdout


def _build(target, name, sources, requires, replaces=(), flags=()):
    """Builds `sources` {program: main.go} in a module of their own; `go install` refuses modules that replace others."""
    module = target / "source" / name
    module.mkdir(parents=True, exist_ok=True)
    lines = [f"module sifa/{name}", "", "go 1.24.0", ""] + [f"require {r}" for r in requires] + [f"replace {r}" for r in replaces]
    (module / "go.mod").write_text("\n".join(lines) + "\n")
    for program, text in sources.items():
        (module / program).mkdir(exist_ok=True)
        (module / program / "main.go").write_text(text)
    _go("mod", "tidy", cwd=module)
    for program in sources:
        _go("build", "-trimpath", f"-ldflags=-s -w {' '.join(flags)}", "-o", str(target / program), f"./{program}", cwd=module)


def _etcd(target):
    _build(target, "etcd", {"etcd": _ETCD_MAIN}, [f"go.etcd.io/etcd/server/v3 v{ETCD}"])


def _kwok(target):
    _go("install", f"sigs.k8s.io/kwok/cmd/kwok@v{KWOK}", cwd=target, GOBIN=str(target), GOFLAGS="")
    module = Path(json.loads(_go("mod", "download", "-json", f"sigs.k8s.io/kwok@v{KWOK}", cwd=target, GOFLAGS=""))["Dir"])
    for pattern in STAGES:
        for path in (module / "kustomize" / "stage").glob(pattern):
            copy = target / "stages" / path.relative_to(module / "kustomize" / "stage")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _kubernetes(target):
    """The parts that Kubernetes keeps in its own tree are modules of the same number, which its go.mod replaces by folders."""
    module = json.loads(_go("mod", "download", "-json", f"k8s.io/kubernetes@v{KUBERNETES}", cwd=target, GOFLAGS=""))
    described = json.loads(_go("mod", "edit", "-json", module["GoMod"], cwd=target, GOFLAGS=""))
    parts = [r["Old"]["Path"] for r in described["Replace"] if r["New"]["Path"].startswith("./staging/")]
    staged = f"v0{KUBERNETES[1:]}"
    stamp = "-X k8s.io/component-base/version."
    major, minor, _ = KUBERNETES.split(".")
    _build(target, "kubernetes", {p: _MAIN.format(program=p, command=c) for p, c in _PROGRAMS.items()},
           [f"k8s.io/kubernetes v{KUBERNETES}", f"k8s.io/component-base {staged}"], [f"{p} => {p} {staged}" for p in parts],
           # Without its version a server answers clients with one that they cannot read.
           [f"{stamp}gitVersion=v{KUBERNETES}", f"{stamp}gitMajor={major}", f"{stamp}gitMinor={minor}"])
