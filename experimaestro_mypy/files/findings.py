"""The YAML files of an experiment against its configuration class."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from mypy import types as t
from mypy.errorcodes import ErrorCode

from experimaestro.configuration.errors import Problem
from experimaestro.configuration.tree import ROOT, Node, ScalarNode, child, dotted
from experimaestro_mypy import codes, version
from experimaestro_mypy.files import programs, scripts, search
from experimaestro_mypy.files.fitting import problems
from experimaestro_mypy.files.grids import grid_problems
from experimaestro_mypy.files.programs import Code
from experimaestro_mypy.files.shapes import Fields, Grid, Shape
from experimaestro_mypy.files.trees import Mistake, Subject, Tree, is_imported_by, read_tree, unwritten
from experimaestro_mypy.files.types import shape_of
from experimaestro_mypy.locations import Location, shown
from experimaestro_mypy.settings import Settings, settings_or_defaults
from experimaestro_mypy.unit import Module

CODES: Final = {Subject.CONTENT: codes.YAML, Subject.PATH: codes.YAML_PATH, Subject.GRID: codes.GRID}

_IDENTIFIER: Final = "id"


class Told(NamedTuple):
    """A mistake in a file, as it is told."""

    code: ErrorCode
    location: Location


def is_named(module: Module) -> bool:
    """Whether a YAML file is of the experiment in a module."""
    code = _code(module)
    return bool(_trees(code, settings_or_defaults(module.options)))


def told(module: Module, kind: t.Instance | None) -> list[Told]:
    """The mistakes in the YAML files of an experiment, each once; without class, only in what they name."""
    code = _code(module)
    trees = _trees(code, settings_or_defaults(module.options))
    shape = None if kind is None else shape_of(kind, module.modules)
    found = [mistake for tree in _own(trees) for mistake in _mistakes(tree, trees, code, shape)]
    if shape is not None:
        found += scripts.mistakes(code, trees, shape)
    return [Told(CODES[mistake.subject], _location(mistake.problem, code)) for mistake in _once(found)]


def digest(name: str, path: Path, settings: Settings) -> str | None:
    """A digest of all that the findings of a module depend on outside of the program; None if there is nothing."""
    code = Code(name, path)
    trees = _trees(code, settings)
    if not trees:
        return None
    files = sorted({file for tree in trees for file in tree.files} | set(search.scripts_near(path)))
    paths = [str(mistake.problem) for tree in trees for mistake in programs.mistakes(tree, code)]
    return hashlib.sha1("\n".join([version.digest(files), *paths]).encode(), usedforsecurity=False).hexdigest()


def _code(module: Module) -> Code:
    return Code(module.file.fullname, Path(module.file.path).absolute())


def _trees(code: Code, settings: Settings) -> list[Tree]:
    """The YAML files of a module, those that only others import included."""
    trees = [read_tree(path) for path in search.yaml_near(code.path, settings)]
    return [tree for tree in trees if programs.is_about(tree, code)]


def _own(trees: list[Tree]) -> list[Tree]:
    """The files that are experiments: parts of others are looked at with them."""
    return [tree for tree in trees if not (tree.is_absent(_IDENTIFIER) and _is_part(tree, trees))]


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
    is_partial = not tree.is_complete or _is_part(tree, trees)
    found = list(problems(tree.root, shape, ROOT, is_partial=is_partial))
    for problem in _without_parts(found, tree):
        subject = Subject.GRID if _is_of_grid(problem, shape, tree.root) else Subject.CONTENT
        yield Mistake(subject, problem)
    for problem in grid_problems(tree.root, shape):
        yield Mistake(Subject.GRID, problem)
    for problem in () if is_partial else unwritten(tree):
        yield Mistake(Subject.CONTENT, problem)


def _without_parts(found: list[Problem], tree: Tree) -> list[Problem]:
    """A file without `id` in which other keys are missing too is a part of others, which are not known."""
    missing = [problem for problem in found if problem.message.startswith("missing, ")]
    is_part = tree.is_absent(_IDENTIFIER) and len(missing) > 1
    return [problem for problem in found if not (is_part and problem in missing)]


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
