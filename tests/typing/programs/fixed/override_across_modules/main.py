"""The base is in another module."""

from experimaestro import Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

from .dataset import Dataset


class Sampled(Dataset):
    seed: Param[int]
    split: Param[str] = field(overrides=True)


class Describe(Task):
    dataset: Param[Dataset]

    def execute(self) -> None:
        print(self.dataset.split)


@configuration
class Splits(ConfigurationBase):
    split: str = "test"


def run(helper: ExperimentHelper, cfg: Splits) -> None:
    Describe.C(dataset=Dataset.C(name="coco", split=cfg.split)).submit()
