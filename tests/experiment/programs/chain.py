"""Tasks that need each other, side by side: `chain.py WORKSPACE JOURNAL EXPERIMENT [tokens]`.

Each notes when it starts, and when it ends. With tokens, half of them need the same unit.
"""

import sys
from pathlib import Path

from lab import Step

from experimaestro import Config, experiment
from experimaestro.launchers import DirectLauncher

if __name__ == "__main__":
    workspace, journal = map(Path, sys.argv[1:3])
    with experiment(workspace, sys.argv[3], launcher=DirectLauncher(max_jobs=2), project_paths=[]) as xp:
        token = xp.token("unit", 1)
        for column in range(3):
            above: list[Config] = []
            for row in range(2):
                step = Step.C(number=10 * column + row, journal=journal, needs=above)
                above = [(token(1, step) if row and "tokens" in sys.argv else step).submit()]
