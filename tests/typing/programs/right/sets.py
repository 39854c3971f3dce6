"""Sets of configurations are sealed."""

from experimaestro import Config, Param, Task, sealed_set
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Metric(Config):
    name: Param[str]
    cutoff: Param[int]


class Evaluate(Task):
    metrics: Param[set[Metric]]
    levels: Param[set[int]]

    def execute(self) -> None:
        print(sorted(metric.name for metric in self.metrics))


@configuration
class Metrics(ConfigurationBase):
    cutoffs: list[int] = [10, 100]


def run(helper: ExperimentHelper, cfg: Metrics) -> None:
    metrics = sealed_set(*[Metric.C(name="ndcg", cutoff=cutoff) for cutoff in cfg.cutoffs])
    one = Metric.C(name="map", cutoff=1000).seal()
    names = {one: "mean average precision"}
    print(names[one])
    Evaluate.C(metrics=metrics | {one}, levels={1, 2}).submit()
