"""The walk of README.md does what the page says, line by line."""

import os
import re
import subprocess

from base import ApiTest
from state import ROOT

_BLOCK = re.compile(r"^```bash\n(.*?)^```", re.M | re.S)
_MARK = "# → "


class ReadmeTest(ApiTest):
    def test_the_walk_prints_what_the_page_says(self):
        """The ten-minute walk of README.md runs from the root of the tree and prints what the page says."""
        blocks = _BLOCK.findall((ROOT / "README.md").read_text())
        self.assertGreater(len(blocks), 5, "README.md has a walk in blocks of bash")
        script = "set -euo pipefail\n" + "".join(f"{block}\necho '<<end {n}>>'\n" for n, block in enumerate(blocks))
        ran = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120,
                             env={**os.environ, "SIFA_STATE": str(self.suite.state.directory)})
        rest = ran.stdout
        for n, block in enumerate(blocks):
            printed, _, rest = rest.partition(f"<<end {n}>>\n")
            for line in block.splitlines():
                if line.startswith(_MARK):
                    before, found, printed = printed.partition(line[len(_MARK):])
                    self.assertTrue(found, f"block {n + 1}: {line!r} is not in\n{before}\n{ran.stderr}")
        self.assertEqual(ran.returncode, 0, ran.stderr + ran.stdout)
