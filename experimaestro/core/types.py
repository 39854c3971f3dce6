"""Kept for existing code: `experimaestro.core.state`, `experimaestro.core.hooks`."""

from experimaestro.core.hooks import SubmitHook
from experimaestro.core.state import ObjectType, Type

__all__ = ["ObjectType", "SubmitHook", "Type"]
