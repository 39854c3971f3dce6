"""A dependency on a task that does not run."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Migrate(Task):
    revision: Param[int]

    def execute(self) -> None:
        print(self.revision)


class Query(Task):
    question: Param[str]

    def execute(self) -> None:
        print(self.question)


@configuration
class Database(ConfigurationBase):
    questions: list[str] = ["how many?"]


def run(helper: ExperimentHelper, cfg: Database) -> None:
    migrate = Migrate.C(revision=12).submit()
    for question in cfg.questions:
        query = Query.C(question=question)
        query.add_dependencies(migrate)
        query.submit()
