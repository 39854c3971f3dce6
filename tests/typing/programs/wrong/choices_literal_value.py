"""A value that is not one of those allowed."""

from typing import Annotated

from experimaestro import Choices, Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Network(Config):
    cell: Annotated[str, Choices(["lstm", "gru"])] = field(default="lstm")
    hidden: Param[int]


class Train(Task):
    network: Param[Network]

    def execute(self) -> None:
        print(self.network.cell)


@configuration
class Cells(ConfigurationBase):
    hidden: int = 64


def run(helper: ExperimentHelper, cfg: Cells) -> None:
    network = Network.C(cell="rnn", hidden=cfg.hidden)  # E: xpm-choices
    Train.C(network=network).submit()
