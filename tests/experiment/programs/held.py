"""Two tasks that hold a unit of a token each: `held.py WORKSPACE JOURNAL GATE GATE`."""

import sys
from pathlib import Path

from lab import Step

from experimaestro import experiment
from experimaestro.launchers import DirectLauncher

if __name__ == "__main__":
    workspace, journal, *gates = map(Path, sys.argv[1:])
    with experiment(workspace, "xp", launcher=DirectLauncher(max_jobs=2), project_paths=[]) as xp:
        token = xp.token("unit", 2)
        for number, gate in enumerate(gates):
            token(1, Step.C(number=number, journal=journal, gate=gate)).submit()
