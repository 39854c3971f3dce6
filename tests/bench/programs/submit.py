"""Runs trivial tasks: `submit.py WORKSPACE COUNT`. Prints seconds."""

import sys
import time
from pathlib import Path

from tasks import Trivial

from experimaestro import experiment

if __name__ == "__main__":
    workspace, count = sys.argv[1], int(sys.argv[2])
    start = time.perf_counter()
    with experiment(workspace, "submit"):
        for number in range(count):
            Trivial.C(number=number).submit()
    seconds = time.perf_counter() - start

    done = len(list(Path(workspace).glob("jobs/*/*/trivial.done")))
    assert done == count, f"{done} jobs are done, of {count}"
    print(seconds)
