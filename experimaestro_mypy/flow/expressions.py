"""The value of an expression, and what evaluating it does."""

from __future__ import annotations

from collections.abc import Callable, Collection

from mypy import nodes as n

from experimaestro_mypy import configurations
from experimaestro_mypy.flow import containers, instances, sequences
from experimaestro_mypy.flow.calls import call
from experimaestro_mypy.flow.conditions import is_none, taken
from experimaestro_mypy.flow.configurations import compose
from experimaestro_mypy.flow.events import Looked, Way
from experimaestro_mypy.flow.loops import Turn, repeat
from experimaestro_mypy.flow.machine import Machine, each
from experimaestro_mypy.flow.makers import maker
from experimaestro_mypy.flow.summaries import hand_out
from experimaestro_mypy.flow.targets import bind
from experimaestro_mypy.flow.values import (
    ABSENT,
    UNKNOWN,
    Built,
    File,
    Holder,
    Item,
    Life,
    Output,
    Sure,
    Value,
    alternatives,
    one_of,
)
from experimaestro_mypy.walk import children


def evaluate(machine: Machine, expression: n.Expression) -> Value:
    """The value of an expression."""
    match expression:
        case n.NameExpr():
            return ABSENT if is_none(expression) else machine.value_of(expression.node)
        case n.CallExpr():
            return call(machine, expression)
        case n.MemberExpr():
            return _attribute(machine, expression)
        case n.IndexExpr():
            return _element(machine, expression)
        case n.OpExpr() | n.ConditionalExpr():
            return _choice(machine, expression)
        case n.AssignmentExpr():
            value = machine.evaluate(expression.value)
            bind(machine, expression.target, value)
            return value
        case n.CastExpr() | n.AssertTypeExpr() | n.StarExpr():
            return machine.evaluate(expression.expr)
        case n.LambdaExpr() | n.SuperExpr():
            return UNKNOWN
        case _:
            return _container(machine, expression)


def _container(machine: Machine, expression: n.Expression) -> Value:
    match expression:
        case n.ListExpr():
            return containers.display(machine, "list", expression.items, expression)
        case n.TupleExpr():
            return containers.display(machine, "tuple", expression.items, expression)
        case n.SetExpr():
            return containers.display(machine, "set", expression.items, expression)
        case n.DictExpr():
            return containers.dictionary(machine, expression)
        case n.ListComprehension():
            return _comprehension(machine, expression.generator, "list")
        case n.SetComprehension():
            return _comprehension(machine, expression.generator, "set", expression)
        case n.GeneratorExpr():
            return _comprehension(machine, expression, "list")
        case n.DictionaryComprehension():
            return _dictionary_comprehension(machine, expression)
        case n.YieldExpr() | n.YieldFromExpr() | n.AwaitExpr():
            return _left(machine, expression)
        case n.ComparisonExpr():
            return _comparison(machine, expression)
        case _:
            return _anything(machine, expression)


def _comparison(machine: Machine, expression: n.ComparisonExpr) -> Value:
    values = [machine.evaluate(operand) for operand in expression.operands]
    for operator, value, container in zip(expression.operators, values, expression.operands[1:], strict=False):
        if operator in ("in", "not in"):
            containers.hash_in(machine, container, value, expression)
    return UNKNOWN


def _anything(machine: Machine, expression: n.Expression) -> Value:
    """Slices, literals, operators: nothing keeps what they look at."""
    for part in children(expression):
        if isinstance(part, n.Expression):
            machine.evaluate(part)
    return UNKNOWN


def _left(machine: Machine, expression: n.YieldExpr | n.YieldFromExpr | n.AwaitExpr) -> Value:
    value = UNKNOWN if expression.expr is None else machine.evaluate(expression.expr)
    if machine.frames:
        hand_out(machine, expression, value)
    else:
        machine.lose(value, Way.RETURNED, expression)
    return UNKNOWN


def _choice(machine: Machine, expression: n.OpExpr | n.ConditionalExpr) -> Value:
    if isinstance(expression, n.ConditionalExpr):
        machine.evaluate(expression.cond)
        return _either(machine, expression)
    if expression.op in ("and", "or"):
        left = machine.evaluate(expression.left)
        right: list[Value] = []
        machine.branch(lambda: None, lambda: right.append(machine.evaluate(expression.right)))
        return one_of([*(one for one in alternatives(left) if one is not ABSENT or expression.op == "and"), *right])
    if expression.op == "@":
        composed = compose(machine, expression)
        return UNKNOWN if composed is None else composed
    return _operation(machine, expression)


def _either(machine: Machine, expression: n.ConditionalExpr) -> Value:
    found: list[Value] = []

    def way(value: n.Expression, *, holds: bool) -> Callable[[], None]:
        return taken(machine, expression.cond, lambda: found.append(machine.evaluate(value)), holds=holds)

    machine.branch(way(expression.if_expr, holds=True), way(expression.else_expr, holds=False))
    return one_of(found)


def _operation(machine: Machine, expression: n.OpExpr) -> Value:
    left, right = machine.evaluate(expression.left), machine.evaluate(expression.right)
    if expression.op == "/" and isinstance(left, File):
        return left
    if expression.op in ("+", "|") and isinstance(left, Holder) and isinstance(right, Holder):
        items = [Item(item.value) for held in (left, right) for item in machine.state.content(held).items]
        exact = containers.is_exact(machine, left) and containers.is_exact(machine, right)
        return machine.hold(left.kind, items, is_exact=exact)
    for value in (left, right):
        machine.lose(value, Way.ELSEWHERE, expression)
    return UNKNOWN


