"""Configurations used as instances, and instances as configurations; sealed ones changed; results read too early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.outside import is_experiment
from experimaestro_mypy.flow.configurations import is_redefined
from experimaestro_mypy.flow.events import Edited, Event, Excluded, Executed, Looked, Mistaken, Opened, Written
from experimaestro_mypy.flow.values import Sure
from experimaestro_mypy.unit import Finding, Module, Unit


def sealed(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Changes of configurations that are sealed."""
    for event in events:
        if isinstance(event, (Written, Edited, Excluded)) and event.life.is_sealed:
            kind = event.config.info.name
            yield Finding(
                event.where,
                codes.SEALED,
                f"this {kind} is sealed, by submit(), seal() or instance(), and cannot change: {_instead(event)}",
            )


def _instead(event: Written | Edited | Excluded) -> str:
    if isinstance(event, Excluded):
        return "call setmeta before"
    action = "set" if isinstance(event, Written) else "change"
    return f"{action} {event.name} before, or of a copy, copyconfig(..., {event.name}=...)"


def executed(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Calls of `execute` in a plan; instances that are submitted, or given as parameters."""
    for event in events:
        if isinstance(event, Executed):
            yield Finding(event.where, codes.PHASE, _of_plan(event))
        if isinstance(event, Mistaken):
            kind = event.instance.info.name
            yield Finding(
                event.where,
                codes.PHASE,
                f"an instance of {kind} is {event.action}: plans use its configuration, {kind}.C(...)",
            )


def _of_plan(event: Executed) -> str:
    kind = "a task" if event.info is None else event.info.name
    if event.loader:
        return (
            f"execute() of {kind} is called on a configuration, which is what {event.loader}(...) gives: "
            f"write {event.loader}(..., as_instance=True)"
        )
    is_task = event.info is None or configurations.is_task(event.info)
    instead = "write submit()" if is_task else "write submit(init_tasks=[...])"
    return f"execute() of {kind} is called by its job, not by the plan: {instead}"


def looked(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Attributes that a configuration does not have, or not yet."""
    opened = {(event.file.where, event.where.line) for event in events if isinstance(event, Opened)}
    for event in events:
        if isinstance(event, Looked) and (event.where, event.where.line) not in opened:
            fault = _fault(event)
            if fault is not None:
                yield Finding(event.where, codes.PHASE, fault)


def _fault(event: Looked) -> str | None:
    kind, name = event.config.info.name, event.name
    declared = configurations.parameters(event.config.info).get(name)
    if declared is not None:
        is_early = declared.parameter.is_generated and name not in event.life.given and event.life.is_unsealed
        return f"{name} of {kind} is generated when its task is submitted: read it after submit()" if is_early else None
    if name in ("job", "jobpath"):
        is_early = event.life.is_unsubmitted and event.life.is_unsealed and configurations.is_task(event.config.info)
        return f"this {kind} was not submitted: it has no job; use what submit() returns" if is_early else None
    if _is_of_instances(event):
        return f"{name} of {kind} is set by its methods, in instances only: this is a configuration"
    return None


def _is_of_instances(event: Looked) -> bool:
    """Whether only code that runs with instances sets an attribute."""
    info, name = event.config.info, event.name
    owner = next((base for base in info.mro if name in base.names), None)
    if owner is None or not configurations.is_configuration(owner) or not owner.names[name].implicit:
        return False
    if event.life.is_lost or name in event.life.given:
        return False
    return event.life.is_unsealed or not is_redefined(info, "__validate__")  # sealing calls it


def read_early(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Files of tasks that are read before anything waited for their jobs."""
    for event in events:
        if not isinstance(event, Opened) or event.life.is_lost or event.life.done is not Sure.NO:
            continue
        if event.life.submitted is not Sure.MAYBE:
            task = event.file.task.info.name
            yield Finding(
                event.where,
                codes.READ_BEFORE_RUN,
                f"{event.file.name} of {task} is read before its job has run: {_waiting(unit)}",
            )


def _waiting(unit: Unit) -> str:
    """What to write, with the names that there are."""
    for name, kind in _arguments(unit):
        if kind.type.has_base(names.EXPERIMENT_HELPER):
            return f"call {name}.xp.wait() first"
        if kind.type.has_base(names.EXPERIMENT):
            return f"call {name}.wait() first"
    blocks = [block for block in unit.of(n.WithStmt) if any(is_experiment(context) for context in block.expr)]
    targets = [target for block in blocks for target in block.target if isinstance(target, n.NameExpr)]
    if targets:
        return f"call {targets[0].name}.wait() first"
    return (
        "write `with experiment(...) as xp:`, and call xp.wait() first" if blocks else "wait for its experiment first"
    )


def _arguments(unit: Unit) -> Iterator[tuple[str, t.Instance]]:
    for function in unit.functions:
        kinds = function.type.arg_types if isinstance(function.type, t.CallableType) else []
        for argument, kind in zip(function.arguments, map(t.get_proper_type, kinds), strict=False):
            if isinstance(kind, t.Instance):
                yield argument.variable.name, kind
