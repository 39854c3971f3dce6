"""Models."""

from experimaestro import Config
from experimaestro import Param as P
from experimaestro import field


class Model(Config):
    hidden: P[int]


class Deep(Model):
    layers: P[int]
    residual: P[bool] = field(default=True)
