"""Starts and stops processes that outlive this program, and stops only what it started.

A started process has a record run/<name>.json {pid, start, …}: `start` is the kernel's start time of the pid, so that a
pid which has passed to a stranger is never signalled."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from console import Failure, tail
from state import write_atomically

_GRACE_SECONDS = 20
# In lines that are not ours: MariaDB, Redis, Abseil's checks, the C++ runtime, sanitizers.
_ERROR_WORDS = ("ERROR", "FATAL", "Fatal", "Check failed", "terminate called", "Sanitizer")
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
KEEPER = "keeper"  # the process that starts the others again (keeper.py)


def _stat(pid):
    """(state letter, start time in ticks) of a process, or None where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[19])


class Record:
    """One process that was started here."""

    def __init__(self, name, values):
        self.name = name
        self.values = values
        self.pid = values["pid"]
        self.start = values["start"]
        self.boot = values.get("boot")
        self.command = values["command"]
        self.fingerprint = values.get("fingerprint")
        self.stopping = values.get("stopping", False)  # somebody ends it: that is no death

    def alive(self):
        stat = _stat(self.pid)
        if stat is None or stat[1] != self.start or self.boot != boot_id():
            return False
        return stat[0] != "Z"

    def signal(self, number):
        """Sends a signal to the process if it is still ours."""
        if self.alive():
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

    def uptime(self):
        return float(Path("/proc/uptime").read_text().split()[0]) - self.start / _CLOCK_TICKS

    def memory(self):
        """Bytes of memory that are in use for this process; a page that several share is counted in part."""
        for file, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
            try:
                for line in Path(f"/proc/{self.pid}/{file}").read_text().splitlines():
                    if line.startswith(field):
                        return int(line.split()[1]) * 1024
            except OSError:
                continue
        return 0


def boot_id():
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def fingerprint(command):
    """Changes when the program file or its flags change: then a running process is out of date."""
    try:
        stat = os.stat(command[0])
        return [stat.st_ino, stat.st_size, stat.st_mtime_ns, *command[1:]]
    except OSError:
        return [0, 0, 0, *command[1:]]


def clean_environment():
    """This environment without SIFA_<NAME>, which processes would take for flags: theirs all stand on the command line."""
    return {k: v for k, v in os.environ.items() if not k.startswith("SIFA_")}


