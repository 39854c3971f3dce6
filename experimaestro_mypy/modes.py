"""What stands for a launcher or a mode, and is none: texts and booleans given to `submit` and `experiment`."""

from __future__ import annotations

from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import names
from experimaestro_mypy.syntax import name_of
from experimaestro_mypy.unit import Module

_RUN_MODES: Final = {"dry": "DRY_RUN", "generate": "GENERATE_ONLY", "prepare": "PREPARE", "normal": "NORMAL"}
"""Modes of runs, by how texts that mean them begin."""


def takes_modes(call: n.CallExpr) -> bool:
    """Whether a call takes launchers and modes."""
    return _called(call) is not None


def refused(module: Module, call: n.CallExpr, where: n.Context) -> str | None:
    """Which argument of a call is no launcher or mode, and what to write, given where mypy refuses it."""
    function = _called(call) or ""
    is_all = (where.line, where.column) == (call.line, call.column)
    for keyword, value in zip(call.arg_names, call.args, strict=True):
        name = "launcher" if keyword is None and function == "set_launcher" else keyword
        if is_all or (where.line, where.column) == (value.line, value.column):
            message = _told(module, function, name, value)
            if message is not None:
                return message
    return None


def _called(call: n.CallExpr) -> str | None:
    """The function of the package that takes launchers and modes."""
    function = call.callee
    if isinstance(function, n.MemberExpr) and function.name == "submit":
        return "submit"
    full = function.fullname if isinstance(function, n.RefExpr) else ""
    return full.rpartition(".")[2] if full in (names.EXPERIMENT, names.SET_LAUNCHER) else None


def _told(module: Module, where: str, name: str | None, value: n.Expression) -> str | None:
    kind = module.type_of(value)
    found = kind.type.fullname if isinstance(kind, t.Instance) else ""
    if name == "launcher" and found == "builtins.str":
        given = where if where == "set_launcher" else f"{where}(launcher=...)"
        return f"{given} takes a launcher, not a text: write find_launcher({_written(value)})"
    if name == "run_mode" and found == "builtins.str":
        return f"{where}(run_mode=...) takes a RunMode, not a text: write {_mode(value)}"
    if name == "transient" and found in ("builtins.bool", "builtins.str"):
        text = f"{where}(transient=...) takes a TransientMode, not {_kind(found)}"
        return f"{text}: write TransientMode.REMOVE, or TransientMode.TRANSIENT to keep its directory"
    return None


def _kind(found: str) -> str:
    return "a boolean" if found == "builtins.bool" else "a text"


def _written(value: n.Expression) -> str:
    return repr(value.value) if isinstance(value, n.StrExpr) else name_of(value)


def _mode(value: n.Expression) -> str:
    text = value.value.lower() if isinstance(value, n.StrExpr) else ""
    mode = next((mode for start, mode in _RUN_MODES.items() if text.startswith(start)), None)
    return f"RunMode.{mode}" if mode is not None else "RunMode(...), or RunMode.DRY_RUN"
