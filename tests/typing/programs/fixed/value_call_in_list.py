"""One of several is called without `.C`."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Augmentation(Config):
    probability: Param[float]


class Flip(Augmentation): ...


class Crop(Augmentation):
    size: Param[int]


class Train(Task):
    augmentations: Param[list[Augmentation]]

    def execute(self) -> None:
        print(len(self.augmentations))


@configuration
class Augmented(ConfigurationBase):
    size: int = 224


def run(helper: ExperimentHelper, cfg: Augmented) -> None:
    augmentations: list[Augmentation] = [
        Flip.C(probability=0.5),
        Crop.C(probability=0.2, size=cfg.size),
    ]
    Train.C(augmentations=augmentations).submit()
