"""Kept for existing code: what the documentation plugin of mkdocs was made of. See `experimaestro.sphinx`."""
