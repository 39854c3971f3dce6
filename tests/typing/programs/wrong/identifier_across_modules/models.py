"""Models of the laboratory."""

from experimaestro import Config, Param


class Linear(Config):
    __xpmid__ = "lab.models.linear"  # E: xpm-duplicate-id

    features: Param[int]
