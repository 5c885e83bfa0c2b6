"""What the pages for operators say of the programs is so."""

import re
import subprocess

import catalogue
from base import ApiTest
from state import ROOT, binary


class OperationsPagesTest(ApiTest):
    def test_every_flag_is_on_its_page(self):
        """docs/operations/flags.md names each flag of each process, and no other."""
        page = set(re.findall(r"`--(\w+)`", (ROOT / "docs/operations/flags.md").read_text())) - {"name", "helpfull"}
        found = set()
        for s in catalogue.SERVICES:
            text = subprocess.run([binary(s.program), "--helpfull"], capture_output=True, text=True, timeout=30).stdout
            for source, flags in re.findall(r"Flags from (\S+):\n((?:    .*\n)*)", text):
                if re.search(r"(^|/)(libs|services)/", source):
                    found |= set(re.findall(r"^    --(\w+) \(", flags, re.M))
        self.assertGreater(len(found), 25)
        self.assertEqual(page, found)

    def test_the_journal_verifies(self):
        """The journals of a suite at work are whole, and say so."""
        for s in catalogue.SERVICES:
            if s.database:
                whole, report = self.suite.verify_journal(s.name)
                self.assertTrue(whole, report)
                self.assertRegex(report, r"^rows \d+, head \d+, pending \d+, open \d+, findings 0")
