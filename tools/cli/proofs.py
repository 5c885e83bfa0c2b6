"""`tools/sifa prove` and `tools/sifa bench`: finds the programs of tests/faults and tests/scale and runs them on a fresh
suite of their own, never on the user's.

A proof is a file tests/faults/<name>.py with a docstring that states what it proves, and a function

    def prove(suite):   # a Suite; suite.short asks for the short form, which every `tools/sifa test` runs

that prints what it did with its counts and raises where the promise is broken, or extras.NotHere where this machine lacks a tool for it. It leaves the suite working: that is
checked after each. One with the line `HAS_SHORT_FORM = False` runs in `tools/sifa prove` only. They run
by name; one with the line `RUNS_LAST = True`, which leaves so much behind that others would take longer, after them. A
benchmark is tests/scale/<name>.py with

    def bench(suite):   # returns a list of Measure; programs in C++ are started from here

whose measures are ratios to a reference taken in the same run."""

import dataclasses
import importlib.util
import json
import sys
import time
import traceback

import console
from console import Failure
from extras import NotHere
from state import ROOT, build_directory
from suite import temporary_suite, wait_until


@dataclasses.dataclass
class Program:
    name: str
    path: object
    kind: str

    def load(self):
        for directory in (self.path.parent, self.path.parents[1]):
            if str(directory) not in sys.path:
                sys.path.insert(0, str(directory))
        spec = importlib.util.spec_from_file_location(f"{self.kind}_{self.name}", self.path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module


@dataclasses.dataclass
class Measure:
    """One measured value beside its reference. `goal` is the least (or, with `lower_is_better`, the greatest) good
    ratio of value to reference; None where nothing is promised."""
    name: str
    value: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    goal: float | None = None
    lower_is_better: bool = False
    note: str = ""

    @property
    def ratio(self):
        return self.value / self.reference if self.reference else None

    @property
    def met(self):
        if self.goal is None or self.ratio is None:
            return True
        return self.ratio <= self.goal if self.lower_is_better else self.ratio >= self.goal


_ENTRY = {"faults": "def prove(", "scale": "def bench("}


def find(kind, short=False):
    """The programs of tests/<kind> in their order: files that define the entry function. `short`: those with a short form."""
    texts = {p: p.read_text(encoding="utf-8") for p in (ROOT / "tests" / kind).glob("*.py")}
    ordered = sorted(texts.items(), key=lambda item: ("\nRUNS_LAST = True" in item[1], item[0]))
    return [Program(p.stem, p, kind) for p, text in ordered
            if f"\n{_ENTRY[kind]}" in text and not (short and "\nHAS_SHORT_FORM = False" in text)]


def choose(kind, names, short=False):
    """The programs of these names, or all. Asked before anything is built."""
    found = find(kind, short)
    unknown = set(names) - {p.name for p in found}
    if unknown or not found:
        listing = ", ".join(p.name for p in found) or "none"
        raise Failure(f"No such program in tests/{kind}: {', '.join(sorted(unknown)) or 'it is empty'}.",
                      hint=f"there are: {listing}")
    return [p for p in found if not names or p.name in names]


def prove(program, suite):
    """Runs one proof, prints its verdict, and requires the suite to be whole again afterwards. None: it could not be tried here."""
    begin = time.monotonic()
    try:
        module = program.load()
        console.say(f"  {program.name}: {(module.__doc__ or 'no docstring').strip().splitlines()[0]}")
        module.prove(suite)
        # The bound is a promise: recovery takes seconds, not a restart by hand.
        wait_until(lambda: not suite.unready(), 30, f"recovery after {program.name}")
        word = "ok  "
    except NotHere as reason:
        console.say(f"  not tried  {program.name}: {reason}")
        return None
    except Exception as error:  # pylint: disable=broad-except  # a proof fails in its own ways
        word = "FAIL"
        if isinstance(error, Failure):
            error.report()
        else:
            for line in traceback.format_exc().splitlines():
                console.say(f"        {line}")
        for name, problem in suite.unready().items():
            console.say(f"        {name} is not ready: {problem}; last error: {suite.last_error(name)}")
        _mend(suite)
    console.say(f"  {word}  {program.name} ({time.monotonic() - begin:.1f} s)")
    return word == "ok  "


def _mend(suite):
    """After a failed proof: starts what is down, so that the next one is judged by its own merits."""
    try:
        suite.start()
    except Failure as failure:
        failure.report()


def prove_all(names, short=False):
    chosen = choose("faults", names, short)
    results = []
    with temporary_suite("prove") as suite:
        suite.short = short
        console.say(f"{console.elapsed()}  a fresh suite at {suite.url}")
        results = [prove(program, suite) for program in chosen]
    untried = results.count(None)
    console.say(f"{results.count(True)} proven, {results.count(False)} failed" + (f", {untried} not tried for want of a tool" if untried else ""))
    return 1 if False in results else 0


def bench_all(names, short=False, json_only=False):
    chosen = choose("scale", names)
    measures = []
    with temporary_suite("bench") as suite:
        suite.short = short
        for program in chosen:
            module = program.load()
            if not json_only:
                console.say(f"{console.elapsed()}  {program.name}: {(module.__doc__ or '').strip().splitlines()[0]}")
            measures += module.bench(suite) or []
    result = [{**dataclasses.asdict(m), "ratio": m.ratio, "met": m.met} for m in measures]
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (build_directory() / "bench.json").write_text(text + "\n")
    if json_only:
        console.say(text)
    else:
        rows = [(m.name, f"{m.value:,.4g} {m.unit}", _reference(m), "" if m.ratio is None else f"{m.ratio:.2f}",
                 _goal(m), m.note) for m in measures]
        console.say("\n".join(console.table(("measure", "value", "reference", "ratio", "goal", "note"), rows)))
        console.say(f"JSON: {build_directory() / 'bench.json'}")
    return 0 if measures and all(m.met for m in measures) else 1


def _reference(measure):
    return "" if measure.reference is None else f"{measure.reference:,.4g} {measure.reference_name}".rstrip()


def _goal(measure):
    if measure.goal is None:
        return ""
    return f"{'≤' if measure.lower_is_better else '≥'} {measure.goal:g} {'met' if measure.met else 'MISSED'}"
