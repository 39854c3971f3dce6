"""A function that may find nothing."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Dataset(Config):
    name: Param[str]


class Evaluate(Task):
    dataset: Param[Dataset]

    def execute(self) -> None:
        print(self.dataset.name)


KNOWN = {"squad": Dataset.C(name="squad-v2"), "drop": Dataset.C(name="drop")}


def find(name: str) -> Dataset | None:
    return KNOWN.get(name)


@configuration
class Evaluation(ConfigurationBase):
    datasets: list[str] = ["squad", "drop"]


def run(helper: ExperimentHelper, cfg: Evaluation) -> None:
    for name in cfg.datasets:
        dataset = find(name)
        if dataset is not None:
            Evaluate.C(dataset=dataset).submit()
