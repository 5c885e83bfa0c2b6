"""Starts again what died. Run as `keeper.py STATE_DIRECTORY`: `tools/sifa up` leaves it running, `tools/sifa down` ends it.

It is the parent of the suite's processes, so that it learns how each ended: Supervisor.spawn asks it through a socket to start
them. A process that ends while nobody stopped it is started again by the same command: at once, then after longer and longer
pauses; one that ends again and again is given up until the next `tools/sifa up`. While the disk has no room nothing is started,
and nothing is given up for it. What happened is kept in run/deaths.json, which `tools/sifa status` shows."""

import json
import os
import shutil
import signal
import socket
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import catalogue
from console import Failure
from processes import KEEPER, Supervisor, boot_id
from state import State, write_atomically

_PAUSES = (0.2, 1, 2, 5, 10, 30, 60)  # seconds before each start again; who dies once more after the last is given up
_STEADY_SECONDS = 120                 # who has run for so long begins again with the first pause
_ROOM_BYTES = 64 << 20                # with less room on the disk a database cannot start


def ask(state, name, command):
    """Has the keeper start `command`; False where there is no keeper to ask."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        try:
            connection.connect(str(_socket(state)))
            connection.sendall(json.dumps([name, command]).encode() + b"\n")
            answer = json.loads(connection.makefile().readline() or "{}")
        except (OSError, ValueError):
            return False
    if answer.get("error"):
        raise OSError(answer["error"])
    return "error" in answer


def is_there(state):
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(_socket(state))) == 0


def deaths(state):
    """{process: {"count", "at", "why", "lastError", "then"}} of those that ended by themselves since they were last started by hand."""
    try:
        return json.loads(_deaths(state).read_text())
    except (OSError, ValueError):
        return {}


def _socket(state):
    return state.path("run", f"{KEEPER}.sock")


def _deaths(state):
    return state.path("run", "deaths.json")


class Keeper:
    def __init__(self, state, pauses=_PAUSES, steady_seconds=_STEADY_SECONDS, room_bytes=_ROOM_BYTES):
        self._state, self._pauses, self._steady_seconds, self._room_bytes = state, pauses, steady_seconds, room_bytes
        self._supervisor = Supervisor(state, keeper=False)
        self._deaths = deaths(state)
        self._due = {}      # process: when it is started again
        self._in_a_row = {}  # process: deaths without a steady run between them
        self._ending = False
        _socket(state).unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(_socket(state)))
        self._listener.listen()
        self._listener.settimeout(0.1)

    def end(self, *_):
        self._ending = True

    def run(self):
        while not self._ending:
            self.step()
        self.close()

    def close(self):
        self._listener.close()
        _socket(self._state).unlink(missing_ok=True)

    def step(self):
        """Serves one caller or a tenth of a second, then looks after everybody."""
        try:
            connection, _ = self._listener.accept()
        except TimeoutError:
            pass
        else:
            with connection:
                self._serve(connection)
        for name in self._supervisor.names():
            if name != KEEPER:
                self._look_after(name)

    def _serve(self, connection):
        connection.settimeout(5)
        try:
            name, command = json.loads(connection.makefile().readline())
        except (OSError, ValueError):
            return
        self._forget(name)
        try:
            self._supervisor.spawn(name, command)
            answer = {"error": None}
        except Failure as failure:
            answer = {"error": str(failure)}
        try:
            connection.sendall(json.dumps(answer).encode() + b"\n")
        except OSError:
            pass  # the caller is gone

    def _forget(self, name):
        self._due.pop(name, None)
        self._in_a_row.pop(name, None)
        if self._deaths.pop(name, None):
            self._write()

    def _write(self):
        write_atomically(_deaths(self._state), json.dumps(self._deaths, indent=1, ensure_ascii=False) + "\n")

    def _look_after(self, name):
        record = self._supervisor.record(name, dead=True)
        if record is None or record.stopping or record.boot != boot_id():
            self._due.pop(name, None)
        elif record.alive():
            self._due.pop(name, None)
            if name in self._in_a_row and record.uptime() > self._steady_seconds:
                self._in_a_row.pop(name)
        elif name in self._due:
            self._start_again(name, record)
        elif self._supervisor.is_ending(record):
            return
        elif self._deaths.get(name, {}).get("pid") != record.pid:
            self._note(name, record)

    def _note(self, name, record):
        in_a_row = self._in_a_row[name] = self._in_a_row.get(name, 0) + 1
        given_up = in_a_row > len(self._pauses)
        if not given_up:
            self._due[name] = time.monotonic() + self._pauses[in_a_row - 1]
        self._deaths[name] = {
            "count": self._deaths.get(name, {}).get("count", 0) + 1, "pid": record.pid,
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "why": self._supervisor.how_it_ended(name) or "not known: it was started before its keeper",
            "lastError": self._supervisor.last_error(name, ours=name not in catalogue.DATABASES)[:200],
            "then": f"given up after {in_a_row} in a row; tools/sifa up starts it" if given_up
                    else f"starts again in {self._pauses[in_a_row - 1]:g} s"}
        self._write()

    def _start_again(self, name, record):
        if time.monotonic() < self._due[name]:
            return
        free = shutil.disk_usage(self._supervisor.home(name)).free
        if free < self._room_bytes:
            self._then(name, f"waits for room on the disk: {free >> 20} MiB free")
            return
        with self._state.try_lock() as locked:  # up and down know themselves what is to run
            if not locked:
                return
            self._due.pop(name)
            try:
                self._supervisor.spawn(name, record.command)
                self._then(name, "started again")
            except Failure as failure:
                self._then(name, f"could not be started again: {failure}")

    def _then(self, name, words):
        if self._deaths[name]["then"] != words:
            self._deaths[name]["then"] = words
            self._write()


def main():
    keeper = Keeper(State(sys.argv[1]))
    signal.signal(signal.SIGTERM, keeper.end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's is for who sits at it
    keeper.run()


if __name__ == "__main__":
    main()
