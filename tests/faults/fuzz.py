"""What reads bytes of strangers survives a minute of mutated bytes each: parser of HTTP, reader of JSON, sniffers of content, readers of tables."""

import concurrent.futures
import os
import subprocess
import tempfile

import builder
from console import Failure
from state import ROOT, build_directory

# Building with clang and a minute each are too long for every test run, which reads the seeds instead: tests/fuzz.
HAS_SHORT_FORM = False
_SECONDS = 60
_DIRECTORY = ROOT / "build" / "fuzz"


def prove(_):
    names = sorted(p.name.removesuffix("_fuzz.cc") for p in (ROOT / "tests" / "fuzz").glob("*_fuzz.cc"))
    _build(names)
    with concurrent.futures.ThreadPoolExecutor(builder.jobs()) as pool:
        runs = list(pool.map(_fuzz, names))
    print("    " + "; ".join(f"{name}: {runs_made:,} inputs in {_SECONDS} s" for name, runs_made in zip(names, runs)))


def _build(names):
    environment = {**os.environ, "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    for command in (["cmake", "--preset", "fuzz"], ["ninja", "-C", str(_DIRECTORY), "-j", str(builder.jobs()),
                                                    *(f"fuzz-{name}" for name in names)]):
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600)
        if result.returncode != 0:
            raise Failure("The fuzzers could not be built.", excerpt=(result.stdout + result.stderr).splitlines()[-15:])


def _fuzz(name):
    """How many inputs were tried. An input that does harm is kept, and named."""
    kept = build_directory() / "failed"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        result = subprocess.run(
            [_DIRECTORY / "bin" / f"fuzz-{name}", f"-max_total_time={_SECONDS}", "-timeout=10", "-rss_limit_mb=2048",
             "-print_final_stats=1", f"-artifact_prefix={kept}/{name}-", corpus, ROOT / "tests" / "fuzz" / "seeds" / name],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_SECONDS + 120)
    if result.returncode != 0:
        raise Failure(f"fuzz-{name} found an input that does harm.", excerpt=result.stderr.splitlines()[-30:])
    return int(result.stderr.rsplit("stat::number_of_executed_units:", 1)[1].split()[0])
