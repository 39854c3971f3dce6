"""Which lines of a traceback are the user's: those are shown, ours and those of libraries are not."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from traceback import FrameSummary, TracebackException
from typing import Final

_ROOM: Final = f"{Path(__file__).absolute().parent}{os.sep}"
"""It calls the code of the user: what comes before is of no interest."""

_PACKAGE: Final = f"{Path(__file__).absolute().parent.parent}{os.sep}"
_STANDARD_LIBRARY: Final = f"{Path(os.__file__).absolute().parent}{os.sep}"
_INSTALLED: Final = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


def users_traceback(error: BaseException) -> str:
    """The traceback of an exception, limited to the user's lines; the whole of it when there are none."""
    for is_shown in (_is_users, _is_foreign):  # the code of the user may be installed as libraries are
        shown = TracebackException.from_exception(error)
        if _limit(shown, is_shown):
            break
    else:
        shown = TracebackException.from_exception(error)
    return "".join(shown.format()).rstrip()


def summary(error: BaseException) -> str:
    """An exception in one line, with the user's line where it was raised."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {type(error).__name__}: {error.msg}"
    words = "".join(traceback.format_exception_only(error)).strip()
    where = place(error)
    return f"{where}: {words}" if where else words


def place(error: BaseException) -> str | None:
    """The user's line, as ``file:line``, where an exception was raised."""
    called = _called(traceback.extract_tb(error.__traceback__))
    frames = [*filter(_is_users, called)] or [*filter(_is_foreign, called)]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None


def _limit(shown: TracebackException, is_shown: Callable[[FrameSummary], bool]) -> bool:
    """Leaves some lines, of the exceptions that led to this one as well; returns whether there are any."""
    for inner in shown.exceptions or ():
        _limit(inner, is_shown)
    if shown.__cause__ is not None and not _limit(shown.__cause__, is_shown):
        shown.__cause__ = None
    if shown.__context__ is not None and not _limit(shown.__context__, is_shown):
        shown.__context__ = None
    shown.stack[:] = filter(is_shown, _called(shown.stack))
    return bool(shown.stack)


def _called(stack: Sequence[FrameSummary]) -> Sequence[FrameSummary]:
    """What is below our call of the user's code. An exception that was caught there has nothing else."""
    for index, (caller, callee) in enumerate(pairwise(stack)):
        if caller.filename.startswith(_ROOM) and not _is_ours(callee):
            return stack[index + 1 :]
    return [] if any(frame.filename.startswith(_ROOM) for frame in stack) else stack


def _is_ours(frame: FrameSummary) -> bool:
    return frame.filename.startswith(_PACKAGE)


def _is_foreign(frame: FrameSummary) -> bool:
    return not _is_ours(frame) and not frame.filename.startswith("<frozen")


def _is_users(frame: FrameSummary) -> bool:
    is_installed = any(part in frame.filename for part in _INSTALLED)
    return _is_foreign(frame) and not is_installed and not frame.filename.startswith(_STANDARD_LIBRARY)
