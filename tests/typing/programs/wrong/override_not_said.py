"""A parameter is declared again, without saying that it is meant."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Sampler(Config):
    temperature: Param[float] = field(default=1.0)
    top_k: Param[int]


class Greedy(Sampler):
    temperature: Param[float] = field(default=0.0)  # E: xpm-override


class Generate(Task):
    sampler: Param[Sampler]

    def execute(self) -> None:
        print(self.sampler.temperature)


@configuration
class Samplers(ConfigurationBase):
    top_k: int = 10


def run(helper: ExperimentHelper, cfg: Samplers) -> None:
    for sampler in (Sampler.C(top_k=cfg.top_k), Greedy.C(top_k=1)):
        Generate.C(sampler=sampler).submit()
