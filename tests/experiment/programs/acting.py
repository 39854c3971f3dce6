"""A task that leaves an action to those who read its result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from experimaestro import Action, Config, DependentMarker, Interaction, Param, Task


class Model(Config):
    size: Param[int]


class Publish(Action):
    model: Param[Model]
    target: Param[str]

    def describe(self) -> str:
        return f"publishes a model of size {self.model.size}"

    def execute(self, interaction: Interaction) -> None:
        where = interaction.choice("where", "Where", ["here", "there"])
        private = interaction.checkbox("private", "Private", default=True)
        name = interaction.text("name", "Name", default="model")
        Path(self.target).write_text(f"{where} {private} {name} {self.model.size}")


class Learn(Task):
    model: Param[Model]
    target: Param[str]

    def execute(self) -> None:
        pass

    def __submit__(self, dep: DependentMarker, add_action: Callable[[Action], str]) -> Model:
        add_action(Publish.C(model=self.model, target=self.target))
        return dep(self.model)
