"""What mypy finds wrong in plans, in the words of plans: each rule looks at one of its errors, and the code around."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from mypy import nodes as n
from mypy import types as t
from mypy.errors import ErrorInfo

from experimaestro_mypy import codes, configurations, names, nearest
from experimaestro_mypy.unit import Finding, Module, Unit

UNDERSTOOD: Final = frozenset(
    {
        "call-arg",
        "arg-type",
        "list-item",
        "dict-item",
        "misc",
        "assignment",
        "attr-defined",
        "call-overload",
        "override",
    }
    | {"type-var", "abstract", "return-value", "operator"}
)
"""The codes of the errors that rules know."""

_UNEXPECTED: Final = re.compile(r'Unexpected keyword argument "(?P<name>\w+)" for "(?P<owner>\w+)"')
_EXTRA: Final = re.compile(r'Extra argument "(?P<name>\w+)" from \*\*args for "(?P<owner>\w+)"')
_POSITIONAL: Final = re.compile(r'Too many (positional )?arguments for "(?P<owner>\w+)"')
_TYPE: Final = re.compile(
    r'Argument "(?P<name>\w+)" to "(?P<owner>\w+)" has incompatible type (?P<found>.+); expected (?P<expected>.+)'
)
_INCOMPATIBLE: Final = re.compile(r".* has incompatible (item )?type .*")
_ASSIGNED: Final = re.compile(
    r"Incompatible types in assignment \(expression has type (?P<found>.+?), "
    r'(variable has type|base class "(?P<base>\w+)" defined the type as) (?P<expected>.+)\)'
)
_NO_ATTRIBUTE: Final = re.compile(r'"(?P<owner>\w+)" has no attribute "(?P<name>\w+)"')


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


def translations(error: ErrorInfo, module: Module) -> Iterator[Finding]:
    """What an error of mypy means in a plan; nothing if it is no matter of plans."""
    position = error.line, error.column
    around = [node for unit in module.units for node in _around(unit, position)]
    code = error.code.code if error.code else ""
    place = Place(error.message, code, _position(error), module, around)
    yield from (finding for rule in _RULES if (finding := rule(place)) is not None)


def _around(unit: Unit, position: tuple[int, int]) -> list[n.Node]:
    function = unit.function
    if function is not None and not function.line <= position[0] <= (function.end_line or function.line):
        return []
    return [node for node in reversed(unit.nodes) if contains(node, *position)]


def contains(node: n.Context, line: int, column: int) -> bool:
    """Whether a position is in a node."""
    end = (node.end_line or node.line, node.end_column if node.end_column is not None else node.column + 1)
    return (node.line, node.column) <= (line, column) < end


def _position(error: ErrorInfo) -> n.Context:
    where = n.Context(error.line, error.column)
    where.end_line, where.end_column = error.end_line, error.end_column
    return where


def built(call: n.CallExpr) -> n.TypeInfo | None:
    """The class whose configuration a call builds: that of X for ``X.C(...)``."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name not in ("C", "XPMConfig"):
        return None
    owner = callee.expr.node if isinstance(callee.expr, n.RefExpr) else None
    return owner if isinstance(owner, n.TypeInfo) and configurations.is_configuration(owner) else None


def _in_construction(place: Place) -> Finding | None:
    """What is wrong in a call that builds a configuration: mypy names the class, or it is that of the innermost."""
    calls = (node for node in place.around if isinstance(node, n.CallExpr))
    around = [(call, info) for call in calls if (info := built(call)) is not None]
    for call, info in around:
        finding = _named(place, info) or (_unnamed(place, call, info) if call is around[0][0] else None)
        if finding is not None:
            return finding
    return None


def _named(place: Place, info: n.TypeInfo) -> Finding | None:
    """What mypy says of a class that it names."""
    for pattern, translated in _NAMED:
        match = pattern.match(place.message)
        if match is not None and match["owner"] == info.name:
            return translated(place, info, match)
    return None


def _unnamed(place: Place, call: n.CallExpr, info: n.TypeInfo) -> Finding | None:
    if place.code == "abstract" and configurations.is_task(info):
        return Finding(place.where, codes.EXECUTE, f"{info.name} is abstract, it cannot run: {place.message}")
    name = place.argument(call)
    if _INCOMPATIBLE.match(place.message) and name is not None and _is_direct(place, call):
        return Finding(place.where, codes.PARAM_TYPE, f"parameter {name} of {info.name}: {place.message}")
    if place.code == "type-var":
        return Finding(place.where, codes.PARAM_TYPE, f"{info.name}.C(...): {place.message}")
    return None


