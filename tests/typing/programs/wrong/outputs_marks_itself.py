"""A task needs no mark."""

from experimaestro import Config, DependentMarker, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    size: Param[int]


class Learn(Task):
    model: Param[Model]

    def task_outputs(self, dep: DependentMarker) -> "Learn":
        return dep(self)  # E: xpm-task-outputs

    def execute(self) -> None:
        print(self.model.size)


@configuration
class Sizes(ConfigurationBase):
    sizes: list[int] = [1, 2]


def run(helper: ExperimentHelper, cfg: Sizes) -> None:
    for size in cfg.sizes:
        Learn.C(model=Model.C(size=size)).submit()
