"""Complex numbers are no parameters."""

from experimaestro import Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Mandelbrot(Task):
    center: Param[tuple[float, float]]
    iterations: Param[int] = field(default=100)

    def execute(self) -> None:
        print(self.center, self.iterations)


@configuration
class Fractals(ConfigurationBase):
    iterations: int = 50


def zoom(one: Mandelbrot) -> Mandelbrot:
    return Mandelbrot.C(center=one.center, iterations=2 * one.iterations).submit()


def run(helper: ExperimentHelper, cfg: Fractals) -> None:
    print(cfg.iterations)
