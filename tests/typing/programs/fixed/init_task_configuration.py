"""A configuration is no step."""

from experimaestro import Config, LightweightTask, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Initialize(LightweightTask):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


class Evaluate(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Initialized(ConfigurationBase):
    hidden: int = 16


def run(helper: ExperimentHelper, cfg: Initialized) -> None:
    model = Model.C(hidden=cfg.hidden)
    Evaluate.C(model=model).submit(init_tasks=[Initialize.C(model=model)])
