"""Configurations that are not sealed can't be in a set."""

from experimaestro import Config, Param, Task, sealed_set
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Metric(Config):
    name: Param[str]


class Evaluate(Task):
    metrics: Param[set[Metric]]

    def execute(self) -> None:
        print(len(self.metrics))


@configuration
class Metrics(ConfigurationBase):
    cutoff: int = 10


def run(helper: ExperimentHelper, cfg: Metrics) -> None:
    ndcg = Metric.C(name=f"ndcg@{cfg.cutoff}")
    recall = Metric.C(name=f"recall@{cfg.cutoff}")
    metrics = sealed_set(ndcg, recall)
    Evaluate.C(metrics=metrics).submit()