def _is_direct(place: Place, call: n.CallExpr) -> bool:
    """Whether the place is in an argument of a call, and not in that of another call inside, `tag` aside."""
    inner = place.call(lambda one: True)
    return inner is call or (inner is not None and callee(inner) == names.TAG)


def callee(call: n.CallExpr) -> str:
    """The full name of what is called; empty if it is no name."""
    return call.callee.fullname if isinstance(call.callee, n.RefExpr) else ""


def _unexpected(place: Place, info: n.TypeInfo, match: re.Match[str]) -> Finding:
    return unexpected(place.where, info, match["name"])


def unexpected(where: n.Context, info: n.TypeInfo, name: str) -> Finding:
    """A keyword that is no parameter to give."""
    declared = configurations.parameters(info)
    if name in declared:
        return Finding(where, codes.CONSTANT, f"{name} is a constant of {info.name}: its value is that of the class")
    if any(name in configurations.record_of(base).plain for base in info.mro):
        text = f"{name} of {info.name} is a plain attribute, not a parameter: declare it as {name}: Param[...]"
        return Finding(where, codes.UNKNOWN_PARAM, text)
    settable = [known for known, one in declared.items() if one.parameter.is_settable]
    return Finding(where, codes.UNKNOWN_PARAM, f"{info.name} has no parameter {name}{nearest.hint(name, settable)}")


def _positional(place: Place, info: n.TypeInfo, match: re.Match[str]) -> Finding:
    example = next(iter(configurations.parameters(info)), "name")
    text = f"{info.name}.C(...) takes keywords only: write {info.name}.C({example}=...)"
    return Finding(place.where, codes.UNKNOWN_PARAM, text)


def _mistyped(place: Place, info: n.TypeInfo, match: re.Match[str]) -> Finding:
    name, expected, found = match["name"], match["expected"], match["found"]
    text = f"parameter {name} of {info.name} takes {expected}, not {found}"
    is_choice = "Literal[" in expected
    return Finding(place.where, codes.CHOICES if is_choice and "Literal[" in found else codes.PARAM_TYPE, text)


_NAMED: Final = ((_UNEXPECTED, _unexpected), (_EXTRA, _unexpected), (_POSITIONAL, _positional), (_TYPE, _mistyped))


def _in_field(place: Place) -> Finding | None:
    call = place.call(lambda call: callee(call) == names.FIELD)
    if call is None or place.code not in ("call-overload", "arg-type", "call-arg", "list-item"):
        return None
    if {"default", "default_factory"} <= set(call.arg_names):
        return Finding(place.where, codes.FIELD, "field() takes default or default_factory, not both")
    unknown = [name for name in call.arg_names if name is not None and name not in _FIELD_OPTIONS]
    if unknown:
        hint = nearest.hint(unknown[0], _FIELD_OPTIONS)
        return Finding(place.where, codes.FIELD, f"field() has no option {unknown[0]}{hint}")
    if place.argument(call) == "groups":
        text = "field(groups=...) takes a list of groups, which param_group(name) makes: write groups=[GROUP]"
        return Finding(place.where, codes.FIELD, text)
    return Finding(place.where, codes.FIELD, place.message)


_FIELD_OPTIONS: Final = ("default", "default_factory", "ignore_default", "ignore_generated", "overrides", "groups")


def _declared(place: Place) -> Finding | None:
    """What stands on the right of a parameter in the body of its class."""
    statement, info, match = place.statement, place.owner, _ASSIGNED.match(place.message)
    if statement is None or info is None or match is None or match["found"] == '"NoDefault"':
        return None  # the last: it is said what `field` lacks
    name = next((target.name for target in statement.lvalues if isinstance(target, n.NameExpr)), None)
    if name is None or name not in {p.name for p in configurations.record_of(info).parameters}:
        return None
    found, expected = match["found"], match["expected"]
    if match["base"]:
        text = f"parameter {name} of {info.name} is {found}, which does not fit that of {match['base']}: {expected}"
        return Finding(place.where, codes.OVERRIDES, text)
    if any(isinstance(node, n.CallExpr) and callee(node) == names.PATH_GENERATOR for node in _inside(statement)):
        return Finding(place.where, codes.PATH, _generated(info.name, name, statement, expected))
    text = f"the default of {name} is {found}, where {info.name} declares {expected}"
    return Finding(place.where, codes.FIELD, text)


def _generated(owner: str, name: str, statement: n.AssignmentStmt, expected: str) -> str:
    if isinstance(statement.rvalue, n.CallExpr) and callee(statement.rvalue) == names.PATH_GENERATOR:
        return f"{name} of {owner}: write field(default_factory=PathGenerator(...)), a generator is no value"
    return f"{name} of {owner} is generated: it is a Path, not {expected}"


