"""What is wrong in the text of a requirement, all or parts of which are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from mypy import nodes as n

from experimaestro_mypy.literals.templates import Template, shown
from experimaestro_mypy.syntax import name_of

if TYPE_CHECKING:
    from experimaestro.launcherfinder.requirements import InvalidRequirementError

_DURATION: Final = re.compile(r"\bduration\s*=\s*[0-9]+\s*\w+")
_NUMBER: Final = "97"
"""Put in a hole: nobody writes it, so that it can be told from the other numbers."""

NUMBERS: Final = (_NUMBER,)
"""What may stand in a hole of a number."""

ANYTHING: Final = (
    *(_NUMBER, "97G", "G", "97h", "h", "", "s"),
    *("gpu", "cuda", "mps", "cpu", "mem", "cores", "duration"),
    *("gpu()", "cuda()", "mps()", "cpu()", "()", "(", ")"),
    *("mem=97G", "cores=97", "duration=97h", "=97G", "=97h", "=97"),
    *("97G)", "mem=97G)", "gpu(", "gpu(mem=", "cpu(", "cpu(cores=97,", "cpu(mem=97G,", "mem=", "cores=", "duration="),
    *("&", "|", "*", "* 97", "=", ",", "mem=97G,", "cores=97,", ", mem=97G", ", cores=97", "ours", "ays", "ins"),
    *("& gpu()", "gpu() &", "& gpu() &", "| gpu()", "gpu() |", "97h & gpu()", "97h &", "& cpu(", "& gpu(mem="),
)
"""What may stand in a hole, one of each kind."""

_MOST: Final = 2_000
"""So many readings: then nothing is said."""


def mistake(text: str) -> str | None:
    """What is wrong in a requirement."""
    error = _error(text)
    return _repeated(text) if error is None else str(error)


def looks_meant(text: str) -> bool:
    """Whether a text is meant as a requirement, and does not only stand for none."""
    return "=" in text or "(" in text


def unmendable(template: Template, fillings: Callable[[n.Expression], Sequence[str]]) -> str | None:
    """What is wrong in a template whatever stands in its holes; None if something makes it right.

    :param fillings: the values of a hole; `NUMBERS` or `ANYTHING` where they are not known.
    """
    known = "".join(part for part in template if isinstance(part, str))
    if not looks_meant(known):
        return None
    search = _Filling(template, [() if isinstance(part, str) else fillings(part) for part in template])
    if search.is_mended(0, "") or search.furthest is None:
        return None
    return f"requirement {shown(template)!r}: {_worded(search.furthest, search.hole)}"


class _Filling:
    """Tries what may stand in the holes, one after the other."""

    def __init__(self, template: Template, candidates: Sequence[Sequence[str]]) -> None:
        self._template = template
        self._candidates = candidates
        self._left = _MOST
        self.furthest: InvalidRequirementError | None = None
        """What is wrong in the reading that came furthest."""
        self._progress = (0, 0)

    @property
    def hole(self) -> n.Expression | None:
        """The last hole before what is wrong."""
        before = self._template[: self._progress[0] + 1]
        return next((part for part in reversed(before) if not isinstance(part, str)), None)

    def is_mended(self, index: int, before: str) -> bool:
        """Whether something makes the text right, given what stands before a part; true also when it gives up."""
        if index == len(self._template):
            return True
        part = self._template[index]
        for choice in [part] if isinstance(part, str) else self._candidates[index]:
            self._left -= 1
            if self._left <= 0:
                return True
            if self._is_right(index, before, choice) and self.is_mended(index + 1, before + choice):
                return True
        return False

    def _is_right(self, index: int, before: str, choice: str) -> bool:
        """Whether a text is right, as far as it goes if something follows."""
        text = before + choice
        error = _error(text)
        may_go_on = index < len(self._template) - 1
        if error is None or (may_go_on and error.offset + len(error.found) >= len(text.rstrip())):
            return True
        progress = index, error.offset - len(before)
        if self.furthest is None or progress > self._progress:
            self.furthest, self._progress = error, progress
        return False


def _error(text: str) -> InvalidRequirementError | None:
    from experimaestro.launcherfinder.requirements import InvalidRequirementError, parse  # late: few modules need it

    try:
        parse(text)
    except InvalidRequirementError as error:
        return error
    return None


def _worded(error: InvalidRequirementError, hole: n.Expression | None) -> str:
    """What is wrong, with the name of the hole where a number was put for it."""
    problem, hint = error.problem, error.hint
    if _NUMBER not in hint and any(character.isdigit() for character in hint):  # it was calculated with that number
        problem = problem.removesuffix(hint)
    return problem if hole is None else problem.replace(_NUMBER, f"{{{name_of(hole)}}}")


def _repeated(text: str) -> str | None:
    """Of two durations for the same job the longer one counts, so that the other is a slip."""
    start = 0
    for alternative in text.split("|"):
        found = list(_DURATION.finditer(alternative))
        if len(found) > 1:
            offset = start + found[1].start()
            again, first = found[1][0], found[0][0]
            return (
                f"requirement {text!r}, character {offset + 1}: found {again!r} after {first!r}, expected one duration"
            )
        start += len(alternative) + 1
    return None
