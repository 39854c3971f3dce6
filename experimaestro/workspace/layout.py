"""Every path of a workspace.

The classes compute paths; only the listing of the runs of an experiment reads a directory.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from experimaestro._types import ExperimentId, JobId, RunId, TaskId

if TYPE_CHECKING:
    from datetime import datetime  # 1.6 ms, that the job process can do without

_RUN_ID: Final = re.compile(r"(\d{8}_\d{6})(?:\.(\d+))?")


class JobDirectory(NamedTuple):
    """The directory of one job."""

    path: Path
    name: str
    """Stem of the files of the job: the last component of its task identifier."""

    @property
    def task_id(self) -> TaskId:
        return TaskId(self.path.parent.name)

    @property
    def job_id(self) -> JobId:
        return JobId(self.path.name)

    @property
    def params(self) -> Path:
        return self.path / "params.json"

    @property
    def script(self) -> Path:
        return self._file("py")

    @property
    def batch_script(self) -> Path:
        return self._file("sh")

    @property
    def stdout(self) -> Path:
        return self._file("out")

    @property
    def stderr(self) -> Path:
        return self._file("err")

    @property
    def done(self) -> Path:
        return self._file("done")

    @property
    def failed(self) -> Path:
        return self._file("failed")

    @property
    def pid(self) -> Path:
        return self._file("pid")

    @property
    def lock(self) -> Path:
        """Held by the driver, then by the process of the job as long as it lives."""
        return self._file("lock")

    @property
    def state(self) -> Path:
        """Directory of what we write, apart from what the task writes."""
        return self.path / ".experimaestro"

    @property
    def status(self) -> Path:
        return self.state / "status.json"

    @property
    def events(self) -> Path:
        return self.state / "events"

    @property
    def task_outputs(self) -> Path:
        return self.state / "task-outputs.jsonl"

    @property
    def document(self) -> Path:
        """What the identifier was computed from."""
        return self.state / "identity.json"

    def _file(self, extension: str) -> Path:
        return self.path / f"{self.name}.{extension}"


class RunDirectory(NamedTuple):
    """The directory of one run of an experiment."""

    path: Path

    @property
    def run_id(self) -> RunId:
        return RunId(self.path.name)

    @property
    def environment(self) -> Path:
        return self.path / "environment.json"

    @property
    def status(self) -> Path:
        return self.path / "status.json"

    @property
    def jobs_jsonl(self) -> Path:
        return self.path / "jobs.jsonl"

    @property
    def objects_jsonl(self) -> Path:
        return self.path / "objects.jsonl"

    @property
    def jobs(self) -> Path:
        """Links to the job directories, as ``<task id>/<job id>``."""
        return self.path / "jobs"

    @property
    def results(self) -> Path:
        return self.path / "results"

    def data(self, name: str) -> Path:
        return self.path / "data" / name


class ExperimentDirectory(NamedTuple):
    """The directory of all runs of an experiment."""

    path: Path

    @property
    def lock(self) -> Path:
        """Held by the driver of the experiment."""
        return self.path / "lock"

    @property
    def current(self) -> Path:
        """Link to the newest run, for people: it is not a run."""
        return self.path / "current"

    def run(self, run_id: RunId) -> RunDirectory:
        return RunDirectory(self.path / run_id)

    def runs(self) -> list[RunDirectory]:
        """Lists the runs, oldest first; empty when there is no such experiment."""
        return [self.run(run_id) for run_id in sorted(_run_ids(self.path), key=run_order)]

    def new_run_id(self, now: datetime) -> RunId:
        """Returns the identifier of a run that starts now, after those of the same second."""
        stamp = now.strftime("%Y%m%d_%H%M%S")
        taken = [suffix for other, suffix in map(run_order, _run_ids(self.path)) if other == stamp]
        return RunId(f"{stamp}.{max(taken) + 1}" if taken else stamp)


class SummaryDirectory(NamedTuple):
    """What people look at first: the newest run of an experiment."""

    path: Path

    @property
    def informations(self) -> Path:
        return self.path / "informations.json"

    @property
    def jobs(self) -> Path:
        """Links to the jobs of the newest run."""
        return self.path / "jobs"

    @property
    def jobs_bak(self) -> Path:
        """Links to the jobs of the run before it."""
        return self.path / "jobs.bak"


class WorkspaceLayout(NamedTuple):
    """A workspace."""

    root: Path

    @property
    def marker(self) -> Path:
        """Empty file that tells a workspace from another directory."""
        return self.root / ".__experimaestro__"

    @property
    def jobs(self) -> Path:
        return self.root / "jobs"

    @property
    def partials(self) -> Path:
        return self.root / "partials"

    @property
    def config(self) -> Path:
        """Values cached by configurations."""
        return self.root / "config"

    @property
    def experiments(self) -> Path:
        return self.root / "experiments"

    @property
    def xp(self) -> Path:
        return self.root / "xp"

    @property
    def database(self) -> Path:
        return self.root / ".experimaestro" / "workspace.db"

    def job(self, task_id: TaskId, job_id: JobId) -> JobDirectory:
        return JobDirectory(self.jobs / task_id / job_id, task_id.rpartition(".")[2])

    def experiment(self, experiment_id: ExperimentId) -> ExperimentDirectory:
        return ExperimentDirectory(self.experiments / experiment_id)

    def summary(self, experiment_id: ExperimentId) -> SummaryDirectory:
        return SummaryDirectory(self.xp / experiment_id)

    def partial(self, task_id: TaskId, partial_name: str, digest: str) -> Path:
        """The directory shared by the tasks that differ only in what the partial leaves out."""
        return self.partials / task_id / partial_name / digest


def run_order(run_id: RunId) -> tuple[str, int]:
    """The key that sorts runs by age: ``.10`` comes after ``.2``."""
    stamp, _, suffix = run_id.partition(".")
    return stamp, int(suffix or 0)


def _run_ids(directory: Path) -> Iterator[RunId]:
    try:
        entries = os.scandir(directory)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if _RUN_ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                yield RunId(entry.name)
