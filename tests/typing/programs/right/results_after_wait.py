"""Results are read once the jobs are done."""

import json
from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, field, tag, tags
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Evaluate(Task):
    seed: Param[int]
    results: Meta[Path] = field(default_factory=PathGenerator("results.json"))

    def execute(self) -> None:
        self.results.write_text(json.dumps({"accuracy": 0.9}))


@configuration
class Evaluation(ConfigurationBase):
    seeds: list[int] = [1, 2]


def accuracy(evaluation: Evaluate) -> float:
    return float(json.loads(evaluation.results.read_text())["accuracy"])


def run(helper: ExperimentHelper, cfg: Evaluation) -> None:
    evaluations = [Evaluate.C(seed=tag(seed)).submit() for seed in cfg.seeds]
    helper.xp.wait()
    if helper.xp.run_mode == RunMode.NORMAL:
        for evaluation in sorted(evaluations, key=accuracy):
            print(tags(evaluation)["seed"], accuracy(evaluation))
        (helper.xp.resultspath / "summary.txt").write_text(evaluations[0].results.read_text())
