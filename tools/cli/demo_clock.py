"""The demonstration clock: an offset in seconds in one file, which every process of the suite adds to its time.

It goes forward only. Going back would put acts before those already journalled, so that is `reset`'s, and its risk."""

import datetime
import re
import time

from console import Failure
from state import write_atomically

CHINA = datetime.timezone(datetime.timedelta(hours=8))

_LOOK_SECONDS = 1.1  # each process reads the file once in a second of its own
_END = datetime.datetime(2100, 1, 1, tzinfo=CHINA)  # limits of decades still end in years of four digits


_FORWARD_ONLY = "The demonstration clock goes forward only."
_WAYS_BACK = "tools/sifa clock reset returns to real time; tools/sifa reset also clears what was entered"


def _spoken(seconds):
    """+93600 as "+1 d 2 h"."""
    parts, rest = [], abs(seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return ("-" if seconds < 0 else "+") + " ".join(parts)


class DemoClock:
    def __init__(self, state):
        self._file = state.path("clock")

    def offset(self):
        try:
            return int(self._file.read_text())
        except (OSError, ValueError):
            return 0

    def now(self):
        """Unix seconds as the suite's processes see them."""
        return time.time() + self.offset()

    def today(self):
        return datetime.datetime.fromtimestamp(self.now(), CHINA).date()

    def advance(self, seconds):
        """Sets the clock forward, and returns when all processes have followed: one that is behind would issue tokens that
        the others call expired."""
        self._set(self.offset() + int(seconds))

    def set_date(self, date):
        """Makes it `date` in China, at the present time of day."""
        self.advance((date - self.today()).days * 86400)

    def reset(self):
        """Returns to real time, like the others when all processes have followed."""
        self._file.unlink(missing_ok=True)
        time.sleep(_LOOK_SECONDS)

    def describe(self):
        now = datetime.datetime.fromtimestamp(self.now(), CHINA)
        text = now.strftime("%Y-%m-%d %H:%M:%S +0800")
        return f"{text}  (real time {_spoken(self.offset())})" if self.offset() else f"{text}  (real time)"

    def apply(self, word):
        """Carries out what the user typed: +Nd, +Nh, a date, or reset."""
        amount = re.fullmatch(r"\+(\d{1,5})([dh])", word)
        if re.fullmatch(r"-\d+[dh]", word):
            raise Failure(_FORWARD_ONLY, hint=_WAYS_BACK)
        if word == "reset":
            self.reset()
        elif amount:
            self.advance(int(amount[1]) * (86400 if amount[2] == "d" else 3600))
        else:
            try:
                date = datetime.date.fromisoformat(word)
            except ValueError:
                raise Failure(f"{word!r} is no time.", hint="tools/sifa clock [show | +30d | +4h | 2026-12-31 | reset]") from None
            self.set_date(date)

    def _set(self, offset):
        if offset < self.offset():
            raise Failure(_FORWARD_ONLY, hint=_WAYS_BACK)
        if time.time() + offset >= _END.timestamp():
            raise Failure(f"The demonstration clock goes no further than {_END - datetime.timedelta(days=1):%Y-%m-%d}.")
        write_atomically(self._file, f"{offset}\n")
        time.sleep(_LOOK_SECONDS)
