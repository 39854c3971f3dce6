"""Tasks are built first, and submitted in another loop."""

from experimaestro import Config, Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Learn(Task):
    model: Param[Model]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Hidden(ConfigurationBase):
    hidden: list[int] = [8, 16]
    long: bool = False


def run(helper: ExperimentHelper, cfg: Hidden) -> None:
    tasks: list[Learn] = []
    for hidden in cfg.hidden:
        learn = Learn.C(model=Model.C(hidden=tag(hidden)), epochs=1)
        if cfg.long:
            learn.epochs = 100
        tasks.append(learn)
    for task in tasks:
        task.submit()
