"""Kept for existing code: `experimaestro.configuration.base`."""

from experimaestro.configuration.base import ConfigurationBase, configuration

__all__ = ["ConfigurationBase", "configuration"]
