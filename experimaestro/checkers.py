"""Kept for existing code: `experimaestro.core.checkers`."""

from experimaestro.core.checkers import Checker, Choices

__all__ = ["Checker", "Choices"]
