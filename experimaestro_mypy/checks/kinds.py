"""Types that no parameter can have: the class is refused when it is defined, or its values have no identifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.fields import attributes
from experimaestro_mypy.records import Kind
from experimaestro_mypy.unit import Finding, Module

_ACCEPTED: Final = frozenset(
    {f"builtins.{name}" for name in ("int", "float", "bool", "str", "list", "set", "frozenset", "tuple", "dict")}
    | {"pathlib.Path", "pathlib._local.Path"}  # the second: where Python 3.13 and later define it
)
_WITH_ARGUMENTS: Final = ("typing.Sequence", "typing.Mapping")
"""Accepted when it is said what they hold."""
_INSTEAD: Final = {
    "builtins.complex": "take float, twice",
    "builtins.object": "take the types it may be",
    "builtins.function": "take the name of the function, or a Config",
    **dict.fromkeys(("builtins.bytes", "builtins.bytearray"), "take str, or the Path of a file"),
    **dict.fromkeys(("pathlib.PurePath", "pathlib._local.PurePath", "os.PathLike"), "take Path"),
    **dict.fromkeys(("pathlib.PosixPath", "pathlib._local.PosixPath"), "take Path"),
    **dict.fromkeys(("typing.Iterable", "typing.Iterator", "typing.Collection", "typing.MutableSequence"), "take list"),
    **dict.fromkeys(("typing.AbstractSet", "typing.MutableSet"), "take set"),
    **dict.fromkeys(("typing.MutableMapping", "collections.OrderedDict", "collections.defaultdict"), "take dict"),
    **dict.fromkeys(("collections.Counter", "collections.ChainMap"), "take dict"),
    **dict.fromkeys(("collections.deque", "array.array"), "take list"),
    "builtins.range": "take int, twice, or a list",
    "datetime.datetime": "take str, its isoformat(), or float, its timestamp()",
    "datetime.date": "take str, its isoformat()",
    "datetime.timedelta": "take float, its total_seconds()",
    "decimal.Decimal": "take float, or str",
    "fractions.Fraction": "take int, twice, or float",
    "uuid.UUID": "take str",
    "re.Pattern": "take str, its pattern",
}
_CONFIG: Final = "make it a Config, its fields are then parameters"


def parameter_kinds(module: Module) -> Iterator[Finding]:
    """Parameters whose type is none of parameters."""
    for attribute in attributes(module):
        kind, declared = attribute.parameter.kind, attribute.type
        if kind not in (Kind.PARAM, Kind.META, Kind.CONSTANT) or declared is None or attribute.parameter.is_generated:
            continue
        is_identified = kind is Kind.PARAM and not _says_anything(module.file, attribute.statement)
        reason = refusal(declared, is_identified=is_identified)
        if reason is not None:
            text = f"{attribute.title} cannot be declared so: {reason}"
            yield Finding(attribute.statement, codes.PARAM_KIND, text)


def _says_anything(file: n.MypyFile, statement: n.AssignmentStmt) -> bool:
    """Whether an annotation says ``Any`` of the package, which is that of `typing` by the name for parameters."""
    ours = {name for statement in file.imports for name in _names_of_any(statement)}
    return bool(ours) and not ours.isdisjoint(_written(statement.unanalyzed_type))


def _names_of_any(statement: n.ImportBase) -> Iterator[str]:
    if isinstance(statement, n.ImportFrom) and statement.id == names.PACKAGE:
        yield from (alias or name for name, alias in statement.names if name == "Any")
    if isinstance(statement, n.Import):
        yield from (f"{alias or name}.Any" for name, alias in statement.ids if name == names.PACKAGE)


def _written(annotation: t.Type | None) -> Iterator[str]:
    """The names in an annotation."""
    if isinstance(annotation, t.UnboundType):
        yield annotation.name
        for argument in annotation.args:
            yield from _written(argument)
    elif isinstance(annotation, t.UnionType):
        for item in annotation.items:
            yield from _written(item)


def inside_kinds(module: Module) -> Iterator[Finding]:
    """Parameters whose kind stands inside another type."""
    for attribute in attributes(module):
        written = attribute.parameter.outermost
        if written is not None:
            kind, name = written.partition("[")[0], attribute.parameter.name
            text = f"{kind} stands inside another type: {attribute.title} is no parameter; write {name}: {written}"
            yield Finding(attribute.statement, codes.PARAM_KIND, text)


def refusal(declared: t.ProperType, *, is_identified: bool) -> str | None:
    """Why a type is none of a parameter; None if it may be one."""
    match declared:
        case t.AnyType():
            return _any(declared) if is_identified else None
        case t.CallableType():
            return None if declared.is_type_obj() else "a function is no value, take its name, or a Config"
        case t.TypeType():
            return "a class is no value, take its name, or a configuration of it"
        case t.TypedDictType():
            name = declared.fallback.type.name
            return f"{name} is a TypedDict, which is no type of parameters; {_CONFIG}"
        case t.UnionType() | t.TupleType():
            named = _named_tuple(declared)
            return named or _first(declared.items, is_identified=is_identified)
        case t.Instance():
            return _instance(declared, is_identified=is_identified)
        case _:
            return None


def _any(declared: t.AnyType) -> str | None:
    """What is explicitly Any: what comes from an import without types is not."""
    if declared.type_of_any != t.TypeOfAny.explicit:
        return None
    return "Any says nothing of its value, which has no identifier then; write its type, or Any of experimaestro"


def _named_tuple(declared: t.UnionType | t.TupleType) -> str | None:
    info = declared.partial_fallback.type if isinstance(declared, t.TupleType) else None
    if info is None or info.fullname == "builtins.tuple":
        return None
    return f"{info.name} is a named tuple, which is no type of parameters; {_CONFIG}"


def _first(items: list[t.Type] | tuple[t.Type, ...], *, is_identified: bool) -> str | None:
    reasons = (refusal(t.get_proper_type(item), is_identified=is_identified) for item in items)
    return next((reason for reason in reasons if reason is not None), None)


def _instance(declared: t.Instance, *, is_identified: bool) -> str | None:
    info = declared.type
    if configurations.is_configuration(info) or info.fallback_to_any or info.is_enum:
        return None  # what the type variables of a class stand for says nothing of its parameters
    if info.is_newtype:
        base = info.bases[0].type.name if info.bases else "its base"
        return f"{info.name} is a NewType, which is no class; write {base}"
    if info.fullname in _ACCEPTED or (info.fullname in _WITH_ARGUMENTS and not _are_omitted(declared)):
        return _first(declared.args, is_identified=is_identified)
    if info.fullname in _WITH_ARGUMENTS:
        return f"{info.name} does not say what it holds; write {info.name}[...]"
    if info.fullname == "builtins.type":
        return "a class is no value, take its name, or a configuration of it"
    return f"{info.name} is no type of parameters; {_INSTEAD.get(info.fullname, _instead(info.fullname))}"


def _are_omitted(declared: t.Instance) -> bool:
    arguments = [t.get_proper_type(argument) for argument in declared.args]
    omitted = t.TypeOfAny.from_omitted_generics
    return all(isinstance(argument, t.AnyType) and argument.type_of_any == omitted for argument in arguments)


def _instead(fullname: str) -> str:
    """What to take in place of a class, by who defines it."""
    package = fullname.partition(".")[0]
    if package == "numpy":
        return "take int, float or a list, or the Path of a file"
    return "take the Path of a file, or a Config" if package in _LIBRARIES else _CONFIG


_LIBRARIES: Final = (
    *("builtins", "typing", "collections", "torch", "types", "pandas", "threading", "logging", "io"),
    *("_io", "_thread", "experimaestro"),
)
"""Those that define classes which a user cannot change."""
