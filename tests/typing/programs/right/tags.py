"""Values with names, for people."""

from experimaestro import Config, Param, Task, stop_tags, tag, tags, tagspath
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Data(Config):
    name: Param[str]


class Model(Config):
    hidden: Param[int]
    rate: Param[float]


class Learn(Task):
    data: Param[Data]
    model: Param[Model]
    seed: Param[int | None]

    def execute(self) -> None:
        print(self.data.name)


@configuration
class Tagged(ConfigurationBase):
    hidden: list[int] = [8, 16]


def run(helper: ExperimentHelper, cfg: Tagged) -> None:
    data = stop_tags(Data.C(name=tag("mnist")))
    for hidden in cfg.hidden:
        model = Model.C(hidden=tag(hidden), rate=tag(1e-3)).tag("model", "mlp")
        learn = Learn.C(data=data, model=model, seed=tag(None))
        learn.tag("data", "digits")
        learn.submit()
        found = tags(learn)
        print(found["hidden"], tagspath(learn), sorted(learn.tags()))
