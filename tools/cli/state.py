"""Where things are: the checkout, its build, and everything at rest under one directory (.sifa, or $SIFA_STATE)."""

import contextlib
import fcntl
import json
import os
import random
import shutil
import socket
import tempfile
import time
from pathlib import Path

from console import Failure

ROOT = Path(__file__).resolve().parents[2]
# A unix socket's path has 108 bytes at most; the longest name under the state directory needs this many of them.
# Of what lies in a state directory: databases, keys, anchors. It rises with each change that the programs of before, or what they
# have written, do not fit; an older directory is refused, and not migrated.
FORMAT = 2
_LONGEST_STATE_PATH = 108 - len("/mysql/mysql.sock") - 1


def preset():
    """The CMake preset in use: release unless $SIFA_PRESET says otherwise."""
    return os.environ.get("SIFA_PRESET", "release")


def build_directory():
    return ROOT / "build" / preset()


def binary(program):
    return build_directory() / "bin" / program


class State:
    """One instance of the suite at rest. Private to the user: databases and keys rely on the directory's mode."""

    def __init__(self, directory=None):
        chosen = directory or os.environ.get("SIFA_STATE") or ROOT / ".sifa"
        self.directory = Path(chosen).absolute()
        if len(os.fsencode(str(self.directory))) > _LONGEST_STATE_PATH:
            raise Failure(f"The path {self.directory} is too long for unix sockets.",
                          hint=f"set SIFA_STATE to a directory of at most {_LONGEST_STATE_PATH} characters")

    def path(self, *parts):
        return self.directory.joinpath(*parts)

    @property
    def is_default(self):
        return self.directory == ROOT / ".sifa"

    def create(self):
        if self.directory.exists() and any(self.directory.iterdir()) and not self.path("state.json").exists():
            raise Failure(f"{self.directory} exists and is not a state directory of Sifa.",
                          hint="choose an empty or new directory for SIFA_STATE")
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(self.directory, 0o700)
        for name in ("run", "tls", "secrets", "keys"):
            self.path(name).mkdir(mode=0o700, exist_ok=True)
        if not self.path("state.json").exists():
            self.save({"format": FORMAT})

    def require_format(self):
        found = self.load().get("format", 1)
        if found != FORMAT:
            raise Failure(f"{self.directory} was made by {'an older' if found < FORMAT else 'a newer'} Sifa (format {found}, this one reads"
                          f" {FORMAT}). It is not migrated.",
                          hint="for a demonstration: tools/sifa reset; or choose another directory with SIFA_STATE")

    def remove(self):
        """Deletes the whole directory, but only one that this program made."""
        if self.path("state.json").exists():
            shutil.rmtree(self.directory)

    # -- state.json: what has to stay the same from one start to the next

    def load(self):
        try:
            return json.loads(self.path("state.json").read_text())
        except (OSError, ValueError):
            return {}

    def save(self, values):
        write_atomically(self.path("state.json"), json.dumps(values, indent=1, sort_keys=True) + "\n")

    def remember(self, **values):
        self.save({**self.load(), **values})

    def ports(self, name):
        return self.load().get("ports", {}).get(name, {})

    def choose_ports(self, wanted, running=()):
        """Gives each (process, port name) of `wanted` a free loopback port. A port given before is kept while it is
        free, or while its process, named in `running`, holds it."""
        ports = self.load().get("ports", {})
        taken = {p for name in ports for p in ports[name].values()}
        for name, port_name, preferred in wanted:
            mine = ports.setdefault(name, {})
            if port_name in mine and (name in running or is_free(mine[port_name])):
                continue
            mine[port_name] = free_port(taken, preferred)
            taken.add(mine[port_name])
        self.remember(ports=ports)

    @contextlib.contextmanager
    def locked(self, wait_seconds=120):
        """One start, stop or reset at a time."""
        self.create()
        with open(self.path("lock"), "w") as lock:
            deadline = time.monotonic() + wait_seconds
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise Failure(f"Another tools/sifa has been working on {self.directory} for {wait_seconds} s.",
                                      hint="wait for it or stop it, then try again") from None
                    time.sleep(0.1)
            yield

    @contextlib.contextmanager
    def try_lock(self):
        """Gives True and holds the lock where nobody has it, else False at once."""
        with open(self.path("lock"), "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def temporary_state(purpose):
    """A state directory of its own under the temporary directory; whoever asks removes it."""
    state = State(tempfile.mkdtemp(prefix=f"sifa-{purpose}-"))
    state.create()
    return state


def write_atomically(path, text, mode=0o600):
    path = Path(path)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)
    os.replace(fresh, path)


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a closed server's TIME_WAIT does not count
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_port(taken, preferred=None):
    """Below the kernel's range for outgoing connections, so that none of those takes it between two starts."""
    if preferred and preferred not in taken and is_free(preferred):
        return preferred
    for _ in range(1000):
        port = random.randint(20000, 32000)
        if port not in taken and is_free(port):
            return port
    raise Failure("No free loopback port between 20000 and 32000 was found.", hint="stop what listens there")
