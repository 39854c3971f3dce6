"""A task that registers what it learns while it runs: `watched.py WORKSPACE JOURNAL STEPS GATES`.

The program notes each checkpoint that it is told of, and evaluates it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Self

from lab import await_file, note

from experimaestro import Config, DependentMarker, Meta, Param, ResumableTask, Task, experiment, field


class Checkpoint(Config):
    step: Param[int]
    name: Param[str] = field(default="last")


class Validation(Config):
    size: Param[int]

    def checkpoint(self, dep: DependentMarker, step: int, *, name: str = "last") -> Checkpoint:
        return dep(Checkpoint.C(step=step, name=name))

    def compute(self, step: int) -> None:
        self.register_task_output(self.checkpoint, step, name="best")

    def forgetful(self, step: int) -> Checkpoint:
        return Checkpoint.C(step=step)


class Learn(ResumableTask):
    """Notes each step, and registers it; waits before the next one for a file, if it is given a directory of them."""

    validation: Param[Validation]
    steps: Param[int]
    journal: Meta[Path]
    gates: Meta[Path | None] = None
    dies_at: Meta[int] = field(default=-1)
    """Kills itself there, unless it did before."""

    def snapshot(self, dep: DependentMarker, step: int) -> Checkpoint:
        return dep(Checkpoint.C(step=step, name="own"))

    def execute(self) -> None:
        note(self.journal, "start", self.steps)
        for step in range(self.steps):
            if self.gates is not None:
                await_file(self.gates / str(step))
            if step == self.dies_at and not Path("died").exists():
                Path("died").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            self.validation.compute(step)
            note(self.journal, "registered", step)
        note(self.journal, "end", self.steps)


class LearnAlone(Learn):
    """Registers its own checkpoints."""

    def execute(self) -> None:
        for step in range(self.steps):
            self.register_task_output(self.snapshot, step)


class LearnGreedily(LearnAlone):
    """Takes itself for something that it produces."""

    def snapshot(self, dep: DependentMarker, step: int) -> Self:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]  # what is refused
        return dep(self)


class LearnTwice(Learn):
    """Registers the same checkpoint twice."""

    def execute(self) -> None:
        for _ in range(2):
            self.validation.compute(0)


class LearnOddly(Learn):
    """Registers what no other process can read."""

    def execute(self) -> None:
        self.register_task_output(self.snapshot, {1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what is refused


class LearnToFiles(Learn):
    """Registers the paths of its files."""

    def saved(self, dep: DependentMarker, path: Path) -> Checkpoint:
        return dep(Checkpoint.C(step=len(path.parts), name=path.name))

    def execute(self) -> None:
        self.register_task_output(self.saved, Path("models/1.pt"))


class LearnBriefly(Task):
    """Is not resumable."""

    validation: Param[Validation]

    def execute(self) -> None: ...


class Evaluate(Task):
    checkpoint: Param[Checkpoint]
    journal: Meta[Path]
    gate: Meta[Path | None] = None

    def execute(self) -> None:
        if self.gate is not None:
            await_file(self.gate)
        note(self.journal, "evaluated", self.checkpoint.step)


def plan(journal: Path, steps: int, gates: Path) -> None:
    def evaluate(checkpoint: Checkpoint) -> None:
        note(journal, "told", checkpoint.step)
        Evaluate.C(checkpoint=checkpoint, journal=journal).submit()

    learn = Learn.C(validation=Validation.C(size=10), steps=steps, journal=journal, gates=gates)
    learn.watch_output(learn.validation.checkpoint, evaluate)
    learn.submit()


if __name__ == "__main__":
    with experiment(Path(sys.argv[1]), "xp", project_paths=[]):
        plan(Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
