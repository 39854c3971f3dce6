"""A function reads what tasks write, before they have run."""

from experimaestro import Meta, Param, Path, PathGenerator, RunMode, Task, field, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Evaluate(Task):
    seed: Param[int]
    result: Meta[Path] = field(default_factory=PathGenerator("result.txt"))

    def execute(self) -> None:
        self.result.write_text(str(self.seed))


@configuration
class Seeds(ConfigurationBase):
    seeds: int = 3


def mean(evaluations: list[Evaluate]) -> float:
    values = [float(evaluation.result.read_text()) for evaluation in evaluations]
    return sum(values) / len(values)


def run(helper: ExperimentHelper, cfg: Seeds) -> None:
    evaluations = [Evaluate.C(seed=tag(seed)).submit() for seed in range(cfg.seeds)]
    helper.xp.wait()
    if helper.xp.run_mode is RunMode.NORMAL:
        print("mean", mean(evaluations))
