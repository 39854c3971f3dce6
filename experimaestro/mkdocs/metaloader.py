"""Kept for existing code: modules that are not installed, replaced by fakes while documentation is made."""

from __future__ import annotations

import re

from experimaestro._fakes import FakeFinder
from experimaestro._fakes import FakeModule as Module

__all__ = ["DependencyInjectorFinder", "Module"]


class DependencyInjectorFinder:
    """Finds fakes for the modules whose name matches a pattern."""

    @staticmethod
    def install(matcher: re.Pattern[str]) -> None:
        """Replaces the modules that match, such as ``re.compile(r"^(torch|pandas)($|\\.)")``."""
        FakeFinder(matcher.match).install()
