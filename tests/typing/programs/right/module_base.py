"""A configuration that also derives from a class of a library."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Module:
    """As those of libraries: it has a constructor of its own."""

    def __init__(self) -> None:
        self.training = True

    def train(self, mode: bool = True) -> "Module":
        self.training = mode
        return self

    def forward(self, value: float) -> float:
        raise NotImplementedError


class Linear(Config, Module):
    slope: Param[float]
    bias: Param[float]

    def forward(self, value: float) -> float:
        return self.slope * value + self.bias


class Fit(Task):
    model: Param[Linear]

    def execute(self) -> None:
        self.model.train()
        print(self.model.forward(1.0), self.model.training)


@configuration
class Lines(ConfigurationBase):
    slope: float = 2.0


def run(helper: ExperimentHelper, cfg: Lines) -> None:
    Fit.C(model=Linear.C(slope=cfg.slope, bias=0.0)).submit()
