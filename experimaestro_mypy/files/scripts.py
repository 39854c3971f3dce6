"""Options of the command line, ``run-experiment FILE -c key=value``, in shell scripts and workflows near the code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.overrides import override
from experimaestro.configuration.tree import ROOT, MappingNode, Position
from experimaestro_mypy.files import search
from experimaestro_mypy.files.fitting import problems
from experimaestro_mypy.files.grids import grid_problems
from experimaestro_mypy.files.programs import Code
from experimaestro_mypy.files.shapes import Shape
from experimaestro_mypy.files.trees import Mistake, Subject, Tree

_COMMAND: Final = "run-experiment"
_OPTION: Final = ("-c", "--conf")
_COMMAND_ENDS: Final = (";", "&&", "||", "|", "&")
_CONTINUED: Final = re.compile(r"\\\s*\n")


class Command(NamedTuple):
    """A call of ``run-experiment``."""

    file: str
    options: tuple[str, ...]
    position: Position


def mistakes(code: Code, trees: list[Tree], shape: Shape) -> Iterator[Mistake]:
    """The options that do not fit the configuration class."""
    for script in search.scripts_near(code.path):
        for command in commands(script.read_text("utf-8", errors="replace"), str(script)):
            tree = _tree_of(command, script, trees)
            if tree is not None and tree.is_complete:
                yield from (Mistake(Subject.GRID, problem) for problem in _problems(command, tree, shape))


def commands(text: str, source: str) -> Iterator[Command]:
    """The calls of ``run-experiment`` in a script, one that runs over several lines at its first one."""
    number = 0
    for line in _CONTINUED.sub("\\\\\n", text).replace("\\\n", "\0").splitlines():
        number += 1
        yield from _in_line(line.replace("\0", " "), Position(source, number, 1))
        number += line.count("\0")


def _in_line(line: str, position: Position) -> Iterator[Command]:
    start = line.find(_COMMAND)
    if start < 0 or line.lstrip().startswith("#"):
        return
    words = _words(line[start + len(_COMMAND) :])
    end = next((index for index, word in enumerate(words) if word in _COMMAND_ENDS), len(words))
    words = words[:end]
    file = next((word for word in words if word.endswith(search.YAML)), None)
    if file is not None:
        yield Command(file, tuple(_options(words)), position._replace(column=start + 1))


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return []


def _options(words: list[str]) -> Iterator[str]:
    """The values of ``-c``; those with variables of the shell are known at run time only."""
    for index, word in enumerate(words):
        name, separator, value = word.partition("=")
        if word in _OPTION and index + 1 < len(words):
            value = words[index + 1]
        elif not (name == "--conf" and separator):
            continue
        if "$" not in value and "`" not in value:
            yield value


def _tree_of(command: Command, script: Path, trees: list[Tree]) -> Tree | None:
    """The YAML file that a command names, from the directory of the script, the current one, or the end of its path."""
    named = Path(command.file)
    candidates = [(folder / named).resolve() for folder in (script.parent, Path.cwd(), *script.parents)]
    return next((tree for tree in trees if tree.path.resolve() in candidates), None)


def _problems(command: Command, tree: Tree, shape: Shape) -> Iterator[Problem]:
    root = tree.root
    found: list[Problem] = []
    for option in command.options:
        try:
            root = override(root, [option])
        except ConfigurationError as error:
            found += error.problems
    found += _wrong(root, shape)
    for problem in found:
        if _option(problem).startswith("-c "):
            yield Problem(f"{_option(problem)}: {_said(problem)}", position=command.position)


def _wrong(root: MappingNode, shape: Shape) -> Iterator[Problem]:
    yield from problems(root, shape, ROOT, is_partial=True)
    yield from grid_problems(root, shape)


def _option(problem: Problem) -> str:
    return "" if problem.position is None else problem.position.source


def _said(problem: Problem) -> str:
    return str(Problem(problem.message, path=problem.path))
