"""Plans tasks without running them: `plan.py WORKSPACE wide|chain COUNT`. Prints seconds, start-up left out."""

import sys
import time

from tasks import Link, Trivial

from experimaestro import RunMode, experiment


def wide(count: int) -> None:
    for number in range(count):
        Trivial.C(number=number).submit()


def chain(count: int) -> None:
    link = None
    for number in range(count):
        link = Link.C(number=number, previous=link).submit()


if __name__ == "__main__":
    workspace, shape, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    plan = {"wide": wide, "chain": chain}[shape]
    with experiment(workspace, "plan", run_mode=RunMode.DRY_RUN):
        start = time.perf_counter()
        plan(count)
    print(time.perf_counter() - start)
