"""What a service knows of its experiment."""

from pathlib import Path
from typing import NamedTuple

from experimaestro.scheduler.services import Service


class Host(NamedTuple):
    workdir: Path
    experiment_id: str


class Board(Service):
    id = "board"

    def description(self) -> str:
        return "a board"


def test_a_service_knows_the_identifier_of_its_experiment(tmp_path: Path) -> None:
    board = Board()
    before = board.experiment_id
    board.set_experiment(Host(tmp_path, "sizes"))
    assert (before, board.experiment_id) == ("", "sizes")
