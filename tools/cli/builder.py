"""Configures and builds the tree with CMake, Ninja and ccache, showing how far it is."""

import contextlib
import fcntl
import json
import os
import re
import subprocess
import time

import console
from console import Failure
from state import ROOT, build_directory, preset

# One cache for all checkouts: paths below the root are hashed as relative ones, so that a second checkout on the same machine finds
# what the first has compiled. The price: a debugger asks for sources in the directory of the first; `set substitute-path` tells
# it better.
_SHARED_CACHE = {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
_BYTES_PER_COMPILER = 1_300_000_000  # a large unit takes 0.8 GB, the machine needs some as well


def jobs():
    """Compilers at once: one a processor, fewer where memory is short."""
    with open("/proc/meminfo") as file:
        available = next((int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable")), 0)
    return max(1, min(len(os.sched_getaffinity(0)), available // _BYTES_PER_COMPILER))


@contextlib.contextmanager
def _alone():
    """One build of a build directory at a time."""
    build_directory().mkdir(parents=True, exist_ok=True)
    with open(build_directory() / ".sifa-build.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say(f"{console.elapsed()}  {'build':<12} waiting for another build of {build_directory()}")
            _wait_for(lock, 1800)
        yield


def _wait_for(lock, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.5)
    raise Failure(f"Another build has held {build_directory()} for {seconds} s.", hint="stop it, then try again")


def configure():
    """Runs CMake where the directory has no build files of this checkout; later Ninja repeats it when it is needed."""
    if _is_configured():
        return
    log = build_directory() / "sifa-configure.log"
    with console.step("configure") as step:
        build_directory().mkdir(parents=True, exist_ok=True)
        with open(log, "wb") as output:
            code = subprocess.run(["cmake", "--fresh", "--preset", preset()], cwd=ROOT, stdout=output, stderr=output).returncode
        if code != 0:
            # A half-made directory must not pass for a configured one.
            (build_directory() / "build.ninja").unlink(missing_ok=True)
            text = log.read_text(errors="replace").splitlines()
            first = next((i for i, line in enumerate(text) if line.startswith("CMake Error")), max(0, len(text) - 15))
            raise Failure("CMake could not configure the build.", log=log, excerpt=text[first:first + 15],
                          hint="mend what the log names and run it again")
        step.detail = f"preset {preset()}"


def _is_configured():
    """False also after the checkout was moved or copied together with its build."""
    try:
        cache = (build_directory() / "CMakeCache.txt").read_text(errors="replace")
    except OSError:
        return False
    return f"CMAKE_HOME_DIRECTORY:INTERNAL={ROOT}\n" in cache and (build_directory() / "build.ninja").exists()


def build(targets=()):
    """Builds the targets (or what a function finds once CMake has run), or everything. Failure shows the first error."""
    with _alone():
        configure()
        if callable(targets):
            targets = targets()
        log = build_directory() / "sifa-build.log"
        with console.step("build") as step, open(log, "w") as output:
            count = jobs()
            ninja = subprocess.Popen(
                ["ninja", "-C", str(build_directory()), "-j", str(count), *targets], cwd=ROOT,
                env={**os.environ, **_SHARED_CACHE, "NINJA_STATUS": "[%f/%t] "}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
            done = total = 0
            try:
                for line in ninja.stdout:
                    output.write(line)
                    counts = re.match(r"\[(\d+)/(\d+)\] (.*)", line)
                    if counts:
                        done, total = int(counts[1]), int(counts[2])
                        what = counts[3].strip().rsplit("/", 1)[-1][:60]
                        step.progress(f"[{done}/{total}] {100 * done // max(1, total):3d}%  {what}")
                code = ninja.wait()
            except BaseException:
                ninja.terminate()
                ninja.wait()
                raise
            if code != 0:
                output.flush()
                raise _build_failure(log)
            step.detail = f"{done} steps with {count} at once" if done else "nothing to do"


def build_programs():
    """Builds every program of bin/: services, and what proofs and benchmarks start. No tests."""
    build(_programs)


def _programs():
    ninja = ["ninja", "-C", str(build_directory())]
    subprocess.run([*ninja, "build.ninja"], stdout=subprocess.DEVNULL, timeout=300)  # a failure shows again in the build
    listing = subprocess.run([*ninja, "-t", "targets", "all"], capture_output=True, text=True, timeout=60).stdout
    return re.findall(r"^(bin/[\w.-]+): ", listing, re.M)


def _build_failure(log):
    lines = log.read_text(errors="replace").splitlines()
    first = next((i for i, line in enumerate(lines) if line.startswith(("FAILED:", "ninja: error", "CMake Error"))), None)
    if first is None:
        excerpt = lines[-15:]
    else:
        # After "FAILED: file" comes the compiler's command line, longer than any screen.
        excerpt = [line[:220] for line in lines[first:first + 30]
                   if not re.match(r"(ccache |: && |cd |/usr/bin/(ccache|c\+\+|cmake) )", line)]
    return Failure("The build failed.", log=log, excerpt=excerpt, hint="mend the first error and run it again")


def test_programs():
    """Test programs known to CTest: {name: path}."""
    listing = subprocess.run(["ctest", "--test-dir", str(build_directory()), "--show-only=json-v1"],
                             capture_output=True, text=True, timeout=60)
    if listing.returncode != 0:
        raise Failure("CTest could not list the tests.", excerpt=listing.stderr.splitlines()[-10:])
    programs = {}
    for test in json.loads(listing.stdout).get("tests", []):
        command = test.get("command")
        if command:
            programs[test["name"]] = command[0]
        else:
            # Before the first build CTest knows a program's name only.
            programs[test["name"]] = ""
    return programs