def _inside(statement: n.AssignmentStmt) -> Iterator[n.Node]:
    from_right = statement.rvalue
    yield from_right
    if isinstance(from_right, n.CallExpr):
        yield from from_right.args


def _searched(place: Place) -> Finding | None:
    """The default of ``GridSearch[T]`` in a class of experiment files."""
    statement, match = place.statement, _ASSIGNED.match(place.message)
    declared = None if statement is None else statement.unanalyzed_type
    if statement is None or match is None or not isinstance(declared, t.UnboundType) or match["base"]:
        return None
    target = statement.lvalues[0]
    if declared.name.rpartition(".")[2] != "GridSearch" or not isinstance(target, n.NameExpr):
        return None
    text = f"the default of {target.name} is {match['found']}, where GridSearch declares {match['expected']}"
    return Finding(place.where, codes.GRID, text)


def _written(place: Place) -> Finding | None:
    """What a plan assigns to an attribute of a configuration."""
    statement = place.statement
    target = statement.lvalues[0] if statement is not None else None
    if not isinstance(target, n.MemberExpr):
        return None
    info = configuration_of(place.module.type_of(target.expr))
    if info is None:
        return None
    if place.code == "attr-defined":
        match = _NO_ATTRIBUTE.match(place.message)
        if match is None or match["name"] != target.name or target.name.startswith("_"):  # the last: no parameter
            return None
        return unexpected(place.where, info, target.name)
    if (match := _ASSIGNED.match(place.message)) and target.name in configurations.parameters(info):
        text = f"parameter {target.name} of {info.name} takes {match['expected']}, not {match['found']}"
        is_choice = "Literal[" in match["expected"] and "Literal[" in match["found"]
        return Finding(place.where, codes.CHOICES if is_choice else codes.PARAM_TYPE, text)
    return None


def configuration_of(found: t.ProperType | None) -> n.TypeInfo | None:
    """The configuration class of a type; None if it is none."""
    info = found.type if isinstance(found, t.Instance) else None
    return info if info is not None and configurations.is_configuration(info) else None


def _watched(place: Place) -> Finding | None:
    match = _NO_ATTRIBUTE.match(place.message)
    if match and match["name"] == "watch_output":
        text = f"{match['owner']} has no outputs to watch: only a ResumableTask has"
        return Finding(place.where, codes.WATCH, text)
    call = place.call(lambda call: _method(call) in _WATCHING)
    if call is None or place.code not in ("arg-type", "call-arg", "call-overload"):
        return None
    return Finding(place.where, codes.WATCH, f"{_WATCHING[_method(call) or '']}: {place.message}")


_WATCHING: Final = {
    "watch_output": "watch_output(method, callback)",
    "register_task_output": "register_task_output(method, values of its parameters after dep)",
}


def _method(call: n.CallExpr) -> str | None:
    return call.callee.name if isinstance(call.callee, n.MemberExpr) else None


def _initialized(place: Place) -> Finding | None:
    call = place.call(lambda call: _method(call) == "submit" and "init_tasks" in call.arg_names)
    if call is None or place.code not in ("list-item", "arg-type") or place.argument(call) != "init_tasks":
        return None
    text = f"init_tasks takes a list of configurations of LightweightTask classes: {place.message}"
    return Finding(place.where, codes.INIT_TASK, text)


def _partial(place: Place) -> Finding | None:
    call = place.call(lambda call: callee(call) == names.PARTIAL)
    if call is None or place.code not in ("list-item", "arg-type", "call-arg"):
        return None
    text = f"partial() takes groups, which param_group(name) makes: {place.message}"
    return Finding(place.where, codes.PARTIAL, text)


def _method_override(place: Place) -> Finding | None:
    if place.code != "override" or place.owner is None:
        return None
    code = next((code for name, code in _METHODS.items() if f'"{name}"' in place.message), None)
    if code is codes.EXECUTE and not place.owner.has_base(names.LIGHTWEIGHT_TASK):
        return None
    return None if code is None else Finding(place.where, code, place.message)


_METHODS: Final = {
    "execute": codes.EXECUTE,
    "task_outputs": codes.TASK_OUTPUTS,
    "__convert__": codes.CONVERT,
}


def _marked(place: Place) -> Finding | None:
    if '"DependentMarker"' not in place.message:
        return None
    text = f"dep(...) marks one configuration which is no task: {place.message}"
    return Finding(place.where, codes.TASK_OUTPUTS, text)


_RULES: Final[tuple[Rule, ...]] = (
    _marked,
    _watched,
    _initialized,
    _partial,
    _in_construction,
    _in_field,
    _declared,
    _searched,
    _written,
    _method_override,
)
"""The first rule that knows an error says what it means."""
