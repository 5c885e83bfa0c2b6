"""What tests through the gateway share. `tools/sifa test` runs them against a fresh suite; to try one against the suite
that is up: SIFA_STATE unset, `python3 tools/cli/unit_runner.py tests/api/test_x.py`.

Tests share the suite: each makes the objects it needs and looks at nothing else's. None moves the clock."""

import time
import unittest

from console import Failure
from suite import Suite

# gRPC codes by the HTTP status under which the gateway sends them (google.rpc.Code).
_CODES = {400: (3, 9, 11), 401: (16,), 403: (7,), 404: (5,), 409: (6, 10), 412: (9,), 413: (3, 8, 11), 415: (3,), 429: (8,),
          499: (1,), 500: (2, 13, 15), 501: (12,), 503: (14,), 504: (4,)}


class ApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        problems = cls.suite.unready()
        if problems:
            raise Failure(f"The suite in {cls.suite.state.directory} is not ready: {problems}", hint="tools/sifa up")

    def http(self, account=None):
        """A client signed in as a demonstration account; anonymous without one."""
        return self.suite.http(account)

    def patiently(self, call):
        """The answer of call(), made again while this address has asked public methods too often."""
        deadline = time.monotonic() + 20
        while (answer := call()).status == 429 and time.monotonic() < deadline:
            time.sleep(0.1)
        return answer

    def account(self, role, level=None):
        """The name of a demonstration account that holds a role (at level 1 province, 2 city, 3 county, 4 township, 5 village)."""
        for entry in self.suite.accounts():
            if entry["role"] == role and level in (None, entry["level"]):
                return entry["account"]
        return self.fail(f"no demonstration account with role {role} at level {level}")

    def ok(self, response):
        """The JSON of an answer that has to be a success."""
        if not response.ok:
            self.fail(f"refused: {response!r}")
        return response.json

    def refused(self, response, status, reason=None, field=None):
        """The JSON of an answer that has to be a refusal: a google.rpc.Status with a code that fits and a message."""
        self.assertEqual(response.status, status, repr(response))
        body = response.json
        self.assertIn(body["code"], _CODES[status], repr(response))
        self.assertTrue(body["message"].strip(), "a refusal says why")
        if reason is not None:
            self.assertEqual(response.reason, reason, repr(response))
        if field is not None:
            self.assertIn(field, response.fields, repr(response))
        return body
