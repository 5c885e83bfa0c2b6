"""What the user sees: one line a step with its time, tables, and failures that say what to do next."""

import contextlib
import os
import sys
import time
import unicodedata
from pathlib import Path

_started = time.monotonic()


class Failure(Exception):
    """Something the user can act on. `log` is a file whose last lines explain it, `hint` what to do."""

    def __init__(self, message, *, hint=None, log=None, excerpt=None):
        super().__init__(message)
        self.hint = hint
        self.log = Path(log) if log else None
        self.excerpt = excerpt

    def report(self):
        print(f"\n✗ {self}", file=sys.stderr)
        lines = self.excerpt if self.excerpt is not None else (tail(self.log, 20) if self.log else [])
        for line in lines:
            print(f"    {line}", file=sys.stderr)
        if self.log:
            print(f"  log: {self.log}", file=sys.stderr)
        if self.hint:
            print(f"  what to do: {self.hint}", file=sys.stderr)
        sys.stderr.flush()


def tail(path, lines, reach=256 * 1024):
    """The last `lines` lines of a file, looking at no more than its last `reach` bytes; none where it is missing."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - reach))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []


def interactive():
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def say(text=""):
    print(text, flush=True)


def elapsed():
    return f"{time.monotonic() - _started:7.1f}s"


class Step:
    """One line of progress. On a terminal it is rewritten in place; elsewhere milestones are lines of their own."""

    def __init__(self, name):
        self.name = name
        self.detail = ""
        self.begin = time.monotonic()
        self._open = False
        self._last_milestone = self.begin
        self._show("…")

    def _show(self, detail, end=False):
        line = f"{elapsed()}  {self.name:<12} {detail}"
        if interactive():
            # A line still to be rewritten must not wrap; the last one may.
            sys.stdout.write("\r\033[K" + (line + "\n" if end else line[: _columns() - 1]))
            sys.stdout.flush()
            self._open = not end
        elif end:
            say(line)

    def progress(self, detail):
        if interactive():
            self._show(detail)
        elif time.monotonic() - self._last_milestone >= 15:
            self._last_milestone = time.monotonic()
            say(f"{elapsed()}  {self.name:<12} {detail}")

    def done(self, detail):
        self._show(f"{detail} ({time.monotonic() - self.begin:.1f} s)", end=True)

    def abandon(self):
        if self._open:
            sys.stdout.write("\n")
            sys.stdout.flush()


@contextlib.contextmanager
def step(name):
    """with step("database") as s: … s.detail = "ready"; the line closes with the detail and the time it took."""
    current = Step(name)
    try:
        yield current
    except BaseException:
        current.abandon()
        raise
    current.done(current.detail or "done")


class Quiet:
    """Stands in for this module's steps where a suite runs inside a test or a proof."""

    detail = ""

    def progress(self, detail):
        pass


@contextlib.contextmanager
def quiet_step(name):
    yield Quiet()


def _columns():
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        return 120


def width(text):
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(header, rows):
    """Lines of a table whose columns are as wide as they need to be. A text of several lines is put into one."""
    cells = [["; ".join(str(c).splitlines()) for c in row] for row in [header, *rows]]
    widths = [max(width(row[i]) for row in cells) for i in range(len(header))]
    lines = []
    for row in cells:
        lines.append("  ".join(c + " " * (w - width(c)) for c, w in zip(row, widths)).rstrip())
    return lines


def confirm(question):
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "是")
