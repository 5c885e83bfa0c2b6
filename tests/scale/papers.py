"""Papers filled and printed by libs/papers, beside the same texts set by bare Pango and drawn by cairo."""

import json
import subprocess

from load import Noise
from proofs import Measure
from state import ROOT, binary


def bench(suite):
    noise = Noise()
    command = [str(binary("sifa-papers-load")), f"--data={ROOT / 'data'}", f"--seconds={0.2 if suite.short else 1}",
               f"--rounds={1 if suite.short else 5}"]
    rates = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [Measure("papers printed", rates["papers"], "PDFs/s", rates["bare"], "PDFs/s of bare Pango and cairo", goal=0.5,
                    note=f"one thread, a warning decision; {noise}")]
