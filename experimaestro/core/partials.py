"""Partial identifiers: what tasks that differ only in some parameters share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

from experimaestro.exceptions import ExperimaestroError


class ParameterGroup(NamedTuple):
    """A named group of parameters. Groups with the same name are the same group."""

    name: str


def param_group(name: str) -> ParameterGroup:
    """Returns the group of parameters with that name, for ``field(groups=[...])`` and `partial`."""
    return ParameterGroup(name)


class GroupError(ExperimaestroError, TypeError):
    """Groups of parameters are given as something else than a list of them."""

    def __init__(self, option: str, found: object) -> None:
        super().__init__(f"{option}: found {found!r}, expected a list of groups: write {_advice(option, found)}")


def _advice(option: str, found: object) -> str:
    name = found if isinstance(found, str) and found else "name"
    return f"{option}=[THE_GROUP]" if isinstance(found, ParameterGroup) else f'{option}=[param_group("{name}")]'


def groups_of(option: str, given: object) -> frozenset[ParameterGroup]:
    """The groups that an option names, whatever the user wrote.

    Raises GroupError.
    """
    if isinstance(given, ParameterGroup | str) or not isinstance(given, Iterable | None):
        raise GroupError(option, given)
    groups = list(cast("Iterable[object]", given or ()))  # its items are looked at below
    for group in groups:
        if not isinstance(group, ParameterGroup):
            raise GroupError(option, group)
    return frozenset(group for group in groups if isinstance(group, ParameterGroup))


class Partial:
    """A rule that leaves parameters out of an identifier. Its name is that of the class attribute that holds it."""

    __slots__ = ("exclude_all", "exclude_groups", "exclude_no_group", "include_groups", "name", "owners")

    def __init__(
        self,
        exclude_groups: frozenset[ParameterGroup],
        include_groups: frozenset[ParameterGroup],
        *,
        exclude_no_group: bool,
        exclude_all: bool,
    ) -> None:
        self.name = ""
        """That of the class attribute, or of the parameter whose path is shared."""
        self.owners: list[type] = []
        """The classes that have it as an attribute of their own."""
        self.exclude_groups = exclude_groups
        self.include_groups = include_groups
        self.exclude_no_group = exclude_no_group
        self.exclude_all = exclude_all

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.owners.append(owner)

    def excludes(self, groups: frozenset[ParameterGroup]) -> bool:
        """Whether a parameter that belongs to those groups is left out."""
        if groups & self.include_groups:
            return False
        if self.exclude_all:
            return True
        return bool(groups & self.exclude_groups) if groups else self.exclude_no_group


def partial(
    *,
    exclude_groups: Iterable[ParameterGroup] | None = None,
    include_groups: Iterable[ParameterGroup] | None = None,
    exclude_no_group: bool = False,
    exclude_all: bool = False,
) -> Partial:
    """Declares a partial identifier, as a class attribute of a configuration.

    A parameter of an included group is always kept; otherwise it is left out if everything is (`exclude_all`), if it
    belongs to an excluded group, or if it belongs to no group (`exclude_no_group`).

    Raises TypeError when the groups are no list of groups.
    """
    return Partial(
        groups_of("exclude_groups", exclude_groups),
        groups_of("include_groups", include_groups),
        exclude_no_group=exclude_no_group,
        exclude_all=exclude_all,
    )
