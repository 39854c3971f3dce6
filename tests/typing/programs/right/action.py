"""What can be done with the results, later."""

from experimaestro import Action, Interaction, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


class Publish(Action):
    learned: Param[Learn]
    name: Param[str]

    def describe(self) -> str:
        return f"publishes {self.name}"

    def execute(self, interaction: Interaction) -> None:
        where = interaction.choice("where", "Publish where?", ["here", "there"])
        private = interaction.checkbox("private", "Private?", default=True)
        name = interaction.text("name", "Name", default=self.name)
        print(where, private, name.upper())


@configuration
class Published(ConfigurationBase):
    seed: int = 1


def run(helper: ExperimentHelper, cfg: Published) -> None:
    learned = Learn.C(seed=cfg.seed).submit()
    helper.xp.add_action(Publish.C(learned=learned, name="best"))
