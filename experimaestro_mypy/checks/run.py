"""The function `run` of an experiment: its helper, then its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, experiments, names
from experimaestro_mypy.configurations import derives
from experimaestro_mypy.experiments import Run
from experimaestro_mypy.unit import Finding, Module, Unit

SIGNATURE: Final = "run(helper: ExperimentHelper, cfg: MyConfiguration)"

_POSITIONAL: Final = (n.ARG_POS, n.ARG_OPT)


def signature(module: Module, unit: Unit) -> Iterator[Finding]:
    """What is wrong in the signature of an experiment, the first thing only."""
    run = experiments.run_of(module, unit)
    message = None if run is None else _mistake(run, module)
    if run is not None and message is not None:
        yield Finding(run.function, codes.RUN, message)


def _mistake(run: Run, module: Module) -> str | None:
    function = run.function
    if function.is_coroutine or function.is_generator or function.is_async_generator:
        return f"run is asynchronous or a generator, nothing would run it: write {SIGNATURE} as a plain function"
    if _is_changed(run):
        return None
    kinds = experiments.parameter_types(function)
    parameters = [argument.variable.name for argument in function.arguments]
    if len(parameters) != 2 or any(argument.kind not in _POSITIONAL for argument in function.arguments):
        return _wrong_count(function, kinds)
    return _wrong_kinds(parameters, kinds, run, module)


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


def _wrong_kinds(parameters: list[str], kinds: list[t.ProperType], run: Run, module: Module) -> str | None:
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
    return _wrong_configuration(configuration, second, run, module)


def _wrong_configuration(name: str, kind: t.ProperType, run: Run, module: Module) -> str | None:
    if _has_base(kind, names.CONFIGURATION_BASE):
        return None
    wanted = "a subclass of ConfigurationBase, which says what the YAML file holds"
    if run.function.arguments[1].type_annotation is None:
        return f"the parameter {name} of run has no annotation, expected {wanted}"
    if _is_any(kind):
        return None
    if isinstance(kind, t.Instance) and ("dataclass" in kind.type.metadata or "attrs" in kind.type.metadata):
        holder = _holder(kind.type, module)
        if holder is not None:
            return f"{_words(kind)} is a section of {holder}: write {name}: {holder}"
        return f"{_words(kind)} does not derive from ConfigurationBase: write class {_words(kind)}(ConfigurationBase)"
    return f"the parameter {name} of run is of type {_words(kind)}, expected {wanted}"


def _holder(section: n.TypeInfo, module: Module) -> str | None:
    """The only configuration class of this module, or of that of a section, which has the section."""
    from experimaestro_mypy.files import types  # late: it imports the loader, which few modules need

    tables = [module.file.names, *(home.names for home in [module.modules.get(section.module_name)] if home)]
    classes = {symbol.node for table in tables for symbol in table.values() if isinstance(symbol.node, n.TypeInfo)}
    mine = [info for info in classes if info.has_base(names.CONFIGURATION_BASE)]
    holders = [info.name for info in mine if section in types.classes_of(types.instance_of(info))]
    return holders[0] if len(holders) == 1 else None


def without_run(module: Module) -> Iterator[Finding]:
    """A module that a YAML file names as that of an experiment, and that has no function `run`."""
    file = module.file
    if experiments.RUN in file.names or "__getattr__" in file.names or not experiments.uses_package(file):
        return
    named_by = experiments.named_by(module)
    if named_by is not None:
        where, hint = _nearly_run(file)
        yield Finding(where, codes.RUN, f"{named_by} runs this module, which has no function run: {hint}")


def _nearly_run(file: n.MypyFile) -> tuple[n.Context, str]:
    """The function that was perhaps meant, or the configuration class, or the first line; and what to write."""
    definitions = [each.func if isinstance(each, n.Decorator) else each for each in file.defs]
    for function in definitions:
        if isinstance(function, n.FuncDef) and _is_like_run(function):
            return function, f"rename {function.name} to run"
    for definition in definitions:
        if isinstance(definition, n.ClassDef) and derives(definition.info, names.CONFIGURATION_BASE):
            return definition, f"write {SIGNATURE.replace('MyConfiguration', definition.name)}"
    return n.Context(1, 0), f"write {SIGNATURE}"


def _is_like_run(function: n.FuncDef) -> bool:
    match experiments.parameter_types(function):
        case [helper, configuration]:
            return _has_base(helper, names.EXPERIMENT_HELPER) and _has_base(configuration, names.CONFIGURATION_BASE)
        case _:
            return False


def _has_base(kind: t.ProperType, name: str) -> bool:
    return isinstance(kind, t.Instance) and (kind.type.has_base(name) or kind.type.fallback_to_any)


def _is_any(kind: t.ProperType) -> bool:
    return isinstance(kind, t.AnyType)


def _words(kind: t.ProperType) -> str:
    return kind.type.name if isinstance(kind, t.Instance) and not kind.args else str(kind)
