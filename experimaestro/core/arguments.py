"""Kept for existing code: `experimaestro.core.annotations`."""

from experimaestro.core.annotations import Choices, Constant, DataPath, Meta, Option, Param, field, help, pathgenerator

__all__ = ["Choices", "Constant", "DataPath", "Meta", "Option", "Param", "field", "help", "pathgenerator"]
