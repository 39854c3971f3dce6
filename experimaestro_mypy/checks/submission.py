"""Tasks used before they are submitted, submitted twice; what is given as initialization task and is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.flow.configurations import configuration_type, is_not_submitted
from experimaestro_mypy.flow.events import Event, Given, Submitted, Written
from experimaestro_mypy.flow.values import Built, Sure
from experimaestro_mypy.unit import Finding, Module, Unit


def unsubmitted(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Tasks that others get before they are submitted: nothing would run them."""
    for event in events:
        if isinstance(event, Given) and is_not_submitted(event.config, event.life):
            task = event.config.info.name
            place = f"as parameter {event.parameter}" if event.parameter else "as a dependency"
            whose = f" of {event.owner.info.name}" if event.owner is not None and event.parameter else ""
            yield Finding(
                event.where,
                codes.UNSUBMITTED,
                f"the task {task} is given {place}{whose}, and was not submitted{_builder(event.config)}: "
                "give what its submit() returns",
            )


def _builder(config: Built) -> str:
    """Which function built a task, if another one did."""
    return "" if config.by is None else f" by {config.builder}, which builds it in line {config.where.line}"


def resubmitted(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Second submissions of a task. After a change of what is sealed, which is refused, there is none."""
    changed: set[Built] = set()
    for event in events:
        if isinstance(event, Written) and event.life.is_sealed:
            changed.add(event.config)
        if not isinstance(event, Submitted) or event.config in changed:
            continue
        if event.life.submitted is Sure.YES and not event.life.is_lost:
            task = event.config.info.name
            yield Finding(
                event.where,
                codes.RESUBMIT,
                f"the task {task} was submitted already: use what submit() returned, or build another {task}.C(...)",
            )


def initialization(module: Module, unit: Unit) -> Iterator[Finding]:
    """What is given as `init_tasks`, and is no configuration of a `LightweightTask`."""
    for call in unit.of(n.CallExpr):
        if isinstance(call.callee, n.MemberExpr) and call.callee.name == "submit":
            for name, argument in zip(call.arg_names, call.args, strict=True):
                if name == "init_tasks" and configuration_type(module.type_of(call.callee.expr)) is not None:
                    yield from _steps(module, argument)


def _steps(module: Module, argument: n.Expression) -> Iterator[Finding]:
    if isinstance(argument, (n.ListExpr, n.TupleExpr)):
        for item in argument.items:
            found = _fault(module, item)
            if found is not None:
                yield Finding(item, codes.INIT_TASK, found)
        return
    info = configuration_type(module.type_of(argument))
    if info is not None:
        yield Finding(
            argument, codes.INIT_TASK, f"init_tasks is a list: write init_tasks=[...] around this {info.name}"
        )


def _fault(module: Module, item: n.Expression) -> str | None:
    if isinstance(item, n.CallExpr) and isinstance(item.callee, n.RefExpr) and item.callee.fullname == names.TAG:
        return "initialization tasks cannot be tagged: tag one of their parameters"
    kind = module.type_of(item)
    made = _class_object(kind)
    if made is not None and configurations.is_configuration(made):
        return f"init_tasks holds the class {made.name}, not a configuration: write {made.name}.C(...)"
    info = configuration_type(kind)
    if info is None or info.has_base(names.LIGHTWEIGHT_TASK):
        return None
    return f"{info.name} is no initialization task: init_tasks takes configurations of LightweightTask classes"


def _class_object(kind: t.ProperType | None) -> n.TypeInfo | None:
    if isinstance(kind, t.CallableType) and kind.is_type_obj():
        return kind.type_object()
    item = kind.item if isinstance(kind, t.TypeType) else None
    return item.type if isinstance(item, t.Instance) else None
