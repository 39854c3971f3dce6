"""The mypy plugin of experimaestro: checks plans, the classes they use, and the YAML files beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experimaestro_mypy.entry import plugin as plugin

if not TYPE_CHECKING:  # type checkers would take any name of this module for known
    from experimaestro_mypy.version import module_attribute as __getattr__  # noqa: F401  # mypy asks for `__version__`
