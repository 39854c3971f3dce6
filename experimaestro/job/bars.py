"""Progress bars that report to the experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tqdm.std import tqdm as _StandardBar  # noqa: N812  # the class has the name of its module

from experimaestro.job.progress import Reporter

T = TypeVar("T")

if TYPE_CHECKING:
    _Bar = _StandardBar[T]
else:
    _Bar = _StandardBar


class tqdm(_Bar):
    """The progress bar of the `tqdm` library. In a job it also tells the experiment; nested bars are nested levels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: those of the library, which change with it
        super().__init__(*args, **kwargs)
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
