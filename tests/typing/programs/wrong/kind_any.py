"""`typing.Any` says nothing of what the identity is made from."""

from typing import Any

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Options(Config):
    values: Param[dict[str, Any]]  # E: xpm-param-kind
    name: Param[str]


class Minimize(Task):
    options: Param[Options]

    def execute(self) -> None:
        kwargs: dict[str, Any] = dict(self.options.values)
        print(self.options.name, kwargs)


@configuration
class Minimization(ConfigurationBase):
    tolerance: float = 1e-6


def run(helper: ExperimentHelper, cfg: Minimization) -> None:
    options = Options.C(name="bfgs", values={"tolerance": cfg.tolerance})
    Minimize.C(options=options).submit()
