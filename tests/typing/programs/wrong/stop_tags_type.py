"""What keeps tags away keeps the type, too."""

from experimaestro import Config, Param, Task, stop_tags, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Data(Config):
    name: Param[str]


class Learn(Task):
    data: Param[Data]
    seed: Param[int]

    def execute(self) -> None:
        print(self.data.name)


@configuration
class Seeds(ConfigurationBase):
    seeds: list[int] = [1, 2]
    name: str = "mnist"


def run(helper: ExperimentHelper, cfg: Seeds) -> None:
    data = Data.C(name=tag(cfg.name))
    for seed in cfg.seeds:
        print(data)
        Learn.C(data=stop_tags(cfg.name), seed=tag(seed)).submit()  # E: xpm-param-type
