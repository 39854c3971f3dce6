"""Partial identifiers, and the groups of parameters they leave out."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.fields import of_class
from experimaestro_mypy.syntax import callee
from experimaestro_mypy.unit import Finding, Module
from experimaestro_mypy.walk import walk


def unused_groups(module: Module) -> Iterator[Finding]:
    """Groups that a partial identifier names and that no parameter of the class has."""
    for definition in module.classes():
        if not _are_groups_known(definition.info):
            continue
        used = {group for d in configurations.parameters(definition.info).values() for group in d.parameter.groups}
        for statement, group in _named_groups(definition):
            if group not in used:
                text = f"no parameter of {definition.info.name} is in the group {group}: write field(groups=[{group}])"
                yield Finding(statement, codes.PARTIAL, text)


def _are_groups_known(info: n.TypeInfo) -> bool:
    return not any(base.fallback_to_any for base in info.mro)


def _named_groups(definition: n.ClassDef) -> Iterator[tuple[n.AssignmentStmt, str]]:
    for statement in definition.defs.body:
        if not isinstance(statement, n.AssignmentStmt):
            continue
        for node in walk(statement.rvalue):
            if isinstance(node, n.CallExpr) and callee(node) == names.PARTIAL:
                yield from ((statement, group) for group in _groups(node))


def _groups(call: n.CallExpr) -> Iterator[str]:
    for name, value in zip(call.arg_names, call.args, strict=True):
        if name in ("exclude_groups", "include_groups") and isinstance(value, (n.ListExpr, n.TupleExpr, n.SetExpr)):
            yield from (item.name for item in value.items if isinstance(item, n.NameExpr) and _is_global(item))


def _is_global(name: n.NameExpr) -> bool:
    return isinstance(name.node, n.Var)


def foreign_partials(module: Module) -> Iterator[Finding]:
    """Paths that use the partial identifier of another class."""
    for definition in module.classes():
        for attribute in of_class(definition):
            factory = attribute.options.get("default_factory")
            if isinstance(factory, n.CallExpr) and callee(factory) == names.PATH_GENERATOR:
                yield from _foreign(definition.info, factory, attribute.statement)


def _foreign(info: n.TypeInfo, factory: n.CallExpr, statement: n.AssignmentStmt) -> Iterator[Finding]:
    for name, value in zip(factory.arg_names, factory.args, strict=True):
        if name != "partial" or not isinstance(value, n.MemberExpr) or not isinstance(value.expr, n.RefExpr):
            continue
        owner = value.expr.node
        if isinstance(owner, n.TypeInfo) and owner not in info.mro:
            text = f"{value.name} is a partial identifier of {owner.name}: declare one in {info.name}"
            yield Finding(statement, codes.PARTIAL, text)
