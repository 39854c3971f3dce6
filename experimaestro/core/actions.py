"""What can be done with the results of an experiment, once it ended."""

from __future__ import annotations

from typing import ClassVar

from experimaestro._interaction import Interaction
from experimaestro.core.config import Config


class Action(Config):
    """Something to do with results, on demand, such as publishing a model: ``experimaestro experiments actions run``.

    Attached to an experiment by `experiment.add_action`, or by the `add_action` that a task gets in
    ``__submit__(self, dep, add_action)``.
    """

    __xpmid__: ClassVar[str] = "experimaestro.actions.action"

    def describe(self) -> str:
        """What the action does, in a few words."""
        return type(self).__qualname__.removesuffix(".XPMConfig")

    def execute(self, interaction: Interaction) -> None:
        """Does the work.

        :param interaction: asks what must be known.
        """
        raise NotImplementedError(f"{type(self).__qualname__} defines no execute(self, interaction)")
