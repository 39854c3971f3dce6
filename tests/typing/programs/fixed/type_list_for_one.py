"""All the folds, where one is expected."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Fold(Config):
    index: Param[int]


class CrossValidate(Task):
    train: Param[list[Fold]]
    test: Param[Fold]

    def execute(self) -> None:
        print(self.test.index)


@configuration
class Folds(ConfigurationBase):
    count: int = 5


def run(helper: ExperimentHelper, cfg: Folds) -> None:
    folds = [Fold.C(index=index) for index in range(cfg.count)]
    for left_out in range(cfg.count):
        train = [fold for fold in folds if fold.index != left_out]
        test = [fold for fold in folds if fold.index == left_out]
        CrossValidate.C(train=train, test=test[0]).submit()
