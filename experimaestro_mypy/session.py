"""One run of mypy: which modules are being checked, and when their checks are due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.checker import DEFAULT_LAST_PASS, TypeChecker
from mypy.errorcodes import MISC
from mypy.errors import Errors
from mypy.options import Options
from mypy.plugin import AnalyzeTypeContext, AttributeContext, FunctionContext, MethodContext
from mypy.semanal import SemanticAnalyzer
from mypy.typeanal import TypeAnalyser

from experimaestro_mypy import configurations, experiments, names, native, sentinel
from experimaestro_mypy.checks import MODULE_CHECKS, UNIT_CHECKS, ModuleCheck
from experimaestro_mypy.flow.outputs import METHOD
from experimaestro_mypy.guard import Guard
from experimaestro_mypy.identifiers import Identifiers
from experimaestro_mypy.report import Reporter
from experimaestro_mypy.unit import Finding, Module, Unit, unit_of

_FEW: Final = 20
"""Up to that many calls of interest, the daemon looks at a function again at each of them."""


class Session:
    """Knows the checker of each module, and runs the checks when the types of a module are known."""

    def __init__(self, options: Options, modules: Callable[[], dict[str, n.MypyFile]]) -> None:
        self._options = options
        self._modules = modules
        self.is_daemon = options.fine_grained_incremental
        self.identifiers = Identifiers()
        self._checked: set[str] = set()
        """The modules that were checked since files were read."""
        self._checkers: dict[str, TypeChecker] = {}
        self._translating: native.Translator | None = None
        self.guard = Guard()
        self._errors: Errors | None = None
        self._is_looking = False

    def annotation(self) -> Callable[[AnalyzeTypeContext], t.Type] | None:
        """What to do at an annotation: the first one tells where errors go, in modules too that hold nothing else."""
        is_due = (self._errors is None or sentinel.IS_LATE) and not self._is_looking
        self._is_looking = False
        return self._see_errors if is_due else None

    def _see_errors(self, context: AnalyzeTypeContext) -> t.Type:
        analyser = context.api
        if isinstance(analyser, TypeAnalyser) and isinstance(analyser.api, SemanticAnalyzer):
            self._errors = analyser.api.errors
            self._translator(self._errors).install()  # the first mistake may stand before all that has a hook
            self.identifiers.names = getattr(analyser.api, "import_map", ())  # unknown to the first versions
            if sentinel.IS_LATE:
                sentinel.add(analyser.api.cur_mod_node)
        self._is_looking = True  # the analysis of the same annotation begins again, without this hook
        return context.api.analyze_type(context.type)

    def attribute(self, hook: Callable[[AttributeContext], t.Type], context: AttributeContext) -> t.Type:
        """Remembers the checker, and calls a hook that gives the type of an attribute."""
        self.guard.call(lambda: self._see(context), None)
        return self.guard.call(lambda: hook(context), context.default_attr_type)

    def call(self, context: FunctionContext | MethodContext) -> t.Type:
        """Remembers the checker; the type of the call stays."""
        self.guard.call(lambda: self._see(context), None)
        return context.default_return_type

    def _see(self, context: AttributeContext | FunctionContext | MethodContext) -> None:
        checker = context.api
        if not isinstance(checker, TypeChecker):
            return
        self._checkers[checker.tree.fullname] = checker
        self._translator(checker.msg.errors).install()
        if self.is_daemon and _is_checked_again(checker):
            self._look_again(checker, context.context)

    def _look_again(self, checker: TypeChecker, where: n.Context) -> None:
        """Checks the function that the daemon is at: it does not tell when it has checked functions again."""
        function = checker.scope.top_level_function()
        if isinstance(function, n.FuncDef) and isinstance(where, n.CallExpr) and _is_due(function, where):
            unit = unit_of(function)
            if where in _last_calls(unit):
                self._check(checker.msg.errors, self._module_of(checker.tree, checker), [unit], ())

    def end(self, context: MethodContext) -> t.Type:
        """Called at the calls of `sentinel`."""
        checker = context.api
        if sentinel.is_sentinel(context.context) and isinstance(checker, TypeChecker):
            if checker.scope.top_level_function() is not None:  # of the versions of mypy that do not tell the end
                self.finish(checker.tree)
            elif _is_checked_again(checker):
                self.guard.call(lambda: self._look_at_top_level_again(checker), None)
        return context.default_return_type

    def _look_at_top_level_again(self, checker: TypeChecker) -> None:
        self._forget_before(checker.tree.fullname)
        module = self._module_of(checker.tree, checker)
        self._check(checker.msg.errors, module, module.units[:1], MODULE_CHECKS)

    def finish(self, file: n.MypyFile) -> None:
        """Runs the checks of a module whose types are known."""
        self.guard.call(lambda: self._finish(file), None)
        self.guard.tell()

    def _finish(self, file: n.MypyFile) -> None:
        checker = self._checkers.pop(file.fullname, None)
        errors = self._errors if checker is None else checker.msg.errors
        is_concerned = checker is not None or experiments.defined_in(file) is not None or _has_configurations(file)
        if is_concerned and errors is not None and not file.is_stub and not experiments.is_ours(file.fullname):
            self._forget_before(file.fullname)
            module = self._module_of(file, checker)
            self._check(errors, module, module.units, MODULE_CHECKS)

    def _forget_before(self, module: str) -> None:
        """Has files read again when the daemon checks a module once more: something has changed since."""
        if module in self._checked:
            self.identifiers.forget()
            self._checked.clear()
        self._checked.add(module)

    def _module_of(self, file: n.MypyFile, checker: TypeChecker | None) -> Module:
        options = self._options.clone_for_module(file.fullname) if checker is None else checker.options
        return Module(file, checker, self._modules(), options, self.identifiers)

    def _check(self, errors: Errors, module: Module, units: list[Unit], checks: Sequence[ModuleCheck]) -> None:
        reporter = Reporter(errors, module.file, module.options)
        found = [(unit.function, finding) for unit in units for finding in self._unit_findings(module, unit)]
        found += [(None, finding) for check in checks for finding in self._found(check, module)]
        weaker = native.superseded(finding for _, finding in found)
        native.withdraw(errors, module.file.path, weaker)
        self._translator(errors).say(module.file.path, units, weaker)
        for function, finding in found:
            reporter.report(finding, function)
        is_shown = module.file.path not in errors.ignored_files
        for text in self.guard.failures() if is_shown else ():
            reporter.note(Finding(n.Context(1, 0), MISC, text))

    def _unit_findings(self, module: Module, unit: Unit) -> Iterator[Finding]:
        for check in UNIT_CHECKS:
            yield from self.guard.all(partial(check, module, unit))

    def _found(self, check: ModuleCheck, module: Module) -> list[Finding]:
        return self.guard.all(partial(check, module))

    def _module(self, name: str) -> Module | None:
        file = self._modules().get(name)
        return None if file is None or experiments.is_ours(name) else self._module_of(file, self._checkers.get(name))

    def _translator(self, errors: Errors) -> native.Translator:
        if self._translating is None or not self._translating.is_of(errors):
            self._translating = native.Translator(errors, self._module, self.guard)
        return self._translating


def _has_configurations(file: n.MypyFile) -> bool:
    """Whether a module declares or imports classes of configurations: it may do so without a call that is seen."""
    classes = (symbol.node for symbol in file.names.values() if isinstance(symbol.node, n.TypeInfo))
    return any(configurations.is_configuration(info) or info.has_base(names.CONFIGURATION_BASE) for info in classes)


def _is_checked_again(checker: TypeChecker) -> bool:
    """Whether the daemon checks parts of a module again: it allows more passes then."""
    return checker.last_pass > DEFAULT_LAST_PASS and not experiments.is_ours(checker.tree.fullname)


def _last_calls(unit: Unit) -> list[n.CallExpr]:
    """Where the daemon looks at a function again: at the calls that the plugin sees, or at the last ones of many."""
    calls = [call for call in unit.of(n.CallExpr) if unit.function and _is_due(unit.function, call)]
    return calls if len(calls) <= _FEW else calls[-3:]


def _is_due(function: n.FuncDef, call: n.CallExpr) -> bool:
    """Whether the daemon looks at a function at this call: any will do in some, of which more is asked."""
    is_run = function.name == experiments.RUN and not function.info
    return _is_seen(call) or is_run or (bool(function.info) and function.name == METHOD)


def _is_seen(call: n.CallExpr) -> bool:
    callee = call.callee
    if isinstance(callee, n.MemberExpr):
        return callee.name in SEEN_METHODS or callee.name in ("C", "XPMConfig")
    if not isinstance(callee, n.RefExpr):
        return False
    return callee.fullname.startswith(f"{names.PACKAGE}.") or isinstance(callee.node, n.TypeInfo)


SEEN_METHODS: Final = ("submit", "execute", "instance", "__matmul__", "tag", "copy", "wait", names.REGISTER)
"""The methods at whose calls the plugin is called."""
