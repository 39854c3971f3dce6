"""The plans that type checkers are tried on, as the plugin meets them: whole, and cut in two modules.

A plan that is cut has its classes in a module of their own, so that what is known of them comes from another module: just
read, or from the cache of mypy.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

PROGRAMS: Final = Path(__file__).parents[1] / "typing" / "programs"
KINDS: Final = ("wrong", "fixed", "right")

_EXPECTED: Final = re.compile(r"# E: (?P<codes>[\w-]+(?:, [\w-]+)*)")


class Finding(NamedTuple):
    """An error, and the line it is on."""

    file: str
    line: int
    code: str


Files = Mapping[str, str]
"""Contents by path, relative to the directory that mypy runs in."""


def programs(kind: str) -> dict[str, str]:
    """The files of a kind of programs, YAML files included."""
    folder = PROGRAMS / kind
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def expected(files: Files) -> set[Finding]:
    """What stands beside the lines."""
    return {
        Finding(name, number, code.strip())
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := _EXPECTED.search(line.rstrip()))
        for code in match["codes"].split(",")
    }


def marked(name: str, text: str, findings: Iterable[Finding]) -> str:
    """A program with what was found beside its lines; what checkers find without the plugin stays, after a bar."""
    codes: dict[int, set[str]] = {}
    for finding in findings:
        if finding.file == name:
            codes.setdefault(finding.line, set()).add(finding.code)
    lines = text.splitlines(keepends=True)
    return "".join(_marked(line, sorted(codes.get(number, ()))) for number, line in enumerate(lines, start=1))


def _marked(line: str, codes: list[str]) -> str:
    code, _, mark = line.rstrip("\n").partition("  # E: ")
    _, bar, alone = mark.partition(" | ")
    return code + (f"  # E: {', '.join(codes)}{bar}{alone}" if codes else "") + line[len(line.rstrip("\n")) :]


def cut(files: Files) -> dict[str, str]:
    """Programs with their classes in modules of their own."""
    return {part: text for name, content in files.items() for part, text in _parts(name, content)}


def _parts(name: str, content: str) -> Iterator[tuple[str, str]]:
    at = _first_function(content) if name.endswith(".py") and "/" not in name else None
    if at is None:
        yield name, content
        return
    lines = content.splitlines(keepends=True)
    imports = "".join(_imports(content))
    module = name.removesuffix(".py") + "_classes"
    yield f"{module}.py", "".join(lines[:at])
    yield name, f"{imports}from {module} import *\n\n\n" + "".join(lines[at:])


def _first_function(content: str) -> int | None:
    """How many lines stand before the first function of a program that has classes before it."""
    statements = ast.parse(content).body
    classes = [s for s in statements if isinstance(s, ast.ClassDef)]
    functions = [s for s in statements if isinstance(s, (ast.FunctionDef, ast.With))]
    if not classes or not functions or functions[0].lineno < classes[0].lineno:
        return None
    first = functions[0]
    decorators = first.decorator_list if isinstance(first, ast.FunctionDef) else []
    return min([first.lineno, *(d.lineno for d in decorators)]) - 1


def _imports(content: str) -> Iterator[str]:
    for statement in ast.parse(content).body:
        is_for_checkers = isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"
        if isinstance(statement, (ast.Import, ast.ImportFrom)) or is_for_checkers:
            yield ast.unparse(statement) + "\n"


def write(files: Files, folder: Path) -> None:
    """Puts files where mypy reads them; those that do not change are not touched."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
