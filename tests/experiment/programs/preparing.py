"""A task whose preparation does not end: `preparing.py WORKSPACE JOURNAL GATE`."""

import sys
from pathlib import Path

from lab import Download, Use

from experimaestro import experiment

if __name__ == "__main__":
    workspace, journal, gate = map(Path, sys.argv[1:])
    with experiment(workspace, "xp", project_paths=[]):
        Use.C(number=1, journal=journal, data=Download.C(number=7, journal=journal, gate=gate)).submit()
