"""What mypy finds wrong in the bodies of classes, in the words of plans: each rule looks at one of its errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names, nearest
from experimaestro_mypy.places import ASSIGNED, Place, Rule
from experimaestro_mypy.syntax import built, callee
from experimaestro_mypy.unit import Finding


def _in_field(place: Place) -> Finding | None:
    call = place.call(lambda call: callee(call) == names.FIELD)
    if call is None or place.code not in ("call-overload", "arg-type", "call-arg", "list-item"):
        return None
    if None in call.arg_names:
        return Finding(place.where, codes.FIELD, "field() takes keywords only: write field(default=...)")
    if {"default", "default_factory"} <= set(call.arg_names):
        return Finding(place.where, codes.FIELD, "field() takes default or default_factory, not both")
    unknown = [name for name in call.arg_names if name is not None and name not in _FIELD_OPTIONS]
    if unknown:
        hint = nearest.hint(unknown[0], _FIELD_OPTIONS)
        return Finding(place.where, codes.FIELD, f"field() has no option {unknown[0]}{hint}")
    if place.argument(call) == "groups":
        text = "field(groups=...) takes a list of groups, which param_group(name) makes: write groups=[GROUP]"
        return Finding(place.where, codes.FIELD, text)
    if "default_factory" in call.arg_names and place.code == "call-overload":
        value = call.args[call.arg_names.index("default_factory")]
        return Finding(place.where, codes.FIELD, f"field(default_factory=...) takes a function: {_factory(value)}")
    return Finding(place.where, codes.FIELD, place.message)


def _factory(value: n.Expression) -> str:
    """What to write in place of a value that is no function."""
    if isinstance(value, n.CallExpr) and isinstance(value.callee, n.NameExpr) and not value.args:
        return f"write default_factory={value.callee.name}, without calling it"
    if isinstance(value, n.CallExpr) and (info := built(value)) is not None:
        return f"write default=..., or default_factory=lambda: {info.name}.C(...)"
    return "write default=..., of which each configuration gets a copy"


_FIELD_OPTIONS: Final = ("default", "default_factory", "ignore_default", "ignore_generated", "overrides", "groups")

_OURS: Final = frozenset(
    {"ConfigMixin", "Config", "LightweightTask", "Task", "ResumableTask", "InstanceConfig", "Prepare"}
)
"""The classes whose methods all configurations, or all tasks, have."""


def _declared(place: Place) -> Finding | None:
    """What stands on the right of a parameter in the body of its class."""
    statement, info, match = place.statement, place.owner, ASSIGNED.match(place.message)
    if statement is None or info is None or match is None or match["found"] == '"NoDefault"':
        return None  # the last: it is said what `field` lacks
    name = next((target.name for target in statement.lvalues if isinstance(target, n.NameExpr)), None)
    if name is None or name not in {p.name for p in configurations.record_of(info).parameters}:
        return None
    found, expected = match["found"], match["expected"]
    if match["base"] in _OURS:
        text = f"parameter {name} of {info.name} hides {name} of all configurations: choose another name"
        return Finding(place.where, codes.OVERRIDES, text)
    if match["base"]:
        text = f"parameter {name} of {info.name} is {found}, which does not fit that of {match['base']}: {expected}"
        return Finding(place.where, codes.OVERRIDES, text)
    if any(isinstance(node, n.CallExpr) and callee(node) == names.PATH_GENERATOR for node in _inside(statement)):
        return Finding(place.where, codes.PATH, _generated(info.name, name, statement, expected))
    text = f"the default of {name} is {found}, where {info.name} declares {expected}"
    return Finding(place.where, codes.FIELD, text)


def _generated(owner: str, name: str, statement: n.AssignmentStmt, expected: str) -> str:
    value = statement.rvalue
    options = dict(zip(value.arg_names, value.args, strict=True)) if isinstance(value, n.CallExpr) else {}
    generator = options.get("default", value)
    if isinstance(generator, n.CallExpr) and callee(generator) == names.PATH_GENERATOR:
        first = generator.args[0] if generator.args else None
        path = repr(first.value) if isinstance(first, n.StrExpr) and len(generator.args) == 1 else "..."
        advice = f"write field(default_factory=PathGenerator({path}))"
        return f"{name} of {owner}: a generator is no value, {advice}"
    return f"{name} of {owner} is generated: it is a Path, not {expected}"


def _inside(statement: n.AssignmentStmt) -> Iterator[n.Node]:
    from_right = statement.rvalue
    yield from_right
    if isinstance(from_right, n.CallExpr):
        yield from from_right.args


def _searched(place: Place) -> Finding | None:
    """The default of ``GridSearch[T]`` in a class of experiment files."""
    statement, match = place.statement, ASSIGNED.match(place.message)
    declared = None if statement is None else statement.unanalyzed_type
    if statement is None or match is None or not isinstance(declared, t.UnboundType) or match["base"]:
        return None
    target = statement.lvalues[0]
    if declared.name.rpartition(".")[2] != "GridSearch" or not isinstance(target, n.NameExpr):
        return None
    text = f"the default of {target.name} is {match['found']}, where GridSearch declares {match['expected']}"
    return Finding(place.where, codes.GRID, text)


RULES: Final[tuple[Rule, ...]] = (_in_field, _declared, _searched)
"""The first rule that knows an error says what it means."""
