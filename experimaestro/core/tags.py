"""Tags: values that name a configuration for people, and never change an identifier."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final, Generic, NoReturn, TypeGuard, TypeVar, cast

from experimaestro.core.graph import held
from experimaestro.core.state import ConfigState, Configuration
from experimaestro.exceptions import ExperimaestroError

LOGGER: Final = logging.getLogger("xpm.core")

T = TypeVar("T")

Tags = dict[str, tuple[object, str]]
"""Value and place (``file:line``) of each tag."""


class Annotated(Generic[T]):
    """A value on its way to a parameter, with what `tag` and `stop_tags` say of it."""

    __slots__ = ("stopped", "tagged", "value")

    def __init__(self, value: T, *, tagged: bool, stopped: bool) -> None:
        self.value = value
        self.tagged = tagged
        self.stopped = stopped

    def __repr__(self) -> str:
        return f"{'tag' if self.tagged else 'stop_tags'}({self.value!r})"


def is_annotated(value: object) -> TypeGuard[Annotated[object]]:
    """Whether a value comes from `tag` or `stop_tags`."""
    return isinstance(value, Annotated)


def _annotated(value: T, *, tagged: bool = False, stopped: bool = False) -> T:
    if is_annotated(value):
        value.tagged, value.stopped = value.tagged or tagged, value.stopped or stopped
        return cast("T", value)  # as below
    return cast("T", Annotated(value, tagged=tagged, stopped=stopped))  # for its reader, the value itself


def tag(value: T) -> T:
    """Tags the configuration with the parameter that gets this value: ``Learn.C(lr=tag(1e-3))``."""
    return _annotated(value, tagged=True)


def stop_tags(value: T) -> T:
    """Gives a value to a parameter, and keeps the tags below it away from the configuration."""
    return _annotated(value, stopped=True)


class TagDict(dict[str, object]):
    """The tags of a configuration, in the order of their names. It can be hashed, and not changed."""

    def __init__(self, tags: Tags) -> None:
        super().__init__((name, tags[name][0]) for name in sorted(tags))

    def __hash__(self) -> int:  # type: ignore[override]  # unlike its base, it cannot change
        return hash(tuple(self.items()))

    def __setitem__(self, name: str, value: object) -> NoReturn:
        raise TypeError("the tags of a configuration are read-only: use config.tag(name, value)")


class TagNameError(ExperimaestroError, TypeError):
    """The name of a tag is no text."""

    def __init__(self, name: object, value: object) -> None:
        meant = f": write tag({value!r}, {name!r})" if isinstance(value, str) else ""
        super().__init__(f"tag(name, value): found {name!r} ({type(name).__name__}) as name, expected a text{meant}")


def check_tag_name(name: object, value: object) -> None:
    """Raises TagNameError."""
    if not isinstance(name, str):
        raise TagNameError(name, value)


def add_tag(state: ConfigState, name: str, value: object, place: str) -> None:
    """Adds a tag to a configuration."""
    state.own_tags = {**(state.own_tags or {}), name: (value, place)}
    state.shared_tags = None


def collect_tags(root: ConfigState) -> Tags:
    """The tags of a configuration, of all that it holds, and of the tasks that these come from.

    Of two values for a name, that of the owner prevails over that of what it holds; a warning tells.
    """
    collected: dict[int, Tags] = {}
    stack = [root]
    visiting: set[int] = set()
    while stack:
        state = stack[-1]
        if _known(state, collected) is not None:
            stack.pop()
            continue
        sources = [] if id(state) in visiting else [s for s in _sources(state) if id(s) not in visiting]
        missing = [source for source in sources if _known(source, collected) is None]
        visiting.add(id(state))
        if missing:
            stack.extend(reversed(missing))
            continue
        tags = collected[id(state)] = _merged(state, collected)
        if state.sealed:
            state.shared_tags = tags
        stack.pop()
    return _known(root, collected) or {}


def _known(state: ConfigState, collected: dict[int, Tags]) -> Tags | None:
    return state.shared_tags if state.shared_tags is not None else collected.get(id(state))


def _sources(state: ConfigState) -> Iterator[ConfigState]:
    """What a configuration takes tags from, in increasing order of precedence."""
    stopped = state.stopped or ()
    for key, child in held(state):
        if key[0] not in stopped and (key[0] != "__init_tasks__" or int(key[1]) not in stopped):
            yield child
    if state.produced and state.task is not None:
        yield state.task.__xpm__


def _merged(state: ConfigState, collected: dict[int, Tags]) -> Tags:
    """The tags of a configuration, from those of its sources. One source, or the same tags from all, copies nothing."""
    merged: Tags = {}
    for source in _sources(state):
        tags = _known(source, collected) or {}
        merged = tags if not merged or tags is merged else _joined(merged, tags)
    return _joined(merged, state.own_tags) if state.own_tags else merged


def _joined(tags: Tags, stronger: Tags) -> Tags:
    for name, (value, place) in stronger.items():
        if name in tags and tags[name][0] != value:
            LOGGER.warning(
                "tag %r has two values: %r (%s) and %r (%s); the last is kept", name, *tags[name], value, place
            )
    return {**tags, **stronger}


def tags(config: Configuration) -> TagDict:
    """Returns the tags of a configuration and of all that it is made from."""
    return TagDict(collect_tags(config.__xpm__))


def tagspath(config: Configuration) -> str:
    """Returns the tags as the name of a file: ``lr=0.1_model=cnn``; slashes become dashes."""
    return "_".join(f"{_flat(name)}={_flat(value)}" for name, value in tags(config).items())


def _flat(value: object) -> str:
    return str(value).replace("/", "-")
