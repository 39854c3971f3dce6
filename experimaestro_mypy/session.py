"""One run of mypy: which modules are being checked, and when their checks are due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.checker import TypeChecker
from mypy.errorcodes import MISC
from mypy.options import Options
from mypy.plugin import AttributeContext, FunctionContext, MethodContext

from experimaestro_mypy import names, native, sentinel
from experimaestro_mypy.checks import MODULE_CHECKS, UNIT_CHECKS
from experimaestro_mypy.report import Reporter
from experimaestro_mypy.unit import Finding, Module, Unit, unit_of, walk_units

_FEW: Final = 20
"""Up to that many calls of interest, the daemon looks at a function again at each of them."""


class Session:
    """Knows the checker of each module, and runs the checks when the types of a module are known."""

    def __init__(self, options: Options, modules: Callable[[], dict[str, n.MypyFile]]) -> None:
        self._modules = modules
        self.is_daemon = options.fine_grained_incremental
        self._checkers: dict[str, TypeChecker] = {}
        self._translating: native.Translator | None = None
        self._failed = False

    def attribute(self, hook: Callable[[AttributeContext], t.Type], context: AttributeContext) -> t.Type:
        """Remembers the checker, and calls a hook that gives the type of an attribute."""
        self._see(context)
        return hook(context)

    def call(self, context: FunctionContext | MethodContext) -> t.Type:
        """Remembers the checker; the type of the call stays."""
        self._see(context)
        return context.default_return_type

    def _see(self, context: AttributeContext | FunctionContext | MethodContext) -> None:
        checker = context.api
        if not isinstance(checker, TypeChecker):
            return
        self._checkers[checker.tree.fullname] = checker
        self._translator(checker).install()
        if self.is_daemon:
            self._look_again(checker, context.context)

    def _look_again(self, checker: TypeChecker, where: n.Context) -> None:
        """Checks the function that the daemon is at: it does not tell when it has checked functions again."""
        function = checker.scope.top_level_function()
        if isinstance(function, n.FuncDef):
            unit = unit_of(function)
            if where in _last_calls(unit):
                self._guarded(checker, Module(checker.tree, checker, self._modules()), [unit])

    def end(self, context: MethodContext) -> t.Type:
        """Called at the end of a module by versions of mypy that do not tell it, see `sentinel`."""
        if sentinel.is_sentinel(context.context) and isinstance(context.api, TypeChecker):
            self.finish(context.api.tree)
        return context.default_return_type

    def finish(self, file: n.MypyFile) -> None:
        """Runs the checks of a module whose types are known."""
        checker = self._checkers.pop(file.fullname, None)
        if checker is not None and not is_ours(file.fullname):
            self._guarded(checker, Module(file, checker, self._modules()), None)

    def _guarded(self, checker: TypeChecker, module: Module, units: list[Unit] | None) -> None:
        """A defect of the plugin is no defect of the run: it is told once, and mypy goes on."""
        reporter = Reporter(checker.msg.errors, module.file, checker.options)
        try:
            self._check(checker, module, units, reporter)
        except Exception as error:  # noqa: BLE001  # the edge of the plugin: whatever goes wrong is told, and stays here
            if not self._failed:
                self._failed = True
                text = f"the plugin of experimaestro failed here, its checks are incomplete: {error!r}"
                reporter.note(Finding(n.Context(1, 0), MISC, text))

    def _check(self, checker: TypeChecker, module: Module, units: list[Unit] | None, reporter: Reporter) -> None:
        due = list(walk_units(module.file)) if units is None else units
        found = [(unit.function, finding) for unit in due for finding in _unit_findings(module, unit)]
        if units is None:
            found += [(None, finding) for check in MODULE_CHECKS for finding in check(module)]
        weaker = native.superseded(finding for _, finding in found)
        native.withdraw(checker.msg.errors, module.file.path, weaker)
        self._translator(checker).said[module.file.path] = weaker
        for function, finding in found:
            reporter.report(finding, function)

    def _module(self, name: str) -> Module | None:
        file = self._modules().get(name)
        return None if file is None or is_ours(name) else Module(file, self._checkers.get(name), self._modules())

    def _translator(self, checker: TypeChecker) -> native.Translator:
        errors = checker.msg.errors
        if self._translating is None or not self._translating.is_of(errors):
            self._translating = native.Translator(errors, self._module)
        return self._translating


def is_ours(module: str) -> bool:
    """Whether a module is part of the package itself."""
    return module.partition(".")[0] in (names.PACKAGE, f"{names.PACKAGE}_mypy")


def _unit_findings(module: Module, unit: Unit) -> Iterator[Finding]:
    for check in UNIT_CHECKS:
        yield from check(module, unit)


def _last_calls(unit: Unit) -> list[n.Context]:
    """Where the daemon looks at a function again: at the calls that the plugin sees, or at the last ones of many."""
    calls: list[n.Context] = [call for call in unit.of(n.CallExpr) if _is_seen(call)]
    return calls if len(calls) <= _FEW else calls[-3:]


def _is_seen(call: n.CallExpr) -> bool:
    callee = call.callee
    if isinstance(callee, n.MemberExpr):
        return callee.name in SEEN_METHODS or callee.name in ("C", "XPMConfig")
    if not isinstance(callee, n.RefExpr):
        return False
    return callee.fullname.startswith(f"{names.PACKAGE}.") or isinstance(callee.node, n.TypeInfo)


SEEN_METHODS: Final = ("submit", "execute", "instance", "__matmul__", "tag", "copy", "wait")
"""The methods at whose calls the plugin is called."""
