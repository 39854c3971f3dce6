"""Requirements that `find_launcher` gets from the configuration of an experiment: its YAML files and its defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t
from typing_extensions import TypeIs

from experimaestro_mypy import codes, experiments, given, names
from experimaestro_mypy.given import FieldPath
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import walk

_READERS: Final = (names.FIND_LAUNCHER, f"{names.PACKAGE}.launcherfinder.finding.find_launcher")


def configured_requirements(module: Module, unit: Unit) -> Iterator[Finding]:
    """Requirements in the YAML files of an experiment, or in the defaults of its classes, that no machine can meet."""
    function = unit.function
    if function is None or function.info or not any(map(_is_launcher, unit.of(n.CallExpr))):
        return
    variable = given.configuration(function)
    if variable is not None and given.is_kept(function, variable):
        fields = _Fields(function, variable)
        for path, read in fields.requirements().items():
            if _is_reached(module, function, path):
                yield from _in_files(module, function, path)
                yield from _in_default(module, read)


class _Fields:
    """The fields of the configuration that a function reads, by their names or by those of local variables."""

    def __init__(self, function: n.FuncDef, variable: n.Var) -> None:
        self._function = function
        self._variable = variable
        self._locals = dict(self._single_assignments())

    def _single_assignments(self) -> Iterator[tuple[n.SymbolNode, n.Expression]]:
        """The local variables that stand for a field: they are given one value, once."""
        for node in walk(self._function.body):
            target = node.lvalues[0] if isinstance(node, n.AssignmentStmt) else None
            local = target.node if isinstance(target, n.NameExpr) else None
            if isinstance(node, n.AssignmentStmt) and isinstance(local, n.Var):
                yield from [(local, node.rvalue)] if given.count_targets(self._function, local) == 1 else []

    def _read(self, expression: n.Expression) -> n.MemberExpr | None:
        """The field that an expression is."""
        if isinstance(expression, n.NameExpr) and expression.node in self._locals:
            expression = self._locals[expression.node]
        is_field = bool(given.path_of(expression, self._variable))
        return expression if is_field and isinstance(expression, n.MemberExpr) else None

    def _is_of(self, expression: n.Node, path: FieldPath) -> bool:
        read = self._read(expression) if isinstance(expression, n.Expression) else None
        return read is not None and given.path_of(read, self._variable) == path

    def requirements(self) -> dict[FieldPath, n.MemberExpr]:
        """The fields that are surely read as requirements."""
        found: dict[FieldPath, n.MemberExpr] = {}
        for node in walk(self._function.body):
            for value in node.args if _is_launcher(node) else ():
                read = self._read(value)
                path = None if read is None else given.path_of(read, self._variable)
                if read is not None and path is not None and self._is_sure(node, path):
                    found.setdefault(path, read)
        return found

    def _is_sure(self, call: n.Node, path: FieldPath) -> bool:
        """Whether a call is reached whatever the value of a field, but that there is one."""
        if any(node is call for node in given.certain(self._function, lambda test: self._tells_presence(test, path))):
            return self.depends_on_presence_only(path)
        return False

    def depends_on_presence_only(self, path: FieldPath) -> bool:
        """Whether nothing depends on the value of a field, but on whether there is one."""
        tests = [test for test in given.conditions(self._function.body) if not self._tells_presence(test, path)]
        return not any(self._is_of(node, path) for test in tests for node in walk(test))

    def _tells_presence(self, test: n.Expression, path: FieldPath) -> bool:
        match test:
            case n.ComparisonExpr(operators=["is not"], operands=[value, n.NameExpr(fullname="builtins.None")]):
                return self._is_of(value, path)
            case _:
                return self._is_of(test, path)


def _is_launcher(node: n.Node) -> TypeIs[n.CallExpr]:
    callee = node.callee if isinstance(node, n.CallExpr) else None
    return isinstance(callee, n.RefExpr) and callee.fullname in _READERS


def _is_reached(module: Module, function: n.FuncDef, path: FieldPath) -> bool:
    """Whether the experiment surely calls a function, with its own configuration."""
    run = experiments.defined_in(module.file)
    variable = None if run is None else given.configuration(run)
    if run is None or variable is None or run is function:
        return run is function
    calls = (node for node in given.certain(run, lambda _: False) if isinstance(node, n.CallExpr))
    taken = (given.taken_by(call, run, variable) for call in calls)
    is_called = any(each is not None and each[0] is function for each in taken)
    return is_called and given.is_kept(run, variable) and _Fields(run, variable).depends_on_presence_only(path)


def _in_files(module: Module, function: n.FuncDef, path: FieldPath) -> Iterator[Finding]:
    if not experiments.near(module):
        return
    from experimaestro_mypy.checks.requirements import mistake  # late: few modules need it
    from experimaestro_mypy.files import findings  # late: it imports the loader

    for location in findings.wrong_texts(module, path, mistake):
        yield Finding(function, codes.LAUNCHER, str(location))


def _in_default(module: Module, read: n.MemberExpr) -> Iterator[Finding]:
    """The default of a class of this module: the body of others is not known."""
    kind = module.type_of(read.expr)
    info = kind.type if isinstance(kind, t.Instance) else None
    owner = next((base for base in info.mro if read.name in base.names), None) if info is not None else None
    if owner is None or owner.module_name != module.file.fullname:
        return
    from experimaestro_mypy.checks.requirements import mistake  # late: few modules need it

    for statement in owner.defn.defs.body:
        target = statement.lvalues[0] if isinstance(statement, n.AssignmentStmt) else None
        if isinstance(target, n.NameExpr) and target.name == read.name and isinstance(statement, n.AssignmentStmt):
            text = statement.rvalue
            message = mistake(text.value) if isinstance(text, n.StrExpr) and text.value else None
            if message is not None:
                yield Finding(text, codes.LAUNCHER, message)
