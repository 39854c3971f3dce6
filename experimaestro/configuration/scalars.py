"""What an unquoted YAML word means: the core schema of YAML 1.2, without the surprises of YAML 1.1."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

Scalar: TypeAlias = bool | int | float | str | None


class ScalarError(ValueError):
    """An unquoted word that YAML 1.1 and 1.2 read differently, or that no value can hold."""


WORDS: Final[Mapping[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

BOOLEANS_OF_YAML_1_1: Final[Mapping[str, str]] = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), "false"),
}

_DIGITS: Final = r"[0-9]+(?:_[0-9]+)*"
_INTEGER: Final = re.compile(
    rf"[-+]?(?:{_DIGITS}|0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0o[0-7]+(?:_[0-7]+)*|0b[01]+(?:_[01]+)*)"
)
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9_]+")
_FLOAT: Final = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][-+]?[0-9]+)?")


def resolve(text: str) -> Scalar:
    """Returns the value of an unquoted word.

    Raises ScalarError for `yes`, `no`, `on`, `off` (booleans of YAML 1.1) and for numbers that start with 0 (octal
    there), which would change their meaning silently.
    """
    if text in WORDS:
        return WORDS[text]
    if text in BOOLEANS_OF_YAML_1_1:
        raise ScalarError(f"found {text}, write {BOOLEANS_OF_YAML_1_1[text]} or quote it")
    return _number(text) if text[0] in "+-.0123456789" else text


def _number(text: str) -> Scalar:
    if _LEADING_ZERO.fullmatch(text):
        raise ScalarError(f"found {text}, write it without the leading 0, as 0o… if it is octal, or quote it")
    if _INTEGER.fullmatch(text):
        return _integer(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _integer(text: str) -> int:
    try:
        return int(text, base=0)
    except ValueError as error:  # Python refuses very long numbers, which take quadratic time
        raise ScalarError(f"found a number of {len(text)} digits, which is too long; quote it") from error
