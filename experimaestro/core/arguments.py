"""Kept for existing code: `experimaestro.core.annotations`, `experimaestro.core.state`."""

from experimaestro.core.annotations import Choices, Constant, DataPath, Meta, Option, Param, field, pathgenerator
from experimaestro.core.annotations import help as help  # noqa: A004  (the name that 2.7 gave)
from experimaestro.core.state import Argument

__all__ = ["Argument", "Choices", "Constant", "DataPath", "Meta", "Option", "Param", "field", "help", "pathgenerator"]
