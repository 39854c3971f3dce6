"""Kept for existing code: the decorators of configurations, tags, and the names of the files of a job."""

from experimaestro.core.decorators import cache, config_only, documentation, initializer
from experimaestro.core.deprecation import deprecate
from experimaestro.core.generators import STDERR, STDOUT
from experimaestro.core.tags import stop_tags, tag, tags, tagspath

__all__ = [
    "STDERR",
    "STDOUT",
    "cache",
    "config_only",
    "deprecate",
    "documentation",
    "initializer",
    "stop_tags",
    "tag",
    "tags",
    "tagspath",
]
