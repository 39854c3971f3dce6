"""The output of a task is not what the next one takes."""

from pathlib import Path

from experimaestro import Config, DependentMarker, LightweightTask, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Policy(Config):
    hidden: Param[int]


class LoadPolicy(LightweightTask):
    policy: Param[Policy]
    path: Meta[Path]

    def execute(self) -> None:
        print(self.path.read_bytes())


class Learn(Task):
    policy: Param[Policy]
    path: Meta[Path] = field(default_factory=PathGenerator("policy.pt"))

    def task_outputs(self, dep: DependentMarker) -> LoadPolicy:
        return dep(LoadPolicy.C(policy=self.policy, path=self.path))

    def execute(self) -> None: ...


class Play(Task):
    policy: Param[Policy]
    games: Param[int]

    def execute(self) -> None: ...


@configuration
class Reinforcement(ConfigurationBase):
    hidden: int = 64


def run(helper: ExperimentHelper, cfg: Reinforcement) -> None:
    policy = Policy.C(hidden=cfg.hidden)
    learned = Learn.C(policy=policy).submit()
    Play.C(policy=policy, games=10).submit(init_tasks=[learned])
