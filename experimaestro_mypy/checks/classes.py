"""What decorates configuration classes: classes of instances, deprecation."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.tasks import methods
from experimaestro_mypy.syntax import callee
from experimaestro_mypy.unit import Finding, Module, Unit


def value_classes(module: Module, unit: Unit) -> Iterator[Finding]:
    """Classes registered as those of the instances of a configuration that cannot be, or that are one too many."""
    registered: dict[n.TypeInfo, str] = {}
    for definition in unit.of(n.ClassDef):
        for decorator in definition.decorators:
            owner = _registering(decorator)
            if owner is None:
                continue
            reason = _refusal(decorator, owner, definition.info)
            if reason is not None:  # where mypy says it, too
                yield Finding(definition, codes.VALUE_CLASS, reason)
            elif owner in registered:
                text = f"the instances of {owner.name} are made of {registered[owner]} already: "
                yield Finding(decorator, codes.VALUE_CLASS, f"{text}a configuration has one value class")
            registered.setdefault(owner, definition.info.name)


def _registering(decorator: n.Expression) -> n.TypeInfo | None:
    """The class for which ``@X.value_class()`` registers another."""
    target = decorator.callee if isinstance(decorator, n.CallExpr) else decorator
    if not isinstance(target, n.MemberExpr) or target.name != "value_class" or not isinstance(target.expr, n.RefExpr):
        return None
    owner = target.expr.node
    return owner if isinstance(owner, n.TypeInfo) and configurations.is_configuration(owner) else None


def _refusal(decorator: n.Expression, owner: n.TypeInfo, info: n.TypeInfo) -> str | None:
    if not isinstance(decorator, n.CallExpr):
        return f"value_class is called: write @{owner.name}.value_class()"
    if owner not in info.mro:
        return f"{info.name} must be a subclass of {owner.name} to be the class of its instances"
    return None


def conversions(module: Module) -> Iterator[Finding]:
    """Deprecated classes that do not say what replaces them."""
    for definition in module.classes():
        for decorator in definition.decorators:
            target = _replacement(decorator)
            if target is not None:
                yield from _conversion(definition, target)


def _replacement(decorator: n.Expression) -> n.TypeInfo | None:
    """The class that replaces the decorated one: T in ``@deprecate(T)``."""
    if not isinstance(decorator, n.CallExpr) or callee(decorator) != names.DEPRECATE or not decorator.args:
        return None
    target = decorator.args[0]
    found = target.node if isinstance(target, n.RefExpr) else None
    return found if isinstance(found, n.TypeInfo) else None


def _conversion(definition: n.ClassDef, target: n.TypeInfo) -> Iterator[Finding]:
    info = definition.info
    known = info.get("__convert__")
    owner = known.node.info if known is not None and isinstance(known.node, n.FuncDef) else None
    if target in info.mro[1:] and (owner is None or owner.fullname.startswith(f"{names.PACKAGE}.")):
        return  # a subclass with the same parameters needs no conversion
    if owner is None or owner.fullname.startswith(f"{names.PACKAGE}."):
        text = f"{info.name} is replaced by {target.name}: define __convert__(self) -> {target.name}"
        yield Finding(definition, codes.CONVERT, text)
        return
    for method in methods(definition):
        returned = _returned(method) if method.name == "__convert__" else None
        if returned is not None and not _is_of(returned, target):
            text = f"__convert__ of {info.name} returns its replacement: write -> {target.name}"
            yield Finding(method, codes.CONVERT, text)


def _returned(method: n.FuncDef) -> t.ProperType | None:
    signature = method.type
    found = t.get_proper_type(signature.ret_type) if isinstance(signature, t.CallableType) else None
    return None if isinstance(found, t.AnyType) else found


def _is_of(returned: t.ProperType, target: n.TypeInfo) -> bool:
    if not isinstance(returned, t.Instance):
        return False
    return target in returned.type.mro or returned.type.fullname == names.CONFIG
