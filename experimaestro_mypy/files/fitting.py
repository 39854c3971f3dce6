"""Whether a YAML value is what it may be: the loader's own checks, on shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from experimaestro.configuration.annotations import TASK_IN_FILE, TYPE
from experimaestro.configuration.atoms import unsupported
from experimaestro.configuration.errors import Problem
from experimaestro.configuration.grids import written_values
from experimaestro.configuration.quantities import LONGEST, duration, size
from experimaestro.configuration.tree import KeyPath, ListNode, MappingNode, Node, ScalarNode, plain
from experimaestro.exceptions import did_you_mean, nearest_name
from experimaestro_mypy.files.shapes import (
    DURATION,
    PATH,
    SIZE,
    Anything,
    Choice,
    Configured,
    Either,
    Field,
    Fields,
    Fixed,
    Grid,
    Items,
    Named,
    Refused,
    Scalar,
    Shape,
    Special,
    Table,
    expected,
)
from experimaestro_mypy.files.trees import is_unknown, words

MISSING: Final = "missing, expected "


def problems(node: Node, shape: Shape, path: KeyPath, *, is_partial: bool = False) -> Iterator[Problem]:
    """What is wrong in a value; `is_partial` when other files give the keys that are missing."""
    if is_unknown(node):
        return
    match shape:
        case Anything():
            pass
        case Either(members):
            yield from _one_of(node, members, path, is_partial)
        case Grid(value):
            yield from tried(node, value, path)
        case Items() | Fixed():
            yield from _list(node, shape, path)
        case Table():
            yield from _table(node, shape, path, is_partial)
        case Fields():
            yield from _fields(node, shape, path, is_partial)
        case Configured():
            yield from _configured(node, shape, path, is_partial)
        case Refused(name):
            yield Problem(unsupported(name), path=path, position=node.position)
        case Scalar() | Special() | Choice():
            if not _fits(node, shape):
                yield _mismatch(node, shape, path, _advice(node, shape))


def _mismatch(node: Node, shape: Shape, path: KeyPath, hint: str = "") -> Problem:
    return Problem(f"found {words(node)}, expected {expected(shape)}{hint}", path=path, position=node.position)


def _fits(node: Node, shape: Scalar | Special | Choice) -> bool:
    if not isinstance(node, ScalarNode):
        return False
    value = node.value
    match shape:
        case Scalar(kind):
            return type(value) is kind or (kind is float and type(value) is int)
        case Choice():
            return _is_chosen(value, shape)
        case Special():
            return _is_special(value, shape)


def _is_chosen(value: object, choice: Choice) -> bool:
    if any(isinstance(value, kind) for kind in choice.others):
        return True
    return any(type(value) is type(option) and value == option for option in choice.accepted)


_READERS: Final[Mapping[str, Callable[[str], bool]]] = {
    PATH.name: bool,
    DURATION.name: lambda text: duration(text) is not None,
    SIZE.name: lambda text: size(text) is not None,
}


def _is_special(value: object, shape: Special) -> bool:
    if isinstance(value, str):
        return _READERS[shape.name](value)
    is_number = isinstance(value, int) or (shape is DURATION and isinstance(value, float))
    largest = LONGEST if shape is DURATION else float("inf")
    return shape is not PATH and is_number and not isinstance(value, bool) and 0 <= value <= largest  # type: ignore[operator]  # is_number says it is one


def _advice(node: Node, shape: Scalar | Special | Choice) -> str:
    value = node.value if isinstance(node, ScalarNode) else None
    if isinstance(shape, Choice):
        known = [word for word in shape.shown if isinstance(word, str)]
        return did_you_mean(value, known) if isinstance(value, str) else ""
    takes_text = shape is PATH or (isinstance(shape, Scalar) and shape.kind is str)
    if takes_text and isinstance(value, bool | int | float):
        return " (quote it)"
    is_number = isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdecimal()
    return " (remove the quotes)" if isinstance(shape, Scalar) and shape.kind in (int, float) and is_number else ""


def _list(node: Node, shape: Items | Fixed, path: KeyPath) -> Iterator[Problem]:
    if not isinstance(node, ListNode):
        yield _mismatch(node, shape, path)
        return
    shapes: Sequence[Shape] = shape.items if isinstance(shape, Fixed) else [shape.item] * len(node.items)
    if len(shapes) != len(node.items):
        message = f"found a list of {len(node.items)}, expected {expected(shape)}"
        yield Problem(message, path=path, position=node.position)
        return
    for index, (item, item_shape) in enumerate(zip(node.items, shapes, strict=True)):
        yield from problems(item, item_shape, (*path, index))


def _table(node: Node, shape: Table, path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    if not isinstance(node, MappingNode):
        yield _mismatch(node, shape, path)
        return
    for key, entry in node.entries.items():
        named = ScalarNode(key, str(key), quoted=False, position=entry.key)
        yield from problems(named, shape.key, (*path, key))
        yield from problems(entry.value, shape.value, (*path, key), is_partial=is_partial)


def _fields(node: Node, shape: Fields, path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    if not isinstance(node, MappingNode):
        yield _mismatch(node, shape, path)
        return
    fields = shape.load()
    if fields is not None:
        yield from _entries(node, fields, path, is_partial)


def _entries(node: MappingNode, fields: Mapping[str, Field], path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    known = [name for name, each in fields.items() if each.refusal is None]
    meant = {key: nearest_name(str(key), known) for key in node.entries if str(key) not in fields}
    for key, entry in node.entries.items():
        field = fields.get(str(key))
        if field is None:
            hint = f" (known: {', '.join(known)})" if meant[key] is None else f"; did you mean {meant[key]!r}?"
            yield Problem(f"unknown key{hint}", path=(*path, key), position=entry.key)
        elif field.refusal is not None:
            yield Problem(field.refusal, path=(*path, key), position=entry.key)
        else:
            yield from problems(entry.value, field.shape, (*path, key), is_partial=is_partial)
    missing = [name for name, field in fields.items() if field.is_required and name not in node.entries]
    for name in () if is_partial else missing:
        if name not in meant.values():  # told with the key that was meant to be it
            message = f"{MISSING}{expected(fields[name].shape)}"
            yield Problem(message, path=(*path, name), position=node.position)


def _configured(node: Node, shape: Configured, path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    if not isinstance(node, MappingNode):
        yield _mismatch(node, shape, path)
        return
    entry = node.entries.get(TYPE)
    given = _untagged(node)
    if entry is not None:
        yield from _named(given, entry.value, shape, path, is_partial)
    elif not shape.is_abstract:
        yield from _chosen(given, Named(shape.fields, is_task=shape.is_task), shape, path, is_partial)
    elif not is_partial:
        listed = ", ".join(shape.subclasses()) or "none is known"
        message = f"{TYPE} is missing, expected one of the classes of {shape.fields.name} ({listed})"
        yield Problem(message, path=path, position=node.position)


def _untagged(node: MappingNode) -> MappingNode:
    return node._replace(entries={key: entry for key, entry in node.entries.items() if key != TYPE})


def _named(given: MappingNode, name: Node, shape: Configured, path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    """A mapping that says of which class it is."""
    if is_unknown(name):
        return
    if not (isinstance(name, ScalarNode) and isinstance(name.value, str)):
        yield _mismatch(name, Scalar(str), (*path, TYPE), " (quote it)")
        return
    found = shape.find(name.value, [str(key) for key in given.entries])
    if found.mistake is not None:
        yield Problem(found.mistake, path=(*path, TYPE), position=name.position)
    else:
        yield from _chosen(given, found, shape, path, is_partial)


def _chosen(given: MappingNode, named: Named, shape: Configured, path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    if shape.is_part and named.is_task:
        yield Problem(TASK_IN_FILE, path=path, position=given.position)
    elif named.fields is not None:
        yield from _fields(given, named.fields, path, is_partial)


def _one_of(node: Node, members: Sequence[Shape], path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    """The exact type first, then the class that is named, then those that fit."""
    if any(isinstance(member, Anything) for member in members) or _is_exact(node, members):
        return
    classes = [member for member in members if isinstance(member, Fields)]
    if isinstance(node, MappingNode) and TYPE in node.entries and classes:
        yield from _tagged(node, members, classes, path, is_partial)
        return
    found = [list(problems(node, member, path, is_partial=is_partial)) for member in members]
    fitting = [member for member, wrong in zip(members, found, strict=True) if not wrong]
    if fitting:
        yield from _ambiguous(node, fitting, path, is_partial)
        return
    inside = [wrong for wrong in found if not _is_mismatch(wrong, node, path)]
    yield from min(
        inside, key=_weight, default=[_mismatch(node, Either(tuple(members)), path, _union_advice(node, members))]
    )


def _union_advice(node: Node, members: Sequence[Shape]) -> str:
    hints = [_advice(node, member) for member in members if isinstance(member, Choice)]
    return next(filter(None, hints), "")


def _is_exact(node: Node, members: Sequence[Shape]) -> bool:
    value = node.value if isinstance(node, ScalarNode) else ()
    return any(isinstance(member, Scalar) and type(value) is member.kind for member in members)


def _tagged(
    node: MappingNode, members: Sequence[Shape], classes: Sequence[Fields], path: KeyPath, is_partial: bool
) -> Iterator[Problem]:
    """A mapping that says which of the classes it is, by its name."""
    named = node.entries[TYPE].value
    tags = {shape.name: shape for shape in classes}
    has_configurations = any(isinstance(member, Configured) for member in members)
    is_repeated = len(tags) < len(classes)
    if has_configurations or is_repeated or is_unknown(named):
        return
    chosen = tags.get(str(plain(named))) if isinstance(named, ScalarNode) else None
    if chosen is None:
        words_of_tags = Choice(tuple(tags), tuple(tags))
        yield _mismatch(named, words_of_tags, (*path, TYPE), _advice(named, words_of_tags))
        return
    yield from _fields(_untagged(node), chosen, path, is_partial)


def _ambiguous(node: Node, fitting: Sequence[Shape], path: KeyPath, is_partial: bool) -> Iterator[Problem]:
    classes = [member for member in fitting if isinstance(member, Fields | Configured)]
    names = [member.name if isinstance(member, Fields) else member.fields.name for member in classes]
    if len(classes) > 1 and not is_partial and all(isinstance(member, Fields) and member.load() for member in classes):
        message = f"found a mapping that fits {' and '.join(names)}, add {TYPE}: {names[0]}, or another of them"
        yield Problem(message, path=path, position=node.position)


def _is_mismatch(wrong: Sequence[Problem], node: Node, path: KeyPath) -> bool:
    return len(wrong) == 1 and wrong[0].path == path and wrong[0].message.startswith(f"found {words(node)}, expected")


def _weight(wrong: Iterable[Problem]) -> int:
    return sum(1 if "did you mean" in problem.message else 2 for problem in wrong)


def tried(node: Node, shape: Shape, path: KeyPath) -> Iterator[Problem]:
    """What is wrong in a value, or in several to try."""
    if is_unknown(node):
        return
    if isinstance(node, ListNode):
        yield from _values([((*path, index), item) for index, item in enumerate(node.items)], shape)
        if not node.items:
            yield Problem("found no value to try, expected at least one", path=path, position=node.position)
    elif isinstance(node, MappingNode) and not _is_one_mapping(node, shape):
        yield from _form(node, shape, path)
    else:
        yield from problems(node, shape, path)


def _values(values: Iterable[tuple[KeyPath, Node]], shape: Shape) -> Iterator[Problem]:
    for path, value in values:
        yield from problems(value, shape, path)


_FORMS: Final = ("value", "values_list", "values_range", "range", "values_mult", "range_mult")


def _is_one_mapping(node: MappingNode, shape: Shape) -> bool:
    members = shape.members if isinstance(shape, Either) else (shape,)
    is_form = len(node.entries) == 1 and all(key in _FORMS for key in node.entries)
    return not is_form and any(isinstance(member, Anything | Fields | Configured | Table) for member in members)


def _form(node: MappingNode, shape: Shape, path: KeyPath) -> Iterator[Problem]:
    """``values_list``, ``range``...: the loader says whether it is complete, the shape whether its values fit."""
    if any(map(is_unknown, _scalars(node))):
        return
    try:
        values = written_values(plain(node), None) or ()
    except ValueError as error:
        yield Problem(str(error), path=path, position=node.position)
        return
    [(name, entry)] = node.entries.items()
    written = entry.value
    if name == "values_list" and isinstance(written, ListNode):
        yield from _values([((*path, name, index), item) for index, item in enumerate(written.items)], shape)
    elif name == "value":
        yield from problems(written, shape, (*path, name))
    else:
        made = (ScalarNode(value, str(value), quoted=False, position=written.position) for value in values[:2])  # type: ignore[arg-type]  # ranges and progressions make numbers
        none: list[Problem] = []
        yield from next(filter(None, (list(problems(each, shape, (*path, name))) for each in made)), none)


def _scalars(node: Node) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            yield node
        case ListNode(items=items):
            for item in items:
                yield from _scalars(item)
        case MappingNode(entries=entries):
            for entry in entries.values():
                yield from _scalars(entry.value)
