"""Types that no parameter can have: their values have no identifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.fields import Attribute, attributes
from experimaestro_mypy.records import Kind
from experimaestro_mypy.unit import Finding, Module

_SCALARS: Final = ("builtins.int", "builtins.float", "builtins.str", "builtins.bool", "builtins.bytes")
_PATHS: Final = ("pathlib.Path", "pathlib._local.Path", "pathlib.PurePath", "os.PathLike")
_LIBRARIES: Final = {names.PACKAGE, "builtins", "typing", "collections", "datetime", "decimal", "fractions"} | {
    *("numpy", "torch", "types"),
}
_REFUSED: Final = {
    "builtins.complex": "float, twice",
    "builtins.object": "the types it may be",
    "builtins.function": "the name of the function, or a Config",
}


def parameter_kinds(module: Module) -> Iterator[Finding]:
    """Parameters whose type has no identifier."""
    for attribute in attributes(module):
        if attribute.parameter.kind is Kind.PARAM and attribute.type is not None:
            reason = refusal(attribute.type)
            if reason is not None and not attribute.parameter.is_generated:
                yield Finding(attribute.statement, codes.PARAM_KIND, _text(attribute, reason))


def _text(attribute: Attribute, reason: str) -> str:
    return f"{attribute.title} has no identifier: {reason}"


def refusal(declared: t.ProperType) -> str | None:
    """Why a type is none of a parameter; None if it may be one."""
    if isinstance(declared, t.AnyType):
        return _any(declared)
    if isinstance(declared, t.CallableType):
        return None if declared.is_type_obj() else "a function is no value: take its name, or a Config"
    if isinstance(declared, t.UnionType):
        return _first([t.get_proper_type(item) for item in declared.items])
    if isinstance(declared, t.TupleType):
        return _first([t.get_proper_type(item) for item in declared.items])
    return _instance(declared) if isinstance(declared, t.Instance) else None


def _any(declared: t.AnyType) -> str | None:
    """What is explicitly Any: what comes from an import without types is not."""
    return "Any says nothing of its value: write its type" if declared.type_of_any == t.TypeOfAny.explicit else None


def _first(items: list[t.ProperType]) -> str | None:
    return next((reason for item in items if (reason := refusal(item)) is not None), None)


def _instance(declared: t.Instance) -> str | None:
    info = declared.type
    if info.fullname in _REFUSED:
        return f"{info.name} is no type of parameters: take {_REFUSED[info.fullname]}"
    if configurations.is_configuration(info) or info.fallback_to_any:
        return None  # what its type variables stand for says nothing of its parameters
    if _is_known(declared):
        return _first([t.get_proper_type(argument) for argument in declared.args])
    return f"{info.name} is no Config: make it one, its fields are then parameters"


def _is_known(declared: t.Instance) -> bool:
    """Whether values of a class have an identifier, or might have one."""
    info = declared.type
    if info.fullname in _SCALARS + _PATHS or info.is_enum or info.is_protocol:
        return True
    if info.has_base("pathlib.PurePath"):
        return True
    module = info.fullname.rpartition(".")[0]
    return not _is_of_user(module) or info.typeddict_type is not None


def _is_of_user(module: str) -> bool:
    """Whether a class is neither of the standard library nor of the package, nor of numpy."""
    return module.partition(".")[0] not in _LIBRARIES
