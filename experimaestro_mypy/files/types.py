"""Types of mypy to the shapes of YAML values that the loader accepts for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from types import NoneType
from typing import Final, NamedTuple

from mypy import nodes as n
from mypy import types as t
from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype

from experimaestro_mypy import configurations, names
from experimaestro_mypy.configurations import Declared
from experimaestro_mypy.files import fields, plain
from experimaestro_mypy.files.classes import Modules, named, type_name
from experimaestro_mypy.files.classes import below as classes_below
from experimaestro_mypy.files.shapes import (
    ANYTHING,
    DURATION,
    PATH,
    SIZE,
    Choice,
    Configured,
    Either,
    Field,
    Fields,
    Fixed,
    Grid,
    Items,
    Named,
    Plain,
    Refused,
    Scalar,
    Shape,
    Table,
    is_set_by_plan,
    part,
)
from experimaestro_mypy.records import Parameter

_SCALARS: Final = {f"builtins.{kind.__name__}": kind for kind in (bool, int, float, str)}
_SPECIAL: Final[Mapping[str, Shape]] = {
    "pathlib.Path": PATH,
    "pathlib._local.Path": PATH,
    "datetime.timedelta": DURATION,
    f"{names.PACKAGE}.configuration.quantities.ByteSize": SIZE,
}
_LISTS: Final = {
    *("builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple"),
    *(f"typing.{name}" for name in ("Sequence", "MutableSequence", "Collection", "Iterable", "AbstractSet")),
}
_TABLES: Final = {"builtins.dict", "typing.Mapping", "typing.MutableMapping"}
_MADE: Final = ("dataclass", "attrs")
"""The keys under which mypy keeps what it knows of classes with fields."""


def shape_of(kind: t.Type, modules: Modules) -> Shape:
    """What a file may hold for a type; anything where the plugin cannot tell."""
    match t.get_proper_type(kind):
        case t.NoneType():
            return Scalar(NoneType)
        case t.UnionType(items=items):
            return _union(items, modules)
        case t.LiteralType() as literal:
            return _literals([literal])
        case t.TupleType(items=items, partial_fallback=fallback) if fallback.type.fullname == "builtins.tuple":
            return Fixed(tuple(shape_of(item, modules) for item in items))
        case t.Instance() as instance:
            return _instance(instance, modules)
        case t.TypeVarType(upper_bound=bound):
            return shape_of(bound, modules)
        case _:
            return ANYTHING


def _union(items: Iterable[t.Type], modules: Modules) -> Shape:
    proper = t.get_proper_types(list(items))
    literals = [item for item in proper if isinstance(item, t.LiteralType)]
    others = [shape_of(item, modules) for item in proper if not isinstance(item, t.LiteralType)]
    members = [*([_literals(literals)] if literals else []), *others]
    return members[0] if len(members) == 1 else Either(tuple(members))


def _instance(instance: t.Instance, modules: Modules) -> Shape:
    info = instance.type
    if info.fullname in _SPECIAL:
        return _SPECIAL[info.fullname]
    if info.fullname in _SCALARS:
        return Scalar(_SCALARS[info.fullname])
    arguments = [shape_of(argument, modules) for argument in instance.args]
    if info.fullname in _LISTS:
        return Items(arguments[0] if arguments else ANYTHING)
    if info.fullname in _TABLES:
        return Table(*arguments) if len(arguments) == 2 else Table(ANYTHING, ANYTHING)
    if info.is_newtype and info.bases:
        return shape_of(info.bases[0], modules)
    if info.is_enum:
        return _enumeration(info)
    return _object(instance, modules)


def _object(instance: t.Instance, modules: Modules) -> Shape:
    info = instance.type
    if info.fallback_to_any:
        return ANYTHING
    if configurations.is_configuration(info):
        return _configured(instance, modules)
    if any(key in base.metadata for base in info.mro for key in _MADE) and not _is_foreign(info):
        return Fields(info.name, lambda: _fields(instance, modules))
    return Refused(info.name) if plain.is_plain(info, modules) else ANYTHING


def _is_foreign(info: n.TypeInfo) -> bool:
    """Whether the fields are those of another library, whose classes the loader refuses."""
    makers = (base for base in info.mro if base.dataclass_transform_spec is not None)
    metaclass = info.metaclass_type
    if metaclass is not None and any(base.dataclass_transform_spec is not None for base in metaclass.type.mro):
        return True
    return any(not base.fullname.startswith(f"{names.PACKAGE}.") for base in makers)


class _Member(NamedTuple):
    """A field of a class."""

    name: str
    kind: t.Type
    is_required: bool


def _fields(instance: t.Instance, modules: Modules) -> Mapping[str, Field] | None:
    members = _members(instance)
    if members is None:
        return None
    tried = fields.grids(instance.type)
    found: dict[str, Field] = {}
    for name, kind, is_required in members:
        shape = shape_of(kind, modules)
        is_grid = name in tried or f"_{name}" in tried
        found[_key(name, instance.type)] = Field(Grid(shape) if is_grid else shape, is_required)
    return found


def _members(instance: t.Instance) -> list[_Member] | None:
    """The arguments of the constructor that mypy made for a class; None if it made none."""
    info = instance.type
    owner = next((base for base in info.mro if "__init__" in base.names), None)
    symbol = None if owner is None else owner.names["__init__"]
    if owner is None or symbol is None or not symbol.plugin_generated or not isinstance(symbol.node, n.FuncDef):
        return None
    signature = symbol.node.type
    if not isinstance(signature, t.CallableType):
        return None
    arguments = list(zip(signature.arg_names, signature.arg_kinds, signature.arg_types, strict=True))[1:]
    return [
        _Member(name, _declared(instance, owner, name, given), kind.is_required())
        for name, kind, given in arguments
        if name is not None
    ]


def _key(name: str, info: n.TypeInfo) -> str:
    """Classes of attrs, ours too, take a private field by its name without underscores."""
    return name.lstrip("_") if info.has_base(names.CONFIGURATION_BASE) else name


def _declared(instance: t.Instance, owner: n.TypeInfo, name: str, given: t.Type) -> t.Type:
    """The annotation of a field; attrs' constructors take what converters take instead."""
    symbol = instance.type.get(name) or instance.type.get(f"_{name}")
    home = next((base for base in instance.type.mro if name in base.names or f"_{name}" in base.names), owner)
    if symbol is not None and isinstance(symbol.node, n.Var) and symbol.node.type is not None:
        return expand_type_by_instance(symbol.node.type, map_instance_to_supertype(instance, home))
    return expand_type_by_instance(given, map_instance_to_supertype(instance, owner))


