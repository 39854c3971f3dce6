"""mypy's own errors, where the plugin says more.

Those of ``X.C(...)`` get our codes and words; others give way to our findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from mypy import nodes as n
from mypy.errorcodes import ErrorCode
from mypy.errors import ErrorInfo, Errors, ErrorWatcher

from experimaestro_mypy import codes, configurations, nearest
from experimaestro_mypy.unit import Finding, walk_units

_UNEXPECTED: Final = re.compile(r'Unexpected keyword argument "(?P<name>\w+)" for "(?P<owner>\w+)"')
_POSITIONAL: Final = re.compile(r'Too many (positional )?arguments for "(?P<owner>\w+)"')
_TYPE: Final = re.compile(
    r'Argument "(?P<name>\w+)" to "(?P<owner>\w+)" has incompatible type (?P<found>.+); expected (?P<expected>.+)'
)
_ITEM: Final = re.compile(r"(?P<what>\w+ (item|entry) .*|Argument \d+ to \"tag\"|Argument .*) has incompatible type .*")

_TRANSLATED: Final = frozenset({"call-arg", "arg-type", "list-item", "dict-item", "misc"})

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
    codes.VALUE_CLASS: frozenset({"arg-type", "type-var", "misc"}),
    codes.CONVERT: frozenset({"arg-type", "type-var", "override", "return-value"}),
    codes.CHOICES: frozenset({"arg-type"}),
    codes.CONSTANT: frozenset({"call-arg", "misc", "assignment"}),
    codes.UNKNOWN_PARAM: frozenset({"call-arg", "attr-defined"}),
    codes.PHASE: frozenset({"attr-defined", "union-attr"}),
    codes.RUN: frozenset({"type-var", "arg-type"}),
}
"""Which errors of mypy, by their code, say less than a finding on the same line."""


class Built(NamedTuple):
    """A call that builds a configuration: ``X.C(...)``."""

    call: n.CallExpr
    info: n.TypeInfo

    def argument(self, line: int, column: int) -> tuple[str, n.Expression] | None:
        """The argument in which a position is, and its name."""
        for name, value in zip(self.call.arg_names, self.call.args, strict=True):
            if name and _contains(value, line, column):
                return name, value
        return None


def built(call: n.CallExpr) -> n.TypeInfo | None:
    """The class whose configuration a call builds: that of X for ``X.C(...)``."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name not in ("C", "XPMConfig"):
        return None
    owner = callee.expr.node if isinstance(callee.expr, n.RefExpr) else None
    return owner if isinstance(owner, n.TypeInfo) and configurations.is_configuration(owner) else None


class Translator:
    """Stands between mypy and its list of errors: what concerns a call that builds a configuration gets our words.

    mypy records errors at any moment, some when the statement around them is done: they are taken where all pass.
    """

    def __init__(self, errors: Errors, modules: Callable[[], Mapping[str, n.MypyFile]]) -> None:
        self._errors = errors
        self._modules = modules
        self.said: dict[str, dict[int, set[str]]] = {}
        """By file and line, the errors of mypy that say less than what was found there."""
        self._watcher = ErrorWatcher(errors, filter_errors=self._is_replaced)

    def is_of(self, errors: Errors) -> bool:
        """Whether it stands before that list."""
        return self._errors is errors

    def install(self) -> None:
        """Puts itself before mypy's list; again if mypy has started anew, as the daemon does."""
        if not any(watcher is self._watcher for watcher in self._errors._watchers):
            self._errors._watchers.insert(0, self._watcher)

    def _is_replaced(self, path: str, error: ErrorInfo) -> bool:
        """Reports an error in our words, and says whether that was done."""
        if error.severity != "error" or error.code is None or error.code.category == codes.CATEGORY:
            return False
        if error.code.code in self.said.get(path, {}).get(error.line, ()):
            return True
        if error.code.code not in _TRANSLATED:
            return False
        translation = next(_translations(error, self._modules().get(error.module or "")), None)
        if translation is None:
            return False
        self._errors.report(
            error.line,
            error.column,
            translation.message,
            code=translation.code,
            end_line=error.end_line,
            end_column=error.end_column,
        )
        return True


def _translations(error: ErrorInfo, file: n.MypyFile | None) -> Iterator[Finding]:
    """What mypy says of a call that builds a configuration, in our words."""
    if file is None:
        return
    calls = [node for unit in walk_units(file) for node in unit.of(n.CallExpr)]
    inside = [call for call in calls if _contains(call, error.line, error.column)]
    around = [Built(call, info) for call in inside if (info := built(call)) is not None]
    if around:
        yield from _translated(error, around[-1])  # the innermost comes last


def _translated(error: ErrorInfo, call: Built) -> Iterator[Finding]:
    where = _position(error)
    if match := _UNEXPECTED.match(error.message):
        if match["owner"] == call.info.name:
            yield _unexpected(where, call.info, match["name"])
    elif match := _POSITIONAL.match(error.message):
        if match["owner"] == call.info.name:
            name = call.info.name
            example = next(iter(configurations.parameters(call.info)), "name")
            text = f"{name}.C(...) takes keywords only: write {name}.C({example}=...)"
            yield Finding(where, codes.UNKNOWN_PARAM, text)
    elif match := _TYPE.match(error.message):
        if match["owner"] == call.info.name:
            text = f"parameter {match['name']} of {call.info.name} takes {match['expected']}, not {match['found']}"
            yield Finding(where, codes.PARAM_TYPE, text)
    elif _ITEM.match(error.message) and (argument := call.argument(error.line, error.column)):
        yield Finding(where, codes.PARAM_TYPE, f"parameter {argument[0]} of {call.info.name}: {error.message}")


def _unexpected(where: n.Context, info: n.TypeInfo, name: str) -> Finding:
    declared = configurations.parameters(info)
    if name in declared:
        text = f"{name} is a constant of {info.name}: nothing gives it another value than its class"
        return Finding(where, codes.CONSTANT, text)
    if any(name in configurations.record_of(base).plain for base in info.mro):
        text = f"{name} of {info.name} is a plain attribute, not a parameter: declare it as {name}: Param[...]"
        return Finding(where, codes.UNKNOWN_PARAM, text)
    settable = [known for known, one in declared.items() if one.parameter.is_settable]
    return Finding(where, codes.UNKNOWN_PARAM, f"{info.name} has no parameter {name}{nearest.hint(name, settable)}")


def superseded(findings: Iterable[Finding]) -> dict[int, set[str]]:
    """By line, the codes of the errors of mypy that say less than our findings."""
    weaker: dict[int, set[str]] = {}
    for finding in findings:
        weaker.setdefault(finding.where.line, set()).update(SUPERSEDED.get(finding.code, ()))
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


def _position(error: ErrorInfo) -> n.Context:
    where = n.Context(error.line, error.column)
    where.end_line, where.end_column = error.end_line, error.end_column
    return where


def _contains(node: n.Context, line: int, column: int) -> bool:
    end = (node.end_line or node.line, node.end_column if node.end_column is not None else node.column + 1)
    return (node.line, node.column) <= (line, column) < end
