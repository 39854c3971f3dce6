"""Kept for existing code: the command `run-experiment`, for the command lines of other projects."""

from experimaestro.cli.run_experiment import command as experiments_cli
from experimaestro.experiments.helper import ExperimentCallable, ExperimentHelper

__all__ = ["ExperimentCallable", "ExperimentHelper", "experiments_cli"]
