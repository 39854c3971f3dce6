"""Reads the newest run of the experiment `submit` back: `information.py WORKSPACE COUNT`. Prints seconds."""

import sys
import time
from pathlib import Path

from experimaestro import load_xp_info

if __name__ == "__main__":
    workspace, count = Path(sys.argv[1]), int(sys.argv[2])
    start = time.perf_counter()
    jobs = load_xp_info(workspace / "experiments" / "submit" / "current").jobs
    seconds = time.perf_counter() - start
    assert len(jobs) == count, len(jobs)
    print(seconds)
