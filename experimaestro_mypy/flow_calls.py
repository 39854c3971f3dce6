"""Calls: of what builds, submits or copies configurations, of containers, and of code that is not followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import flow_containers as containers
from experimaestro_mypy import flow_paths as paths
from experimaestro_mypy import names
from experimaestro_mypy.configurations import is_task
from experimaestro_mypy.flow_configurations import (
    assign,
    build,
    close,
    copy,
    depend,
    give,
    is_redefined,
    postpone,
    submit,
)
from experimaestro_mypy.flow_events import Excluded, Executed, Mistaken, Way
from experimaestro_mypy.flow_machine import Machine, each, single
from experimaestro_mypy.flow_targets import edited
from experimaestro_mypy.flow_values import (
    UNKNOWN,
    Built,
    File,
    Holder,
    Item,
    Made,
    Output,
    Pending,
    Value,
    alternatives,
    one_of,
)
from experimaestro_mypy.walk import walk

CONFIGURATION_CLASS: Final = ("C", "XPMConfig")

_INERT: Final = {
    f"builtins.{name}"
    for name in (
        "print len str repr isinstance issubclass id bool int float format type hasattr callable round abs range sum any "
        "all hash ascii"
    ).split()
} | {"json.dumps", "pprint.pprint", "warnings.warn", "rich.print", "textwrap.dedent", "time.sleep"}
_LOGGING: Final = ("debug", "info", "warning", "error", "exception", "critical", "log")
_CONTAINERS: Final = {f"builtins.{kind}": kind for kind in ("list", "tuple", "set", "frozenset", "dict", "sorted")}
_SAME_ELEMENTS: Final = ("builtins.reversed", "builtins.iter")
_CHOICES: Final = ("builtins.max", "builtins.min", "builtins.next", "random.choice")
_PATHS: Final = ("builtins.str", "pathlib.Path", "os.fspath", "os.path.join", "os.path.abspath", "posixpath.join")


def call(machine: Machine, expression: n.CallExpr) -> Value:
    """The value of a call."""
    callee = expression.callee
    if isinstance(callee, n.MemberExpr):
        if callee.name in CONFIGURATION_CLASS:
            pass
        elif not isinstance(callee.node, (n.FuncDef, n.TypeInfo, n.OverloadedFuncDef, n.Decorator)):
            return _method(machine, expression, callee)
    built = _built(machine, expression, callee)
    return built if built is not None else _function(machine, expression, callee)


def _built(machine: Machine, expression: n.CallExpr, callee: n.Expression) -> Value | None:
    """What ``X.C(...)`` builds; None if the call is something else."""
    if not isinstance(callee, n.MemberExpr) or callee.name not in CONFIGURATION_CLASS:
        return None
    written = callee.expr.analyzed if isinstance(callee.expr, n.IndexExpr) else callee.expr
    named = written.expr if isinstance(written, n.TypeApplication) else callee.expr
    if not isinstance(named, n.RefExpr):
        machine.evaluate(named)
    return build(machine, expression, named)


def _function(machine: Machine, expression: n.CallExpr, callee: n.Expression) -> Value:
    name = callee.fullname if isinstance(callee, n.RefExpr) else ""
    if paths.is_reader(callee):
        return _reader(machine, expression, 1)
    if name == "builtins.open":
        return _reader(machine, expression, 1)
    known = _FUNCTIONS.get(name)
    if known is not None:
        return known(machine, expression)
    if name in _INERT or name.startswith("logging."):
        return _inert(machine, expression)
    if name in _PATHS:
        return _path(machine, expression)
    if name in _CHOICES:
        return _choice(machine, expression)
    if _last(callee) in ("tqdm", "trange", "track") or name in _SAME_ELEMENTS:
        return _first(machine, expression)
    return _other(machine, expression, callee)


def _last(callee: n.Expression) -> str:
    return callee.name if isinstance(callee, (n.NameExpr, n.MemberExpr)) else ""


def _arguments(machine: Machine, expression: n.CallExpr) -> list[Value]:
    return [machine.evaluate(argument) for argument in expression.args]


def _inert(machine: Machine, expression: n.CallExpr) -> Value:
    _arguments(machine, expression)
    return UNKNOWN


def _first(machine: Machine, expression: n.CallExpr) -> Value:
    return next(iter(_arguments(machine, expression)), UNKNOWN)


def _reader(machine: Machine, expression: n.CallExpr, mode: int) -> Value:
    values = _arguments(machine, expression)
    if values and paths.is_reading(expression, mode):
        paths.read(machine, values[0], expression)
    elif values:
        machine.doubt(values[0])
    return UNKNOWN


def _path(machine: Machine, expression: n.CallExpr) -> Value:
    return next((value for value in _arguments(machine, expression) if isinstance(value, File)), UNKNOWN)


def _choice(machine: Machine, expression: n.CallExpr) -> Value:
    values = _arguments(machine, expression)
    first = values[0] if values else UNKNOWN
    return containers.element(machine, first) if isinstance(first, Holder) else one_of([*values, UNKNOWN])


def _other(machine: Machine, expression: n.CallExpr, callee: n.Expression) -> Value:
    """Code that is not followed: it may do anything with its arguments."""
    if not isinstance(callee, n.RefExpr):
        machine.lose(machine.evaluate(callee), Way.ELSEWHERE, expression)
    values = _arguments(machine, expression)
    way = Way.PASSED if is_near(machine, callee) else Way.ELSEWHERE
    for value in values:
        machine.lose(value, way, expression)
    if may_wait(machine, expression, callee):
        machine.wait(certainly=False)
    return UNKNOWN


def is_near(machine: Machine, callee: n.Expression) -> bool:
    """Whether a function or class belongs to the module."""
    node = callee.node if isinstance(callee, n.RefExpr) else None
    if isinstance(node, (n.FuncDef, n.TypeInfo, n.OverloadedFuncDef, n.Decorator)):
        return node.fullname.startswith(f"{machine.module.file.fullname}.") or "." not in node.fullname
    return False


def may_wait(machine: Machine, expression: n.CallExpr, callee: n.Expression) -> bool:
    """Whether code that is not followed may wait for the jobs."""
    kinds = [machine.module.type_of(argument) for argument in expression.args]
    if any(kind is None or (isinstance(kind, t.Instance) and _runs(kind.type)) for kind in kinds):
        return True
    node = callee.node if isinstance(callee, n.RefExpr) else None
    function = node.func if isinstance(node, n.Decorator) else node
    if isinstance(function, n.FuncDef):
        return any(isinstance(inside, n.MemberExpr) and inside.name == "wait" for inside in walk(function))
    return "wait" in _last(callee) or isinstance(node, n.Var)


def _runs(info: n.TypeInfo) -> bool:
    return info.has_base(names.EXPERIMENT) or info.has_base(names.EXPERIMENT_HELPER)


def _tag(machine: Machine, expression: n.CallExpr) -> Value:
    return _first(machine, expression)


def _set_meta(machine: Machine, expression: n.CallExpr) -> Value:
    value = _first(machine, expression)
    config = single(value)
    if config is not None:
        machine.emit(Excluded(config, machine.state.life(config), expression))
    return value


def _copy_config(machine: Machine, expression: n.CallExpr) -> Value:
    if not expression.args:
        return UNKNOWN
    made = copy(machine, machine.evaluate(expression.args[0]), expression)
    for name, argument in zip(expression.arg_names[1:], expression.args[1:], strict=True):
        value = machine.evaluate(argument)
        if name is None:
            machine.change(made, lambda life: life._replace(is_open=True))
        give(machine, made, name or "", value, argument)
    return made


def _sealed_set(machine: Machine, expression: n.CallExpr) -> Value:
    values = _arguments(machine, expression)
    for value in values:
        close(machine, value, expression)
    return machine.hold("set", values, is_exact=False)


def _enumerate(machine: Machine, expression: n.CallExpr) -> Value:
    found = containers.turns(machine, _first(machine, expression))
    if not found.is_known:
        return UNKNOWN
    return machine.hold("list", [machine.hold("tuple", [UNKNOWN, one]) for one in found.elements], is_exact=False)


def _zip(machine: Machine, expression: n.CallExpr) -> Value:
    values = _arguments(machine, expression)
    return containers.paired(machine, values) if values else UNKNOWN


def _set_attribute(machine: Machine, expression: n.CallExpr) -> Value:
    values = _arguments(machine, expression)
    if len(values) != 3:
        return UNKNOWN
    written = expression.args[1]
    if isinstance(written, n.StrExpr):
        assign(machine, values[0], written.value, values[2], expression)
    else:
        machine.change(values[0], lambda life: life._replace(is_open=True))
        machine.lose(values[2], Way.STORED, expression)
    return UNKNOWN


def _container(machine: Machine, expression: n.CallExpr) -> Value:
    """``list(...)`` and the like."""
    callee = expression.callee
    kind = _CONTAINERS[callee.fullname] if isinstance(callee, n.RefExpr) else "list"
    named = [name for name in expression.arg_names if name is not None and kind == "dict"]
    values = _arguments(machine, expression)
    if named:
        items = [Item(value, name) for name, value in zip(expression.arg_names, values, strict=True)]
        return machine.hold("dict", items, is_exact=len(named) == len(values))
    first = values[0] if values else None
    return _converted(machine, kind, first, expression)


def _converted(machine: Machine, kind: str, value: Value | None, where: n.Expression) -> Value:
    if value is None:
        return machine.hold(kind, [])
    if not isinstance(value, Holder) or (kind == "dict" and value.kind != "dict"):
        machine.lose(value, Way.ELSEWHERE, where)
        return UNKNOWN
    if value.kind == "dict" and kind != "dict":
        return UNKNOWN
    items = containers.items_of(machine, value)
    if kind in containers.SETS:
        for item in items:
            containers.hash_all(machine, item.value, "set", where)
    exact = containers.is_exact(machine, value) and kind != "sorted"
    return machine.hold("list" if kind == "sorted" else kind, items, is_exact=exact)


_FUNCTIONS: Final[dict[str, Callable[[Machine, n.CallExpr], Value]]] = {
    names.TAG: _tag,
    names.STOP_TAGS: _tag,
    names.SETMETA: _set_meta,
    names.COPYCONFIG: _copy_config,
    names.SEALED_SET: _sealed_set,
    "experimaestro.core.tags.tags": _inert,
    "experimaestro.core.tags.tagspath": _inert,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.setattr": _set_attribute,
    **dict.fromkeys(_CONTAINERS, _container),
}


def _method(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    if paths.is_reader(callee):
        return _reader(machine, expression, 1)
    if callee.name in containers.EDITS:
        _edit(machine, expression, callee)
    receiver = machine.evaluate(callee.expr)
    if isinstance(receiver, Holder) or all(isinstance(one, Holder) for one in alternatives(receiver)):
        return containers.method(machine, receiver, expression, callee.name)
    if isinstance(receiver, File):
        return paths.method(machine, receiver, expression, callee.name)
    if all(isinstance(one, (Built, Output, Made)) for one in alternatives(receiver)):
        return _of_configuration(machine, receiver, expression, callee.name)
    if receiver == UNKNOWN:
        return _of_unknown(machine, expression, callee)
    machine.lose(receiver, Way.ELSEWHERE, expression)
    return _other(machine, expression, callee)


def _edit(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> None:
    """A list of a configuration is changed; tasks that it gets are looked at when it is submitted."""
    config = edited(machine, callee.expr, expression)
    added = expression.args[-1] if expression.args and callee.name in containers.ADDITIONS else None
    if config is not None and isinstance(added, n.NameExpr):
        postpone(machine, config, Pending(machine.evaluate(added), added))


def _of_configuration(machine: Machine, receiver: Value, expression: n.CallExpr, name: str) -> Value:
    known = _METHODS.get(name)
    if known is not None:
        return known(machine, receiver, expression)
    values = _arguments(machine, expression)
    for value in [receiver, *values]:
        machine.lose(value, _way_of_method(machine, receiver), expression)
    return UNKNOWN


def _way_of_method(machine: Machine, receiver: Value) -> Way:
    """A method of a class of the module does not set parameters that nothing in the module sets."""
    config = single(receiver)
    prefix = f"{machine.module.file.fullname}."
    return Way.PASSED if config is not None and config.info.fullname.startswith(prefix) else Way.ELSEWHERE


def _of_unknown(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    if callee.name == "wait":
        machine.wait()
    if _is_harmless(machine, callee):
        return _inert(machine, expression)
    return _other(machine, expression, callee)


def _is_harmless(machine: Machine, callee: n.MemberExpr) -> bool:
    kind = machine.module.type_of(callee.expr)
    name = kind.type.fullname if isinstance(kind, t.Instance) else ""
    if isinstance(kind, t.LiteralType) or isinstance(callee.expr, n.StrExpr) or name == "builtins.str":
        return True
    return callee.name in _LOGGING and (name.startswith(("logging.", "loguru.")) or not name)


def _submit(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    for one in alternatives(receiver):
        if isinstance(one, Made):
            machine.emit(Mistaken(one, "submitted", expression))
        if isinstance(one, Built) and (not is_task(one.info) or is_redefined(one.info, "submit")):
            machine.lose(receiver, Way.ELSEWHERE, expression)
    return submit(machine, receiver, expression)


def _execute(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    info = receiver.info if isinstance(receiver, (Built, Output)) else None
    if info is not None and info.has_base(names.LIGHTWEIGHT_TASK):
        machine.emit(Executed(info, expression))
    for value in [receiver, *_arguments(machine, expression)]:
        machine.lose(value, Way.ELSEWHERE, expression)
    return UNKNOWN


def _itself(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    _arguments(machine, expression)
    return receiver


def _seal(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    close(machine, receiver, expression)
    return receiver


def _instance(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    _arguments(machine, expression)
    close(machine, receiver, expression)
    machine.use(receiver)
    return each(receiver, lambda one: Made(one.info) if isinstance(one, Built) else UNKNOWN)


def _copy(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    made = copy(machine, receiver, expression)
    machine.change(made, lambda life: life._replace(fields={}, is_open=True))
    return made


def _wait(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    machine.wait()
    return _inert(machine, expression)


def _watch(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    for value in _arguments(machine, expression):
        machine.lose(value, Way.ELSEWHERE, expression)
    machine.use(receiver)
    return UNKNOWN


_METHODS: Final[dict[str, Callable[[Machine, Value, n.CallExpr], Value]]] = {
    "submit": _submit,
    "execute": _execute,
    "tag": _itself,
    "copy_dependencies": _itself,
    "add_dependencies": depend,
    "seal": _seal,
    "instance": _instance,
    "copy": _copy,
    "wait": _wait,
    "on_completed": _watch,
    "watch_output": _watch,
    **dict.fromkeys(
        ("tags", "to_str", "stdout", "stderr", "__identifier__", "__json__", "__str__", "__repr__"),
        lambda machine, receiver, expression: _inert(machine, expression),
    ),
}
