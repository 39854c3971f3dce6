"""Two classes with one identifier: their configurations would share results."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.unit import Finding, Module


def duplicates(module: Module) -> Iterator[Finding]:
    """Classes of a module whose ``__xpmid__`` another class of the program has, compared as identifiers are."""
    own = [(d, record) for d in module.classes() if (record := configurations.record_of(d.info)).identifier]
    if not own:
        return
    known = _known(module)
    for definition, record in own:
        identifier = (record.identifier or "").lower()
        others = (other for other in known.get(identifier, ()) if _is_before(other, definition.info))
        other = next(others, None)
        if other is not None:
            yield Finding(_line(definition), codes.DUPLICATE_ID, _text(definition.info, other, identifier))


def _known(module: Module) -> dict[str, list[n.TypeInfo]]:
    """The classes of the program by identifier."""
    found: dict[str, list[n.TypeInfo]] = {}
    for name, file in module.modules.items():
        if name.partition(".")[0] == names.PACKAGE:
            continue
        for symbol in list(file.names.values()):
            node = symbol.node
            if isinstance(node, n.TypeInfo) and node.module_name == name and names.METADATA in node.metadata:
                identifier = configurations.record_of(node).identifier
                if identifier:
                    found.setdefault(identifier.lower(), []).append(node)
    return found


def _is_before(other: n.TypeInfo, info: n.TypeInfo) -> bool:
    """Whether a class is told for another: of two in one module the second is, of two in two modules each."""
    if other is info:
        return False
    return other.module_name != info.module_name or other.line < info.line


def _line(definition: n.ClassDef) -> n.Context:
    for statement in definition.defs.body:
        target = statement.lvalues[0] if isinstance(statement, n.AssignmentStmt) else None
        if isinstance(target, n.NameExpr) and target.name == "__xpmid__":
            return statement
    return definition


def _text(info: n.TypeInfo, other: n.TypeInfo, identifier: str) -> str:
    return f"{info.name} has the identifier {identifier!r} of {other.fullname}: their results would be one"