def _enumeration(info: n.TypeInfo) -> Shape:
    members = {name: _value(info, name) for name in info.enum_members}
    if not members:
        return ANYTHING
    values = [value for value in members.values() if not isinstance(value, _Unknown)]
    others = [value.kind for value in members.values() if isinstance(value, _Unknown)]
    return Choice(
        accepted=(*values, *members),
        shown=tuple(value if isinstance(value, str) else name for name, value in members.items()),
        others=tuple(others),
    )


class _Unknown(NamedTuple):
    """A value that mypy does not know, of a class that it may know."""

    kind: type


def _value(info: n.TypeInfo, name: str) -> Plain | _Unknown:
    symbol = info.names.get(name)
    node = None if symbol is None else symbol.node
    kind = None if not isinstance(node, n.Var) or node.type is None else t.get_proper_type(node.type)
    known = kind.last_known_value if isinstance(kind, t.Instance) else None
    if known is not None and isinstance(known.value, bool | int | float | str) and not known.fallback.type.is_enum:
        return known.value
    return _Unknown(_unknown_kind(info, kind))


def _unknown_kind(info: n.TypeInfo, kind: t.ProperType | None) -> type:
    """The class of a value that ``auto()`` or an expression gives."""
    if "_generate_next_value_" in info.names or not isinstance(kind, t.Instance):
        return object
    if kind.type.fullname == "enum.auto":
        return str if info.has_base("builtins.str") else int
    return _SCALARS.get(kind.type.fullname, object)


def _plain(literal: t.LiteralType) -> Plain:
    value = literal.value
    return value if isinstance(value, bool | int | float | str) else None


