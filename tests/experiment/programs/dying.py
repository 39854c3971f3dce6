"""A driver that dies when it is about to start its task, which needs a token: `dying.py WORKSPACE JOURNAL HELD GATE`.

It creates HELD when it holds the job and the token, and dies when GATE appears.
"""

import os
import signal
import sys
from pathlib import Path

from lab import Step, await_file

from experimaestro import experiment
from experimaestro.launchers import DirectLauncher
from experimaestro.launchers.base import LaunchRequest, RunningProcess


class Deadly(DirectLauncher):
    async def start(self, request: LaunchRequest) -> RunningProcess:
        held.touch()
        await_file(gate)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


if __name__ == "__main__":
    workspace, journal, held, gate = map(Path, sys.argv[1:])
    with experiment(workspace, "dying", launcher=Deadly(), project_paths=[]) as xp:
        xp.token("unit", 1)(1, Step.C(number=1, journal=journal)).submit()
