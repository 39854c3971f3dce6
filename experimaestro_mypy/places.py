"""The errors of mypy, with the code around them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from mypy import nodes as n

from experimaestro_mypy import configurations
from experimaestro_mypy.syntax import contains
from experimaestro_mypy.unit import Finding, Module

ASSIGNED: Final = re.compile(
    r"Incompatible types in assignment \(expression has type (?P<found>.+?), "
    r'(variable has type|base class "(?P<base>\w+)" defined the type as) (?P<expected>.+)\)'
)
"""What mypy says of an assignment."""


class Place(NamedTuple):
    """An error of mypy, and the code around it."""

    message: str
    code: str
    where: n.Context
    module: Module
    around: list[n.Node]
    """The nodes that contain the place, the innermost first."""

    def call(self, accepts: Callable[[n.CallExpr], bool]) -> n.CallExpr | None:
        """The innermost call around the place that is accepted."""
        calls = (node for node in self.around if isinstance(node, n.CallExpr))
        return next((call for call in calls if accepts(call)), None)

    def argument(self, call: n.CallExpr) -> str | None:
        """The name of the argument of a call in which the place is."""
        given = zip(call.arg_names, call.args, strict=True)
        return next((name for name, value in given if value in self.around), None)

    @property
    def statement(self) -> n.AssignmentStmt | None:
        """The assignment around the place."""
        return next((node for node in self.around if isinstance(node, n.AssignmentStmt)), None)

    @property
    def owner(self) -> n.TypeInfo | None:
        """The configuration class in whose body the place is."""
        definition = next((node for node in self.around if isinstance(node, n.ClassDef)), None)
        if definition is None or not hasattr(definition.info, "mro"):  # mypy does not know the bases yet
            return None
        if not configurations.is_configuration(definition.info):
            return None
        methods = (node for node in definition.defs.body if isinstance(node, (n.FuncBase, n.Decorator)))
        inside = any(contains(method, self.where.line, self.where.column) for method in methods)
        return None if inside else definition.info


Rule = Callable[[Place], Finding | None]
"""Says what an error means in a plan; nothing if it does not know."""
