"""Explicit dependencies: on tasks, and on tokens."""

from pathlib import Path
from tempfile import mkdtemp

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.tokens import CounterToken


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
    questions: list[str] = ["how many?", "how long?"]


def run(helper: ExperimentHelper, cfg: Database) -> None:
    token = CounterToken("connections", Path(mkdtemp()) / "token", 2)
    migrate = Migrate.C(revision=12).submit()
    for question in cfg.questions:
        query = Query.C(question=question).add_dependencies(migrate, token.dependency(1))
        token(1, Query.C(question=f"{question} really?")).submit()
        query.submit()
