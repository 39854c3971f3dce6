"""The actions that plans attach to experiments."""

from __future__ import annotations

from typing import NamedTuple

from experimaestro.core.actions import Action
from experimaestro.core.context import job_identifier
from experimaestro.core.contracts import check_method
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import Configuration
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError


class NotAnActionError(ExperimaestroError, TypeError):
    """Something else is given as an action."""

    def __init__(self, value: object) -> None:
        super().__init__(f"found {describe(value)}, expected the configuration of an Action")


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
    kind = value.__xpm__.xpmtype.value_type
    check_method(kind, "describe")
    check_method(kind, "execute", "interaction")
    validate(value.__xpm__)
    seal(value.__xpm__)
    return SealedAction(job_identifier(value), value)
