"""The marker takes configurations one by one."""

from experimaestro import Config, DependentMarker, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Checkpoint(Config):
    epoch: Param[int]


class Learn(Task):
    epochs: Param[int]

    def task_outputs(self, dep: DependentMarker) -> list[Checkpoint]:
        checkpoints = [Checkpoint.C(epoch=epoch) for epoch in range(self.epochs)]
        return dep(checkpoints)  # E: xpm-task-outputs

    def execute(self) -> None: ...


class Evaluate(Task):
    checkpoint: Param[Checkpoint]

    def execute(self) -> None: ...


@configuration
class Checkpoints(ConfigurationBase):
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Checkpoints) -> None:
    for checkpoint in Learn.C(epochs=cfg.epochs).submit():
        Evaluate.C(checkpoint=checkpoint).submit()
