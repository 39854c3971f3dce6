"""The YAML files of an experiment against its configuration class."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from mypy import types as t
from mypy.errorcodes import ErrorCode

from experimaestro.configuration.common import wrong_identifier
from experimaestro.configuration.errors import Problem
from experimaestro.configuration.interpolation import followed
from experimaestro.configuration.tree import ROOT, KeyPath, MappingNode, Node, ScalarNode, child, dotted, inside
from experimaestro_mypy import codes, version
from experimaestro_mypy.files import programs, scripts, search
from experimaestro_mypy.files.fitting import MISSING, problems
from experimaestro_mypy.files.grids import grid_problems
from experimaestro_mypy.files.programs import Code
from experimaestro_mypy.files.shapes import Fields, Grid, Shape
from experimaestro_mypy.files.trees import Mistake, Subject, Tree, is_imported_by, is_unknown, read_tree
from experimaestro_mypy.files.types import shape_of
from experimaestro_mypy.locations import Location, shown
from experimaestro_mypy.settings import Settings, settings_or_defaults
from experimaestro_mypy.unit import Module

CODES: Final = {Subject.CONTENT: codes.YAML, Subject.PATH: codes.YAML_PATH, Subject.GRID: codes.GRID}


class Told(NamedTuple):
    """A mistake in a file, as it is told."""

    code: ErrorCode
    location: Location


def is_named(module: Module) -> bool:
    """Whether a YAML file is of the experiment in a module."""
    code = _code(module)
    return bool(_trees(code, settings_or_defaults(module.options)))


def named_by(module: Module) -> str | None:
    """The YAML file that surely runs a module, and is no part of others."""
    code = _code(module)
    trees = _trees(code, settings_or_defaults(module.options))
    complete = (tree for tree in _own(trees) if tree.is_complete and not tree.is_absent(programs.IDENTIFIER))
    return next((shown(tree.path) for tree in complete if programs.is_exact(tree, code)), None)


def told(module: Module, kind: t.Instance | None) -> list[Told]:
    """The mistakes in the YAML files of an experiment, each once; without class, only in what they name."""
    code = _code(module)
    trees = _trees(code, settings_or_defaults(module.options))
    shape = None if kind is None else shape_of(kind, module.modules)
    found = [mistake for tree in _own(trees) for mistake in _mistakes(tree, trees, code, shape)]
    found += scripts.missing(code, trees)
    if shape is not None:
        found += scripts.mistakes(code, trees, shape)
    return [Told(CODES[mistake.subject], _location(mistake.problem, code)) for mistake in _once(found)]


def several_values(module: Module, path: KeyPath) -> str | None:
    """Where a file gives several values to try for a field, if one does."""
    for node in _written(module, path):
        if not isinstance(node, ScalarNode):
            source, line, _ = node.position
            return f"{shown(source)}:{line}"
    return None


def wrong_texts(module: Module, path: KeyPath, mistake: Callable[[str], str | None]) -> list[Location]:
    """The texts that files give for a field and that are mistakes."""
    found: list[Mistake] = []
    for node in _written(module, path):
        text = node.value if isinstance(node, ScalarNode) and not is_unknown(node) else None
        message = mistake(text) if isinstance(text, str) and text else None
        if message is not None:
            found.append(Mistake(Subject.CONTENT, Problem(message, path=path, position=node.position)))
    code = _code(module)
    return [_location(mistake.problem, code) for mistake in _once(found)]


def _written(module: Module, path: KeyPath) -> Iterator[Node]:
    """The values of a field in the files of an experiment."""
    code = _code(module)
    trees = _trees(code, settings_or_defaults(module.options))
    for tree in _own(trees):
        if tree.is_complete and programs.is_sure(tree, code) and not _is_part(tree, trees):
            node = inside(followed(tree.root)[0], path)
            if node is not None:
                yield node


def digest(name: str, path: Path, settings: Settings) -> str | None:
    """A digest of all that the findings of a module depend on outside of the program; None if there is nothing."""
    code = Code(name, path)
    trees = _trees(code, settings)
    if not trees:
        return None
    files = {file for tree in trees for file in tree.files} | scripts.layers(code, trees)
    files.update(search.scripts_near(path))
    named = [*(mistake for tree in trees for mistake in programs.mistakes(tree, code)), *scripts.missing(code, trees)]
    paths = [str(mistake.problem) for mistake in named]
    return hashlib.sha1("\n".join([version.digest(sorted(files)), *paths]).encode(), usedforsecurity=False).hexdigest()


def _code(module: Module) -> Code:
    return Code(module.file.fullname, Path(module.file.path).absolute())


def _trees(code: Code, settings: Settings) -> list[Tree]:
    """The YAML files of a module, those that only others import included."""
    trees = [read_tree(path) for path in search.yaml_near(code.path, settings)]
    return [tree for tree in trees if programs.is_about(tree, code)]


def _own(trees: list[Tree]) -> list[Tree]:
    """The files that are experiments: parts of others are looked at with them."""
    return [tree for tree in trees if not (tree.is_absent(programs.IDENTIFIER) and _is_part(tree, trees))]


def _is_part(tree: Tree, trees: Iterable[Tree]) -> bool:
    return any(is_imported_by(tree.path, other) for other in trees)


def _mistakes(tree: Tree, trees: list[Tree], code: Code, shape: Shape | None) -> Iterator[Mistake]:
    found = list(programs.mistakes(tree, code))
    if not programs.is_sure(tree, code):
        yield from found if _has_known_keys(tree, shape) else ()
        return
    yield from [*tree.mistakes, *found]
    if shape is not None:
        yield from _content(tree, trees, shape)


def _has_known_keys(tree: Tree, shape: Shape | None) -> bool:
    """Whether a file could be one of this class."""
    fields = shape.load() if isinstance(shape, Fields) else None
    return fields is not None and all(str(key) in fields for key in tree.root.entries)


def _content(tree: Tree, trees: list[Tree], shape: Shape) -> Iterator[Mistake]:
    is_partial = not tree.is_complete or _is_part(tree, trees) or _is_unfinished(tree, shape)
    root, broken = (tree.root, ()) if is_partial else followed(tree.root)
    for problem in [*problems(root, shape, ROOT, is_partial=is_partial), *broken, *_identifier(root)]:
        yield Mistake(Subject.GRID if _is_of_grid(problem, shape, root) else Subject.CONTENT, problem)
    for problem in grid_problems(root, shape):
        yield Mistake(Subject.GRID, problem)


def _is_unfinished(tree: Tree, shape: Shape) -> bool:
    """Whether a file lacks `id` and other keys too: it is a part of others, which are not known."""
    if not tree.is_absent(programs.IDENTIFIER):
        return False
    return sum(problem.message.startswith(MISSING) for problem in problems(tree.root, shape, ROOT)) > 1


def _identifier(root: MappingNode) -> Iterator[Problem]:
    node = child(root, programs.IDENTIFIER)
    text = node.value if isinstance(node, ScalarNode) and not is_unknown(node) else None
    message = wrong_identifier(text) if isinstance(text, str) else None
    if node is not None and message is not None:
        yield Problem(message, path=(programs.IDENTIFIER,), position=node.position)


def _is_of_grid(problem: Problem, shape: Shape, node: Node | None) -> bool:
    """Whether a problem is in the several values to try of a field."""
    for key in problem.path:
        node = None if node is None else child(node, key)
        fields = shape.load() if isinstance(shape, Fields) else None
        field = (fields or {}).get(str(key))
        if field is None:
            return False
        if isinstance(field.shape, Grid):
            return not isinstance(node, ScalarNode)
        shape = field.shape
    return False


def _once(found: Iterable[Mistake]) -> list[Mistake]:
    """The mistakes by place: files that import the same one show its mistakes once."""
    known: dict[object, Mistake] = {}
    for mistake in found:
        problem = mistake.problem
        known.setdefault((problem.position, problem.path or problem.message), mistake)
    return sorted(known.values(), key=_place)


def _place(mistake: Mistake) -> tuple[str, int, int, str]:
    source, line, column = mistake.problem.position or ("", None, None)
    return source, line or 0, column or 0, dotted(mistake.problem.path)


def _location(problem: Problem, code: Code) -> Location:
    source, line, column = problem.position or (str(code.path), None, None)
    key = dotted(problem.path)
    said = problem.message.replace(f"{Path.cwd()}{os.sep}", "")  # paths as `shown` shows them
    message = f"{key}: {said}" if key else said
    return Location(shown(source), line or 1, column or 1, message)
