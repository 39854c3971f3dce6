"""Kept for existing code: `experimaestro.scheduler.tokens`."""

from experimaestro.scheduler.tokens import CounterToken, TokenDependency

__all__ = ["CounterToken", "TokenDependency"]