def _attribute(machine: Machine, expression: n.MemberExpr) -> Value:
    if isinstance(expression.expr, n.NameExpr) and isinstance(expression.expr.node, (n.MypyFile, n.TypeInfo)):
        made = maker(machine, expression)
        return machine.value_of(expression.node) if made is None else made
    receiver = machine.evaluate(expression.expr)
    if receiver is UNKNOWN:
        return instances.read(machine, expression)
    return each(receiver, lambda one: _attribute_of(machine, one, expression))


def _attribute_of(machine: Machine, value: Value, expression: n.MemberExpr) -> Value:
    match value:
        case Built():
            return _of_configuration(machine, value, expression)
        case Output():
            name = configurations.output_path(value.task.info, expression.name)
            if name is not None:
                return File(value.task, name, machine.place(expression))
            machine.use(value)
            return UNKNOWN
        case File() if expression.name in ("parent", "parents"):
            return value
        case _:
            return UNKNOWN


def _of_configuration(machine: Machine, config: Built, expression: n.MemberExpr) -> Value:
    name, life = expression.name, machine.state.life(config)
    declared = configurations.parameters(config.info).get(name)
    if declared is None and _is_method(config.info, name):
        machine.lose(config, Way.ELSEWHERE, expression)
        return UNKNOWN
    machine.emit(Looked(config, life, name, expression))
    if name == "job":
        machine.state.lives[config] = life._replace(done=life.done | Sure.MAYBE)
    if name == "jobpath" or (declared is not None and declared.parameter.is_generated and name not in life.given):
        return File(config, name, machine.place(expression))
    return _field(machine, config, life, name, expression)


def _field(machine: Machine, config: Built, life: Life, name: str, expression: n.MemberExpr) -> Value:
    if name.startswith("__"):
        machine.lose(config, Way.ELSEWHERE, expression)
    held = life.fields.get(name, UNKNOWN)
    return UNKNOWN if life.is_lost else held


def _is_method(info: n.TypeInfo, name: str) -> bool:
    symbol = info.get(name)
    node = None if symbol is None else symbol.node
    if isinstance(node, n.Decorator):
        return not node.var.is_property
    if isinstance(node, n.OverloadedFuncDef):
        return not node.is_property
    return isinstance(node, n.FuncDef)


def _element(machine: Machine, expression: n.IndexExpr) -> Value:
    if expression.analyzed is not None:  # a generic class, or a type
        return UNKNOWN
    base = machine.evaluate(expression.base)
    containers.hash_in(machine, expression.base, machine.evaluate(expression.index), expression)
    if isinstance(expression.index, n.SliceExpr):
        return sequences.part(machine, base, expression.index)
    return containers.element(machine, base, containers.literal_key(expression.index))


def _comprehension(
    machine: Machine, expression: n.GeneratorExpr, kind: str, whole: n.Expression | None = None
) -> Value:
    items: list[Item] = []
    known = _chosen(machine, expression)

    def element() -> None:
        value = machine.evaluate(expression.left_expr)
        item = Item(value)
        items.append(item.perhaps() if value in known else item)
        if kind == "set":
            containers.hash_all(machine, value, "set", whole or expression)

    _generate(machine, expression, element)
    return machine.hold(kind, items, is_exact=False)


def _dictionary_comprehension(machine: Machine, expression: n.DictionaryComprehension) -> Value:
    items: list[Item] = []
    known = _chosen(machine, expression)

    def element() -> None:
        key = UNKNOWN if expression.key is None else machine.evaluate(expression.key)
        containers.hash_all(machine, key, "dict", expression)
        item = Item(machine.evaluate(expression.value))
        items.append(item.perhaps() if item.value in known else item)

    _generate(machine, expression, element)
    return machine.hold("dict", items, is_exact=False)


def _chosen(machine: Machine, expression: n.GeneratorExpr | n.DictionaryComprehension) -> Collection[Value]:
    """The configurations that a comprehension with conditions may leave out: those that it does not build itself."""
    return set[Value](machine.state.lives) if any(expression.condlists) else ()


def _generate(
    machine: Machine,
    expression: n.GeneratorExpr | n.DictionaryComprehension,
    element: Callable[[], None],
    level: int = 0,
) -> None:
    """Goes through the loops of a comprehension, from the outer one to the inner one."""
    if level == len(expression.sequences):
        element()
        return
    value = machine.evaluate(expression.sequences[level])
    found = containers.turns(machine, value)

    def turn(item: Value) -> Turn:
        return lambda: _turn(machine, expression, element, level, item)

    repeat(machine, [turn(item) for item in found.elements], found)


def _turn(
    machine: Machine,
    expression: n.GeneratorExpr | n.DictionaryComprehension,
    element: Callable[[], None],
    level: int,
    item: Value,
) -> None:
    bind(machine, expression.indices[level], item)
    for condition in expression.condlists[level]:
        machine.evaluate(condition)

    def inner() -> None:
        _generate(machine, expression, element, level + 1)

    if expression.condlists[level]:
        machine.branch(lambda: None, inner)
    else:
        inner()
