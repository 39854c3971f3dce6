"""Results are read as soon as the task is submitted."""

import json
from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Evaluate(Task):
    split: Param[str]
    results: Meta[Path] = field(default_factory=PathGenerator("results.json"))

    def execute(self) -> None:
        self.results.write_text(json.dumps({"accuracy": 0.9}))


@configuration
class Evaluation(ConfigurationBase):
    split: str = "test"


def run(helper: ExperimentHelper, cfg: Evaluation) -> None:
    evaluation = Evaluate.C(split=cfg.split).submit()
    print(evaluation.results.read_text())  # E: xpm-read-before-run
