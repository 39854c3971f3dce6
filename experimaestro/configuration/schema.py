"""The JSON Schema of a configuration class: editors complete and check files with it.

It accepts what the loader accepts, but for what JSON Schema cannot say: whether a number is written 3 or 3.0, what
``${...}`` stands for, what files and modules exist, the paths of `grid_search`, whether a range is empty, and
validators of users. Of a file that imports others, it accepts what may be a part of a configuration.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, TypeAlias, cast, get_args

from experimaestro.configuration.annotations import (
    TYPE,
    Annotation,
    bare,
    element,
    is_choice,
    is_class,
    is_collection,
    is_config,
    is_fixed_tuple,
    is_mapping,
    is_part,
    is_size,
    is_union,
    key_and_value,
    options,
    origin,
)
from experimaestro.configuration.bounds import bounds
from experimaestro.configuration.common import EXCLUSIVE, asked_of, is_of_experiments
from experimaestro.configuration.configs import is_required, known_types, parameters
from experimaestro.configuration.grids import MOST_VALUES, is_grid
from experimaestro.configuration.members import REQUIRED, members
from experimaestro.configuration.quantities import DURATION, LONGEST, SIZE
from experimaestro.configuration.unions import tags
from experimaestro.core.checkers import Choices
from experimaestro.core.config import Config
from experimaestro.core.docstrings import documentation_of
from experimaestro.core.state import Argument
from experimaestro.structuring import unstructure

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Schema: TypeAlias = dict[str, Json]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_NOTHING: Final[Schema] = {"not": {}}
"""The schema of what no value fits."""

_SCALARS: Final[Mapping[Annotation, Schema]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    NoneType: {"type": "null"},
    Path: {"type": "string", "minLength": 1},
}

INTERPOLATION: Final[Schema] = {"type": "string", "pattern": r"(^|[^$])\$\{"}
"""What stands for a value of any type, which only the loader knows."""

PARTIAL: Final[Schema] = {
    "anyOf": [
        {"required": ["imports"], "properties": {"imports": {"minItems": 1, "type": "array"}}},
        {"required": ["parent"]},
    ]
}
"""A file that imports others need not hold all: they hold the rest."""


def schema_of(cls: type, *, interpolation: bool = True) -> Schema:
    """Returns the schema of the files that a class describes.

    With `interpolation`, a text with ``${...}`` may stand for any value, and files that import others may be partial.
    """
    complete = _Definitions(interpolation=interpolation, partial=False)
    root = complete.reference(cls)
    schema: Schema = {"$schema": DIALECT, "title": cls.__name__}
    if not interpolation or not is_of_experiments(cls):
        return {**schema, **root, "$defs": complete.definitions()}
    partial = _Definitions(interpolation=True, partial=True)
    branches: Schema = {"if": PARTIAL, "then": partial.reference(cls), "else": root}
    return {**schema, **branches, "$defs": {**complete.definitions(), **partial.definitions()}}


class _Definitions:
    """The schemas of classes, each once: a class may hold itself."""

    def __init__(self, *, interpolation: bool, partial: bool) -> None:
        self._interpolation = interpolation
        self._partial = partial
        self._names: dict[Annotation, str] = {}
        self._schemas: dict[str, Json] = {}

    def definitions(self) -> dict[str, Json]:
        return self._schemas

    def reference(self, kind: Annotation) -> Schema:
        if is_part(kind) and not any(map(_is_task, known_types(origin(bare(kind))).values())):
            kind = bare(kind)
        if kind not in self._names:
            name = self._name(kind)
            self._names[kind] = name
            self._schemas[name] = self._config(kind) if is_config(bare(kind)) else self._object(kind)
        return {"$ref": f"#/$defs/{self._names[kind]}"}

    def _name(self, kind: Annotation) -> str:
        wanted = origin(bare(kind)).__name__ + (".partial" if self._partial else "")
        taken = [name for name in self._names.values() if name == wanted or name.startswith(f"{wanted}-")]
        return f"{wanted}-{len(taken) + 1}" if taken else wanted

    def value(self, kind: Annotation, asked: Schema | None = None) -> Schema:
        """The schema of a value, of which more may be asked, and which may be an interpolation."""
        schema = _both(self._value(kind), asked or {})
        is_text = schema in ({}, {"type": "string"}) or schema == _NOTHING
        return schema if is_text or not self._interpolation else _any_of([schema, INTERPOLATION])

    def _value(self, kind: Annotation) -> Schema:
        if is_grid(kind):
            return self._grid(self.value(bare(kind)), bare(kind))
        if is_part(kind):
            return self.reference(kind)
        kind = bare(kind)
        if kind in (Any, object):
            return {}
        if is_union(kind):
            return self._union(kind)
        if is_choice(kind):
            return _choice(kind)
        if is_collection(kind) or is_mapping(kind):
            return self._container(kind)
        if is_class(kind) or is_config(kind):
            return self.reference(kind)
        return _scalar(kind)

    def _container(self, kind: Annotation) -> Schema:
        if is_fixed_tuple(kind):
            items: list[Json] = [self.value(item) for item in get_args(kind)]
            return _tuple(items, fewest=len(items)) if items else {"type": "array", "maxItems": 0}
        if is_collection(kind):
            return {"type": "array", "items": self.value(element(kind))}
        key, value = key_and_value(kind)
        names = _choice(bare(key)) if is_choice(bare(key)) else _KEYS.get(bare(key), {})
        return {
            "type": "object",
            "additionalProperties": self.value(value),
            **({"propertyNames": names} if names else {}),
        }

    def _union(self, kind: Annotation) -> Schema:
        """A mapping that fits several classes is refused, unless it names one of them."""
        members = get_args(kind)
        if dict in members or list in members:
            exact = [self._value(member) for member in members if member in (dict, list)]
            return _any_of([*exact, *(self._value(member) for member in members if member not in (dict, list))])
        classes = [member for member in members if is_class(bare(member)) or is_config(bare(member))]
        others = [self._value(member) for member in members if member not in classes]
        if len(classes) < 2:
            return _any_of([*others, *map(self._value, classes)])
        one: Json = [self._value(cls) for cls in classes]
        return _any_of([*others, {"anyOf" if self._partial else "oneOf": one}, *self._tagged(kind)])

    def _tagged(self, kind: Annotation) -> Iterable[Schema]:
        for cls, tag in tags(kind).items():
            schema = self._object(cls)
            named: dict[str, Json] = {TYPE: {"const": tag}, **_mapping(schema["properties"])}
            required: list[Json] = [TYPE, *cast("list[Json]", schema.get("required", []))]
            yield {**schema, "properties": named, "required": required}

    def _grid(self, value: Schema, kind: Annotation) -> Schema:
        values: Schema = {"type": "array", "items": value, "minItems": 1}
        forms: dict[str, Json] = {"value": value, "values_list": values, **_numeric_forms(kind)}
        mappings = [_object({name: form}, [name]) for name, form in forms.items()]
        return _any_of([*([] if is_collection(kind) else [value]), values, *mappings])

    def _object(self, kind: Annotation) -> Schema:
        cls: type = origin(kind)
        descriptions = _field_descriptions(cls)
        properties: dict[str, Json] = {}
        required: list[str] = []
        for field in members(kind):
            checked = _json(bounds(field.validator))
            schema = _both(self.value(field.kind, checked), _json(asked_of(field.key, cls)))
            properties[field.key] = _described(schema, descriptions.get(field.name, ""), field.default)
            if field.default is REQUIRED:
                required.append(field.key)
        schema = _object(properties, [] if self._partial else required)
        if is_of_experiments(cls):
            schema["allOf"] = [_json(rule) for rule in EXCLUSIVE]
        return _described(schema, _class_description(cls))

    def _config(self, kind: Annotation) -> Schema:
        """The class of the annotation, or a class below that ``$type`` names."""
        declared: type[Config] = origin(bare(kind))
        names: dict[type[Config], list[str]] = {}
        for name, cls in known_types(declared).items():
            if not (is_part(kind) and _is_task(cls)):
                names.setdefault(cls, []).append(name)
        variants = [
            self._variant(kind, cls, listed, is_named=cls is not declared or cls is Config)
            for cls, listed in names.items()
        ]
        description = _class_description(declared)
        return _described(_any_of(variants), description) if variants else _NOTHING

    def _variant(self, kind: Annotation, cls: type[Config], names: list[str], *, is_named: bool) -> Schema:
        descriptions = _field_descriptions(cls)
        properties: dict[str, Json] = {TYPE: {"enum": list[Json](sorted(names))}}
        required = [TYPE] if is_named and not self._partial else []
        for argument, annotation in parameters(kind, cls):
            text = argument.help or descriptions.get(argument.name, "")
            default = argument.default if argument.default is not None else REQUIRED
            schema = self._parameter(argument, annotation)
            properties[argument.name] = _described(schema, text, default)
            if is_required(argument, annotation) and not self._partial:
                required.append(argument.name)
        return _object(properties, required)

    def _parameter(self, argument: Argument, annotation: Annotation) -> Schema:
        schema = self.value(annotation)
        if not isinstance(argument.checker, Choices):
            return schema
        return {"allOf": [schema, {"enum": _words(argument.checker.choices)}]}


def _is_task(cls: type[Config]) -> bool:
    return cls.__getxpmtype__().is_task


def _json(value: Mapping[str, object]) -> Schema:
    return cast("Schema", dict(value))  # written as JSON


def _both(schema: Schema, asked: Schema) -> Schema:
    """What fits two schemas."""
    return {"allOf": [schema, asked]} if schema.keys() & asked.keys() else {**schema, **asked}


def _numeric_forms(kind: Annotation) -> dict[str, Json]:
    """Ranges and progressions, of numbers that fit the type."""
    kinds = {bare(member) for member in (get_args(kind) if is_union(kind) else [kind])}
    if not kinds & {int, float, Any}:
        return {}
    number: Json = {"type": "number" if kinds & {float, Any} else "integer"}
    integer: Json = {"type": "integer"}
    count: Json = {"type": "integer", "minimum": 1, "maximum": MOST_VALUES}
    span = _tuple([integer, integer, {"type": "integer", "not": {"const": 0}}], fewest=2)
    progression = _tuple([number, count, number], fewest=3)
    return {"values_range": span, "range": span, "values_mult": progression, "range_mult": progression}


def _tuple(items: list[Json], *, fewest: int) -> Schema:
    return {"type": "array", "prefixItems": items, "minItems": fewest, "maxItems": len(items)}


def _scalar(kind: Annotation) -> Schema:
    if kind is timedelta:
        text: Schema = {"type": "string", "pattern": f"^(?:{DURATION})$"}
        return _any_of([text, {"type": "number", "minimum": 0, "maximum": LONGEST}])
    if is_size(kind):
        return _any_of([{"type": "string", "pattern": f"^(?:{SIZE})$"}, {"type": "integer", "minimum": 0}])
    return dict(_SCALARS.get(kind, _NOTHING))


_KEYS: Final[Mapping[Annotation, Schema]] = {
    int: {"pattern": "^-?[0-9]+$"},
    bool: {"enum": ["true", "false"]},
    Path: {"minLength": 1},
}
"""The names of properties for keys that are no text."""


def _choice(kind: Annotation) -> Schema:
    return {"enum": _words(options(kind))}


def _words(choices: Iterable[object]) -> list[Json]:
    """What may be written for values: of members of an enumeration, the value or the name."""
    words: list[Json] = []
    for choice in choices:
        for word in (choice.value, choice.name) if isinstance(choice, Enum) else (choice,):
            known = [(type(other), other) for other in words]
            if isinstance(word, bool | int | float | str | None) and (type(word), word) not in known:
                words.append(word)
    return words


def _class_description(cls: type) -> str:
    """The docstring of a class itself, without its fields; the one that `dataclass` writes says nothing."""
    said = documentation_of(cls)
    if hasattr(cls, "__dataclass_fields__") and said.title.startswith(f"{cls.__name__}("):
        return ""
    return f"{said.title}\n\n{said.description}".strip()


def _field_descriptions(cls: type) -> Mapping[str, str]:
    """What a class and its bases say of their fields, by name."""
    descriptions: dict[str, str] = {}
    for base in reversed(cls.__mro__[:-1]):
        descriptions.update(documentation_of(base).parameters)
    return descriptions


def _any_of(schemas: Sequence[Schema]) -> Schema:
    possible = [schema for schema in schemas if schema != _NOTHING]
    if len(possible) <= 1:
        return possible[0] if possible else dict(_NOTHING)
    return {"anyOf": list[Json](possible)}


def _object(properties: Mapping[str, Json], required: Sequence[str]) -> Schema:
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": list[Json](required)} if required else schema


def _mapping(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict), "the properties of an object"
    return value


def _described(schema: Schema, text: str, default: object = REQUIRED) -> Schema:
    described: Schema = {**schema, "description": text} if text else schema
    try:
        shown: Any = unstructure(default)  # Any: JSON, but for keys that are numbers
    except Exception:  # noqa: BLE001  # a default that has no form in a file is not shown
        return described
    is_json = default is not REQUIRED and not (isinstance(shown, float) and not math.isfinite(shown))
    return {**described, "default": shown} if is_json else described
