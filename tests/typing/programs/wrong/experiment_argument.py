"""An experiment has a directory and a name."""

from pathlib import Path
from tempfile import mkdtemp

from experimaestro import Param, RunMode, Task, experiment


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


def main(directory: Path) -> None:
    with experiment(directory, "seeds", mode=RunMode.DRY_RUN) as xp:  # E: call-arg
        for seed in range(3):
            Learn.C(seed=seed).submit()
        print(xp.workdir)


main(Path(mkdtemp()))
