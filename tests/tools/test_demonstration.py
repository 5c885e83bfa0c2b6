"""What belongs to a demonstration is refused outside of one, by every program and before it opens anything."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import catalogue
import extras
from state import binary


class DemonstrationTest(unittest.TestCase):
    def setUp(self):
        if not all(binary(s.program).exists() for s in catalogue.SERVICES):
            raise extras.NotHere("the programs are not built yet: tools/sifa test without a name builds them")
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.clock = Path(self._directory.name, "clock")
        self.clock.write_text("86400\n")

    def run_program(self, service, *flags, **environment):
        # Without --config it ends at once, for another reason, where the clock is no reason.
        return subprocess.run([binary(service.program), "--config=/nowhere", "--wait_at_start=0s", *flags], cwd="/", text=True, capture_output=True,
                              timeout=30, env={"PATH": os.environ["PATH"], **environment})

    def test_a_moved_clock_is_refused_in_production(self):
        for s in catalogue.SERVICES:
            for flags, environment in (([f"--clock={self.clock}"], {}), ([], {"SIFA_CLOCK": str(self.clock)}),
                                       ([f"--clock={self.clock}", "--demonstration=false"], {})):
                with self.subTest(s.name, flags=flags):
                    result = self.run_program(s, *flags, **environment)
                    self.assertEqual(result.returncode, 2)
                    self.assertIn("is refused in production", result.stderr)

    def test_a_demonstration_may_have_one_and_production_needs_none(self):
        for s in catalogue.SERVICES:
            for flags in ([f"--clock={self.clock}", "--demonstration"], []):
                with self.subTest(s.name, flags=flags):
                    result = self.run_program(s, *flags)
                    self.assertNotIn("refused in production", result.stderr)
                    self.assertEqual(result.returncode, 1, f"it went on, and ended for want of the rest: {result.stderr}")


if __name__ == "__main__":
    unittest.main()
