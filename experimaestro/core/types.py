"""Kept for existing code: `experimaestro.core.state`, `experimaestro.core.values`, `experimaestro.core.hooks`."""

from experimaestro.core.hooks import SubmitHook
from experimaestro.core.state import ObjectType
from experimaestro.core.values import Type

__all__ = ["ObjectType", "SubmitHook", "Type"]
