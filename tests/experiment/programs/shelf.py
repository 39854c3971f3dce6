"""Tasks that write results, and read them: `shelf.py WORKSPACE FOLDER MODE JOURNAL EXPERIMENT`."""

import sys
from pathlib import Path

from lab import note

from experimaestro import Meta, Param, PathGenerator, Task, experiment, field
from experimaestro._types import FolderMode
from experimaestro.settings import FolderSettings, WorkspaceSettings


class Write(Task):
    number: Param[int]
    journal: Meta[Path]
    result: Meta[Path] = field(default_factory=PathGenerator("result.txt"))

    def execute(self) -> None:
        note(self.journal, "write", self.number)
        self.result.write_text(str(self.number))


class Read(Task):
    source: Param[Write]
    journal: Meta[Path]
    result: Meta[Path] = field(default_factory=PathGenerator("result.txt"))

    def execute(self) -> None:
        note(self.journal, "read", self.source.number)
        self.result.write_text(f"read {self.source.result.read_text()}")


def plan(journal: Path, count: int = 1) -> list[Read]:
    """Pairs of tasks, of which the second one reads the result of the first."""
    sources = [Write.C(number=number, journal=journal).submit() for number in range(count)]
    return [Read.C(source=source, journal=journal).submit() for source in sources]


if __name__ == "__main__":
    workspace, folder, mode, journal, name = sys.argv[1:]
    settings = WorkspaceSettings("", Path(workspace), folders=[FolderSettings(Path(folder), FolderMode(mode))])
    with experiment(settings, name, project_paths=[]):
        plan(Path(journal), 4)
