"""What mypy finds wrong in plans, in the words of plans: each rule looks at one of its errors, and the code around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.errorcodes import ARG_TYPE
from mypy.errors import ErrorInfo

from experimaestro_mypy import bodies, codes, configurations, modes, names, nearest
from experimaestro_mypy.places import ASSIGNED, Place, Rule
from experimaestro_mypy.syntax import built, called_class, callee, configuration_of, contains, method_name
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
_NO_ATTRIBUTE: Final = re.compile(r'"(?P<owner>\w+)" has no attribute "(?P<name>\w+)"')


def makes_value(error: ErrorInfo, module: Module) -> bool:
    """Whether mypy misses the parameters of a value class, whose instances are made without."""
    if not error.message.startswith("Missing named argument"):
        return False
    around = [node for unit in module.units for node in _around(unit, (error.line, error.column))]
    call = next((node for node in around if isinstance(node, n.CallExpr)), None)
    info = None if call is None else called_class(call)
    return call is not None and not call.args and info is not None and configurations.is_value(info)


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


def _position(error: ErrorInfo) -> n.Context:
    where = n.Context(error.line, error.column)
    where.end_line, where.end_column = error.end_line, error.end_column
    return where


def _class_built(place: Place, call: n.CallExpr) -> n.TypeInfo | None:
    """The class whose configuration a call builds, where it may also be a value: ``cls.C(...)``."""
    callee = call.callee
    info = built(call)
    if info is not None or not isinstance(callee, n.MemberExpr) or callee.name not in ("C", "XPMConfig"):
        return info
    if _is_first(callee.expr):
        return _class_around(place)
    found = place.module.type_of(callee.expr)
    made = found.item if isinstance(found, t.TypeType) else None
    return configuration_of(t.get_proper_type(made.upper_bound) if isinstance(made, t.TypeVarType) else made)


def _in_construction(place: Place) -> Finding | None:
    """What is wrong in a call that builds a configuration: mypy names the class, or it is that of the innermost."""
    calls = [node for node in place.around if isinstance(node, n.CallExpr)]
    around = [(call, info) for call in calls if (info := _class_built(place, call)) is not None]
    named = (_named(place, info) for _, info in around)
    found = next((finding for finding in named if finding is not None), None)
    return found or (_of_call(place, *around[0]) if around else None) or _of_argument(place, calls)


def _named(place: Place, info: n.TypeInfo) -> Finding | None:
    """What mypy says of a class that it names."""
    for pattern, translated in _NAMED:
        match = pattern.match(place.message)
        if match is not None and match["owner"] == info.name:
            return translated(place, info, match)
    return None


_VARIABLE: Final = re.compile(r'Cannot infer value of type parameter "(?P<name>\w+)" of "(?P<owner>\w+)"')


def _of_call(place: Place, call: n.CallExpr, info: n.TypeInfo) -> Finding | None:
    """What mypy says of the whole call."""
    match = _VARIABLE.match(place.message)
    if match is not None and match["owner"] == info.name:
        text = f"the values given to {info.name}.C(...) fit no {match['name']}: its parameters share that type"
        return Finding(place.where, codes.PARAM_TYPE, text)
    if place.code == "abstract" and configurations.is_task(info):
        return Finding(place.where, codes.EXECUTE, f"{info.name} is abstract, it cannot run: {_lacks(place.message)}")
    if place.code == "type-var":
        return Finding(place.where, codes.PARAM_TYPE, f"{info.name}.C(...): {place.message}")
    return None


def _lacks(message: str) -> str:
    """What an abstract class does not define."""
    _, found, attributes = message.partition(" with abstract attribute")
    listed = ", ".join(re.findall(r'"(\w+)"', attributes))
    return f"define {listed}" if found and listed else message


def _of_argument(place: Place, calls: list[n.CallExpr]) -> Finding | None:
    """What mypy says of an argument, or of an element of it, without naming the parameter."""
    call = next((call for call in calls if not _is_all(call, place.where) and callee(call) != names.TAG), None)
    info = None if call is None else _class_built(place, call)
    name = None if call is None else place.argument(call)
    if info is None or name is None or not _INCOMPATIBLE.match(place.message):
        return None
    return Finding(place.where, codes.PARAM_TYPE, f"parameter {name} of {info.name}: {place.message}")


def _is_all(call: n.CallExpr, where: n.Context) -> bool:
    """Whether a place is a call itself, and not in it: then the call is the value that does not fit."""
    return (call.line, call.column, call.end_line, call.end_column) == (
        *(where.line, where.column, where.end_line, where.end_column),
    )


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
    if (match := ASSIGNED.match(place.message)) and target.name in configurations.parameters(info):
        text = f"parameter {target.name} of {info.name} takes {match['expected']}, not {match['found']}"
        is_choice = "Literal[" in match["expected"] and "Literal[" in match["found"]
        return Finding(place.where, codes.CHOICES if is_choice else codes.PARAM_TYPE, text)
    return None


def _lacking(place: Place) -> Finding | None:
    """Methods that only some of the classes of the package have."""
    match = _NO_ATTRIBUTE.match(place.message)
    name = None if match is None else match["name"]
    reads = (node for node in place.around if isinstance(node, n.MemberExpr) and node.name == name)
    info = next((_receiver(place, read) for read in reads), None)
    if match is None or info is None:
        return None
    if match["name"] == "remaining_time" and configurations.is_task(info):
        text = f"{info.name} has no remaining_time(): only a ResumableTask has, make it one"
        return Finding(place.where, codes.EXECUTE, text)
    if match["name"] == "submit":
        is_step = info.has_base(names.LIGHTWEIGHT_TASK)
        advice = "it runs in the init_tasks=[...] of a task" if is_step else "submit the task that it is given to"
        kind = "a LightweightTask" if is_step else "no Task"
        subject = "this" if info.fullname == names.LIGHTWEIGHT_TASK else info.name
        return Finding(place.where, codes.PHASE, f"{subject} is {kind}, it cannot be submitted: {advice}")
    return None


def _receiver(place: Place, read: n.MemberExpr) -> n.TypeInfo | None:
    """The configuration class of what stands before the dot."""
    return _class_around(place) if _is_first(read.expr) else configuration_of(place.module.type_of(read.expr))


def _is_first(expression: n.Expression) -> bool:
    """Whether it is the `self` or `cls` of a method: mypy tells their types late."""
    node = expression.node if isinstance(expression, n.NameExpr) else None
    return isinstance(node, n.Var) and (node.is_self or node.is_cls)


def _class_around(place: Place) -> n.TypeInfo | None:
    """The configuration class that a method belongs to."""
    around = next((node for node in place.around if isinstance(node, n.ClassDef)), None)
    info = None if around is None or not hasattr(around.info, "mro") else around.info
    return info if info is not None and configurations.is_configuration(info) else None


def _watched(place: Place) -> Finding | None:
    match = _NO_ATTRIBUTE.match(place.message)
    if match and match["name"] == "watch_output":
        text = f"{match['owner']} has no outputs to watch: only a ResumableTask has"
        return Finding(place.where, codes.WATCH, text)
    call = place.call(lambda call: method_name(call) in _WATCHING)
    if call is None or place.code not in ("arg-type", "call-arg", "call-overload"):
        return None
    first = call.args[0] if call.args else None
    if place.message.startswith("Argument 1 ") and isinstance(first, n.MemberExpr):
        text = f"{first.name} makes no output: write def {first.name}(self, dep: DependentMarker, ...)"
        return Finding(place.where, codes.WATCH, text)
    return Finding(place.where, codes.WATCH, f"{_WATCHING[method_name(call) or '']}: {place.message}")


_WATCHING: Final = {
    "watch_output": "watch_output(method, callback)",
    "register_task_output": "register_task_output(method, values of its parameters after dep)",
}


def _mode(place: Place) -> Finding | None:
    """Texts and booleans in place of launchers and modes: the code is that of mypy."""
    call = place.call(modes.takes_modes) if place.code in ("arg-type", "call-overload") else None
    message = None if call is None else modes.refused(place.module, call, place.where)
    return None if message is None else Finding(place.where, ARG_TYPE, message)


def _initialized(place: Place) -> Finding | None:
    call = place.call(lambda call: method_name(call) == "submit" and "init_tasks" in call.arg_names)
    if call is None or place.code not in ("list-item", "arg-type") or place.argument(call) != "init_tasks":
        return None
    advice = ", unpack the tuple with *" if '"tuple[' in place.message else ""
    text = f"init_tasks takes a list of configurations of LightweightTask classes{advice}: {place.message}"
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
    _lacking,
    _watched,
    _initialized,
    _mode,
    _partial,
    _in_construction,
    *bodies.RULES,
    _written,
    _method_override,
)
"""The first rule that knows an error says what it means."""
