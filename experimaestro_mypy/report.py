"""Tells mypy what was found: as errors of the file, with their function, by which the daemon forgets them."""

from __future__ import annotations

from typing import NamedTuple

from mypy import nodes as n
from mypy.errors import Errors
from mypy.options import Options
from mypy.scope import Scope

from experimaestro_mypy.settings import Severity, settings_or_defaults
from experimaestro_mypy.unit import Finding


class Told(NamedTuple):
    """How mypy tells a finding."""

    severity: str
    """What mypy calls it: error or note."""
    message: str


def as_told(finding: Finding, options: Options) -> Told | None:
    """How a finding is told, by the settings of the project; None if it is not."""
    match settings_or_defaults(options).severity_of(finding.code.code):
        case Severity.ERROR:
            return Told("error", finding.message)
        case Severity.WARNING:  # mypy has errors and notes, and shows no code beside a note
            return Told("note", f"{finding.message}  [{finding.code.code}]")
        case Severity.OFF:
            return None


class Reporter:
    """Reports what is found in one module."""

    def __init__(self, errors: Errors, file: n.MypyFile, options: Options) -> None:
        self._errors = errors
        self._file = file
        self._options = options

    def report(self, finding: Finding, function: n.FuncDef | None) -> None:
        """Adds a finding to mypy's errors, as severe as the settings say; ``type: ignore`` and disabled codes count."""
        told = as_told(finding, self._options)
        if told is not None:
            self._in_function(finding._replace(message=told.message), function, told.severity)

    def _in_function(self, finding: Finding, function: n.FuncDef | None, severity: str) -> None:
        scope = Scope()
        with scope.module_scope(self._file.fullname):
            if function is None:
                self._add(finding, scope, severity=severity)
            elif function.info:
                with scope.class_scope(function.info), scope.function_scope(function):
                    self._add(finding, scope, severity=severity)
            else:
                with scope.function_scope(function):
                    self._add(finding, scope, severity=severity)

    def note(self, finding: Finding) -> None:
        """Adds a note, which is no error."""
        scope = Scope()
        with scope.module_scope(self._file.fullname):
            self._add(finding, scope, severity="note")

    def _add(self, finding: Finding, scope: Scope, *, severity: str = "error") -> None:
        errors, where = self._errors, finding.where
        before = errors.file, errors.current_module(), errors.scope
        errors.set_file(self._file.path, self._file.fullname, self._options, scope)
        errors.report(
            where.line,
            where.column,
            finding.message,
            code=finding.code,
            severity=severity,
            end_line=where.end_line,
            end_column=where.end_column,
        )
        errors.set_file(before[0], before[1], self._options, before[2])
