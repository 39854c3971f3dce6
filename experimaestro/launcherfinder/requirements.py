"""Requirement strings: ``duration=1h & cuda(mem=4G) * 2 & cpu(cores=4) | ...`` to values.

    requirement  := conjunction ("|" conjunction)*
    conjunction  := item ("&" item)*
    item         := "duration" "=" N ("h" | "hour" | "hours" | "d" | "day" | "days" | "m" | "min" | "mins")
                  | ("gpu" | "cuda" | "mps") "(" ["mem" "=" N UNIT] ")" ["*" N]
                  | "cpu" "(" [("mem" "=" N UNIT | "cores" "=" N) ("," ...)*] ")"
    UNIT         := "G" | "M" (decimal) | "GiB" | "MiB" (binary)

Nothing but the standard library and the base is imported: type checkers read requirements too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.launcherfinder.amounts import (
    DURATION_UNITS,
    MEMORY_UNITS,
    InvalidAmountError,
    duration_text,
    memory_text,
    parse_memory,
    parse_timespan,
)

ACCELERATORS: Final = ("gpu", "cuda", "mps")
ITEMS: Final = ("duration", "cpu", *ACCELERATORS)

CONTRADICTION: Final = "no machine has both cuda and mps accelerators: separate alternatives with '|', or ask for gpu()"

LARGEST: Final = 10**9
"""Of numbers: more is a mistake, and would be expensive to calculate with."""

MOST_ACCELERATORS: Final = 1_000
"""Of one machine."""

_TOKEN: Final = r"[0-9]+(?:\.[0-9]+)?|[A-Za-z_]+|\S"
_ENOUGH_DIGITS: Final = 20
"""To see that a number is too large: Python refuses to convert some thousands."""

_END: Final = ""
_AFTER_ITEM: Final = ("'&'", "'|'", "the end")


class InvalidRequirementError(HandledException, ValueError):
    """A requirement cannot be read."""

    def __init__(self, text: str, offset: int, found: str, allowed: Sequence[str], hint: str = "") -> None:
        """Tells what is wrong.

        :param offset: of the character where the mistake is, counted from 0.
        :param found: what is there; empty at the end.
        """
        self.text = text
        self.offset = offset
        self.found = found
        self.allowed = tuple(allowed)
        self.hint = hint
        super().__init__(f"requirement {text!r}, character {offset + 1}: {self.problem}")

    @property
    def problem(self) -> str:
        """What is wrong, without where."""
        return (
            f"found {repr(self.found) if self.found else 'the end'}, expected {_alternatives(self.allowed)}{self.hint}"
        )


class UnsatisfiableRequirementError(InvalidRequirementError):
    """A requirement is well written, and no machine meets it."""

    def __init__(self, text: str, offset: int, found: str, problem: str) -> None:
        self._problem = problem
        super().__init__(text, offset, found, ())

    @property
    def problem(self) -> str:
        """Why no machine meets it."""
        return self._problem


class Accelerators(NamedTuple):
    """So many accelerators of one kind."""

    make: str
    """One of `ACCELERATORS`."""
    memory: int
    """In bytes, of each."""
    number: int


class Conjunction(NamedTuple):
    """What is needed together."""

    duration: int = 0
    """In seconds."""
    memory: int = 0
    """In bytes."""
    cores: int = 0
    accelerators: tuple[Accelerators, ...] = ()


def parse(text: str) -> tuple[Conjunction, ...]:
    """Reads a requirement, and returns its alternatives.

    Of several durations and processors in a conjunction, the largest count; accelerators add up. Raises
    InvalidRequirementError.
    """
    return _Parser(text).requirement()


class _Token(NamedTuple):
    text: str
    offset: int

    @property
    def is_number(self) -> bool:
        return self.text[:1] in "0123456789" and self.text != _END

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalpha() or self.text[:1] == "_"


def _tokens(text: str) -> list[_Token]:
    """The words, numbers and signs of a text; the last one is empty and stands for its end."""
    return [*(_Token(found[0], found.start()) for found in re.finditer(_TOKEN, text)), _Token(_END, len(text))]


class _Parser:
    """Reads one item after the other; each method begins where the former one ended."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = iter(_tokens(text))
        self._next = next(self._tokens)

    def requirement(self) -> tuple[Conjunction, ...]:
        alternatives = [self._conjunction()]
        while self._accepts("|"):
            alternatives.append(self._conjunction())
        if self._next.text != _END:
            raise self._error(_AFTER_ITEM, self._hint_after_item())
        return tuple(alternatives)

    def _conjunction(self) -> Conjunction:
        items: list[Conjunction] = []
        while not items or self._accepts("&"):
            start = self._next.offset
            items.append(self._item())
            if items[-1].accelerators:
                self._check([each for item in items for each in item.accelerators], start)
        return Conjunction(
            max(item.duration for item in items),
            max(item.memory for item in items),
            max(item.cores for item in items),
            tuple(each for item in items for each in item.accelerators),
        )

    def _check(self, accelerators: Sequence[Accelerators], start: int) -> None:
        """Refuses what no machine has, once the item that begins here is read."""
        problem = ""
        if {"cuda", "mps"} <= {each.make for each in accelerators}:
            problem = CONTRADICTION
        elif sum(each.number for each in accelerators) > MOST_ACCELERATORS:
            problem = f"found more than {MOST_ACCELERATORS} accelerators, no machine has so many"
        if problem:
            item = self._text[start : self._next.offset].rstrip()
            raise UnsatisfiableRequirementError(self._text, start, item, problem)

    def _item(self) -> Conjunction:
        name = self._next.text
        if name not in ITEMS:
            raise self._error(ITEMS, did_you_mean(name, ITEMS) if self._next.is_word else "")
        self._advance()
        if name == "duration":
            return self._duration()
        return self._cpu() if name == "cpu" else self._accelerators(name)

    def _duration(self) -> Conjunction:
        self._expect("=")
        seconds = self._quantity(DURATION_UNITS, _duration_hint, least=1)
        if self._next.is_number:
            raise self._error(_AFTER_ITEM, " (a duration has one number: write 1h30m as 90m)")
        return Conjunction(duration=seconds)

    def _cpu(self) -> Conjunction:
        values = self._values({"mem": self._memory, "cores": self._number})
        return Conjunction(memory=values.get("mem", 0), cores=values.get("cores", 1))

    def _accelerators(self, make: str) -> Conjunction:
        values = self._values({"mem": self._memory})
        count = self._number(least=1, most=MOST_ACCELERATORS) if self._accepts("*") else 1
        return Conjunction(accelerators=(Accelerators(make, values.get("mem", 0), count),))

    def _values(self, readers: Mapping[str, Callable[[], int]]) -> dict[str, int]:
        """Reads ``(key=value, ...)``, in which no key is repeated."""
        self._expect("(")
        values: dict[str, int] = {}
        while values or not self._accepts(")"):
            key = self._next.text
            if key not in readers:
                hint = did_you_mean(key, readers) if self._next.is_word else ""
                raise self._error(readers if values else (*readers, "')'"), hint)
            if key in values:
                left = [name for name in readers if name not in values]
                raise self._error(left or ("')'",), f" ({key!r} is given twice)")
            self._advance()
            self._expect("=")
            values[key] = readers[key]()
            if self._accepts(")"):
                break
            if not self._accepts(","):
                raise self._error(("','", "')'"))
        return values

    def _memory(self) -> int:
        return self._quantity(MEMORY_UNITS, _memory_hint)

    def _quantity(self, units: Mapping[str, int], hint: Callable[[str, str], str], *, least: int = 0) -> int:
        """Reads a number and its unit."""
        number = self._advance()
        if "." in number.text and number.is_number:
            raise self._error(("a whole number",), hint(number.text, self._next.text), at=number)
        count = self._checked(number, least=least, most=LARGEST)
        if self._next.text not in units:
            raise self._error(units, hint(number.text, self._next.text if self._next.is_word else ""))
        return count * units[self._advance().text]

    def _number(self, *, least: int = 0, most: int = LARGEST) -> int:
        count = self._checked(self._next, least=least, most=most)
        self._advance()
        return count

    def _checked(self, token: _Token, *, least: int, most: int) -> int:
        if not token.is_number or "." in token.text:
            raise self._error(("a whole number",), at=token)
        if not least <= (count := int(token.text.lstrip("0")[:_ENOUGH_DIGITS] or "0")) <= most:
            raise self._error((f"a number from {least} to {most}",), at=token)
        return count

    def _accepts(self, sign: str) -> bool:
        return self._next.text == sign and self._advance().text == sign

    def _expect(self, sign: str) -> None:
        if not self._accepts(sign):
            raise self._error((f"'{sign}'",))

    def _advance(self) -> _Token:
        current, self._next = self._next, next(self._tokens, self._next)
        return current

    def _hint_after_item(self) -> str:
        if self._next.text in ITEMS:
            return " (put '&' between what is asked for together, '|' between alternatives)"
        return " (only accelerators are multiplied)" if self._next.text == "*" else ""

    def _error(self, allowed: Iterable[str], hint: str = "", *, at: _Token | None = None) -> InvalidRequirementError:
        token = at or self._next
        return InvalidRequirementError(self._text, token.offset, token.text, tuple(allowed), hint)


def _memory_hint(number: str, unit: str) -> str:
    """The same amount, as it should be written."""
    try:
        written = memory_text(parse_memory(f"{number}{unit or 'G'}"))
    except InvalidAmountError:
        return "" if unit in MEMORY_UNITS else did_you_mean(unit, MEMORY_UNITS)
    is_exact = any(written.endswith(known) for known in MEMORY_UNITS)
    return f"; did you mean mem={written}?" if is_exact else ""


def _duration_hint(number: str, unit: str) -> str:
    """The same duration, in minutes if it is no number of them, as it should be written."""
    try:
        seconds = parse_timespan(f"{number}{unit or 'm'}")
    except InvalidAmountError:
        return "" if unit in DURATION_UNITS else did_you_mean(unit, DURATION_UNITS)
    return f"; did you mean duration={duration_text(-(-seconds // 60) * 60)}?"


def _alternatives(words: Sequence[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
