"""Experiments that run from YAML files: what their code imports."""

from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.experiments.helper import ExperimentCallable, ExperimentHelper

__all__ = ["ConfigurationBase", "ExperimentCallable", "ExperimentHelper", "configuration"]
