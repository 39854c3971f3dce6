"""Calls of functions that are known: of the package, of containers, what reads files or only looks at arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy import nodes as n

from experimaestro_mypy import configurations, names
from experimaestro_mypy.flow import containers, paths, sequences
from experimaestro_mypy.flow.configurations import assign, close, copy, give_all
from experimaestro_mypy.flow.events import Excluded, Way
from experimaestro_mypy.flow.keywords import keywords
from experimaestro_mypy.flow.machine import Machine, single
from experimaestro_mypy.flow.makers import prepared
from experimaestro_mypy.flow.values import UNKNOWN, File, Holder, Item, Loaded, Value, one_of

_BUILTINS: Final = (
    *("print", "len", "repr", "isinstance", "issubclass", "id", "bool", "int", "float", "format", "type", "hasattr"),
    *("callable", "round", "abs", "range", "sum", "any", "all", "hash", "ascii"),
)
_INERT: Final = {f"builtins.{name}" for name in _BUILTINS} | {
    *("json.dumps", "pprint.pprint", "warnings.warn", "rich.print", "textwrap.dedent", "time.sleep"),
    *("experimaestro.core.tags.tags", "experimaestro.core.tags.tagspath"),
}
"""Functions that only look at their arguments."""
_CONTAINERS: Final = {f"builtins.{kind}": kind for kind in ("list", "tuple", "set", "frozenset", "dict", "sorted")}
_SAME_ELEMENTS: Final = ("builtins.reversed", "builtins.iter")
_PROGRESS: Final = ("tqdm", "track")
_CHOICES: Final = ("builtins.max", "builtins.min", "builtins.next", "random.choice")
_PATHS: Final = ("builtins.str", "pathlib.Path", "os.fspath", "os.path.join", "os.path.abspath", "posixpath.join")


def function(machine: Machine, expression: n.CallExpr) -> Value | None:
    """The value of the call of a known function; None for another one."""
    callee = expression.callee
    name = callee.fullname if isinstance(callee, n.RefExpr) else ""
    if name == "builtins.open" or paths.is_reader(callee):
        return reader(machine, expression)
    known = _FUNCTIONS.get(name)
    if known is not None:
        return known(machine, expression)
    if name.startswith("logging."):
        return inert(machine, expression)
    return _first(machine, expression) if last_name(callee) in _PROGRESS else None


def last_name(callee: n.Expression) -> str:
    """The name of what is called, without what stands before it."""
    return callee.name if isinstance(callee, (n.NameExpr, n.MemberExpr)) else ""


def inert(machine: Machine, expression: n.CallExpr) -> Value:
    """The call of what only looks at its arguments."""
    machine.arguments(expression)
    return UNKNOWN


def _first(machine: Machine, expression: n.CallExpr) -> Value:
    return next(iter(machine.arguments(expression)), UNKNOWN)


def reader(machine: Machine, expression: n.CallExpr) -> Value:
    """The call of what opens the file that its first argument names."""
    values = machine.arguments(expression)
    if values and paths.is_reading(expression, 1):
        paths.read(machine, values[0], expression)
    elif values:
        machine.doubt(values[0])
    return UNKNOWN


def _path(machine: Machine, expression: n.CallExpr) -> Value:
    return next((value for value in machine.arguments(expression) if isinstance(value, File)), UNKNOWN)


def _choice(machine: Machine, expression: n.CallExpr) -> Value:
    values = machine.arguments(expression)
    first = values[0] if values else UNKNOWN
    return containers.element(machine, first) if isinstance(first, Holder) else one_of([*values, UNKNOWN])


def _set_meta(machine: Machine, expression: n.CallExpr) -> Value:
    value = _first(machine, expression)
    config = single(value)
    if config is not None:
        machine.emit(Excluded(config, machine.state.life(config), expression))
    return value


def _copy_config(machine: Machine, expression: n.CallExpr) -> Value:
    if not expression.args:
        return UNKNOWN
    given = keywords(machine, expression)
    if not given:
        return UNKNOWN
    made = copy(machine, given[0].value, expression)
    if not all(_is_parameter(made, keyword.name) for keyword in given[1:]):
        machine.change(made, lambda life: life._replace(is_open=True))
    give_all(machine, made, given[1:])
    return made


def _is_parameter(value: Value, name: str) -> bool:
    config = single(value)
    return bool(name) if config is None else name in configurations.parameters(config.info)


def _sealed_set(machine: Machine, expression: n.CallExpr) -> Value:
    values = machine.arguments(expression)
    for value in values:
        close(machine, value, expression)
    return machine.hold("set", values, is_exact=False)


def _enumerate(machine: Machine, expression: n.CallExpr) -> Value:
    found = containers.turns(machine, _first(machine, expression))
    if not found.is_known:
        return UNKNOWN
    return machine.hold("list", [machine.hold("tuple", [UNKNOWN, one]) for one in found.elements], is_exact=False)


def _zip(machine: Machine, expression: n.CallExpr) -> Value:
    values = _columns(machine, expression)
    return containers.paired(machine, values) if values else UNKNOWN


def _columns(machine: Machine, expression: n.CallExpr) -> list[Value]:
    """What a call gets; nothing if it gets what a list holds, with a star."""
    values = machine.arguments(expression)
    if n.ARG_STAR not in expression.arg_kinds:
        return values
    for value in values:
        machine.lose(value, Way.ELSEWHERE, expression)
    return []


def _chain(machine: Machine, expression: n.CallExpr) -> Value:
    values = _columns(machine, expression)
    return sequences.chained(machine, values, expression) if values else UNKNOWN


def _product(machine: Machine, expression: n.CallExpr) -> Value:
    values = _columns(machine, expression)
    if "repeat" in expression.arg_names:
        for value in values:
            machine.lose(value, Way.ELSEWHERE, expression)
        return UNKNOWN
    return sequences.crossed(machine, values, expression) if values else UNKNOWN


def _load(machine: Machine, expression: n.CallExpr) -> Value:
    """What `load` and `from_task_dir` return: an instance, or a configuration."""
    machine.arguments(expression)
    is_plain = all(kind in (n.ARG_POS, n.ARG_NAMED) for kind in expression.arg_kinds)
    if not is_plain or "as_instance" in expression.arg_names or expression.arg_names.count(None) > 1:
        return UNKNOWN
    callee = expression.callee
    is_task = isinstance(callee, n.RefExpr) and callee.fullname == names.FROM_TASK_DIR
    return Loaded(last_name(callee), is_task=is_task)


def keys(machine: Machine, expression: n.CallExpr) -> Value:
    """What makes keys of the elements of its argument."""
    for value in machine.arguments(expression):
        containers.hash_items(machine, value, expression)
        machine.lose(value, Way.ELSEWHERE, expression)
    return UNKNOWN


def _set_attribute(machine: Machine, expression: n.CallExpr) -> Value:
    values = machine.arguments(expression)
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
    values = machine.arguments(expression)
    if named:
        items = [Item(value, name) for name, value in zip(expression.arg_names, values, strict=True)]
        return machine.hold("dict", items, is_exact=len(named) == len(values))
    first = values[0] if values else None
    return _converted(machine, kind, first, expression)


def _converted(machine: Machine, kind: str, value: Value | None, where: n.Expression) -> Value:
    if value is None:
        return machine.hold(kind, [])
    if kind == "dict" and isinstance(value, Holder) and value.kind != "dict":
        return sequences.keyed(machine, value, where)
    if not isinstance(value, Holder):
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
    names.TAG: _first,
    names.STOP_TAGS: _first,
    names.SETMETA: _set_meta,
    names.COPYCONFIG: _copy_config,
    names.SEALED_SET: _sealed_set,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.setattr": _set_attribute,
    "itertools.chain": _chain,
    "itertools.product": _product,
    "collections.Counter": keys,
    names.LOAD: _load,
    names.FROM_TASK_DIR: _load,
    "functools.partial": prepared,
    **dict.fromkeys(_CONTAINERS, _container),
    **dict.fromkeys(_INERT, inert),
    **dict.fromkeys(_SAME_ELEMENTS, _first),
    **dict.fromkeys(_CHOICES, _choice),
    **dict.fromkeys(_PATHS, _path),
}
