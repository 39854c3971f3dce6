"""Tasks that do nothing: what is measured is everything else. Their first line is what users write."""

from typing import Optional

from experimaestro import Config, Param, Task, experiment, field  # noqa: F401 (users import it too)


class Trivial(Task):
    number: Param[int]

    def execute(self) -> None:
        pass


class Link(Task):
    number: Param[int]
    previous: Param[Optional["Link"]] = field(default=None)

    def execute(self) -> None:
        pass


class Layer(Config):
    """A part of a network."""

    size: Param[int]
    name: Param[str]
    rate: Param[float] = field(default=0.5)
    bias: Param[bool] = field(default=True, ignore_default=True)


class Network(Task):
    """A task of ten configurations."""

    number: Param[int]
    layers: Param[list[Layer]]
