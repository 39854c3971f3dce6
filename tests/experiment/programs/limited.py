"""Four tasks that hold the one unit of a token: `limited.py WORKSPACE JOURNAL FIRST [EXPERIMENT]`."""

import sys
from pathlib import Path

from lab import Step

from experimaestro import experiment
from experimaestro.launchers import DirectLauncher

if __name__ == "__main__":
    workspace, journal, first, name = [*sys.argv[1:], "xp"][:4]
    with experiment(workspace, name, launcher=DirectLauncher(max_jobs=4), project_paths=[]) as xp:
        token = xp.token("unit", 1)
        for number in range(int(first), int(first) + 4):
            token(1, Step.C(number=number, journal=Path(journal))).submit()
