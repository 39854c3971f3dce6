"""Kept for existing code: `experimaestro.core.environment`."""

from experimaestro.core.environment import Env

__all__ = ["Env"]
