"""What the `run` function of an experiment receives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, overload

from experimaestro.exceptions import HandledException

if TYPE_CHECKING:
    from typing import Self

    from experimaestro.scheduler.experiment import experiment

ExperimentCallable = Callable[..., Any]
"""``run(helper, configuration)``. Any: its arguments and its result belong to the user."""


class UnexpectedArgumentsError(HandledException):
    """Arguments follow the YAML file on the command line, and the experiment takes none."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(
            f"unexpected arguments after the YAML file: {' '.join(arguments)} (to change the configuration write "
            "-c KEY=VALUE; a subclass of ExperimentHelper with its own `run` can take arguments)"
        )


class ExperimentHelper:
    """Gives `run` access to its experiment. A subclass can take arguments from the command line."""

    xp: experiment
    """The experiment under way."""

    def __init__(self, callable: ExperimentCallable) -> None:
        self.callable = callable

    def run(self, args: list[str], configuration: Any) -> None:  # Any: the configuration class is the user's
        """Calls the function of the experiment; redefine it to use the arguments of the command line.

        Raises UnexpectedArgumentsError.
        """
        if args:
            raise UnexpectedArgumentsError(args)
        self.callable(self, configuration)

    @overload
    @classmethod
    def decorator(cls, callable: ExperimentCallable, /) -> Self: ...
    @overload
    @classmethod
    def decorator(cls, /) -> Callable[[ExperimentCallable], Self]: ...
    @classmethod
    def decorator(cls, callable: ExperimentCallable | None = None, /) -> Self | Callable[[ExperimentCallable], Self]:
        """Decorates the `run` of experiments that use this class: ``@Helper.decorator`` or ``@Helper.decorator()``."""
        return cls if callable is None else cls(callable)
