"""What stands between ``${`` and ``}``: environment variables, and the values of other keys.

``${env:NAME}`` and ``${oc.env:NAME,default}`` are environment variables, ``${model.layers.0}`` is the value of a key.
``$${`` stands for ``${`` itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.reader import DEEPEST, MOST_VALUES
from experimaestro.configuration.scalars import ScalarError, resolve
from experimaestro.configuration.tree import (
    ROOT,
    Key,
    KeyPath,
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    child,
    dotted,
)
from experimaestro.exceptions import did_you_mean

START: Final = "${"

_EXPRESSION: Final = re.compile(r"\$\$\{|\$\{(?P<inside>[^{}]*)\}|\$\{")
_ESCAPED: Final = "$${"
_VARIABLE: Final = re.compile(r"(?:oc\.)?env[:.](?P<name>[^,]+)(?:,(?P<default>.*))?", re.DOTALL)
_WORD: Final = re.compile(r"(?P<name>[\w.]+):")


def interpolated(root: MappingNode) -> MappingNode:
    """Returns the tree with the values of variables and of other keys.

    A value that is one reference is what it refers to, a list or a mapping too; one that is a variable is typed as if
    it had been written out, text in quotes. Everything else is text. Raises ConfigurationError with all mistakes.
    """
    references = _References(root)
    changed = references.inside(root, ROOT)
    if references.problems:
        raise ConfigurationError(references.problems)
    assert isinstance(changed, MappingNode), "the whole is no reference"
    return changed


def followed(root: MappingNode) -> tuple[MappingNode, list[Problem]]:
    """Returns the tree with the values of other keys, and what is wrong in the references.

    What depends on variables stays as it is written: their values are those of another time and place.
    """
    references = _References(root, takes_variables=False)
    changed = references.inside(root, ROOT)
    assert isinstance(changed, MappingNode), "the whole is no reference"
    return changed, references.problems


def with_variables(scalar: ScalarNode) -> ScalarNode:
    """Returns a value that is read before the other keys are known, the name of a file that is imported.

    Raises ScalarError.
    """
    return _text(scalar, {}) if START in scalar.text else scalar


def escaped(text: str) -> str:
    """The text as it is written in a file."""
    return text.replace(START, _ESCAPED)


class _Extent(NamedTuple):
    values: int
    depth: int


class _References:
    """Follows references; a problem is gathered and leaves its value as it is."""

    def __init__(self, root: MappingNode, *, takes_variables: bool = True) -> None:
        self.root = root
        self.takes_variables = takes_variables
        self.problems: list[Problem] = []
        self.values: dict[KeyPath, Node] = {}
        """Of the references followed so far."""
        self.chain: dict[KeyPath, None] = {}
        """The references being followed."""
        self.extents: dict[int, tuple[Node, _Extent]] = {}
        """By the identity of the node, which is kept alive."""
        self.level = 0
        self.size = 0

    def inside(self, node: Node, path: KeyPath) -> Node:
        """The node, itself when nothing in it changes."""
        if isinstance(node, ScalarNode):
            return self.scalar(node, path) if START in node.text else node
        self.level += 1
        changed = self._items(node, path) if isinstance(node, ListNode) else self._entries(node, path)
        self.level -= 1
        return changed

    def _items(self, node: ListNode, path: KeyPath) -> ListNode:
        items = [self.inside(item, (*path, index)) for index, item in enumerate(node.items)]
        same = all(new is old for new, old in zip(items, node.items, strict=True))
        return node if same else node._replace(items=items)

    def _entries(self, node: MappingNode, path: KeyPath) -> MappingNode:
        values = {key: self.inside(entry.value, (*path, key)) for key, entry in node.entries.items()}
        if all(values[key] is entry.value for key, entry in node.entries.items()):
            return node
        return node._replace(entries={key: entry._replace(value=values[key]) for key, entry in node.entries.items()})

    def scalar(self, node: ScalarNode, path: KeyPath) -> Node:
        if path not in self.values:
            try:
                self.values[path] = node if self._is_left(node) else self._followed(node, path)
            except ScalarError as error:
                self.problems.append(Problem(str(error), path=path, position=node.position))
                self.values[path] = node
        return self.values[path]

    def _is_left(self, node: ScalarNode) -> bool:
        inside = (match["inside"] for match in _EXPRESSION.finditer(node.text))
        return not self.takes_variables and any(_VARIABLE.fullmatch(each or "") for each in inside)

    def _followed(self, node: ScalarNode, path: KeyPath) -> Node:
        if path in self.chain:
            cycle = [*list(self.chain)[list(self.chain).index(path) :], path]
            raise ScalarError(f"reference cycle: {' -> '.join(map(dotted, cycle))}")
        if self.level + len(self.chain) > DEEPEST:
            raise ScalarError(f"references nested more than {DEEPEST} levels deep")
        self.chain[path] = None
        try:
            return self._value(node, path)
        finally:
            del self.chain[path]

    def _value(self, node: ScalarNode, path: KeyPath) -> Node:
        targets = {name: self._target(name) for name in _references(node.text)}
        whole = _EXPRESSION.fullmatch(node.text)
        if whole is None or whole["inside"] not in targets:
            return _text(node, targets)
        target = targets[whole["inside"]]
        self._check_extent(target, path)
        return target._replace(position=node.position)

    def _target(self, name: str) -> Node:
        """The value of a dotted path; what stands on the way may be a reference itself."""
        node, path = self._at(self.root, ROOT), ROOT
        for word in name.split("."):
            key = _key(node, word)
            below = None if key is None else child(node, key)
            if key is None or below is None:
                raise ScalarError(_unknown(name, path, node))
            path = (*path, key)
            node = self._at(below, path)
        return self.inside(node, path)

    def _at(self, node: Node, path: KeyPath) -> Node:
        return self.scalar(node, path) if isinstance(node, ScalarNode) and START in node.text else node

    def _check_extent(self, target: Node, path: KeyPath) -> None:
        """References to references to lists could stand for more values than fit in memory."""
        extent = self._extent(target)
        self.size += extent.values
        if self.size > MOST_VALUES:
            raise ScalarError(f"the references of these files stand for more than {MOST_VALUES:,} values")
        if len(path) + extent.depth > DEEPEST:
            raise ScalarError(f"nested more than {DEEPEST} levels deep")

    def _extent(self, node: Node) -> _Extent:
        if isinstance(node, ScalarNode):
            return _Extent(1, 0)
        if id(node) not in self.extents:
            below = node.items if isinstance(node, ListNode) else [entry.value for entry in node.entries.values()]
            extents = [self._extent(inner) for inner in below]
            depth = 1 + max((extent.depth for extent in extents), default=0)
            self.extents[id(node)] = node, _Extent(1 + sum(extent.values for extent in extents), depth)
        return self.extents[id(node)][1]


def _references(text: str) -> list[str]:
    """The paths that a text refers to.

    Raises ScalarError for what is neither a path nor a variable.
    """
    found: list[str] = []
    for match in _EXPRESSION.finditer(text):
        inside = match["inside"]
        if match[0] == START or inside == "":
            raise ScalarError("found ${ without a name and } after it, write $${ for these characters themselves")
        if inside is None or _VARIABLE.fullmatch(inside):
            continue
        if word := _WORD.match(inside):
            hint = did_you_mean(word["name"], ["env", "oc.env"])
            raise ScalarError(f"found ${{{inside}}}, expected ${{env:NAME}} or ${{KEY.KEY}}{hint}")
        found.append(inside)
    return found


def _key(node: Node, word: str) -> Key | None:
    """A part of a path as a key of the node: a number is an index, or a key if the mapping has no such text."""
    number = int(word) if re.fullmatch(r"0|[1-9][0-9]{0,17}", word) else None
    if isinstance(node, MappingNode):
        return word if number is None or word in node.entries else number
    return number


def _unknown(name: str, path: KeyPath, node: Node) -> str:
    """The words for a path that nothing writes; `node` is the last value on the way."""
    match node:
        case MappingNode():
            known = [dotted((*path, key)) for key in node.entries]
            return f"found ${{{name}}}, and nothing writes this key{did_you_mean(name, known)}"
        case ListNode():
            return f"found ${{{name}}}, and {dotted(path)} is a list of {len(node.items)} ({node.position})"
        case ScalarNode():
            return f"found ${{{name}}}, and {dotted(path)} is {node.text!r} ({node.position})"


def _text(scalar: ScalarNode, targets: Mapping[str, Node]) -> ScalarNode:
    """A scalar with the words for what it names; one that is a variable without quotes is typed.

    Raises ScalarError.
    """

    def words(match: re.Match[str]) -> str:
        if match[0] == _ESCAPED:
            return START
        inside = match["inside"]
        return _word(inside, targets[inside]) if inside in targets else _variable(inside)

    _references(scalar.text)
    text = _EXPRESSION.sub(words, scalar.text)
    is_variable = not scalar.quoted and _EXPRESSION.fullmatch(scalar.text) and scalar.text != _ESCAPED
    return scalar._replace(text=text, value=resolve(text) if is_variable else text)


def _word(name: str, target: Node) -> str:
    if isinstance(target, ScalarNode):
        return target.text
    kind = "a list" if isinstance(target, ListNode) else "a mapping"
    raise ScalarError(f"found ${{{name}}} in a text, and it is {kind}")


def _variable(inside: str) -> str:
    match = _VARIABLE.fullmatch(inside)
    if match is None:
        raise ScalarError(f"found ${{{inside}}}, and the values of other keys are not known when files are imported")
    default: str | None = match["default"]
    value = os.environ.get(match["name"], default)
    if value is None:
        raise ScalarError(f"the environment variable {match['name']} is not set")
    return value
