"""Counter tokens, for jobs to hold: `experimaestro.workspace.counters`."""

from experimaestro.workspace.counters import CounterToken, TokenDependency

__all__ = ["CounterToken", "TokenDependency"]
