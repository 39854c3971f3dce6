"""A plan without YAML file."""

from pathlib import Path
from tempfile import mkdtemp

from experimaestro import Param, RunMode, Task, experiment, tag


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


def main(directory: Path) -> list[Learn]:
    with experiment(directory, "seeds", run_mode=RunMode.DRY_RUN) as xp:
        xp.setenv("OMP_NUM_THREADS", "1")
        learned = [Learn.C(seed=tag(seed)).submit() for seed in range(3)]
        xp.wait()
        print(xp.workdir, xp.run_mode)
    return learned


if __name__ == "__main__":
    for one in main(Path(mkdtemp())):
        print(one.jobpath, one.tags())
