"""The edge of the plugin: a defect of it is no defect of the run. It is told, once for each kind, and mypy goes on."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from mypy.errors import CompileError

T = TypeVar("T")


class Guard:
    """Calls parts of the plugin that may have defects."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._untold: list[str] = []

    def call(self, action: Callable[[], T], otherwise: T) -> T:
        """What an action returns, or what stands for it when it fails."""
        try:
            return action()
        except CompileError:  # how mypy ends a run
            raise
        except Exception as error:  # noqa: BLE001  # whatever goes wrong is told, and stays here
            self._remember(error)
            return otherwise

    def all(self, items: Callable[[], Iterable[T]]) -> list[T]:
        """What an action yields, up to where it fails."""
        found: list[T] = []
        self.call(lambda: found.extend(items()), None)
        return found

    def failures(self) -> list[str]:
        """What went wrong since the last time, a sentence for each."""
        untold, self._untold = self._untold, []
        return untold

    def _remember(self, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"
        if text not in self._told:
            self._told.add(text)
            self._untold.append(f"a defect of the plugin of experimaestro hides findings, please report it: {text}")

    def tell(self) -> None:
        """Tells on standard error what no file could tell."""
        for text in self.failures():
            sys.stderr.write(f"experimaestro.mypy: {text}\n")
