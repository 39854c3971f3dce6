"""A tree of configurations."""

from __future__ import annotations

from typing import Optional

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Tree(Config):
    name: Param[str]
    children: Param[list[Tree]] = field(default_factory=list["Tree"])
    twin: Param[Optional[Tree]] = field(default=None)

    def depth(self) -> int:
        return 1 + max((child.depth() for child in self.children), default=0)


class Parse(Task):
    tree: Param[Tree]

    def execute(self) -> None:
        print(self.tree.depth())


@configuration
class Trees(ConfigurationBase):
    leaves: int = 3


def run(helper: ExperimentHelper, cfg: Trees) -> None:
    leaves = [Tree.C(name=f"leaf{index}") for index in range(cfg.leaves)]
    tree = Tree.C(name="root", children=leaves)
    tree.twin = leaves[0]
    Parse.C(tree=tree).submit()
