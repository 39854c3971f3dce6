"""Parameters of two bases."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Named(Config):
    name: Param[str]


class Seeded(Config):
    seed: Param[int] = field(default=0)


class Dataset(Named, Seeded):
    split: Param[str]


class Describe(Task, Seeded):
    dataset: Param[Dataset]

    def execute(self) -> None:
        print(self.dataset.name, self.seed)


@configuration
class Described(ConfigurationBase):
    name: str = "coco"


def run(helper: ExperimentHelper, cfg: Described) -> None:
    dataset = Dataset.C(name=cfg.name, split="train", seed=1)
    Describe.C(dataset=dataset, seed=2).submit()
