"""Reads the console summary of a Catch2 (version 2) test program."""

import re

_ALL_PASSED = re.compile(r"^All tests passed \(.*?in (\d+) test cases?\)", re.M)
_SUMMARY = re.compile(r"^test cases:\s*(\d+)((?:\s*\|\s*\d+ [a-z ]+)+)\s*$", re.M)


def counts(output, exit_status):
    """(passed, failed) test cases. A program that crashed, or ran nothing, counts as one failure at least."""
    passed = failed = 0
    clean = _ALL_PASSED.search(output)
    summary = _SUMMARY.search(output)
    if clean:
        passed = int(clean[1])
    elif summary:
        parts = {words: int(number) for number, words in re.findall(r"(\d+) ([a-z][a-z ]*)", summary[2])}
        # A case that was marked as allowed to fail, and did, has not passed.
        failed = parts.get("failed", 0) + parts.get("failed as expected", 0)
        passed = int(summary[1]) - failed
    if (exit_status != 0 and failed == 0) or passed + failed == 0:
        failed += 1
    return passed, failed
