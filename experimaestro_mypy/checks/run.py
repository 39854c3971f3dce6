"""The function `run` of an experiment: its helper, then its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, experiments, names
from experimaestro_mypy.experiments import Run
from experimaestro_mypy.unit import Finding, Module, Unit

SIGNATURE: Final = "run(helper: ExperimentHelper, cfg: MyConfiguration)"

_POSITIONAL: Final = (n.ARG_POS, n.ARG_OPT)


def signature(module: Module, unit: Unit) -> Iterator[Finding]:
    """What is wrong in the signature of an experiment, the first thing only."""
    run = experiments.run_of(module, unit)
    message = None if run is None else _mistake(run)
    if run is not None and message is not None:
        yield Finding(run.function, codes.RUN, message)


def _mistake(run: Run) -> str | None:
    function = run.function
    if function.is_coroutine or function.is_generator or function.is_async_generator:
        return f"run is asynchronous or a generator, nothing would run it: write {SIGNATURE} as a plain function"
    if _is_changed(run):
        return None
    kinds = experiments.parameter_types(function)
    parameters = [argument.variable.name for argument in function.arguments]
    if len(parameters) != 2 or any(argument.kind not in _POSITIONAL for argument in function.arguments):
        return _wrong_count(function, kinds)
    return _wrong_kinds(parameters, kinds, run)


def _is_changed(run: Run) -> bool:
    """Whether a decorator may have changed the signature."""
    decorators = () if run.decorator is None else run.decorator.original_decorators
    return not all(map(experiments.is_helper_decorator, decorators))


def _wrong_count(function: n.FuncDef, kinds: list[t.ProperType]) -> str:
    configured = [kind for kind in kinds if _has_base(kind, names.CONFIGURATION_BASE)]
    helpers = [kind for kind in kinds if _has_base(kind, names.EXPERIMENT_HELPER)]
    if any(argument.kind not in _POSITIONAL for argument in function.arguments):
        return f"run takes two positional parameters, and no others: write {SIGNATURE}"
    if len(configured) > 1:
        listed = " and ".join(_words(kind) for kind in configured)
        return f"run takes one configuration, found {listed}: put one in the other, and write {SIGNATURE}"
    if len(kinds) == 1 and configured:
        return (
            f"run takes a helper before its configuration: write run(helper: ExperimentHelper, cfg: {_words(kinds[0])})"
        )
    if len(kinds) == 1 and helpers:
        return f"run takes a configuration after its helper: write {SIGNATURE}"
    return f"run takes two parameters, found {len(kinds)}: write {SIGNATURE}"


def _wrong_kinds(parameters: list[str], kinds: list[t.ProperType], run: Run) -> str | None:
    (first, second), (helper, configuration) = kinds, parameters
    if _has_base(first, names.CONFIGURATION_BASE):
        if _has_base(second, names.CONFIGURATION_BASE):
            return (
                f"run takes a helper and one configuration, found {_words(first)} and {_words(second)}: put one in the "
                f"other, and write {SIGNATURE}"
            )
        return f"run takes its helper first: write run({configuration}: ExperimentHelper, {helper}: {_words(first)})"
    if not (_is_any(first) or _has_base(first, names.EXPERIMENT_HELPER)):
        return f"the first parameter of run is of type {_words(first)}, expected ExperimentHelper or a subclass"
    return _wrong_configuration(configuration, second, run)


def _wrong_configuration(name: str, kind: t.ProperType, run: Run) -> str | None:
    if _has_base(kind, names.CONFIGURATION_BASE):
        return None
    wanted = "a subclass of ConfigurationBase, which says what the YAML file holds"
    if run.function.arguments[1].type_annotation is None:
        return f"the parameter {name} of run has no annotation, expected {wanted}"
    if _is_any(kind):
        return None
    if isinstance(kind, t.Instance) and ("dataclass" in kind.type.metadata or "attrs" in kind.type.metadata):
        return f"{_words(kind)} does not derive from ConfigurationBase: write class {_words(kind)}(ConfigurationBase)"
    return f"the parameter {name} of run is of type {_words(kind)}, expected {wanted}"


def _has_base(kind: t.ProperType, name: str) -> bool:
    return isinstance(kind, t.Instance) and (kind.type.has_base(name) or kind.type.fallback_to_any)


def _is_any(kind: t.ProperType) -> bool:
    return isinstance(kind, t.AnyType)


def _words(kind: t.ProperType) -> str:
    return kind.type.name if isinstance(kind, t.Instance) and not kind.args else str(kind)
