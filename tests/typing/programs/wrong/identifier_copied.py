"""A class was copied with its identifier."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class BM25(Config):
    __xpmid__ = "lab.copied.bm25"

    k1: Param[float]
    b: Param[float]


class QueryLikelihood(Config):
    __xpmid__ = "lab.copied.bm25"  # E: xpm-duplicate-id

    mu: Param[float]


class Retrieve(Task):
    bm25: Param[BM25]
    fallback: Param[QueryLikelihood]

    def execute(self) -> None:
        print(self.bm25.k1, self.fallback.mu)


@configuration
class Sparse(ConfigurationBase):
    mu: float = 1000.0


def run(helper: ExperimentHelper, cfg: Sparse) -> None:
    Retrieve.C(bm25=BM25.C(k1=0.9, b=0.4), fallback=QueryLikelihood.C(mu=cfg.mu)).submit()
