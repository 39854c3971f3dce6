"""Progress bars that report to the experiment."""

from __future__ import annotations

import io
import sys
import types
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Never, TypeVar, overload

from tqdm.std import tqdm as _StandardBar  # noqa: N812  # the class has the name of its module

from experimaestro.job.progress import Reporter

T = TypeVar("T")

if TYPE_CHECKING:

    class _Bar(_StandardBar[T]):
        pass
else:  # the library's class is generic for type checkers only

    class _Bar(_StandardBar):
        __class_getitem__ = classmethod(types.GenericAlias)


class _Nowhere(io.TextIOBase):
    """Keeps bars, which only a terminal can draw, away from the log of a job."""

    def write(self, text: str, /) -> int:
        return len(text)


class tqdm(_Bar[T]):
    """The progress bar of the `tqdm` library. In a job it also tells the experiment; nested bars are nested levels."""

    if TYPE_CHECKING:

        @overload
        def __init__(self, iterable: Iterable[T], *args: Any, **kwargs: Any) -> None: ...  # Any: as below
        @overload
        def __init__(self: tqdm[Never], iterable: None = None, *args: Any, **kwargs: Any) -> None: ...  # Any: idem

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: those of the library, which change with it
        if Reporter.current is not None and not sys.stderr.isatty():
            kwargs.setdefault("file", _Nowhere())
        super().__init__(*args, **kwargs)  # pyright: ignore[reportUnknownMemberType]  # the library leaves some untyped
        self._report()

    def refresh(self, *args: Any, **kwargs: Any) -> Any:  # Any: idem
        self._report()
        return super().refresh(*args, **kwargs)

    def close(self) -> None:
        if not self.disable:
            self._report()
        super().close()

    def _report(self) -> None:
        if Reporter.current is not None and self.total:
            Reporter.current.report(self.n / self.total, level=abs(self.pos), desc=self.desc or None)
