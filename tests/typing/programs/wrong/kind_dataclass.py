"""A class that is no configuration."""

from dataclasses import dataclass

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@dataclass(frozen=True)
class Point:
    x: float
    y: float


class Waypoint(Config):
    x: Param[float]
    y: Param[float]


class Plan(Task):
    name: Param[str]
    start: Param[Point]  # E: xpm-param-kind

    def execute(self) -> None:
        origin = Point(0, 0)
        print(self.start.x - origin.x)


@configuration
class Robots(ConfigurationBase):
    names: list[str] = ["r2d2"]


def again(plan: Plan) -> None:
    Plan.C(name=f"{plan.name} again", start=plan.start).submit()


def run(helper: ExperimentHelper, cfg: Robots) -> None:
    print(cfg.names)
