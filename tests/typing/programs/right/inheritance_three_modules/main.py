"""Three classes deep, over three modules."""

from experimaestro import Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

from .scorers import NeuralScorer


class CrossScorer(NeuralScorer):
    dropout: Param[float] = field(default=0.1)


class Rerank(Task):
    scorer: Param[CrossScorer]
    top_k: Param[int]

    def execute(self) -> None:
        print(self.scorer.max_length, self.scorer.encoder, self.top_k)


@configuration
class Reranking(ConfigurationBase):
    top_k: int = 100


def run(helper: ExperimentHelper, cfg: Reranking) -> None:
    scorer = CrossScorer.C(max_length=512, dropout=0.2, encoder="electra")
    scorer.max_length = 256
    print(scorer.describe())
    Rerank.C(scorer=scorer, top_k=cfg.top_k).submit()
