"""What shows results while an experiment runs."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.scheduler.services import ProcessWebService, Service


class Learn(Task):
    seed: Param[int]
    logs: Meta[Path] = field(default_factory=PathGenerator("logs"))

    def execute(self) -> None: ...


class Board(ProcessWebService):
    id = "board"

    def __init__(self, path: Path, log_directory: Path | None = None) -> None:
        super().__init__(log_directory)
        self.path = path

    def description(self) -> str:
        return "curves"

    def _build_command(self) -> list[str]:
        return ["python", "-m", "http.server", "--directory", str(self.path)]

    def _wait_for_ready(self) -> str:
        return "http://localhost:8000"


class Silent(Service):
    id = "silent"

    def description(self) -> str:
        return "nothing"


@configuration
class Shown(ConfigurationBase):
    seeds: list[int] = [1, 2]


def run(helper: ExperimentHelper, cfg: Shown) -> None:
    board = helper.xp.add_service(Board(Path("logs")))
    helper.xp.add_service(Silent())
    print(board.path, board.description())
    for seed in cfg.seeds:
        Learn.C(seed=seed).submit()
