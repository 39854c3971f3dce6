"""Reads what a configuration class declares, from its syntax tree: no type is needed, so that nothing is deferred.

Kinds of parameters do not survive in mypy's types (`Annotated` is stripped), and the syntax trees of cached modules are
empty: what is read is kept with the class, see `records`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, cast

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import names, sources
from experimaestro_mypy.flow.outputs import task_outputs
from experimaestro_mypy.records import Kind, Parameter, Record

KINDS: Final = {
    names.PARAM: Kind.PARAM,
    names.META: Kind.META,
    names.OPTION: Kind.META,
    names.CONSTANT: Kind.CONSTANT,
    names.DATA_PATH: Kind.DATA,
    names.OPTIONAL_DATA_PATH: Kind.DATA,
}
_ANNOTATED: Final = ("typing.Annotated", "typing_extensions.Annotated")
_WRAPPERS: Final = ("typing.Final", "typing_extensions.Final", "typing.Required", "typing.ReadOnly")
_LITERALS: Final = ("typing.Literal", "typing_extensions.Literal")
_IGNORED: Final = ("typing.ClassVar", "dataclasses.InitVar")

Lookup = Callable[[str], n.SymbolTableNode | None]
"""What a dotted name stands for, where the class is."""


class Annotation(NamedTuple):
    """What an annotation says of a parameter."""

    kind: Kind | None = None
    """None if it is no parameter."""
    is_generated: bool = False
    path: str | None = None
    choices: tuple[object, ...] | None = None
    outermost: str | None = None
    """How to write it, where the kind stands inside another type."""

    def __or__(self, other: Annotation) -> Annotation:
        return Annotation(
            self.kind or other.kind,
            self.is_generated or other.is_generated,
            self.path or other.path,
            self.choices or other.choices,
            self.outermost or other.outermost,
        )


class Declarations(NamedTuple):
    """Reads the classes of one module."""

    path: str
    lookup: Lookup
    modules: dict[str, n.MypyFile]

    def record(self, definition: n.ClassDef) -> Record:
        """What a class declares."""
        statements = [s for s in definition.defs.body if isinstance(s, n.AssignmentStmt)]
        annotated = [(s, self.annotation(s)) for s in statements if s.unanalyzed_type is not None]
        parameters = [
            self.parameter(s, found) for s, found in annotated if found is not None and found.kind is not None
        ]
        plain = [target.name for s, found in annotated if found == Annotation() for target in _targets(s)]
        declared = {parameter.name for parameter in parameters}
        given = [s for s in statements if not isinstance(s.rvalue, n.TempNode)]
        values = [target.name for s in given for target in _targets(s) if target.name not in declared]
        return Record(
            tuple(parameters),
            tuple(plain),
            tuple(values),
            _identifier(statements),
            definition.line,
            tuple(task_outputs(definition)),
            any(map(_registers_value, definition.decorators)),
        )

    def annotation(self, statement: n.AssignmentStmt) -> Annotation | None:
        """What the annotation of a statement says; None for what belongs to the class, and not to its instances."""
        declared = statement.unanalyzed_type
        hidden = None if declared is None else self._hidden_kind(declared)
        if declared is not None and hidden is not None:
            return Annotation(Kind.UNKNOWN, outermost=f"{hidden}[{self._without_kind(declared)}]")
        if not isinstance(declared, t.UnboundType):
            return Annotation()
        fullname = self._fullname(declared.name)
        if fullname in _IGNORED:
            return None
        if _has_call(declared):
            written = sources.annotation(self.path, statement.line)
            return Annotation(Kind.UNKNOWN) if written is None else self._written(written, self.lookup)
        return self._annotation(declared)

    def _hidden_kind(self, declared: t.Type) -> str | None:
        """The kind of parameters that stands inside another type, as it is written."""
        name = self._fullname(declared.name) if isinstance(declared, t.UnboundType) else None
        if name in KINDS or name in _ANNOTATED or name in _LITERALS:
            return None
        found = (self._kind(part) or self._hidden_kind(part) for part in _parts(declared))
        return next((kind for kind in found if kind is not None), None)

    def _kind(self, declared: t.Type) -> str | None:
        is_kind = isinstance(declared, t.UnboundType) and self._fullname(declared.name) in KINDS
        return declared.name if is_kind and isinstance(declared, t.UnboundType) else None

    def _without_kind(self, declared: t.Type) -> str:
        """A type as it is written, less the kind of parameters inside it."""
        parts = [self._without_kind(part) for part in _parts(declared)]
        if isinstance(declared, t.UnionType):
            return " | ".join(parts)
        if not isinstance(declared, t.UnboundType):
            return str(declared)
        is_for_class = self._fullname(declared.name) in _IGNORED + _WRAPPERS  # these cannot be inside a kind
        if not parts or is_for_class or self._kind(declared) is not None:
            return ", ".join(parts) or declared.name
        return f"{declared.name}[{', '.join(parts)}]"

    def _annotation(self, declared: t.Type) -> Annotation:
        if not isinstance(declared, t.UnboundType):
            return Annotation()
        fullname = self._fullname(declared.name)
        if fullname in KINDS:
            inner = self._annotation(declared.args[0]) if declared.args else Annotation()
            return Annotation(KINDS[fullname]) | inner
        if fullname in _ANNOTATED or fullname in _WRAPPERS:
            return self._combined(self._annotation(argument) for argument in declared.args)
        return self._followed(declared.name)

    def _combined(self, parts: Iterator[Annotation]) -> Annotation:
        combined = Annotation()
        for part in parts:
            combined |= part
        return combined

    def _followed(self, name: str) -> Annotation:
        """What an alias stands for: the alias that mypy keeps has lost its annotations."""
        symbol = self.lookup(name)
        if symbol is None or not isinstance(symbol.node, n.TypeAlias):
            return Annotation()
        module, _, last = symbol.node.fullname.rpartition(".")
        home = self.modules.get(module)
        value = sources.alias(home.path, last) if home is not None else None
        if home is None or value is None:
            return Annotation()
        table = home.names
        return self._written(value, lambda dotted: _in_table(table, dotted, self.modules))

    def _written(self, expression: ast.expr, lookup: Lookup) -> Annotation:
        """What an annotation says, from the source text."""
        match expression:
            case ast.Subscript(base, ast.Tuple(items)) if _full(base, lookup) in _ANNOTATED:
                found = self._combined(self._written(item, lookup) for item in items)
                return found._replace(kind=found.kind or Kind.UNKNOWN)
            case ast.Subscript(base, item):
                full = _full(base, lookup)
                kind = KINDS.get(full or "")
                return Annotation(kind) | self._written(item, lookup) if kind or full in _WRAPPERS else Annotation()
            case ast.Call(function, arguments, keywords):
                return _marker(_full(function, lookup), arguments, is_shared=bool(keywords))
            case _:
                return Annotation(KINDS.get(_full(expression, lookup) or ""))

    def _fullname(self, name: str) -> str | None:
        symbol = self.lookup(name)
        return None if symbol is None else symbol.fullname

    def parameter(self, statement: n.AssignmentStmt, found: Annotation) -> Parameter:
        """What a statement declares."""
        target = next(_targets(statement))
        declared = Parameter(
            name=target.name,
            kind=found.kind or Kind.UNKNOWN,
            line=statement.line,
            column=statement.column,
            is_generated=found.is_generated,
            path=found.path,
            choices=found.choices,
            outermost=found.outermost,
        )
        return _with_default(declared, statement.rvalue)


def _parts(declared: t.Type) -> Sequence[t.Type]:
    """What stands in an annotation: between brackets, or beside ``|``."""
    if isinstance(declared, t.UnboundType):
        return declared.args
    return declared.items if isinstance(declared, (t.UnionType, t.TupleType)) else ()


def _registers_value(decorator: n.Expression) -> bool:
    """Whether a decorator is ``@X.value_class()``."""
    target = decorator.callee if isinstance(decorator, n.CallExpr) else decorator
    return isinstance(target, n.MemberExpr) and target.name == "value_class"


def _has_call(declared: t.Type) -> bool:
    """Whether a call stands in an annotation: mypy keeps its place only."""
    if isinstance(declared, t.UnboundType):
        return any(_has_call(argument) for argument in declared.args)
    return isinstance(declared, t.RawExpressionType) and declared.literal_value is None


def _targets(statement: n.AssignmentStmt) -> Iterator[n.NameExpr]:
    return (target for target in statement.lvalues if isinstance(target, n.NameExpr))


def _identifier(statements: list[n.AssignmentStmt]) -> str | None:
    for statement in statements:
        if any(target.name == "__xpmid__" for target in _targets(statement)) and isinstance(
            statement.rvalue, n.StrExpr
        ):
            return statement.rvalue.value
    return None


def _with_default(parameter: Parameter, value: n.Expression) -> Parameter:
    if isinstance(value, n.TempNode):  # no right side
        return parameter
    if not (isinstance(value, n.CallExpr) and callee_name(value) == names.FIELD):
        return parameter._replace(has_default=True)
    given = {name: argument for name, argument in zip(value.arg_names, value.args, strict=True) if name}
    factory = given.get("default_factory")
    ignored = given.get("ignore_default")
    old_default = ignored is not None and not is_boolean(ignored)
    return parameter._replace(
        has_field=True,
        has_default="default" in given or factory is not None or old_default,
        is_generated=parameter.is_generated or generated_path(factory) is not None,
        path=parameter.path or (generated_path(factory) or None),
        overrides=is_true(given.get("overrides")),
        groups=tuple(_groups(given.get("groups"))),
    )


def callee_name(call: n.CallExpr) -> str | None:
    """The full name of what is called, when it is a name."""
    return call.callee.fullname if isinstance(call.callee, n.RefExpr) else None


def is_true(value: n.Expression | None) -> bool:
    """Whether an expression is the literal True."""
    return isinstance(value, n.NameExpr) and value.fullname == "builtins.True"


def is_boolean(value: n.Expression | None) -> bool:
    """Whether an expression is a literal boolean."""
    return isinstance(value, n.NameExpr) and value.fullname in ("builtins.True", "builtins.False")


def generated_path(factory: n.Expression | None) -> str | None:
    """The path of a call of `PathGenerator`, in the directory of the task; None if this is no such call.

    Empty if it is no literal, or in the directory of a partial identifier.
    """
    if not isinstance(factory, n.CallExpr) or callee_name(factory) != names.PATH_GENERATOR:
        return None
    first = factory.args[0] if factory.args and "partial" not in factory.arg_names else None
    return first.value if isinstance(first, n.StrExpr) else ""


def _groups(value: n.Expression | None) -> Iterator[str]:
    for item in value.items if isinstance(value, (n.ListExpr, n.TupleExpr, n.SetExpr)) else (value,):
        if isinstance(item, n.NameExpr):
            yield item.name


def _marker(name: str | None, arguments: list[ast.expr], *, is_shared: bool) -> Annotation:
    first = sources.literal(arguments[0]) if arguments else None
    if name == names.PATHGENERATOR:
        path = first if isinstance(first, str) and not is_shared else None
        return Annotation(Kind.PARAM, is_generated=True, path=path)
    if name == names.CHOICES:
        values = cast("Sequence[object]", first) if isinstance(first, (list, tuple)) else None  # lost in the list
        return Annotation(Kind.PARAM, choices=None if values is None else tuple(values))
    return Annotation(Kind.PARAM) if name == names.HELP else Annotation()


def _full(expression: ast.expr, lookup: Lookup) -> str | None:
    name = sources.name_of(expression)
    symbol = None if name is None else lookup(name)
    return None if symbol is None else symbol.fullname


def _in_table(table: n.SymbolTable, dotted: str, modules: dict[str, n.MypyFile]) -> n.SymbolTableNode | None:
    first, *rest = dotted.split(".")
    symbol = table.get(first)
    for name in rest:
        node = None if symbol is None else symbol.node
        inner = node.names if isinstance(node, (n.MypyFile, n.TypeInfo)) else None
        symbol = None if inner is None else inner.get(name)
    return symbol
