"""Partial identifiers: what tasks that differ only in some parameters share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class ParameterGroup(NamedTuple):
    """A named group of parameters. Groups with the same name are the same group."""

    name: str


def param_group(name: str) -> ParameterGroup:
    """Returns the group of parameters with that name, for ``field(groups=[...])`` and `partial`."""
    return ParameterGroup(name)


class Partial:
    """A rule that leaves parameters out of an identifier. Its name is that of the class attribute that holds it."""

    __slots__ = ("exclude_all", "exclude_groups", "exclude_no_group", "include_groups", "name")

    def __init__(
        self,
        exclude_groups: Iterable[ParameterGroup],
        include_groups: Iterable[ParameterGroup],
        *,
        exclude_no_group: bool,
        exclude_all: bool,
    ) -> None:
        self.name = ""
        """That of the class attribute, or of the parameter whose path is shared."""
        self.exclude_groups = frozenset(exclude_groups)
        self.include_groups = frozenset(include_groups)
        self.exclude_no_group = exclude_no_group
        self.exclude_all = exclude_all

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

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
    """
    return Partial(
        exclude_groups or (), include_groups or (), exclude_no_group=exclude_no_group, exclude_all=exclude_all
    )
