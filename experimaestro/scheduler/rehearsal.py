"""The run modes that run no job: what would be done is said, written, or prepared."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, assert_never

from experimaestro._types import JobId
from experimaestro.core.context import job_identifier, task_identifier
from experimaestro.core.state import Configuration
from experimaestro.core.submission import SimulatedJob, report_simulation
from experimaestro.launchers.base import Launcher
from experimaestro.scheduler.folders import Folders
from experimaestro.scheduler.messages import Found
from experimaestro.scheduler.register import Register
from experimaestro.scheduler.script import write_job_files
from experimaestro.scheduler.validity import found
from experimaestro.scheduler.workspace import Workspace
from experimaestro.workspace.layout import JobDirectory


class Rehearsal:
    """Takes the tasks of an experiment that runs none of them."""

    def __init__(
        self,
        workspace: Workspace,
        folders: Folders,
        register: Register,
        python_path: Callable[[], Sequence[str]],
    ) -> None:
        self._workspace = workspace
        self._folders = folders
        self._register = register
        self._python_path = python_path
        self._prepared: set[JobId] = set()

    def simulate(self, task: Configuration, dependencies: Sequence[Configuration], launcher: Launcher) -> SimulatedJob:
        """Prints what would be done with a task."""
        directory = self._directory(task)
        report_simulation(task, dependencies, status=self._status_word(task, directory), launcher=str(launcher))
        return SimulatedJob(directory.job_id, directory.task_id, directory.path)

    def generate(self, task: Configuration, dependencies: Sequence[Configuration], launcher: Launcher) -> SimulatedJob:
        """Writes the parameters and the script of a task, and prints what would be done with it."""
        self.describe(task, self._directory(task))
        return self.simulate(task, dependencies, launcher)

    def describe(self, task: Configuration, directory: JobDirectory) -> None:
        """Writes the parameters and the script of a task."""
        directory.path.mkdir(parents=True, exist_ok=True)
        self._register.write(directory)
        write_job_files(task, directory, self._workspace.path, python_path=self._python_path())

    def prepare(self, task: Configuration, dependencies: Sequence[Configuration]) -> SimulatedJob:
        """Runs the preparations of a task, each once, here and now."""
        directory = self._directory(task)
        wanted = [needed for needed in dependencies if needed.__xpm__.xpmtype.is_preparation]
        fresh = [needed for needed in wanted if job_identifier(needed) not in self._prepared]
        word = "prepare" if fresh else "prepare: nothing to do"
        sys.stderr.write(f"[{word}] Preparing {directory.task_id}/{directory.job_id}\n")
        for needed in fresh:
            sys.stderr.write(f"   [Prepare] prepare[{job_identifier(needed)[:8]}]\n")
            self._prepared.add(job_identifier(needed))
            _prepare_now(needed)
        return SimulatedJob(directory.job_id, directory.task_id, directory.path)

    def _status_word(self, task: Configuration, directory: JobDirectory) -> str:
        folder = self._folders.find(directory)
        return _status_word(task, directory) if folder is None else f"done in {folder.layout.root}"

    def _directory(self, task: Configuration) -> JobDirectory:
        return self._workspace.layout.job(task_identifier(task), job_identifier(task))


def _prepare_now(config: Any) -> None:  # Any: a Prepare, whose class is the user's
    if not config.is_prepared():
        config.prepare()


def _status_word(task: Configuration, directory: JobDirectory) -> str:
    expected = found(task, directory)
    match expected:
        case Found.DONE:
            return "done"
        case Found.RUNNING:
            return "running"
        case Found.ABSENT:
            return "failed" if directory.failed.exists() else "not run"
        case _:
            assert_never(expected)
