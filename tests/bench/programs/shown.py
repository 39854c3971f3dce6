"""The experiment of `shown.yaml`."""

from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Shown(ConfigurationBase):
    count: int
    rates: list[float]


def run(helper: ExperimentHelper, cfg: Shown) -> None:
    raise AssertionError("only shown")
