"""A reranker: what its base needs is needed too."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Scorer(Config):
    max_length: Param[int]


class NeuralScorer(Scorer):
    encoder: Param[str] = field(default="bert-base-uncased")


class CrossScorer(NeuralScorer):
    dropout: Param[float] = field(default=0.1)


class Rerank(Task):
    scorer: Param[Scorer]
    top_k: Param[int]

    def execute(self) -> None:
        print(self.scorer.max_length, self.top_k)


@configuration
class Reranking(ConfigurationBase):
    dropout: float = 0.2
    top_k: int = 1000


def run(helper: ExperimentHelper, cfg: Reranking) -> None:
    scorer = CrossScorer.C(max_length=512, dropout=cfg.dropout)
    Rerank.C(scorer=scorer, top_k=cfg.top_k).submit()
