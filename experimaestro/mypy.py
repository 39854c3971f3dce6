"""The mypy plugin: ``plugins = ["experimaestro.mypy"]`` in the configuration of mypy."""

from experimaestro_mypy import plugin as plugin
