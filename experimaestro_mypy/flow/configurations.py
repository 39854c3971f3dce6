"""What plans do with configurations: build them, give them parameters, submit, seal, copy and compose them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import configurations, names
from experimaestro_mypy.candidates import candidates
from experimaestro_mypy.flow.events import (
    Assigned,
    Closed,
    Composed,
    Event,
    Given,
    Looped,
    Mistaken,
    Side,
    Spread,
    Submitted,
    Way,
    Written,
)
from experimaestro_mypy.flow.keywords import Keyword, keywords
from experimaestro_mypy.flow.machine import Machine, each, is_of_interest, single
from experimaestro_mypy.flow.values import (
    UNKNOWN,
    Built,
    Content,
    Holder,
    Item,
    Kind,
    Life,
    Made,
    Maker,
    Output,
    Pending,
    Sure,
    Value,
    alternatives,
    present,
    settled,
)

INIT_TASKS: Final = "init_tasks"
DEPTH: Final = 4
"""How many containers inside each other are followed."""


def build(machine: Machine, call: n.CallExpr, written: n.Expression) -> Value:
    """``X.C(...)``; `written` is X."""
    info, is_exact = class_of(machine, call, written)
    return build_of(machine, call, info, keywords(machine, call), is_exact=is_exact)


def make(machine: Machine, call: n.CallExpr, maker: Maker) -> Value:
    """What calling ``X.C``, or a partial of it, builds."""
    written = keywords(machine, call)
    names_written = {keyword.name for keyword in written}
    items = machine.state.content(maker).items
    before = [Keyword(str(item.key), item.value, call) for item in items if str(item.key) not in names_written]
    config = build_of(machine, call, maker.info, [*before, *written], is_exact=True)
    if maker.is_open:
        machine.change(config, lambda life: life._replace(is_open=True))
    return config


def build_of(
    machine: Machine, call: n.CallExpr, info: n.TypeInfo | None, given: Sequence[Keyword], *, is_exact: bool
) -> Value:
    """A configuration of a class, with what it is given."""
    if info is None or is_replaced(info):
        for keyword in given:
            machine.lose(keyword.value, Way.ELSEWHERE, call)
        return UNKNOWN
    config = Built(info, call, is_exact=is_exact, by=machine.function)
    known = configurations.parameters(info)
    is_open = any(keyword.name not in known for keyword in given)
    machine.state.lives[config] = Life(is_open=is_open, given=frozenset(keyword.name for keyword in given))
    give_all(machine, config, given)
    return config


def give_all(machine: Machine, owner: Value, given: Sequence[Keyword]) -> None:
    """A configuration gets what a call gives."""
    config = single(owner)
    for keyword in given:
        if keyword.is_spread and config is not None and config.is_exact:
            machine.emit(Spread(config, keyword.name, keyword.where))
        give(machine, owner, keyword.name, keyword.value, keyword.where)


def class_of(machine: Machine, call: n.CallExpr, written: n.Expression) -> tuple[n.TypeInfo | None, bool]:
    """The class of what ``X.C(...)`` builds, and whether it is known exactly."""
    node = written.node if isinstance(written, n.RefExpr) else None
    value = machine.value_of(node)
    info = value.info if isinstance(value, Kind) else aliased(node)
    if isinstance(info, n.TypeInfo):
        return (info, True) if configurations.is_configuration(info) and not info.fallback_to_any else (None, False)
    return configuration_type(machine.module.type_of(call)), False


def aliased(node: n.SymbolNode | None) -> n.SymbolNode | None:
    """What a name stands for, when that is the alias of a class."""
    target = t.get_proper_type(node.target) if isinstance(node, n.TypeAlias) else None
    return target.type if isinstance(target, t.Instance) else node


def configuration_type(kind: t.ProperType | None) -> n.TypeInfo | None:
    """The configuration class that a type is."""
    if not isinstance(kind, t.Instance) or kind.type.fallback_to_any:
        return None
    return kind.type if configurations.is_configuration(kind.type) else None


def is_replaced(info: n.TypeInfo) -> bool:
    """Whether configurations of a class become others, of another class."""
    return is_redefined(info, "__convert__")


def is_redefined(info: n.TypeInfo, method: str) -> bool:
    """Whether a class of the user defines a method, or inherits it from one."""
    return any(method in base.names for base in info.mro if not base.fullname.startswith(f"{names.PACKAGE}."))


def give(machine: Machine, owner: Value, name: str, value: Value, argument: n.Expression) -> None:
    """A parameter gets a value."""
    _tell_given(machine, single(owner), name, value, argument)
    machine.use(value)
    if any(machine.state.life(config).is_lost for config in alternatives(owner) if isinstance(config, Built)):
        machine.lose(value, Way.STORED, argument)
    kept = {name: copied(machine, value)} if is_of_interest(value) else {}
    machine.change(
        owner,
        lambda life: life._replace(given=life.given | {name}, fields={**_without(life, name), **kept}),
    )


def _without(life: Life, name: str) -> dict[str, Value]:
    return {field: held for field, held in life.fields.items() if field != name}


def copied(machine: Machine, value: Value, depth: int = DEPTH) -> Value:
    """What a configuration keeps of a value: containers are copied."""

    def copy(one: Value) -> Value:
        if not isinstance(one, Holder):
            return settled(one)
        if depth == 0:
            return UNKNOWN
        content = machine.state.content(one)
        items = [Item(copied(machine, item.value, depth - 1), item.key) for item in content.items]
        holder = machine.hold(one.kind, items, is_exact=content.is_exact)
        machine.state.contents[holder] = machine.state.content(holder)._replace(is_lost=content.is_lost)
        return holder

    return each(value, copy)


def _tell_given(machine: Machine, owner: Built | None, name: str, value: Value, argument: n.Expression) -> None:
    if owner is not None and any(
        config is owner and is_certain for config, is_certain in machine.state.reachable(value)
    ):
        machine.emit(Looped(owner, name, argument))
    for one, spot in spots(machine, value, argument):
        for event in given(machine, owner, name, one, spot):
            machine.emit(event)


def given(
    machine: Machine, owner: Built | None, name: str, value: Value, where: n.Context, depth: int = DEPTH
) -> Iterator[Event]:
    """What is told of a value, or of what it holds, when a configuration gets it."""
    found = alternatives(present(value))
    lives = [(config, machine.state.life(config)) for config in found if isinstance(config, Built)]
    if len(lives) == len(found) and (isinstance(value, Built) or all(is_not_submitted(*one) for one in lives)):
        yield Given(*lives[0], owner, name, where)
    if isinstance(value, Made):
        yield Mistaken(value, "given as a parameter", where)
    if isinstance(value, Holder) and depth:
        for item in machine.state.content(value).items:
            yield from given(machine, owner, name, item.value, where, depth - 1)


def is_not_submitted(config: Built, life: Life) -> bool:
    """Whether a configuration is a task that nobody submitted."""
    return configurations.is_task(config.info) and life.is_unsubmitted


def spots(machine: Machine, value: Value, argument: n.Expression) -> Iterator[tuple[Value, n.Context]]:
    """The parts of a value, with what is written for each: the elements of a literal list."""
    written = _elements(argument)
    content = machine.state.content(value) if isinstance(value, Holder) else Content()
    if written is None or len(written) != len(content.items):
        yield value, argument
        return
    for item, expression in zip(content.items, written, strict=True):
        yield from spots(machine, item.value, expression)


def _elements(expression: n.Expression) -> list[n.Expression] | None:
    if isinstance(expression, (n.ListExpr, n.TupleExpr)):
        return None if any(isinstance(item, n.StarExpr) for item in expression.items) else expression.items
    if isinstance(expression, n.DictExpr):
        return None if any(key is None for key, _ in expression.items) else [item for _, item in expression.items]
    return None


def assign(machine: Machine, owner: Value, name: str, value: Value, where: n.Expression) -> None:
    """``owner.name = value``."""
    config = single(owner)
    life = None if config is None else machine.state.life(config)
    is_parameter = config is not None and name in configurations.parameters(config.info)
    if config is not None and is_parameter:
        machine.emit(Assigned(config, name, where))
    if config is not None and life is not None and is_parameter and not life.is_unsealed:
        machine.emit(Written(config, life, name, where))
    if is_parameter or config is None:
        give(machine, owner, name, value, where)
    else:
        machine.lose(value, Way.STORED, where)
        machine.change(owner, lambda life: life._replace(given=life.given | {name}))


def submit(machine: Machine, value: Value, call: n.CallExpr) -> Value:
    """``task.submit(...)``."""
    arguments = {name: machine.evaluate(argument) for name, argument in zip(call.arg_names, call.args, strict=True)}
    steps = arguments.get(INIT_TASKS, UNKNOWN)
    machine.use(steps)
    mode = transient_mode(call)
    is_certain = "run_mode" not in call.arg_names and None not in call.arg_names
    _tell_submitted(machine, value, steps, call)
    close(machine, value, call)
    submitted = Sure.YES if is_certain else Sure.MAYBE
    seen = None if machine.frames else call
    machine.change(
        value,
        lambda life: life._replace(submitted=submitted, done=machine.done_at_once, transient=mode, submission=seen),
    )
    return each(value, lambda one: output(machine, one, call))


def _tell_submitted(machine: Machine, value: Value, steps: Value, call: n.CallExpr) -> None:
    tasks = [(config, machine.state.life(config)) for config in alternatives(value) if isinstance(config, Built)]
    if len(tasks) != len(alternatives(value)):
        machine.lose(steps, Way.ELSEWHERE, call)
    elif len(tasks) == 1:
        _tell_task(machine, *tasks[0], steps, call)
    elif all(life.submitted is Sure.YES for _, life in tasks):
        machine.emit(Submitted(*tasks[0], call))


def _tell_task(machine: Machine, config: Built, life: Life, steps: Value, call: n.CallExpr) -> None:
    machine.emit(Submitted(config, life, call))
    for pending in life.pending:
        for event in given(machine, None, "", pending.value, pending.where):
            machine.emit(event)
    machine.state.lives[config] = life._replace(fields={**life.fields, INIT_TASKS: copied(machine, steps)})


def close(machine: Machine, value: Value, where: n.Context) -> None:
    """A configuration is sealed, with all that it holds."""
    for config, is_certain in list(machine.state.reachable(value)):
        life = machine.state.life(config)
        if is_certain and life.sealed is not Sure.YES:
            machine.emit(Closed(config, life, where))
        sealed = Sure.YES if is_certain else life.sealed | Sure.YES
        machine.state.lives[config] = life._replace(sealed=sealed)


def output(machine: Machine, value: Value, call: n.CallExpr) -> Value:
    """What `submit` returns."""
    if not isinstance(value, Built):
        return UNKNOWN
    if is_redefined(value.info, "task_outputs") or is_redefined(value.info, "__submit__"):
        return Output(value, configuration_type(machine.module.type_of(call)))
    return value if value.is_exact else UNKNOWN


_MODES: Final = ("TRANSIENT", "REMOVE")


def transient_mode(call: n.CallExpr) -> str | None:
    """TRANSIENT or REMOVE, when `submit` is told so."""
    for name, argument in zip(call.arg_names, call.args, strict=True):
        if name == "transient" and isinstance(argument, n.MemberExpr) and argument.name in _MODES:
            return argument.name
    return None


def copy(machine: Machine, value: Value, call: n.CallExpr) -> Value:
    """A configuration like another one, that can be changed. The arguments are not evaluated here."""
    _keep_as_templates(machine, value)
    config = single(value)
    if config is not None:
        life = machine.state.life(config)
        made = Built(config.info, call, is_exact=config.is_exact, by=machine.function, is_copy=True)
        machine.state.lives[made] = Life(
            is_open=life.is_open or life.is_lost, given=life.given, fields={} if life.is_lost else dict(life.fields)
        )
        return made
    info = configuration_type(machine.module.type_of(call))
    if info is None:
        return UNKNOWN
    made = Built(info, call, is_exact=False, by=machine.function, is_copy=True)
    machine.state.lives[made] = Life(is_open=True)
    return made


def _keep_as_templates(machine: Machine, value: Value) -> None:
    """What is copied, and what it holds, need not be complete: the copy has to be."""
    for config, _ in list(machine.state.reachable(value)):
        machine.state.lives[config] = machine.state.life(config)._replace(is_template=True)


def depend(machine: Machine, owner: Value, call: n.CallExpr) -> Value:
    """``task.add_dependencies(...)``."""
    for argument in call.args:
        value = machine.evaluate(argument)
        machine.use(value)
        postpone(machine, owner, Pending(value, argument))
    return owner


def postpone(machine: Machine, owner: Value, pending: Pending) -> None:
    """Keeps what a configuration needs once it is submitted."""
    pending = pending._replace(where=machine.place(pending.where))
    machine.change(owner, lambda life: life._replace(pending=(*life.pending, pending)))


def compose(machine: Machine, expression: n.OpExpr) -> Value | None:
    """``outer @ inner``; None if these are no configurations."""
    outer, inner = machine.evaluate(expression.left), machine.evaluate(expression.right)
    sides = _side(machine, outer, expression.left), _side(machine, inner, expression.right)
    if sides[0] is None or sides[1] is None:
        for value in (outer, inner):
            machine.lose(value, Way.ELSEWHERE, expression)
        return None
    machine.emit(Composed(sides[0], sides[1], expression))
    found = candidates(sides[0].info, sides[1].info)
    if len(found.certain) == 1:
        assign(machine, outer, found.certain[0], inner, expression.right)
    else:
        machine.lose(inner, Way.ELSEWHERE, expression)
        machine.change(outer, lambda life: life._replace(is_open=True))
    return outer


def _side(machine: Machine, value: Value, expression: n.Expression) -> Side | None:
    config = single(value)
    if config is not None:
        return Side(config.info, config.is_exact)
    info = configuration_type(machine.module.type_of(expression))
    return None if info is None else Side(info, is_exact=False)
