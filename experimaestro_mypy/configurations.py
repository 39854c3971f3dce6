"""What is known of configuration classes at check time: their parameters, those of their parents included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from mypy import nodes as n
from mypy import types as t
from mypy.typeops import map_type_from_supertype
from mypy.typevars import fill_typevars

from experimaestro_mypy import names
from experimaestro_mypy.flow.outputs import METHOD
from experimaestro_mypy.records import Kind, Parameter, Record

_EMPTY: Final = Record()


class Declared(NamedTuple):
    """A parameter, and the class that declares it last."""

    parameter: Parameter
    owner: n.TypeInfo


def is_configuration(info: n.TypeInfo) -> bool:
    """Whether a class derives from `Config`."""
    return derives(info, names.CONFIG)


def derives(info: n.TypeInfo, base: str) -> bool:
    """Whether a class has a base: no, where mypy does not know its bases (yet), as in code that is not reached."""
    return not isinstance(info, n.FakeInfo) and hasattr(info, "mro") and info.has_base(base)


def is_task(info: n.TypeInfo) -> bool:
    """Whether a class derives from `Task`."""
    return info.has_base(names.TASK)


def is_value(info: n.TypeInfo) -> bool:
    """Whether plans may make instances of a class, without parameters: it is, or derives from, a value class."""
    return any(record_of(base).is_value for base in info.mro)


def record_of(info: n.TypeInfo) -> Record:
    """What one class declares, its parents left out."""
    data: dict[str, Any] | None = info.metadata.get(names.METADATA)  # Any: JSON
    return _EMPTY if data is None else _read(data["text"])


@cache
def _read(text: str) -> Record:
    return Record.from_json(json.loads(text))


def keep(info: n.TypeInfo, record: Record) -> None:
    """Keeps what a class declares, with the class, in mypy's cache."""
    info.metadata[names.METADATA] = {"text": json.dumps(record.to_json(), separators=(",", ":"))}


def parameters(info: n.TypeInfo) -> Mapping[str, Declared]:
    """The parameters of a class by name, those of its parents first; the last declaration counts."""
    own = info.metadata.get(names.METADATA)
    known = _PARAMETERS.get(info)
    if known is None or known[0] is not own:
        known = _PARAMETERS[info] = (own, _parameters(info))
    return known[1]


_PARAMETERS: Final[dict[n.TypeInfo, tuple[object, dict[str, Declared]]]] = {}
"""What was found last, and for which record: it is another one when the class or a parent has changed."""


def _parameters(info: n.TypeInfo) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    for base in reversed(info.mro):
        if names.METADATA not in base.metadata:
            continue
        record = record_of(base)
        for name in found.keys() & set(record.values):  # no default, but that is said where it is written
            declared = found[name]
            found[name] = declared._replace(parameter=declared.parameter._replace(has_default=True))
        for parameter in record.parameters:
            found[parameter.name] = Declared(_inherited(parameter, found.get(parameter.name)), base)
    return {name: _filled(declared) for name, declared in found.items()}


def _filled(declared: Declared) -> Declared:
    """A parameter that its library fills by itself is not required, whatever its class says."""
    parameter, owner = declared
    is_filled = f"{owner.fullname}.{parameter.name}" in names.FILLED
    return Declared(parameter._replace(has_default=True), owner) if is_filled else declared


def _inherited(parameter: Parameter, before: Declared | None) -> Parameter:
    """A parameter declared again, with the choices of the declaration that it replaces when it says none."""
    if before is None or parameter.choices is not None:
        return parameter
    return parameter._replace(choices=before.parameter.choices)


def output_path(task: n.TypeInfo, name: str) -> str | None:
    """The generated path of a task that an attribute of its output is; None if it is none, or may be none."""
    owner = next((base for base in task.mro if METHOD in base.names), None)
    paths: set[str] = set() if owner is None else {path for given, path in record_of(owner).outputs if given == name}
    declared = parameters(task).get(paths.pop()) if len(paths) == 1 else None
    return declared.parameter.name if declared is not None and declared.parameter.is_generated else None


def type_of(info: n.TypeInfo, declared: Declared) -> t.Type:
    """The type of a parameter, for the type that a class makes of itself (with its type variables)."""
    symbol = declared.owner.names.get(declared.parameter.name)
    found = symbol.type if symbol is not None else None
    if found is None:
        return t.AnyType(t.TypeOfAny.special_form)
    own = fill_typevars(info)
    instance = own if isinstance(own, t.Instance) else own.partial_fallback
    return map_type_from_supertype(found, info, declared.owner) if instance.type is not declared.owner else found


def is_known(declared: Declared) -> bool:
    """Whether the annotation of a parameter could be read."""
    return declared.parameter.kind is not Kind.UNKNOWN
