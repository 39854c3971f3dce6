"""Experiments that run from YAML files: what their code imports."""

from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.configuration.quantities import ByteSize
from experimaestro.experiments.helper import ExperimentCallable, ExperimentHelper

__all__ = ["ByteSize", "ConfigurationBase", "ExperimentCallable", "ExperimentHelper", "configuration"]
