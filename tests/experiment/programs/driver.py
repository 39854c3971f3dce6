"""One task: `driver.py WORKSPACE JOURNAL GATE`."""

import logging
import sys
from pathlib import Path

from lab import Step

from experimaestro import experiment

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    workspace, journal, gate = map(Path, sys.argv[1:])
    with experiment(workspace, "xp", project_paths=[]):
        Step.C(number=1, journal=journal, gate=gate).submit()
