"""Scorers that learn."""

from experimaestro import Param, field

from .base import Scorer


class NeuralScorer(Scorer):
    encoder: Param[str] = field(default="bert")
