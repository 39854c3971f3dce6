"""Questions to the user, and answers given beforehand."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from experimaestro.exceptions import HandledException, did_you_mean

T = TypeVar("T")

YES: Final = frozenset({"true", "yes", "y", "1"})
NO: Final = frozenset({"false", "no", "n", "0"})


class InvalidAnswerError(HandledException, ValueError):
    """An answer is none of those that are allowed."""


class NoAnswerError(HandledException):
    """A question has no answer: nobody is there."""

    def __init__(self, key: str, label: str) -> None:
        super().__init__(f"no answer to {label!r}, and nobody to ask: give {key} beforehand")


class Interaction(ABC):
    """Asks the user what an action needs to know."""

    @abstractmethod
    def choice(self, key: str, label: str, choices: list[str]) -> str:
        """Asks for one of the choices; `key` names the question."""

    @abstractmethod
    def checkbox(self, key: str, label: str, *, default: bool = False) -> bool:
        """Asks for a yes or a no."""

    @abstractmethod
    def text(self, key: str, label: str, *, default: str = "") -> str:
        """Asks for a text."""


class CLIInteraction(Interaction):
    """Asks on the terminal; a question whose answer was given beforehand is not asked."""

    def __init__(self, prefill: Mapping[str, str] | None = None) -> None:
        self._prefill = dict(prefill or {})
        self._asked: set[str] = set()

    def choice(self, key: str, label: str, choices: list[str]) -> str:
        """Asks for one of the choices, by its text or its number.

        Raises InvalidAnswerError for an answer given beforehand, NoAnswerError.
        """
        if key not in self._prefill:
            _say([f"{label}:", *(f"  {number}) {text}" for number, text in enumerate(choices, 1)), ""])
        return self._answer(key, label, "Select", lambda answer: parse_choice(answer, choices))

    def checkbox(self, key: str, label: str, *, default: bool = False) -> bool:
        """Asks for a yes or a no.

        Raises InvalidAnswerError for an answer given beforehand, NoAnswerError.
        """
        prompt = f"{label} [{'Y/n' if default else 'y/N'}]"
        return self._answer(key, label, prompt, lambda answer: parse_yes_or_no(answer) if answer else default)

    def text(self, key: str, label: str, *, default: str = "") -> str:
        """Asks for a text.

        Raises NoAnswerError.
        """
        prompt = f"{label} [{default}]" if default else label
        return self._answer(key, label, prompt, lambda answer: answer or default)

    @property
    def unused(self) -> list[str]:
        """The answers given beforehand to questions that were not asked."""
        return sorted(set(self._prefill) - self._asked)

    def _answer(self, key: str, label: str, prompt: str, parse: Callable[[str], T]) -> T:
        self._asked.add(key)
        if key in self._prefill:
            try:
                return parse(self._prefill[key])
            except InvalidAnswerError as error:
                raise InvalidAnswerError(f"{key}: {error}") from None
        while True:
            try:
                return parse(_read(key, label, prompt))
            except InvalidAnswerError as error:
                _say([f"{error}"])


def parse_choice(answer: str, choices: Sequence[str]) -> str:
    """Finds the choice that an answer names, by its text or by its number.

    Raises InvalidAnswerError.
    """
    if answer in choices:
        return answer
    if answer.isdecimal() and 0 < int(answer) <= len(choices):
        return choices[int(answer) - 1]
    raise InvalidAnswerError(f"found {answer!r}, expected one of {', '.join(choices)}{did_you_mean(answer, choices)}")


def parse_yes_or_no(answer: str) -> bool:
    """Understands a yes or a no.

    Raises InvalidAnswerError.
    """
    word = answer.lower()
    if word not in YES | NO:
        raise InvalidAnswerError(f"found {answer!r}, expected yes or no")
    return word in YES


def _read(key: str, label: str, prompt: str) -> str:
    try:
        return input(f"{prompt}: ").strip()
    except EOFError:
        raise NoAnswerError(key, label) from None


def _say(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
