"""mypy's own errors, where the plugin says more.

Those of ``X.C(...)`` get our codes and words; others give way to our findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from mypy import nodes as n
from mypy.errorcodes import ErrorCode
from mypy.errors import ErrorInfo, Errors, ErrorWatcher

from experimaestro_mypy import codes
from experimaestro_mypy.guard import Guard
from experimaestro_mypy.report import as_told
from experimaestro_mypy.translations import UNDERSTOOD, makes_value, translations
from experimaestro_mypy.unit import Finding, Module, Unit

SUPERSEDED: Final[dict[ErrorCode, frozenset[str]]] = {
    codes.VALUE_CALL: frozenset({"call-arg", "arg-type"}),
    codes.FIELD: frozenset({"call-overload", "assignment", "arg-type", "call-arg"}),
    codes.OVERRIDES: frozenset({"assignment", "misc"}),
    codes.EXECUTE: frozenset({"override", "type-abstract", "abstract", "misc", "return-value"}),
    codes.TASK_OUTPUTS: frozenset({"override", "return-value", "arg-type", "type-var", "misc"}),
    codes.INIT_TASK: frozenset({"list-item", "arg-type"}),
    codes.COPYCONFIG: frozenset({"call-arg", "arg-type"}),
    codes.COMPOSITION: frozenset({"operator"}),
    codes.WATCH: frozenset({"arg-type", "attr-defined"}),
    codes.PATH: frozenset({"assignment", "arg-type"}),
    codes.PARTIAL: frozenset({"list-item", "arg-type", "call-arg"}),
    codes.VALUE_CLASS: frozenset({"arg-type", "call-arg", "type-var", "misc"}),
    codes.CONVERT: frozenset({"arg-type", "type-var", "override", "return-value"}),
    codes.CHOICES: frozenset({"arg-type"}),
    codes.CONSTANT: frozenset({"call-arg", "misc", "assignment"}),
    codes.UNKNOWN_PARAM: frozenset({"call-arg", "attr-defined"}),
    codes.PHASE: frozenset({"attr-defined", "union-attr"}),
    codes.RUN: frozenset({"type-var", "arg-type"}),
}
"""Which errors of mypy, by their code, say less than a finding on the same line."""


class Translator:
    """Stands between mypy and its list of errors: what concerns a call that builds a configuration gets our words.

    mypy records errors at any moment, some when the statement around them is done: they are taken where all pass.
    """

    def __init__(self, errors: Errors, module: Callable[[str], Module | None], guard: Guard) -> None:
        self._errors = errors
        self._module = module
        self._guard = guard
        self.said: dict[str, dict[int, set[str]]] = {}
        """By file and line, the errors of mypy that say less than what was found there."""
        self._follows = False
        self._watcher = ErrorWatcher(errors, filter_errors=self._is_replaced)

    def is_of(self, errors: Errors) -> bool:
        """Whether it stands before that list."""
        return self._errors is errors

    def install(self) -> None:
        """Puts itself before mypy's list; again if mypy has started anew, as the daemon does."""
        watchers = self._errors._watchers  # pyright: ignore[reportPrivateUsage]  # plugins have no other way
        if not any(watcher is self._watcher for watcher in watchers):
            watchers.insert(0, self._watcher)

    def say(self, path: str, units: Iterable[Unit], weaker: dict[int, set[str]]) -> None:
        """Remembers what was found in units, in place of what was found there before."""
        looked_at = [unit.function for unit in units]
        kept = {line: said for line, said in self.said.get(path, {}).items() if not _is_in(line, looked_at)}
        self.said[path] = {**kept, **weaker}

    def _is_replaced(self, path: str, error: ErrorInfo) -> bool:
        """Reports an error in our words, and says whether that was done; those that keep mypy's code are changed."""
        follows, self._follows = self._follows, False
        if error.severity == "note":
            self._follows = follows and _is_detail(error.message)
            return self._follows
        if error.code is None or error.code.category == codes.CATEGORY or path in self._errors.ignored_files:
            return False
        said = self.said.get(path, {}).get(error.line, set())
        if error.code.code in said:
            self._follows = True
            return True
        module = self._module(error.module or "") if error.code.code in UNDERSTOOD else None
        if module is None:
            return False
        if self._guard.call(lambda: makes_value(error, module), otherwise=False):
            return True
        translation = self._guard.call(lambda: next(translations(error, module), None), None)
        if translation is None:
            return False
        if translation.code.category != codes.CATEGORY:
            error.message = translation.message
            self._follows = True
            return False
        if translation.code.code not in said:
            self._report(error, translation, module)
        self._follows = True
        return True

    def _report(self, error: ErrorInfo, translation: Finding, module: Module) -> None:
        told = as_told(translation, module.options)
        if told is not None:
            self._errors.report(
                error.line,
                error.column,
                told.message,
                code=translation.code,
                severity=told.severity,
                end_line=error.end_line,
                end_column=error.end_column,
            )


def _is_detail(note: str) -> bool:
    """Whether a note only adds to an error: the signatures of an overload, or, in older versions of mypy, a place."""
    return note.endswith("defined here") or note.startswith(("Possible overload variant", "    def "))


def _is_in(line: int, functions: Iterable[n.FuncDef | None]) -> bool:
    """Whether a line is in one of the functions; all are at the top level."""
    return any(function is None or function.line <= line <= (function.end_line or line) for function in functions)


def superseded(findings: Iterable[Finding]) -> dict[int, set[str]]:
    """By line, the codes of the errors that say less than our findings: of mypy, and of the same in mypy's words."""
    weaker: dict[int, set[str]] = {}
    for finding in findings:
        for line in (finding.where.line, *finding.also):
            weaker.setdefault(line, set()).update(SUPERSEDED.get(finding.code, ()), {finding.code.code})
    return weaker


def withdraw(errors: Errors, path: str, weaker: Mapping[int, set[str]]) -> None:
    """Takes the errors with those codes back, with the notes that belong to them."""
    known = errors.error_info_map.get(path, [])
    withdrawn = [e for e in known if e.severity == "error" and e.code and e.code.code in weaker.get(e.line, ())]
    if not withdrawn:
        return
    gone, lines = {id(error) for error in withdrawn}, {error.line for error in withdrawn}
    left = [error for error in known if id(error) not in gone and not _is_note_on(error, gone, lines)]
    if left:
        errors.error_info_map[path] = left
    else:
        errors.error_info_map.pop(path, None)


def _is_note_on(error: ErrorInfo, gone: set[int], lines: set[int]) -> bool:
    if error.severity != "note":
        return False
    parent = getattr(error, "parent_error", None)  # unknown to older versions
    return id(parent) in gone or (error.line in lines and 'not covered by "type: ignore' in error.message)
