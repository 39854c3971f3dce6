"""Methods and properties of the ordinary classes of a module, of which the objects are not known: what they return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import configurations
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.makers import CONFIGURATION_CLASS
from experimaestro_mypy.flow.scopes import functions_of
from experimaestro_mypy.flow.summaries import Target, follow_call, followed
from experimaestro_mypy.flow.values import UNKNOWN, Value
from experimaestro_mypy.unit import Module
from experimaestro_mypy.walk import children

_DISPLAYS: Final = (n.ListExpr, n.TupleExpr, n.SetExpr, n.DictExpr)


def returned(machine: Machine, call: n.CallExpr, callee: n.MemberExpr) -> Value:
    """What a method returns. Other code has the arguments: a subclass that is not known may do more with them."""
    found = _found(machine, callee)
    if not isinstance(found, n.FuncDef):
        return UNKNOWN
    return _follow(machine, found, call, [UNKNOWN] * len(call.args))


def read(machine: Machine, expression: n.MemberExpr) -> Value:
    """What a property returns."""
    found = _found(machine, expression)
    if not isinstance(found, n.Decorator) or found.decorators or not found.var.is_property:
        return UNKNOWN
    is_cached = found.var.is_settable_property  # without a setter, which would make it another node
    if is_cached and not (_makes(machine.module, found.func.info) and _is_only_given(machine.module, expression.name)):
        return UNKNOWN
    call = n.CallExpr(expression, [], [], [])
    call.set_line(expression)
    return _follow(machine, found.func, call, [])


def _found(machine: Machine, expression: n.MemberExpr) -> n.SymbolNode | None:
    """The method or property of a class of the module, which no class that is known replaces."""
    functions = functions_of(machine.module)
    if expression.name not in functions.methods:
        return None
    kind = machine.module.type_of(expression.expr)
    kind = kind.partial_fallback if isinstance(kind, t.TupleType) else kind
    info = kind.type if isinstance(kind, t.Instance) else None
    if info is None or info.module_name != machine.module.file.fullname or not _is_plain(info):
        return None
    symbol = info.get(expression.name)
    return None if symbol is None or (info.fullname, expression.name) in functions.overridden else symbol.node


def _is_plain(info: n.TypeInfo) -> bool:
    """Whether the attributes of an object are those of its class, which is no configuration class."""
    lookup = info.get("__getattribute__")
    is_own = lookup is not None and lookup.fullname != "builtins.object.__getattribute__"
    is_followed = not (info.is_protocol or is_own or configurations.is_configuration(info))
    return is_followed and not any(base.fallback_to_any for base in info.mro)


def _follow(machine: Machine, function: n.FuncDef, call: n.CallExpr, values: Sequence[Value]) -> Value:
    called = followed(machine, Target(function, UNKNOWN))
    if called is None:
        return UNKNOWN
    before = machine.state.copy()
    result = follow_call(machine, called, call, values)
    if machine.state.is_live:
        return UNKNOWN if result is None else result
    machine.state = before  # it only raises: a subclass has the code
    return UNKNOWN


def _makes(module: Module, info: n.TypeInfo) -> bool:
    """Whether the module builds objects of a class: other modules have less to do with them then."""
    return any(
        isinstance(call.callee, n.RefExpr) and call.callee.node is info
        for unit in module.units
        for call in unit.of(n.CallExpr)
    )


def _is_only_given(module: Module, name: str) -> bool:
    """Whether the module does nothing with an attribute but to give it to configurations."""
    reads = {read for unit in module.units for read in unit.of(n.MemberExpr) if read.name == name}
    return reads <= {given for unit in module.units for call in unit.of(n.CallExpr) for given in _given(call)}


def _given(call: n.CallExpr) -> Iterator[n.Node]:
    if isinstance(call.callee, n.MemberExpr) and call.callee.name in CONFIGURATION_CLASS:
        stack: list[n.Node] = list(call.args)
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, _DISPLAYS):
                stack.extend(children(node))
