"""What is written of a run while it goes on. The truth on jobs is in their own directories."""

from __future__ import annotations

import io
import json
import math
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from experimaestro._processes import this_host
from experimaestro._types import ExperimentId, JobId, JobState, RunId, TaskId
from experimaestro.core.actions import Action
from experimaestro.core.context import SerializationContext
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.state import Configuration
from experimaestro.scheduler.job import Job
from experimaestro.scheduler.provenance import environment
from experimaestro.scheduler.services import Service
from experimaestro.workspace import index
from experimaestro.workspace.environment import GitState, RunTimes, read_environment, write_environment
from experimaestro.workspace.layout import RunDirectory, WorkspaceLayout
from experimaestro.workspace.records import LocalTime, local_time
from experimaestro.workspace.runs import JobEntry, RunState, RunStatus, Standing, job_line, write_run_status
from experimaestro.workspace.summaries import (
    RunSummary,
    create_summary_directory,
    read_run,
    runs_to_delete,
    write_summary,
)

SUMMARY_INTERVAL: Final = 0.5
"""Seconds between two writes of the summary of a run that goes on."""


class RunRecorder:
    """Writes the directory of one run."""

    def __init__(self, layout: WorkspaceLayout, experiment_id: ExperimentId) -> None:
        self._layout = layout
        self.experiment_id = experiment_id
        self._experiment = layout.experiment(experiment_id)
        self.started_at: LocalTime = local_time(time.time())
        self.run: RunDirectory = self._experiment.run(self._experiment.new_run_id(datetime.now()))
        self._jobs: dict[JobId, Job] = {}
        self._counting = threading.Lock()
        """Jobs are added in the thread of the plan, and change in that of the scheduler."""
        self._counts: Counter[JobState] = Counter()
        self._states: dict[JobId, JobState] = {}
        self._linked: set[TaskId] = set()
        self._lines = ExitStack()
        self._job_lines: TextIO = io.StringIO()
        self._object_lines: TextIO = io.StringIO()
        self._written_at = 0.0
        self._definitions = DefinitionWriter(SerializationContext())
        self._writing = threading.Lock()
        """Services change in threads of their own."""
        self._services: dict[str, Service] = {}
        self._end: tuple[RunState, LocalTime | None] = (RunState.RUNNING, None)
        self._actions: dict[str, object] = {}
        self._actions_written_at = -math.inf

    def open(self, projects: Sequence[GitState]) -> None:
        """Creates the directory of the run, and points the links of the experiment to it.

        Raises OSError.
        """
        self.run.jobs.mkdir(parents=True)
        self._job_lines = self._lines.enter_context(self.run.jobs_jsonl.open("a", buffering=1, encoding="utf-8"))
        self._object_lines = self._lines.enter_context(self.run.objects_jsonl.open("a", buffering=1, encoding="utf-8"))
        times = RunTimes(this_host(), self.started_at, None, RunState.RUNNING)
        write_environment(self.run, environment(projects, times))
        self._write_status()
        _replace_link(self._experiment.current, self.run.run_id)
        self._link_summary()
        self._write_summary(RunState.RUNNING)

    def add(self, job: Job) -> None:
        """Records a job that was submitted."""
        with self._counting:
            self._jobs[job.identifier] = job
            self._states[job.identifier] = job.state
            self._counts[job.state] += 1
        entry = JobEntry(job.task_id, job.identifier, _plain(job.tags), time.time(), job.transient)
        self._job_lines.write(job_line(entry))
        self._add_objects(job.config)
        if job.task_id not in self._linked:
            (self.run.jobs / job.task_id).mkdir(exist_ok=True)
            self._linked.add(job.task_id)
        os.symlink(job.path, f"{self.run.jobs}/{job.task_id}/{job.identifier}")  # noqa: PTH211  (a path costs 10 µs)

    def add_action(self, identifier: str, action: Action) -> None:
        """Records an action; what lists them is written at once, but not all the time."""
        self._add_objects(action)
        name = action.__getxpmtype__().name()
        self._actions[identifier] = {"action_id": identifier, "description": action.describe(), "class": name}
        if time.monotonic() - self._actions_written_at > SUMMARY_INTERVAL:
            self._actions_written_at = time.monotonic()
            self._write_status()

    def add_service(self, service: Service) -> None:
        """Records a service, and what becomes of it."""
        self._services[service.id] = service
        service.add_listener(self)
        self._write_status()

    def service_state_changed(self, service: Service) -> None:
        """Records the new state of a service, also once the run has ended."""
        if self._services.get(service.id) is service:
            self._write_status()
            if self._end[1] is not None:
                index.record_run(self._layout, self.experiment_id, self.run.run_id)

    def _add_objects(self, config: Configuration) -> None:
        lines = [json.dumps(item, separators=(",", ":")) for item in self._definitions.write(config.__xpm__)]
        self._object_lines.write("".join(line + "\n" for line in lines))

    def changed(self, job: Job) -> None:
        """Records the new state of a job; what is read most is written at once, but not all the time."""
        with self._counting:
            former = self._states.get(job.identifier)
            if former is None:
                return
            self._counts[former] -= 1
            self._counts[job.state] += 1
            self._states[job.identifier] = job.state
        if time.monotonic() - self._written_at > SUMMARY_INTERVAL:
            self._write_summary(RunState.RUNNING)

    def close(self, state: RunState) -> None:
        """Records the end of the run."""
        self._lines.close()
        ended = local_time(time.time())
        known = read_environment(self.run)
        if known is not None:
            write_environment(self.run, known._replace(run=RunTimes(this_host(), self.started_at, ended, state)))
        self._end = state, ended
        self._write_status()
        self._write_summary(state, ended)
        index.record_run(self._layout, self.experiment_id, self.run.run_id)

    def prune(self, *, max_done: int, max_failed: int) -> None:
        """Removes the runs that are too many; jobs and their results stay."""
        runs = [read_run(run) for run in self._experiment.runs()]
        for run_id in runs_to_delete(runs, self.run.run_id, max_done=max_done, max_failed=max_failed):
            shutil.rmtree(self._experiment.run(run_id).path)
        self._link_previous([run.run_id for run in self._experiment.runs()])

    def forget(self, job: Job) -> None:
        """Removes the link to a job whose directory goes."""
        (self.run.jobs / job.task_id / job.identifier).unlink(missing_ok=True)

    def _write_status(self) -> None:
        with self._writing:
            write_run_status(self.run, self._status())

    def _status(self) -> RunStatus:
        state, ended = self._end
        services = tuple(self._services.items())
        return RunStatus(
            self.experiment_id,
            self.run.run_id,
            status=state,
            hostname=this_host(),
            started_at=self.started_at,
            ended_at=ended,
            job_states={identifier: _standing(job) for identifier, job in tuple(self._jobs.items())},
            services={name: service.record(self.experiment_id, self.run.run_id) for name, service in services},
            actions=self._actions,
            last_updated=local_time(time.time()),
        )

    def _write_summary(self, state: RunState, ended: LocalTime | None = None) -> None:
        self._written_at = time.monotonic()
        with self._counting:
            counts = +self._counts
        summary = RunSummary(self.run.run_id, this_host(), state, self.started_at, ended, counts)
        write_summary(self._layout.summary(self.experiment_id), summary)

    def _link_summary(self) -> None:
        """``xp/<experiment>/jobs`` and ``jobs.bak``: the jobs of this run and of the one before."""
        summary = self._layout.summary(self.experiment_id)
        create_summary_directory(summary)
        _replace_link(summary.jobs, str(self._from_summary / self.run.run_id / "jobs"))
        self._link_previous([run.run_id for run in self._experiment.runs()])

    def _link_previous(self, runs: Sequence[RunId]) -> None:
        link = self._layout.summary(self.experiment_id).jobs_bak
        previous = [run_id for run_id in runs if run_id != self.run.run_id]
        if previous:
            _replace_link(link, str(self._from_summary / previous[-1] / "jobs"))
        elif link.is_symlink():
            link.unlink()

    @property
    def _from_summary(self) -> Path:
        """The runs of the experiment, seen from ``xp/<experiment>``."""
        return Path("..", "..", "experiments", self.experiment_id)


def _standing(job: Job) -> Standing:
    return Standing(job.state, job.failure.status if job.failure else None)


def _plain(tags: Mapping[str, object]) -> dict[str, str | int | float | bool | None]:
    return {
        name: value if value is None or isinstance(value, str | int | float) else str(value)
        for name, value in tags.items()
    }


def _replace_link(link: Path, target: str) -> None:
    """Makes a link in one step; a directory that release 1 left under its name is put aside."""
    if link.is_dir() and not link.is_symlink():
        link.rename(link.with_name(f"{link.name}.v1"))
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)
