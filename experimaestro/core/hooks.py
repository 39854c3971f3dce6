"""What a configuration class adds to the jobs of the tasks that use it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, TypeVar

from experimaestro.core.graph import described
from experimaestro.core.state import ConfigState, Declared

D = TypeVar("D", bound=type[Declared])


class SubmitHook(ABC):
    """Changes the jobs of the tasks that use a configuration class. Used as a decorator of the class.

    Hooks with the same class and the same `spec` are one hook: it is applied once to a job.
    """

    @abstractmethod
    def spec(self) -> Hashable:
        """What tells this hook from the others of its class."""

    @abstractmethod
    def process(self, job: Any, launcher: Any) -> None:  # Any: `Job` and `Launcher`, of higher rooms
        """Changes the job, before it is given to its launcher."""

    def __call__(self, declaration: D) -> D:
        """Attaches the hook to a class."""
        declaration.__getxpmtype__().submit_hooks.add(self)
        return declaration

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SubmitHook) and type(other) is type(self) and self.spec() == other.spec()

    def __hash__(self) -> int:
        return hash((type(self), self.spec()))


def hooks_of(root: ConfigState) -> list[SubmitHook]:
    """The hooks of a task and of the configurations that it holds, each once; not those of the tasks it needs."""
    found: dict[SubmitHook, None] = {}
    for objecttype in {state.xpmtype: None for state in described(root)}:
        for declaration in objecttype.originaltype.__mro__:
            if issubclass(declaration, Declared) and declaration is not Declared:
                hooks = declaration.__getxpmtype__().submit_hooks
                found.update((hook, None) for hook in hooks if isinstance(hook, SubmitHook))
    return list(found)
