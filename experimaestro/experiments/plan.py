"""What a module of an experiment must hold: a function `run`, whose annotation says what the YAML file holds."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from inspect import Parameter
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import attrs

from experimaestro.configuration.base import ConfigurationBase
from experimaestro.exceptions import did_you_mean
from experimaestro.experiments.frames import summary
from experimaestro.experiments.helper import ExperimentCallable, ExperimentHelper
from experimaestro.experiments.modules import ExperimentCodeError, file_of

SIGNATURE: Final = "run(helper: ExperimentHelper, cfg: MyConfiguration)"


class Plan(NamedTuple):
    """What an experiment runs, and with what."""

    helper: ExperimentHelper
    configuration_class: type[ConfigurationBase]
    file: Path | None


def plan_of(module: ModuleType) -> Plan:
    """Finds `run` in a module, and checks it.

    Raises ExperimentCodeError.
    """
    found = _run_of(module)
    function = found.callable if isinstance(found, ExperimentHelper) else found
    definition = _Definition(function, module)
    first, second = definition.parameters()
    configuration_class = _configuration_class(definition, second)
    if isinstance(found, ExperimentHelper):
        return Plan(found, configuration_class, file_of(module))
    return Plan(_helper(definition, first, function), configuration_class, file_of(module))


def _run_of(module: ModuleType) -> Any:  # Any: whatever the user calls `run`
    found: object = getattr(module, "run", None)
    if found is None:
        functions = [name for name, value in vars(module).items() if inspect.isfunction(value)]
        name = file_of(module) or module.__name__
        raise ExperimentCodeError(f"{name}: no function {SIGNATURE}{did_you_mean('run', functions)}")
    return found


class _Definition:
    """The function of an experiment, as it is written."""

    def __init__(self, function: ExperimentCallable, module: ModuleType) -> None:
        self._function = function
        self._module = module

    def parameters(self) -> Sequence[Parameter]:
        """Its two parameters."""
        if not callable(self._function):
            raise self.error(f"`run` is {self._function!r}, expected a function {SIGNATURE}")
        if inspect.iscoroutinefunction(self._function) or inspect.isgeneratorfunction(self._function):
            raise self.error("`run` is asynchronous or a generator, expected a plain function: nothing would run it")
        parameters = list(inspect.signature(self._function).parameters.values())
        positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        if len(parameters) != 2 or any(parameter.kind not in positional for parameter in parameters):
            raise self.error(f"found run{inspect.signature(self._function)}, expected {SIGNATURE}")
        return parameters

    def annotation(self, parameter: Parameter) -> Any:  # Any: Python has no type for annotations
        """The annotation of a parameter, `Parameter.empty` without any; what is written as text is evaluated."""
        written: object = parameter.annotation
        if not isinstance(written, str):
            return written
        try:
            return eval(written, getattr(inspect.unwrap(self._function), "__globals__", vars(self._module)))
        except Exception as error:
            reason = str(error) if isinstance(error, NameError | SyntaxError) else summary(error)
            hint = did_you_mean(written, self._classes()) or " (imports under TYPE_CHECKING do not count)"
            message = f"the annotation {written!r} of {parameter.name!r} has no meaning: {reason}{hint}"
            raise self.error(message) from error

    def _classes(self) -> list[str]:
        return [name for name, value in vars(self._module).items() if isinstance(value, type)]

    def error(self, message: str) -> ExperimentCodeError:
        name = file_of(self._module) or self._module.__name__
        code = getattr(inspect.unwrap(self._function) if callable(self._function) else None, "__code__", None)
        place = name if code is None else f"{code.co_filename}:{code.co_firstlineno}"
        return ExperimentCodeError(f"{place}: {message}")


def _configuration_class(definition: _Definition, parameter: Parameter) -> type[ConfigurationBase]:
    kind = definition.annotation(parameter)
    if isinstance(kind, type) and issubclass(kind, ConfigurationBase):
        return kind
    if isinstance(kind, type) and issubclass(kind, ExperimentHelper):
        raise definition.error(f"found {_text(parameter, kind)} as second parameter of `run`: write {SIGNATURE}")
    if kind is Parameter.empty:
        found = f"{parameter.name!r} without annotation"
    elif isinstance(kind, type) and attrs.has(kind):
        found = f"{_text(parameter, kind)}, which does not derive from ConfigurationBase,"
    else:
        found = _text(parameter, kind)
    raise definition.error(
        f"found {found} as second parameter of `run`, expected a subclass of ConfigurationBase decorated with "
        "@configuration"
    )


def _helper(definition: _Definition, parameter: Parameter, function: ExperimentCallable) -> ExperimentHelper:
    cls = _helper_class(definition, parameter)
    try:
        return cls(function)
    except Exception as error:
        message = f"{cls.__name__}(run) fails, a helper is made with the function alone: {summary(error)}"
        raise definition.error(message) from error


def _helper_class(definition: _Definition, parameter: Parameter) -> type[ExperimentHelper]:
    """The class of the first parameter of `run`; the usual one may be imported for type checkers only."""
    if str(parameter.annotation).rpartition(".")[2] == ExperimentHelper.__name__:
        return ExperimentHelper
    kind = definition.annotation(parameter)
    if kind is Parameter.empty or not isinstance(kind, type):
        return ExperimentHelper
    if issubclass(kind, ExperimentHelper):
        return kind
    raise definition.error(
        f"found {_text(parameter, kind)} as first parameter of `run`, expected ExperimentHelper or a subclass"
    )


def _text(parameter: Parameter, kind: Any) -> str:  # Any: see `annotation`
    return repr(f"{parameter.name}: {getattr(kind, '__name__', kind)}")
