"""What stands on the right of a parameter: defaults, constants, choices, generated paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names, nearest
from experimaestro_mypy.declarations import is_boolean
from experimaestro_mypy.records import Kind, Parameter
from experimaestro_mypy.syntax import callee
from experimaestro_mypy.unit import Finding, Module


class Attribute(NamedTuple):
    """A parameter in the body of the class that declares it."""

    info: n.TypeInfo
    parameter: Parameter
    statement: n.AssignmentStmt

    @property
    def title(self) -> str:
        """How messages name it."""
        return f"{self.parameter.name} of {self.info.name}"

    @property
    def options(self) -> dict[str, n.Expression]:
        """What ``field(...)`` is given, by name."""
        value = self.statement.rvalue
        if not isinstance(value, n.CallExpr) or callee(value) != names.FIELD:
            return {}
        return {name: given for name, given in zip(value.arg_names, value.args, strict=True) if name}

    @property
    def default(self) -> n.Expression | None:
        """The default value, bare or in ``field(default=...)``."""
        if isinstance(self.statement.rvalue, n.TempNode):
            return None
        return self.options.get("default") if self.parameter.has_field else self.statement.rvalue

    @property
    def type(self) -> t.ProperType | None:
        """The declared type."""
        symbol = self.info.names.get(self.parameter.name)
        return t.get_proper_type(symbol.type) if symbol is not None and symbol.type is not None else None


_ATTRIBUTES: Final[WeakKeyDictionary[Module, list[Attribute]]] = WeakKeyDictionary()


def attributes(module: Module) -> list[Attribute]:
    """The parameters that the classes of a module declare: looked for once."""
    known = _ATTRIBUTES.get(module)
    if known is None:
        known = [attribute for definition in module.classes() for attribute in of_class(definition)]
        _ATTRIBUTES[module] = known
    return known


def of_class(definition: n.ClassDef) -> Iterator[Attribute]:
    """The parameters that a class declares."""
    declared = {parameter.name: parameter for parameter in configurations.record_of(definition.info).parameters}
    for statement in definition.defs.body:
        target = statement.lvalues[0] if isinstance(statement, n.AssignmentStmt) else None
        if isinstance(statement, n.AssignmentStmt) and isinstance(target, n.NameExpr) and target.name in declared:
            yield Attribute(definition.info, declared[target.name], statement)


def constants(module: Module) -> Iterator[Finding]:
    """Constants without a value."""
    for attribute in attributes(module):
        parameter = attribute.parameter
        if parameter.kind is Kind.CONSTANT and not parameter.has_default:
            text = f"constant {attribute.title} has no value: write {parameter.name}: Constant[...] = value"
            yield Finding(attribute.statement, codes.CONSTANT, text)


def ignored_defaults(module: Module) -> Iterator[Finding]:
    """``field(ignore_default=True)`` where there is no default."""
    for attribute in attributes(module):
        ignored = attribute.options.get("ignore_default")
        has_default = {"default", "default_factory"} & set(attribute.options)
        if is_boolean(ignored) and not has_default:
            text = f"{attribute.title} has no default to ignore: write field(default=..., ignore_default=True)"
            yield Finding(attribute.statement, codes.FIELD, text)


def mutable_defaults(module: Module) -> Iterator[Finding]:
    """Bare defaults that all configurations would share."""
    for attribute in attributes(module):
        if attribute.parameter.kind is Kind.CONSTANT:
            continue  # written so, and nobody sets it
        value = attribute.statement.rvalue
        if isinstance(value, (n.ListExpr, n.DictExpr, n.SetExpr)) or _is_empty_container(value):
            name = attribute.parameter.name
            text = f"the default of {attribute.title} can change: write {name}: Param[...] = field(default=...)"
            yield Finding(attribute.statement, codes.FIELD, text)


def _is_empty_container(value: n.Expression) -> bool:
    return isinstance(value, n.CallExpr) and callee(value) in ("builtins.list", "builtins.dict", "builtins.set")


def choices(module: Module) -> Iterator[Finding]:
    """Defaults which are not among the choices of their parameter."""
    for attribute in attributes(module):
        allowed, default = attribute.parameter.choices, attribute.default
        value = None if default is None else literal(module, default)
        if allowed is not None and value is not None and value not in allowed:
            yield Finding(attribute.statement, codes.CHOICES, refused_choice(attribute.title, value, allowed))


def refused_choice(title: str, value: object, allowed: tuple[object, ...]) -> str:
    """Says that a value is not among the choices of a parameter."""
    hint = nearest.hint(str(value), map(str, allowed)).replace(": it has", ": it takes")
    return f"{value!r} is no choice for {title}{hint}"


def literal(module: Module, value: n.Expression) -> str | int | None:
    """The value of a literal, or of a name that is final."""
    if isinstance(value, (n.StrExpr, n.IntExpr)):
        return value.value
    found = module.type_of(value)
    known = found.last_known_value if isinstance(found, t.Instance) else found
    if not isinstance(known, t.LiteralType) or known.is_enum_literal():
        return None
    return known.value if isinstance(known.value, (str, int)) else None


def generated_paths(module: Module) -> Iterator[Finding]:
    """Two parameters of a class whose values would be the same file."""
    for definition in module.classes():
        known = _inherited_paths(definition.info)
        for attribute in of_class(definition):
            name, path = attribute.parameter.name, attribute.parameter.path
            file = PurePosixPath(path or "")
            if file == PurePosixPath():  # the directory itself, or not known
                continue
            if file in known:
                text = f"{attribute.title} is {path!r}, which is {known[file]} already: give each its own path"
                yield Finding(attribute.statement, codes.PATH, text)
            known.setdefault(file, name)


def _inherited_paths(info: n.TypeInfo) -> dict[PurePosixPath, str]:
    """The files of the parameters that a class inherits and does not declare again, with how messages name these."""
    declared = configurations.parameters(info).values()
    inherited = ((parameter, owner) for parameter, owner in declared if owner is not info and parameter.path)
    return {PurePosixPath(one.path or ""): f"{one.name} of {owner.name}" for one, owner in inherited}
