"""What mypy's syntax trees leave out: the calls in annotations, such as ``Annotated[str, Choices([...])]``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from typing_extensions import TypeIs


def annotation(path: str, line: int) -> ast.expr | None:
    """The annotation of the assignment that begins on that line (1-based) of a file; None if there is none."""
    return _annotations(path, _version(path)).get(line)


def alias(path: str, name: str) -> ast.expr | None:
    """What a module gives that name to, at its top level: the right side of ``name = ...`` or ``type name = ...``."""
    return _assignments(path, _version(path)).get(name)


def is_undecorated(path: str, name: str) -> bool:
    """Whether a file has a class of that name, and no such class has a decorator."""
    found = [node.decorator_list for node in ast.walk(_tree(path, _version(path))) if _is_class(node, name)]
    return bool(found) and not any(found)


def _is_class(node: ast.AST, name: str) -> TypeIs[ast.ClassDef]:
    return isinstance(node, ast.ClassDef) and node.name == name


def name_of(expression: ast.expr) -> str | None:
    """The dotted name that an expression is; None if it is something else."""
    match expression:
        case ast.Name(name):
            return name
        case ast.Attribute(value, name):
            before = name_of(value)
            return None if before is None else f"{before}.{name}"
        case ast.Constant(str(text)):
            return text if text.replace(".", "").isidentifier() else None
        case _:
            return None


def literal(expression: ast.expr) -> object | None:
    """The value of a literal; None if it is none."""
    try:
        value: object = ast.literal_eval(expression)
    except ValueError:
        return None
    return value


def _version(path: str) -> tuple[int, int]:
    try:
        status = Path(path).stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _tree(path: str, version: tuple[int, int]) -> ast.Module:
    try:
        return ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


@lru_cache(maxsize=64)
def _annotations(path: str, version: tuple[int, int]) -> dict[int, ast.expr]:
    found = ast.walk(_tree(path, version))
    return {node.lineno: node.annotation for node in found if isinstance(node, ast.AnnAssign)}


@lru_cache(maxsize=64)
def _assignments(path: str, version: tuple[int, int]) -> dict[str, ast.expr]:
    return dict(pair for statement in _tree(path, version).body for pair in _bindings(statement))


def _bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
            yield name, value
        case ast.stmt() if type(statement).__name__ == "TypeAlias":  # of Python 3.12 and later
            named: ast.expr = statement.name  # type: ignore[attr-defined]  # unknown to Python 3.11
            if isinstance(named, ast.Name):
                yield named.id, statement.value  # type: ignore[attr-defined]  # unknown to Python 3.11
        case _:
            pass
