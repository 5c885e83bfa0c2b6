"""Pages with a walk: blocks of bash, run one after another in one shell, and what they print."""

import os
import re
import subprocess

from state import ROOT

_BLOCK = re.compile(r"^```bash\n(.*?)^```", re.M | re.S)
_MARK = "# → "


def run(page, state, seconds=120):
    """Runs the blocks of a page from the root of the tree against the suite of a state directory, and fails where one does not print what
    the page says. Returns how many lines were held to it."""
    blocks = _BLOCK.findall((ROOT / page).read_text())
    assert len(blocks) > 5, f"{page} has a walk in blocks of bash"
    script = "set -euo pipefail\n" + "".join(f"{block}\necho '<<end {n}>>'\n" for n, block in enumerate(blocks))
    ran = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=seconds,
                         env={**os.environ, "SIFA_STATE": str(state)})
    rest, held = ran.stdout, 0
    for n, block in enumerate(blocks):
        printed, _, rest = rest.partition(f"<<end {n}>>\n")
        for line in block.splitlines():
            if line.startswith(_MARK):
                before, found, printed = printed.partition(line[len(_MARK):])
                assert found, f"{page}, block {n + 1}: {line!r} is not in\n{before}\n{ran.stderr}"
                held += 1
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return held
