"""An action is given what asks questions."""

from experimaestro import Action, Interaction, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


class Publish(Action):
    learned: Param[Learn]

    def describe(self) -> str:
        return "publishes the model"

    def execute(self, interaction: Interaction) -> None:
        print(self.learned.seed, interaction.text("name", "Name"))


@configuration
class Published(ConfigurationBase):
    seed: int = 1


def run(helper: ExperimentHelper, cfg: Published) -> None:
    learned = Learn.C(seed=cfg.seed).submit()
    helper.xp.add_action(Publish.C(learned=learned))
