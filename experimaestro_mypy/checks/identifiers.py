"""Two classes with one identifier: their configurations would share results."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from mypy import nodes as n

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.identifiers import Named
from experimaestro_mypy.unit import Finding, Module


def duplicates(module: Module) -> Iterator[Finding]:
    """Classes of a module whose ``__xpmid__`` another class of the program has, compared as identifiers are.

    Of two in one module the second is told, of two in two modules each is.
    """
    own = [(d, record) for d in module.classes() if (record := configurations.record_of(d.info)).identifier]
    if not own:
        return
    path = str(Path(module.file.path).absolute())
    elsewhere = module.identifiers.of_program(module.modules, path)
    before: dict[str, str] = {}
    for definition, record in own:
        identifier = (record.identifier or "").lower()
        other = before.get(identifier) or _first(elsewhere.get(identifier, ()), path)
        before.setdefault(identifier, definition.info.fullname)
        if other is not None:
            text = f"{definition.name} has the identifier {identifier!r} of {other}: their results would be one"
            yield Finding(_line(definition), codes.DUPLICATE_ID, text)


def _first(same: Sequence[Named], path: str) -> str | None:
    found = next((named for named in same if named.path != path), None)
    return None if found is None else f"{found.name} in {os.path.relpath(found.path)}"


def _line(definition: n.ClassDef) -> n.Context:
    for statement in definition.defs.body:
        target = statement.lvalues[0] if isinstance(statement, n.AssignmentStmt) else None
        if isinstance(target, n.NameExpr) and target.name == "__xpmid__":
            return statement
    return definition
