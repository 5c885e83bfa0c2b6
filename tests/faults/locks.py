"""Whoever touches what a mutex guards holds it: clang's thread-safety analysis of every file with guarded members."""

import concurrent.futures
import json
import re
import shlex
import subprocess

import builder
from console import Failure
from state import ROOT, build_directory

_GUARDED = re.compile(r"ABSL_(GUARDED_BY|EXCLUSIVE_LOCKS_REQUIRED|SHARED_LOCKS_REQUIRED)")
# The flags of the compiler that say what is compiled, not how.
_KEPT = re.compile(r"-(I|D|std=|isystem)")


def prove(_):
    commands = {entry["file"]: entry for entry in json.loads((build_directory() / "compile_commands.json").read_text())}
    files = [path for path in sorted(commands) if _is_guarded(path)]
    assert len(files) > 20, files
    with concurrent.futures.ThreadPoolExecutor(builder.jobs()) as pool:
        found = [words for words in pool.map(lambda path: _look(commands[path]), files) if words]
    if found:
        raise Failure("What a mutex guards is touched without it.", excerpt="\n".join(found).splitlines()[:40])
    print(f"    {len(files)} files with guarded members: each access is under its mutex")


def _is_guarded(path):
    """Guarded members stand in the file itself or in the header beside it."""
    texts = [p.read_text() for p in (ROOT / path, (ROOT / path).with_suffix(".h")) if p.is_file() and ROOT / "build" not in p.parents]
    return any(_GUARDED.search(text) for text in texts)


def _look(entry):
    words = shlex.split(entry["command"])
    flags = [word for i, word in enumerate(words) if _KEPT.match(word) or words[i - 1] == "-isystem"]
    result = subprocess.run(["clang++", *flags, "-fsyntax-only", "-Wthread-safety", "-Werror=thread-safety", entry["file"]],
                            cwd=entry["directory"], capture_output=True, text=True, timeout=300)
    return result.stderr if result.returncode else ""