def _literals(literals: list[t.LiteralType]) -> Shape:
    accepted: list[Plain] = []
    shown: list[Plain] = []
    others: list[type] = []
    for literal in literals:
        info = literal.fallback.type
        if not info.is_enum:
            accepted.append(_plain(literal))
            shown.append(_plain(literal))
            continue
        value = _value(info, str(literal.value))
        others += [value.kind] if isinstance(value, _Unknown) else []
        accepted += [_plain(literal), *([] if isinstance(value, _Unknown) else [value])]
        shown.append(value if isinstance(value, str) else _plain(literal))
    return Choice(tuple(accepted), tuple(shown), tuple(others))


def _configured(instance: t.Instance, modules: Modules) -> Shape:
    info = instance.type
    return Configured(
        fields=_parameters(instance, modules),
        find=partial(_named, declared=info, modules=modules),
        is_abstract=info.is_abstract or info.fullname == names.CONFIG,
        is_task=configurations.is_task(info),
        subclasses=lambda: tuple(sorted(type_name(below) for below in classes_below(info, modules))),
    )


def _parameters(instance: t.Instance, modules: Modules) -> Fields:
    return Fields(instance.type.name, lambda: _configuration_fields(instance, modules))


def _configuration_fields(instance: t.Instance, modules: Modules) -> Mapping[str, Field] | None:
    info = instance.type
    declared = configurations.parameters(info)
    if not all(configurations.is_known(each) for each in declared.values()):
        return None
    return {name: _parameter(each, instance, modules) for name, each in declared.items()}


def _parameter(declared: Declared, instance: t.Instance, modules: Modules) -> Field:
    """The key of a parameter: one that may hold a task is left to the plan."""
    parameter, written = declared.parameter, configurations.type_of(instance.type, declared)
    kind = expand_type_by_instance(written, instance)
    shape = _chosen(part(shape_of(kind, modules)), parameter)
    is_left = _is_optional(kind) or is_set_by_plan(shape) or is_set_by_plan(shape_of(written, modules))
    return Field(shape, parameter.is_required and not is_left, _refusal(parameter, instance.type))


def _chosen(shape: Shape, parameter: Parameter) -> Shape:
    choices = parameter.choices
    return shape if choices is None or isinstance(shape, Either) else Choice(tuple(choices), tuple(choices))


def _is_optional(kind: t.Type) -> bool:
    proper = t.get_proper_type(kind)
    items = t.get_proper_types(proper.items) if isinstance(proper, t.UnionType) else [proper]
    return any(isinstance(item, t.NoneType) for item in items)


def _refusal(parameter: Parameter, info: n.TypeInfo) -> str | None:
    if parameter.is_settable and not parameter.is_generated:
        return None
    return f"cannot be set: it is {'generated' if parameter.is_generated else 'constant'} in {info.name}"


def _named(name: str, given: Collection[str], declared: n.TypeInfo, modules: Modules) -> Named:
    info, mistake = named(name, given, declared, modules)
    if info is None:
        return Named(None, mistake)
    return Named(_parameters(instance_of(info), modules), is_task=configurations.is_task(info))


def instance_of(info: n.TypeInfo) -> t.Instance:
    """The type of a class, all its variables being unknown."""
    return t.Instance(info, [t.AnyType(t.TypeOfAny.special_form)] * len(info.defn.type_vars))


def classes_of(kind: t.Instance) -> set[n.TypeInfo]:
    """All classes that a class holds, at any depth, with their parents: a change there may make a mistake elsewhere."""
    seen: set[n.TypeInfo] = set()
    pending: list[t.Type] = [kind]
    while pending:
        for instance in _instances(pending.pop()):
            if instance.type not in seen:
                seen.update(instance.type.mro[:-1])
                pending += _held(instance)
    return seen


def _instances(kind: t.Type) -> Iterator[t.Instance]:
    match t.get_proper_type(kind):
        case t.Instance() as instance:
            yield instance
            inner: Iterable[t.Type] = instance.args
        case t.UnionType(items=items) | t.TupleType(items=items):
            inner = items
        case t.LiteralType(fallback=fallback):
            inner = [fallback]
        case _:
            inner = []
    for each in inner:
        yield from _instances(each)


def _held(instance: t.Instance) -> list[t.Type]:
    info = instance.type
    if configurations.is_configuration(info):
        return [configurations.type_of(info, declared) for declared in configurations.parameters(info).values()]
    return [member.kind for member in (_members(instance) or ())]
