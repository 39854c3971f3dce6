"""Kept for existing code: `experimaestro.core.actions`, and how actions ask questions."""

from experimaestro._interaction import CLIInteraction, Interaction
from experimaestro.core.actions import Action

__all__ = ["Action", "CLIInteraction", "Interaction"]
