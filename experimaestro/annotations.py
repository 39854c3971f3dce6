"""Kept for existing code: `experimaestro.core.decorators`, `experimaestro.core.tags`."""

from experimaestro.core.decorators import cache, config_only, documentation, initializer
from experimaestro.core.tags import stop_tags, tag, tags, tagspath

__all__ = ["cache", "config_only", "documentation", "initializer", "stop_tags", "tag", "tags", "tagspath"]
