"""One run of mypy: which modules are being checked, and when their checks are due."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mypy import nodes as n
from mypy import types as t
from mypy.checker import TypeChecker
from mypy.errors import Errors
from mypy.options import Options
from mypy.plugin import AttributeContext, FunctionContext, MethodContext

from experimaestro_mypy import names
from experimaestro_mypy.checks import MODULE_CHECKS, UNIT_CHECKS
from experimaestro_mypy.report import Reporter
from experimaestro_mypy.unit import Module, walk_units

ContextT = TypeVar("ContextT")


class Session:
    """Knows the checker of each module, and runs the checks when the types of a module are known."""

    def __init__(self, options: Options, modules: Callable[[], dict[str, n.MypyFile]]) -> None:
        self._options = options
        self._modules = modules
        self._checkers: dict[str, TypeChecker] = {}
        self._errors: Errors | None = None

    def guarded(self, hook: Callable[[ContextT], None]) -> Callable[[ContextT], None]:
        return hook

    def attribute(self, hook: Callable[[AttributeContext], t.Type], context: AttributeContext) -> t.Type:
        self._see(context.api)
        return hook(context)

    def call(self, context: FunctionContext | MethodContext) -> t.Type:
        self._see(context.api)
        return context.default_return_type

    def _see(self, api: object) -> None:
        if isinstance(api, TypeChecker):
            self._errors = api.msg.errors
            self._checkers[api.tree.fullname] = api

    def finish(self, file: n.MypyFile) -> None:
        """Runs the checks of a module whose types are known."""
        checker = self._checkers.pop(file.fullname, None)
        if checker is None or file.fullname.partition(".")[0] == names.PACKAGE:
            return
        module = Module(file, checker, self._modules())
        reporter = Reporter(checker.msg.errors, file, checker.options)
        for check in MODULE_CHECKS:
            for finding in check(module):
                reporter.report(finding, None)
        for unit in walk_units(file):
            for unit_check in UNIT_CHECKS:
                for finding in unit_check(module, unit):
                    reporter.report(finding, unit.function)
