"""Tasks that do nothing: what is measured is everything else. Their first line is what users write."""

from typing import Optional

from experimaestro import Param, Task, experiment, field  # noqa: F401 (users import it too)


class Trivial(Task):
    number: Param[int]

    def execute(self) -> None:
        pass


class Link(Task):
    number: Param[int]
    previous: Param[Optional["Link"]] = field(default=None)

    def execute(self) -> None:
        pass
