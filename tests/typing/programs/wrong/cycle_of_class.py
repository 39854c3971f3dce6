"""Every node needs a parent: there is no first one."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Node(Config):
    name: Param[str]
    weight: Param[float] = field(default=1.0)
    parent: Param["Node"]  # E: xpm-cycle


class Walk(Task):
    start: Param[Node]

    def execute(self) -> None:
        print(self.start.name)


@configuration
class Nodes(ConfigurationBase):
    names: list[str] = ["a", "b"]


def walk(parent: Node, names: list[str]) -> None:
    for name in names:
        parent = Node.C(name=name, parent=parent)
    Walk.C(start=parent).submit()


def run(helper: ExperimentHelper, cfg: Nodes) -> None:
    print(len(cfg.names))
