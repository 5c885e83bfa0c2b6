"""Runs one file of Python tests and prints each test as it goes. `unit_runner.py FILE`.

The last line is `cases: P passed, F failed, U not tried`. A skipped test is a failed one: what is not tried is not proven. Not tried is
only what raises extras.NotHere, since a tool cannot be had on this machine; the end of the run says each with its reason."""

import importlib.util
import sys
import time
import unittest
from pathlib import Path

from extras import NotHere


class _Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = self.failed = self.untried = 0
        self._begin = 0.0
        self._bad = self._missing = False

    def startTest(self, test):
        super().startTest(test)
        self._begin = time.monotonic()
        self._bad = self._missing = False

    def stopTest(self, test):
        super().stopTest(test)
        if self._bad:
            self.failed += 1
        elif self._missing:
            self.untried += 1
        else:
            self.passed += 1
            print(f"      ok    {_name(test)} ({time.monotonic() - self._begin:.2f} s)", flush=True)

    def _report(self, test, what, text):
        if not hasattr(test, "_testMethodName"):
            self.failed += 1  # a class or module that could not be set up: no startTest, no stopTest
        elif self._bad:
            what = "also"
        self._bad = True
        print(f"      {what}  {_name(test)}", flush=True)
        print("\n".join(f"        {line}" for line in text.rstrip().splitlines()), flush=True)

    def addError(self, test, err):
        if issubclass(err[0], NotHere):
            self._missing = True
            print(f"      not tried  {_name(test)}: {err[1]}", flush=True)
            return
        super().addError(test, err)
        self._report(test, "FAIL", self._exc_info_to_string(err, test))

    def addFailure(self, test, err):
        self.addError(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._report(test, "FAIL", f"{subtest}\n{self._exc_info_to_string(err, test)}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._report(test, "FAIL", f"skipped: {reason}")

    def addExpectedFailure(self, test, err):
        self._report(test, "FAIL", "failed, and is marked as expected to: mend it or delete it")

    def addUnexpectedSuccess(self, test):
        self._report(test, "FAIL", "passed although it is marked as expected to fail")


def _name(test):
    text = test.shortDescription() if isinstance(test, unittest.TestCase) else None
    return text or getattr(test, "_testMethodName", str(test))


def main():
    file = Path(sys.argv[1]).resolve()
    for directory in (file.parent, file.parents[1], Path(__file__).resolve().parent):
        sys.path.insert(0, str(directory))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    tests = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = _Result()
    tests.run(result)
    print(f"cases: {result.passed} passed, {result.failed} failed, {result.untried} not tried", flush=True)
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main())