class Supervisor:
    """The processes of one state directory. `keeper`: where one runs, it starts the processes."""

    def __init__(self, state, keeper=True):
        self.state = state
        self._keeper = keeper
        self._children = {}

    def log(self, name):
        return self.state.path("run", f"{name}.log")

    def home(self, name):
        """Where a process keeps its data."""
        return next(p for p in (self.state.path(name), self.state.directory) if p.exists())

    def record(self, name, dead=False):
        """The record of a running process, or None; with `dead` also of one that nobody stopped and that is gone."""
        try:
            record = Record(name, json.loads(self.state.path("run", f"{name}.json").read_text()))
        except (OSError, ValueError, KeyError):
            return None
        return record if dead or record.alive() else None

    def spawn(self, name, command):
        """Starts `command`, by the keeper where one runs, and keeps a record of it."""
        command = [str(c) for c in command]
        try:
            if not (self._keeper and name != KEEPER and self.record(KEEPER) and self._ask_keeper(name, command)):
                self._launch(name, command)
        except OSError as error:
            raise Failure(f"{name} could not be started: {error}",
                          hint="is it built? run tools/sifa up without --no-build") from None
        return self.record(name, dead=True)

    def _ask_keeper(self, name, command):
        import keeper  # pylint: disable=import-outside-toplevel  # it imports this module
        return keeper.ask(self.state, name, command)

    def _write_record(self, name, values):
        write_atomically(self.state.path("run", f"{name}.json"), json.dumps(values, indent=1) + "\n")

    def _launch(self, name, command):
        """Starts a child with its output in the log of this run; the log of the run before is kept as .log.1."""
        log = self.log(name)
        if log.exists():
            os.replace(log, log.with_suffix(".log.1"))
        with open(log, "wb") as output:
            os.chmod(log, 0o600)
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                     start_new_session=True, cwd="/", env=clean_environment())
        self._children[name] = child
        stat = _stat(child.pid)
        self._write_record(name, {"pid": child.pid, "start": stat[1] if stat else 0, "boot": boot_id(), "command": command,
                                  "fingerprint": fingerprint(command)})
        write_atomically(self.state.path("run", f"{name}.pid"), f"{child.pid}\n")

    def wait_ready(self, record, ready, seconds):
        """Waits until `ready()` holds. A process that dies, or is not ready in time, fails with the end of its log."""
        deadline = time.monotonic() + seconds
        while True:
            if not record.alive():
                how = self.how_it_ended(record.name)
                raise Failure(f"{record.name} stopped while starting{f' ({how})' if how else ''}.",
                              log=self.log(record.name), excerpt=self.last_words(record.name),
                              hint="mend what the log names, then run tools/sifa up again")
            problem = ready()
            if problem is None:
                return
            if time.monotonic() > deadline:
                raise Failure(f"{record.name} was not ready within {seconds} s: {problem}", log=self.log(record.name),
                              excerpt=self.last_words(record.name),
                              hint=f"look at tools/sifa logs {record.name}, then run tools/sifa up again")
            time.sleep(0.03)

    def is_ending(self, record):
        """Killed, and not yet gone: the threads of a child end one by one, and how it ended is known with the last."""
        child = self._children.get(record.name)
        return child is not None and child.pid == record.pid and child.poll() is None

    def how_it_ended(self, name):
        """Of a child; empty where it runs or was started by another program."""
        child = self._children.get(name)
        code = child.poll() if child else None
        if code is None:
            return ""
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def names(self):
        """Every process that has a record, running or not."""
        return sorted(p.stem for p in self.state.path("run").glob("*.json"))

    def last_words(self, name):
        return tail(self.log(name), 12)

    def stop(self, name, grace=_GRACE_SECONDS, number=signal.SIGTERM):
        """Asks the process to drain, and ends it after `grace` seconds. True where there was one to stop."""
        record = self.record(name)
        if record:
            self._write_record(name, {**record.values, "stopping": True})
            record.signal(signal.SIGCONT)  # one that stands still could not hear
            record.signal(number)
            deadline = time.monotonic() + grace
            while record.alive() and time.monotonic() < deadline:
                time.sleep(0.02)
            record.signal(signal.SIGKILL)
            deadline = time.monotonic() + 10
            while record.alive():
                if time.monotonic() > deadline:
                    raise Failure(f"{name} (pid {record.pid}) does not end even with SIGKILL.",
                                  hint="it waits for the disk, most likely: look at dmesg")
                time.sleep(0.02)
        child = self._children.pop(name, None)
        if child:
            child.poll()
        for suffix in ("json", "pid"):
            self.state.path("run", f"{name}.{suffix}").unlink(missing_ok=True)
        return record is not None

    def last_error(self, name, ours=True):
        """The last line of the log that reports an error, in short; empty where none does. `ours`: a program that logs JSON,
        so that any other line at the very end of its log is its last word, such as why it could not start."""
        lines = [line.strip() for line in tail(self.log(name), 2000) if line.strip()]
        for i, text in enumerate(reversed(lines)):
            if not text.startswith("{"):
                if (ours and i == 0) or any(word in text for word in _ERROR_WORDS):
                    return text
                continue
            try:
                entry = json.loads(text)
            except ValueError:
                continue
            if str(entry.get("level", "")).lower() in ("error", "critical", "fatal"):
                extra = " ".join(f"{k}={v}" for k, v in entry.items()
                                 if k not in ("level", "time", "ts", "event", "message", "service", "trace_id"))
                return f"{entry.get('event') or entry.get('message') or text} {extra}".strip()
        return ""
