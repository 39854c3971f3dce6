"""A task that does nothing: its method has another name."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Report(Task):
    title: Param[str]

    def run(self) -> None:
        print(self.title)


@configuration
class Reports(ConfigurationBase):
    heading: str = "Results"


def run(helper: ExperimentHelper, cfg: Reports) -> None:
    Report.C(title=cfg.heading).submit()  # E: xpm-execute
