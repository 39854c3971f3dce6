"""A key of a part of the configuration."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Optimization:
    lr: float = 1e-3
    warmup: int = 0


@configuration
class Finetuning(ConfigurationBase):
    model: str
    optimization: Optimization


class Finetune(Task):
    model: Param[str]
    lr: Param[float]
    warmup: Param[int]

    def execute(self) -> None:
        print(self.model, self.lr, self.warmup)


def run(helper: ExperimentHelper, cfg: Finetuning) -> None:  # E: xpm-yaml
    options = cfg.optimization
    Finetune.C(model=cfg.model, lr=options.lr, warmup=options.warmup).submit()
