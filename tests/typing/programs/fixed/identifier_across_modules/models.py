"""Models of the laboratory."""

from experimaestro import Config, Param


class Linear(Config):
    __xpmid__ = "lab.models.linear"

    features: Param[int]
