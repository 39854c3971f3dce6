"""Tasks that tell what they do, in a file, and wait when they are told to."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro import (
    Config,
    DependentMarker,
    GracefulTimeout,
    LightweightTask,
    Meta,
    Param,
    PathGenerator,
    Prepare,
    ResumableTask,
    Task,
    TaskCancelled,
    field,
    param_group,
    partial,
    progress,
)

PATIENCE: Final = 30.0
"""Seconds that a task waits at most for the test to let it go on."""


class Line(NamedTuple):
    """What a task noted."""

    word: str
    number: int


class Journal:
    """A file where all processes note what they do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[Line]:
        if not self.path.exists():
            return []
        pairs = (line.split() for line in self.path.read_text().splitlines())
        return [Line(word, int(number)) for word, number in pairs]

    def numbers(self, word: str) -> list[int]:
        """The numbers of the tasks that noted this word, in the order they did."""
        return [line.number for line in self.lines() if line.word == word]

    def most_at_once(self) -> int:
        """How many tasks had started and not ended, at most."""
        running = most = 0
        for line in self.lines():
            running += {"start": 1, "end": -1}.get(line.word, 0)
            most = max(most, running)
        return most


def note(path: Path, word: str, number: int) -> None:
    """Adds a line in one write, which no other process can split."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        os.write(descriptor, f"{word} {number}\n".encode())
    finally:
        os.close(descriptor)


def await_file(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.005)


class Step(Task):
    """Notes its start and its end; waits in between for a file, if it is given one."""

    number: Param[int]
    needs: Param[list[Config]] = field(default_factory=list[Config])
    journal: Meta[Path]
    gate: Meta[Path | None] = None

    def execute(self) -> None:
        note(self.journal, "start", self.number)
        if self.gate is not None:
            await_file(self.gate)
        self.work()
        note(self.journal, "end", self.number)

    def work(self) -> None:
        """What is done between start and end."""


LENGTH = param_group("length")


class Checkpointed(Task):
    """Shares its checkpoints with the tasks that only last longer."""

    epochs: Param[int] = field(groups=[LENGTH])
    journal: Meta[Path]
    checkpoints: Meta[Path] = field(
        default_factory=PathGenerator("checkpoints", partial=partial(exclude_groups=[LENGTH]))
    )

    def execute(self) -> None:
        note(self.journal, "start", self.epochs)
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        note(self.journal, "end", self.epochs)


class Export(Task):
    """Writes outside of the directory of its job."""

    number: Param[int]
    output: Param[Path]
    journal: Meta[Path]

    def execute(self) -> None:
        note(self.journal, "start", self.number)
        self.output.touch()

    def __xpm_output_valid__(self) -> bool | None:
        return self.output.exists()


class Faulty(Step):
    """Fails as long as it is not mended."""

    mended: Meta[Path]

    def work(self) -> None:
        if not self.mended.exists():
            raise ValueError(f"number {self.number} is broken")


class Killed(Step):
    """Kills itself, as another process would, as long as it is not mended."""

    mended: Meta[Path]
    signal: Meta[int] = field(default=9)

    def work(self) -> None:
        if not self.mended.exists():
            subprocess.run(["kill", f"-{self.signal}", str(os.getpid())], check=True)
            await_file(self.mended)


class Deaf(Killed):
    """Does not listen to signals, like a job that is about to start."""

    def work(self) -> None:
        signal.signal(self.signal, signal.SIG_DFL)
        super().work()


class Hiding(Step):
    """Hides that it is cancelled."""

    def execute(self) -> None:
        note(self.journal, "start", self.number)
        try:
            await_file(self.journal.with_name("never"))
        except TaskCancelled:
            note(self.journal, "cancelled", self.number)


class Slow(ResumableTask):
    """Has no time left, a number of times."""

    number: Param[int]
    times: Meta[int]
    journal: Meta[Path]

    def execute(self) -> None:
        note(self.journal, "start", self.number)
        attempts = Journal(self.journal).numbers("start").count(self.number)
        print("attempt", attempts)
        if attempts <= self.times:
            raise GracefulTimeout("come back")
        note(self.journal, "end", self.number)


class Environment(Task):
    """Writes variables of its environment."""

    names: Param[list[str]]
    output: Meta[Path]

    def execute(self) -> None:
        self.output.write_text("\n".join(os.environ.get(name, "-") for name in self.names))


class Model(Config):
    number: Param[int]


class Learn(Task):
    """Its output is a model."""

    number: Param[int]

    def execute(self) -> None:
        progress(1.0)

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(Model.C(number=self.number))


class Double(LightweightTask):
    """Changes a model in the process of the task that it is submitted with."""

    model: Param[Model]

    def execute(self) -> None:
        self.model.number *= 2


class Evaluate(Task):
    model: Param[Model]
    output: Meta[Path]

    def execute(self) -> None:
        self.output.write_text(str(self.model.number))


class Download(Prepare):
    number: Param[int]
    journal: Meta[Path]
    there: Meta[bool] = field(default=False)
    hopeless: Meta[bool] = field(default=False)
    gate: Meta[Path | None] = None

    def prepare(self) -> None:
        note(self.journal, "prepare", self.number)
        if self.gate is not None:
            await_file(self.gate)
        if self.hopeless:
            raise ValueError("no such data")

    def is_prepared(self) -> bool:
        return self.there


class Use(Step):
    data: Param[Download]


class Paths(Task):
    number: Param[int]
    result: Meta[Path] = field(default_factory=PathGenerator("result.txt"))

    def execute(self) -> None:
        self.result.write_text(str(Path.cwd()))


class Exiting(Task):
    """Calls `sys.exit`."""

    code: Param[str]

    def execute(self) -> None:
        sys.exit(ast.literal_eval(self.code))


class HurriedStep(Step):
    """Has no time, and cannot go on where it stopped."""

    def work(self) -> None:
        raise GracefulTimeout("come back")


class Idle(Task):
    number: Param[int]
