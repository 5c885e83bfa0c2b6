"""`tools/sifa test`: everything that a change must pass, in the order in which it fails fastest.

Lints; the build; every Catch2 program against one private MariaDB and Redis; the Python tests and the short form of
every proof against one fresh suite. Each test case counts once; the last line is `N passed, N failed`."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import builder
import catch2
import catalogue
import console
import lints
import proofs
from state import ROOT, build_directory
from suite import keep_logs, temporary_databases, temporary_suite

_PROGRAM_SECONDS = 600
# Tests of the tools themselves need no running suite.
_WITHOUT_SUITE = "tools"


class Tally:
    def __init__(self):
        self.passed = self.failed = 0
        self.troubles = []
        self.untried = []  # what a machine lacks a tool for, with the reason

    def add(self, what, passed, failed):
        self.passed += passed
        self.failed += failed
        if failed:
            self.troubles.append(what)


def run(wanted=None):
    """Exit status: 0 where something ran and nothing failed. `wanted`: a part of a program's, file's or proof's name."""
    tally = Tally()
    try:
        _run(tally, wanted)
    except console.Failure as failure:
        failure.report()
        tally.add(str(failure), 0, 1)
    except KeyboardInterrupt:
        tally.add("interrupted", 0, 1)
    if not tally.passed + tally.failed:
        console.say(f"no check, program, file or proof has a name with {wanted!r} in it")
    if tally.untried:
        console.say(f"\nnot tried here: {len(tally.untried)}")
        for words in tally.untried:
            console.say(f"  {words}")
    if tally.troubles:
        console.say("\nfailed: " + ", ".join(tally.troubles))
    console.say(f"{tally.passed} passed, {tally.failed} failed")
    return 0 if tally.passed and not tally.failed else 1


def _run(tally, wanted):
    if _matches(wanted, "check"):
        console.say("Checks")
        tally.add("check", *lints.run())
    files = [f for f in python_tests() if _matches(wanted, str(f.relative_to(ROOT)))]
    with_suite = [f for f in files if f.parent.name != _WITHOUT_SUITE]
    chosen = [p for p in proofs.find("faults", short=True) if _matches(wanted, p.name)]
    _build(wanted, bool(with_suite or chosen))
    programs = {n: p for n, p in builder.test_programs().items() if _matches(wanted, f"{n}_test")}
    if programs:
        _catch_programs(programs, tally)
    for file in (f for f in files if f not in with_suite):
        _python_file(file, {}, tally)
    if with_suite or chosen:
        _against_a_suite(with_suite, chosen, tally)


def _matches(wanted, name):
    return wanted is None or wanted in name


def python_tests():
    return sorted(ROOT.glob("tests/*/test_*.py"))


def _build(wanted, needs_suite):
    if wanted is None:
        builder.build()
        return
    builder.configure()
    targets = [f"{n}_test" for n in builder.test_programs() if wanted in f"{n}_test"]
    if needs_suite:
        targets += [s.program for s in catalogue.SERVICES]
    if targets:
        builder.build(targets)


def _catch_programs(programs, tally):
    console.say("Programs")
    with temporary_databases("test") as databases:
        # The socket of another server may be given: a MySQL, say (docs/development/conventions.md).
        environment = {"SIFA_TEST_MYSQL": str(databases.mysql.socket), **os.environ,
                       "SIFA_TEST_REDIS": str(databases.redis.socket)}
        for name, program in programs.items():
            output, status, seconds = _bounded([program, "--durations", "no"], environment)
            passed, failed = catch2.counts(output, status)
            _verdict(f"{name}_test", passed, failed, seconds)
            if failed:
                log = build_directory() / "failed" / f"{name}_test.log"
                log.parent.mkdir(parents=True, exist_ok=True)
                log.write_text(output)
                for line in _interesting(output):
                    console.say(f"        {line}")
                console.say(f"        output: {log}   again: tools/sifa test {name}_test")
            tally.add(f"{name}_test", passed, failed)


def _interesting(output):
    """Of a failing program: what Catch2 says of the first failures, or the end of a crash."""
    lines = output.splitlines()
    marks = [i for i, line in enumerate(lines) if re.search(r"FAILED:|ERROR: AddressSanitizer|WARNING: ThreadSan", line)]
    if not marks:
        return lines[-15:]
    return [line for i in marks[:5] for line in lines[max(0, i - 1):i + 7]]


def _bounded(command, environment):
    """(output, exit status, seconds); a program that takes too long is ended with everything it started."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env=environment, cwd=ROOT, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=_PROGRAM_SECONDS)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        output += f"\nended after {_PROGRAM_SECONDS} s without an end of its own\n".encode()
    return output.decode("utf-8", "replace"), process.returncode, time.monotonic() - begin


def _against_a_suite(files, chosen, tally):
    console.say("Suite")
    with contextlib.ExitStack() as stack:
        with console.step("suite") as step:
            suite = stack.enter_context(temporary_suite("test-suite"))
            step.detail = f"fresh, {suite.url}"
        for file in files:
            _python_file(file, {"SIFA_STATE": str(suite.state.directory)}, tally)
        suite.short = True
        for proof in chosen:
            proven = proofs.prove(proof, suite)
            tally.add(proof.name, int(proven is True), int(proven is False))
            if proven is None:
                tally.untried.append(f"{proof.name}: a tool is not here")
        if tally.troubles:
            console.say(f"  logs of the suite: {keep_logs(suite.state, 'test-suite')}")


def _python_file(file, environment, tally):
    name = str(file.relative_to(ROOT))
    console.say(f"  {name}")
    begin = time.monotonic()
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("unit_runner.py")), str(file)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**os.environ, **environment}, cwd=ROOT, start_new_session=True)
    # A file that hangs is ended; its output then ends, and so does the loop.
    bound = threading.Timer(_PROGRAM_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
    bound.start()
    last = ""
    try:
        for raw in process.stdout:
            last = raw.decode("utf-8", "replace").rstrip()
            if not last.startswith("cases: "):
                console.say(last)
            if last.startswith("      not tried  "):
                tally.untried.append(last.removeprefix("      not tried  "))
        process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        bound.cancel()
    counts = re.fullmatch(r"cases: (\d+) passed, (\d+) failed, (\d+) not tried", last)
    passed, failed, untried = map(int, counts.groups()) if counts else (0, 0, 0)
    if (process.returncode != 0 and not failed) or passed + failed + untried == 0:
        failed += 1
    _verdict(name, passed, failed, time.monotonic() - begin)
    tally.add(name, passed, failed)


def _verdict(name, passed, failed, seconds):
    word = "FAIL" if failed else "ok  "
    detail = f"{passed} passed" + (f", {failed} failed" if failed else "")
    console.say(f"  {word}  {name}: {detail} ({seconds:.1f} s)")
