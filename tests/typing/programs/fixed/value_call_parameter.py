"""The class is called without `.C`."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Kernel(Config):
    bandwidth: Param[float]


class Fit(Task):
    kernel: Param[Kernel]

    def execute(self) -> None:
        print(self.kernel.bandwidth)


@configuration
class Kernels(ConfigurationBase):
    bandwidth: float = 0.5


def run(helper: ExperimentHelper, cfg: Kernels) -> None:
    kernel = Kernel.C(bandwidth=cfg.bandwidth)
    Fit.C(kernel=kernel).submit()
