"""Options of the command line, ``run-experiment FILE -c key=value``, in shell scripts and workflows near the code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.nearest import SUFFIX, nearest_file
from experimaestro.configuration.overrides import override
from experimaestro.configuration.tree import ROOT, MappingNode, Position, merged
from experimaestro_mypy.files import search
from experimaestro_mypy.files.fitting import problems
from experimaestro_mypy.files.grids import grid_problems
from experimaestro_mypy.files.programs import Code
from experimaestro_mypy.files.shapes import Shape
from experimaestro_mypy.files.trees import Mistake, Subject, Tree, read_tree

_COMMAND: Final = "run-experiment"
_OPTION: Final = ("-c", "--conf")
_COMMAND_ENDS: Final = (";", "&&", "||", "|", "&")
_DYNAMIC: Final = re.compile(r"[$`*?\[{]")
"""What the shell fills in."""
_CONTINUED: Final = re.compile(r"\\\s*\n")


class Command(NamedTuple):
    """A call of ``run-experiment``."""

    file: str
    before: tuple[str, ...]
    """Files that are merged before."""
    after: tuple[str, ...]
    """Files that are merged after."""
    options: tuple[str, ...]
    position: Position


class Call(NamedTuple):
    """A command with the file of the experiment that it runs, and what is merged with it."""

    command: Command
    layers: tuple[Tree, ...]


def calls(code: Code, trees: list[Tree]) -> Iterator[Call]:
    """The commands that run the experiments of these files, those of which all files can be read."""
    for script, command in _commands_near(code):
        main = next((tree for path in _places(command.file, script) for tree in trees if _is(tree, path)), None)
        more = [_read(name, script) for name in (*command.before, *command.after)] if main is not None else []
        known = [tree for tree in more if tree is not None and tree.is_complete]
        if main is not None and main.is_complete and len(known) == len(more):
            count = len(command.before)
            yield Call(command, (*known[:count], main, *known[count:]))


def layers(code: Code, trees: list[Tree]) -> set[Path]:
    """The files that commands merge with others."""
    return {file for call in calls(code, trees) for tree in call.layers for file in tree.files}


def mistakes(code: Code, trees: list[Tree], shape: Shape) -> Iterator[Mistake]:
    """The options, and the files merged with others, that do not fit the configuration class."""
    known = {str(file) for tree in trees for file in tree.files}
    for call in calls(code, trees):
        yield from _mistakes(call, shape, known)


def missing(code: Code, trees: list[Tree]) -> Iterator[Mistake]:
    """The files that commands name and that are nowhere in the project, when one of these was perhaps meant."""
    for script, command in _commands_near(code):
        for name in (command.file, *command.before, *command.after):
            meant = None if _DYNAMIC.search(name) else _meant(Path(name), script, trees)
            if meant is not None and not _is_made(Path(name), script, code):
                problem = Problem(f"{name}: no such file; did you mean {meant!r}?", position=command.position)
                yield Mistake(Subject.PATH, problem)


def _commands_near(code: Code) -> Iterator[tuple[Path, Command]]:
    for script in search.scripts_near(code.path):
        for command in commands(_text(script), str(script)):
            yield script, command


def _text(script: Path) -> str:
    return script.read_text("utf-8", errors="replace")


def _meant(named: Path, script: Path, trees: list[Tree]) -> str | None:
    """The name of a file of the experiment that stands where one was named that does not exist."""
    places = _places(str(named), script)
    if any(path.is_file() for place in places for path in _spelt(place)):
        return None
    beside = {tree.path.name for tree in trees for place in places if _is(tree, place.with_name(tree.path.name))}
    return nearest_file(named.name, beside)


def _is_made(named: Path, script: Path, code: Code) -> bool:
    """Whether a file may be elsewhere, or a command before may write it: the script says more of it."""
    top = search.top(code.path.parent)
    spelt = [path.name for path in _spelt(named)]
    if any(path.name in spelt for path in search.below(top)):
        return True
    text = _text(script)
    uses = [name for each in commands(text, "") for name in (each.file, *each.before, *each.after)]
    return text.count(named.name) > sum(Path(name).name == named.name for name in uses)


def _places(name: str, script: Path) -> list[Path]:
    """Where a file may be: from the directory of the script, the current one, or those above."""
    return [(folder / name).resolve() for folder in (script.parent, Path.cwd(), *script.parents)]


def _spelt(path: Path) -> tuple[Path, Path]:
    """A file, and the same with the suffix that may be left out."""
    return path, Path(f"{path}{SUFFIX}")


def _is(tree: Tree, path: Path) -> bool:
    return tree.path.resolve() == path


def _read(name: str, script: Path) -> Tree | None:
    found = next((path for path in _places(name, script) if any(each.is_file() for each in _spelt(path))), None)
    return None if found is None else read_tree(found)


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
    before, after = _values(words, ("--pre-yaml",)), _values(words, ("--post-yaml",))
    options = _values(words, _OPTION)
    file = next((word for word in words if word.endswith(search.YAML) and word not in (*before, *after, *options)), "")
    if file and not file.startswith("-"):
        known = tuple(option for option in options if "$" not in option and "`" not in option)
        yield Command(file, before, after, known, position._replace(column=start + 1))


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return []


def _values(words: list[str], names: tuple[str, ...]) -> tuple[str, ...]:
    """The values of an option."""
    apart = [value for word, value in pairwise(words) if word in names]
    joined = [word.partition("=")[2] for word in words if word.partition("=")[0] in names and word.startswith("--")]
    return (*apart, *(value for value in joined if value))


def _mistakes(call: Call, shape: Shape, known: Collection[str]) -> Iterator[Mistake]:
    """What is wrong in the options, and in files that are not looked at by themselves."""
    root = merged(tree.root for tree in call.layers)
    found: list[Problem] = []
    for option in call.command.options:
        try:
            root = override(root, [option])
        except ConfigurationError as error:
            found += error.problems
    for problem in [*found, *_wrong(root, shape)]:
        source = _source(problem)
        if source.startswith("-c "):
            said = Problem(problem.message, path=problem.path)
            yield Mistake(Subject.GRID, Problem(f"{source}: {said}", position=call.command.position))
        elif source and source not in known:
            yield Mistake(Subject.CONTENT, problem)


def _wrong(root: MappingNode, shape: Shape) -> Iterator[Problem]:
    yield from problems(root, shape, ROOT, is_partial=True)
    yield from grid_problems(root, shape)


def _source(problem: Problem) -> str:
    return "" if problem.position is None else problem.position.source
