"""An experiment that is right, for mistakes to be made in it."""

from __future__ import annotations

from typing import Final

import pytest

DECLARATIONS: Final = """\
from time import sleep

from experimaestro import Meta, Param, Path, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    x: Param[int]
    go: Meta[Path | None] = None

    def execute(self) -> None:
        print("learns", self.x)
        while self.go and not self.go.exists():
            sleep(0.01)
        if self.x < 0:
            raise ValueError(f"no luck with {self.x}")


@configuration
class Model:
    dim: int = 3


@configuration
class Exp(ConfigurationBase):
    xs: list[int] = [1]
    lr: float = 0.1
    model: Model = Model()


"""

RUN: Final = """\
def run(helper: ExperimentHelper, cfg: Exp) -> None:
    for x in cfg.xs:
        Learn.C(x=tag(x)).submit()
"""


@pytest.fixture
def files() -> dict[str, str]:
    """The files of an experiment that runs."""
    return {"experiment.py": DECLARATIONS + RUN, "exp.yaml": "id: exp\nxs: [1]\n"}


@pytest.fixture
def declarations() -> str:
    """What stands before `run`, on lines 1 to 30."""
    return DECLARATIONS
