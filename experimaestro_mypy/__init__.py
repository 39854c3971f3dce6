"""The mypy plugin of experimaestro: checks plans, the classes they use, and the YAML files beside them."""

from __future__ import annotations

from experimaestro_mypy.entry import plugin as plugin
