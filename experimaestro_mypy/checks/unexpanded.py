"""Values to try that a plan takes for one value: the configuration itself, not one that `generate_grid` made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, experiments, given
from experimaestro_mypy.files import fields
from experimaestro_mypy.given import FieldPath
from experimaestro_mypy.unit import Finding, Module, Unit


class _Read(NamedTuple):
    """A parameter that is given a field of the configuration."""

    where: n.Context
    path: FieldPath
    info: n.TypeInfo
    parameter: str


def unexpanded_grids(module: Module, unit: Unit) -> Iterator[Finding]:
    """Parameters that are given several values to try instead of one."""
    if unit.function is None or unit.function.name != experiments.RUN or not _may_vary(unit.function):
        return
    run = experiments.run_of(module, unit)
    variable = None if run is None or not run.is_named else given.configuration(run.function)
    if run is None or variable is None or not given.is_read_only(run.function, variable):
        return
    found = [read for read in _read(run.function, variable) if _takes_one(read)]
    if found:
        yield from _several(found, module, run.function)


def _may_vary(function: n.FuncDef) -> bool:
    """Whether a field of the configuration itself takes several values: those of its sections are not followed."""
    kind = experiments.configuration_class(function)
    return kind is not None and bool(fields.grids(kind.type))


def _several(reads: list[_Read], module: Module, function: n.FuncDef) -> Iterator[Finding]:
    from experimaestro_mypy.files import findings  # late: it imports the loader, which few modules need

    kind = experiments.configuration_class(function)
    grids = set[str]() if kind is None else fields.grids(kind.type)
    for where, path, info, parameter in reads:
        place = findings.several_values(module, path) if len(path) == 1 and path[0] in grids else None
        if place is not None:
            yield Finding(
                where,
                codes.GRID,
                f"parameter {parameter} of {info.name} takes one value, and {'.'.join(path)} holds several to try "
                f"({place}): take each configuration that generate_grid returns",
            )


def _read(function: n.FuncDef, variable: n.Var) -> Iterator[_Read]:
    """What configurations are given, here or in a function that the configuration is handed to."""
    for node in given.certain(function, lambda _: False):
        if not isinstance(node, n.CallExpr):
            continue
        taken = given.taken_by(node, function, variable)
        if taken is not None:
            calls = (each for each in given.certain(taken[0], lambda _: False) if isinstance(each, n.CallExpr))
            yield from (read._replace(where=node) for call in calls for read in _built(call, taken[1]))
        yield from _built(node, variable)


def _built(call: n.CallExpr, variable: n.Var) -> Iterator[_Read]:
    callee = call.callee
    owner = callee.expr if isinstance(callee, n.MemberExpr) and callee.name in ("C", "XPMConfig") else None
    info = owner.node if isinstance(owner, n.RefExpr) else None
    if isinstance(info, n.TypeInfo) and configurations.is_configuration(info):
        for value, name in zip(call.args, call.arg_names, strict=True):
            path = given.path_of(value, variable)
            if path and name is not None:
                yield _Read(call, path, info, name)


def _takes_one(read: _Read) -> bool:
    """Whether a parameter takes a number, a text or a truth value only."""
    declared = configurations.parameters(read.info).get(read.parameter)
    kind = None if declared is None else t.get_proper_type(configurations.type_of(read.info, declared))
    return isinstance(kind, t.Instance) and kind.type.fullname in ("builtins.int", "builtins.float", "builtins.str")
