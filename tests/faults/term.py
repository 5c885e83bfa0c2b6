"""One person's term from the court's question to the help that follows, as docs/walks/corrections.md tells it, on a clock that really moves."""

import walk
from bureau import assert_whole
from suite import temporary_suite


def prove(shared):
    """On a suite of its own: it moves the clock for everybody."""
    with temporary_suite("term") as suite:
        held = walk.run("docs/walks/corrections.md", suite.state.directory, 400)
        rows = assert_whole(suite, "corrections")
    print(f"    half a year in one walk: {held} answers are as the page says; {rows} journal rows verify")
