"""Modules that are heavy or missing, replaced by fakes: for documentation, and for plans that do not run here."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from experimaestro._fakes import FakeFinder

__all__ = ["FakeModuleFinder", "mock_modules", "noop_decorator"]

FakeModuleFinder = FakeFinder
"""The former name."""

LOGGER: Final = logging.getLogger("xpm")


def mock_modules(modules: Sequence[str], decorators: Sequence[str] | None = None) -> FakeFinder:
    """Replaces modules, and what is below them, by fakes: ``mock_modules(["torch", "transformers"])``.

    What is found in them can be called, derived from, and used as a decorator.

    :param decorators: kept for existing code: any name can be a decorator.
    """
    if decorators is not None:
        LOGGER.warning("mock_modules(): decorators= has no effect, any name of a fake module can be a decorator")
    names = tuple(modules)
    finder = FakeFinder(lambda name: any(name == known or name.startswith(f"{known}.") for known in names))
    finder.install()
    return finder


def noop_decorator(decorated: Any = None, /, *arguments: object, **options: object) -> Any:  # Any: what is decorated
    """A decorator that does nothing: ``@noop_decorator``, or ``@noop_decorator(...)``."""
    return decorated if callable(decorated) else noop_decorator
