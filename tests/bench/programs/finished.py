"""Makes directories of tasks that are done: `finished.py WORKSPACE COUNT`."""

import sys
from pathlib import Path

from tasks import Trivial

from experimaestro import RunMode, experiment

if __name__ == "__main__":
    workspace, count = Path(sys.argv[1]), int(sys.argv[2])
    with experiment(workspace, "submit", run_mode=RunMode.GENERATE_ONLY):
        for number in range(count):
            Trivial.C(number=number).submit()
    for parameters in workspace.glob("jobs/*/*/params.json"):
        parameters.with_name("trivial.done").touch()
