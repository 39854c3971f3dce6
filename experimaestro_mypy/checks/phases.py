"""Configurations used as instances, and instances as configurations; sealed ones changed; results read too early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.flow.configurations import configuration_type, is_redefined
from experimaestro_mypy.flow.events import Edited, Event, Excluded, Executed, Looked, Mistaken, Opened, Written
from experimaestro_mypy.flow.following import runs_in_job
from experimaestro_mypy.flow.values import Sure
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import walk


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
            instead = "write submit()" if configurations.is_task(event.info) else "write submit(init_tasks=[...])"
            yield Finding(
                event.where,
                codes.PHASE,
                f"execute() of {event.info.name} is called by its job, not by the plan: {instead}",
            )
        if isinstance(event, Mistaken):
            kind = event.instance.info.name
            yield Finding(
                event.where,
                codes.PHASE,
                f"an instance of {kind} is {event.action}: plans use its configuration, {kind}.C(...)",
            )


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


def in_job(module: Module, unit: Unit) -> Iterator[Finding]:
    """Submissions and tags in methods that run in a job."""
    for function in unit.functions:
        if runs_in_job(function) and not _makes_experiment(module, function):
            for node in walk(function.body):
                if isinstance(node, n.CallExpr):
                    yield from _plans(module, node, function.name)


def _makes_experiment(module: Module, function: n.FuncDef) -> bool:
    return any(
        isinstance(node, n.CallExpr) and isinstance(node.callee, n.RefExpr) and node.callee.fullname == names.EXPERIMENT
        for node in walk(function.body)
    )


def _plans(module: Module, call: n.CallExpr, method: str) -> Iterator[Finding]:
    callee = call.callee
    if isinstance(callee, n.RefExpr) and callee.fullname == names.TAG:
        yield Finding(call, codes.PHASE, f"tag() is called in {method}, which runs in a job: tags belong to the plan")
    if not isinstance(callee, n.MemberExpr):
        return
    info = configuration_type(module.type_of(callee.expr))
    if info is None or "run_mode" in call.arg_names:
        return
    if callee.name == "submit" and configurations.is_task(info):
        yield Finding(
            call,
            codes.PHASE,
            f"{info.name} is submitted in {method}, which runs in a job: submit it in the plan",
        )
    if callee.name == "tag" and not is_redefined(info, "tag"):
        yield Finding(call, codes.PHASE, f"tag() is called in {method}, which runs in a job: tags belong to the plan")


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
                f"{event.file.name} of {task} is read before its job has run: "
                "call helper.xp.wait() (or xp.wait()) first",
            )
