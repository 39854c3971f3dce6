"""What a submitted task holds is sealed with it."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Sampler(Config):
    temperature: Param[float]


class Generate(Task):
    sampler: Param[Sampler]
    prompt: Param[str]

    def execute(self) -> None:
        print(self.sampler.temperature, self.prompt)


@configuration
class Generation(ConfigurationBase):
    prompt: str = "Once upon a time"


def run(helper: ExperimentHelper, cfg: Generation) -> None:
    sampler = Sampler.C(temperature=0.1)
    Generate.C(sampler=sampler, prompt=cfg.prompt).submit()
    sampler = Sampler.C(temperature=0.9)
    Generate.C(sampler=sampler, prompt=cfg.prompt).submit()
