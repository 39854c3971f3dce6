"""What assignments do: to names, attributes, elements, and several of them at once."""

from __future__ import annotations

from mypy import nodes as n

from experimaestro_mypy import configurations
from experimaestro_mypy.flow import containers, sequences
from experimaestro_mypy.flow.configurations import assign
from experimaestro_mypy.flow.events import Edited, Way
from experimaestro_mypy.flow.machine import Machine, single
from experimaestro_mypy.flow.values import UNKNOWN, Built, Holder, Item, Kind, Value, alternatives, settled


def bind(machine: Machine, target: n.Expression, value: Value) -> None:
    """``target = value``."""
    match target:
        case n.NameExpr():
            _name(machine, target, value)
        case n.MemberExpr():
            _attribute(machine, target, value)
        case n.IndexExpr():
            _element(machine, target, value)
        case n.TupleExpr() | n.ListExpr():
            _unpack(machine, target.items, value)
        case n.StarExpr():
            bind(machine, target.expr, value)
        case _:
            machine.lose(value, Way.STORED, target)


def _name(machine: Machine, target: n.NameExpr, value: Value) -> None:
    machine.named.update(config for config in alternatives(value) if isinstance(config, Built))
    if target.node is None or target.node in machine.captured:
        machine.lose(value, Way.STORED, target)
        value = UNKNOWN if any(isinstance(one, Kind) for one in alternatives(value)) else settled(value)
    if target.node is not None:
        machine.state.names[target.node] = value


def _attribute(machine: Machine, target: n.MemberExpr, value: Value) -> None:
    owner = machine.evaluate(target.expr)
    if all(isinstance(one, Built) for one in alternatives(owner)):
        assign(machine, owner, target.name, value, target)
    else:
        machine.lose(value, Way.STORED, target)


def _element(machine: Machine, target: n.IndexExpr, value: Value) -> None:
    base = machine.evaluate(target.base)
    key = machine.evaluate(target.index)
    edited(machine, target.base, target)
    if not isinstance(base, Holder) or isinstance(target.index, n.SliceExpr):
        containers.hash_in(machine, target.base, key, target, is_search=False)
        machine.lose(value, Way.STORED, target)
        containers.weaken(machine, base)
        return
    literal = containers.literal_key(target.index)
    if base.kind == "dict":
        containers.hash_all(machine, key, "dict", target)
        if literal is None and machine.depth <= base.depth:  # perhaps the same key again; in a loop, it is another one
            containers.weaken(machine, base)
        containers.add(machine, base, [Item(value, literal)], target)
    else:
        containers.weaken(machine, base)
        containers.add(machine, base, [Item(value)], target)


def edited(machine: Machine, container: n.Expression, where: n.Context) -> Built | None:
    """A container that is read from a parameter is changed: tells whose parameter it is."""
    if not isinstance(container, n.MemberExpr):
        return None
    config = single(machine.evaluate(container.expr)) if isinstance(container.expr, n.NameExpr) else None
    if config is None or container.name not in configurations.parameters(config.info):
        return None
    machine.emit(Edited(config, machine.state.life(config), container.name, where))
    return config


def _unpack(machine: Machine, targets: list[n.Expression], value: Value) -> None:
    machine.use_output(value)
    for target, held in zip(targets, sequences.shares(machine, value, targets), strict=True):
        bind(machine, target, held)
