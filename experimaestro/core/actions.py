"""What can be done with the results of an experiment, once it ended."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from experimaestro._interaction import Interaction
from experimaestro.core.config import Config
from experimaestro.core.context import job_identifier
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import Configuration
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError


class NotAnActionError(ExperimaestroError, TypeError):
    """Something else is given as an action."""

    def __init__(self, value: object) -> None:
        super().__init__(f"found {describe(value)}, expected the configuration of an Action")


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


class SealedAction(NamedTuple):
    """An action that does not change any more."""

    identifier: str
    action: Action


def sealed_action(value: object) -> SealedAction:
    """Seals an action.

    Raises NotAnActionError, and what validation raises.
    """
    if not (isinstance(value, Configuration) and isinstance(value, Action)):
        raise NotAnActionError(value)
    validate(value.__xpm__)
    seal(value.__xpm__)
    return SealedAction(job_identifier(value), value)
