"""The folders of a workspace, while an experiment goes on: what is done is taken from them, and given to them."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro._types import FolderMode, JobId, JobState, TransientMode
from experimaestro.exceptions import FailedExperiment, HandledException
from experimaestro.scheduler.execution import find
from experimaestro.scheduler.job import Job
from experimaestro.scheduler.messages import Found
from experimaestro.scheduler.workspace import Workspace
from experimaestro.settings import FolderSettings, WorkspaceSettings, attached_folders
from experimaestro.workspace.folders import BusyError, Folder, archive, restore, sweep, where
from experimaestro.workspace.layout import JobDirectory, WorkspaceLayout

__all__ = ["FolderMode", "FolderSettings", "Folders", "UnarchivedError"]

LOGGER: Final = logging.getLogger("xpm.folders")

INTERVAL: Final = 5.0
"""Seconds between two messages on what goes on."""

_PATIENCE: Final = 1.0
_SHOWN: Final = 10


class RestoreError(HandledException):
    """A result cannot be taken from a folder."""

    def __init__(self, job: JobDirectory, folder: Path, error: OSError) -> None:
        super().__init__(f"cannot bring {job.task_id}/{job.job_id} back from the folder {folder}: {error}")


class Unarchived(NamedTuple):
    """A result that is not in a folder where it should be."""

    job: JobDirectory
    folder: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.job.task_id}/{self.job.job_id[:8]} is not in {self.folder}: {self.reason}"


class UnarchivedError(HandledException):
    """Results are not in the folders of the workspace; they are in the workspace."""

    def __init__(self, workspace: Path, missing: Sequence[Unarchived]) -> None:
        self.missing = tuple(missing)
        shown = [f"  {each}" for each in missing[:_SHOWN]]
        rest = [f"  ... and {len(missing) - _SHOWN} more"] if len(missing) > _SHOWN else []
        head = f"results of {workspace} that are not in its folders (the jobs are done; the next run tries again):"
        super().__init__("\n".join([head, *shown, *rest]))


class Folders:
    """The folders of the workspace of an experiment."""

    def __init__(self, workspace: Workspace, attached: Sequence[Folder], *, are_written: bool) -> None:
        self._workspace = workspace
        self.attached = attached
        self._archiver = Archiver(workspace, self.attached if are_written else [])

    def find(self, job: JobDirectory) -> Folder | None:
        """The folder to take a job from, if one has it and the job has no outcome here, nor is under way."""
        is_wanted = self.attached and self._owns(job) and find(job) is Found.ABSENT and not job.failed.exists()
        return where(job, self.attached) if is_wanted else None

    def recall(self, job: JobDirectory, check: Callable[[JobDirectory], None]) -> None:
        """Brings the result of a job back if a folder has it.

        :param check: refuses what is not the result of the job.
        :raises RestoreError:
        """
        folder = self.find(job)
        if folder is not None:
            check(folder.job(job))
            _recall(job, folder)

    def add(self, job: Job) -> None:
        """Has a result copied to the folders, unless it is to be removed, or is that of another workspace."""
        is_kept = job.state is JobState.DONE and job.transient is not TransientMode.REMOVE
        if is_kept and not job.is_preparation and self._owns(job.directory):
            self._archiver.add(job.directory)

    @contextmanager
    def completed(self, jobs: Mapping[JobId, Job]) -> Generator[None]:
        """At the end, even if jobs failed, blocks until the results are where they can be."""
        try:
            yield
        except FailedExperiment:
            self._complete(jobs)
            self._tell_missing()
            raise
        self._complete(jobs)

    def _complete(self, jobs: Mapping[JobId, Job]) -> None:
        for job in jobs.values():
            self.add(job)  # one that was not wanted for itself may be now
        self._archiver.wait()

    def check(self) -> None:
        """Raises UnarchivedError if results are not in the folders."""
        if self._archiver.missing:
            raise UnarchivedError(self._workspace.path, self._archiver.missing)

    def _tell_missing(self) -> None:
        try:
            self.check()
        except UnarchivedError as error:
            LOGGER.error("%s", error)

    def close(self) -> None:
        """Takes no other result."""
        self._archiver.close()

    def _owns(self, job: JobDirectory) -> bool:
        return job.path.parent.parent == self._workspace.layout.jobs


def attached(settings: WorkspaceSettings) -> list[Folder]:
    """The folders of a workspace; one whose results are used and that is not there is told.

    Raises UnknownWorkspaceError, RemoteWorkspaceError, OwnFolderError.
    """
    folders = [Folder(WorkspaceLayout(each.path), each.mode) for each in attached_folders(settings)]
    for folder in folders:
        if folder.mode is FolderMode.USE and not folder.layout.jobs.is_dir():
            LOGGER.warning("the folder %s has no jobs: no result is found in it", folder.layout.root)
    return folders


def _recall(job: JobDirectory, folder: Folder) -> None:
    """If another process works on the job meanwhile, it is the one to tell what becomes of it."""
    while find(job) is Found.ABSENT and not job.failed.exists():
        try:
            with contextlib.suppress(BusyError):
                restore(job, folder, patience=_PATIENCE)
        except OSError as error:
            raise RestoreError(job, folder.layout.root, error) from error


def targets(folders: Sequence[Folder]) -> list[Folder]:
    """The folders that results are copied to, those where they are moved to last."""
    written = [folder for folder in folders if folder.mode is not FolderMode.USE]
    return sorted(written, key=lambda folder: folder.mode is FolderMode.MOVE)


class Archiver:
    """Copies results to folders, in a thread that does not keep the program from ending."""

    def __init__(self, workspace: Workspace, folders: Sequence[Folder]) -> None:
        self._layout = workspace.layout
        self._targets = targets(folders)
        self._known: set[JobId] = set()
        self._queue: deque[JobDirectory] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._is_working = False
        self.missing: list[Unarchived] = []
        if folders:
            threading.Thread(target=self._work, name="experimaestro-folders", daemon=True).start()

    def add(self, job: JobDirectory) -> None:
        """Takes a job that is done, once."""
        if not self._targets or job.job_id in self._known:
            return
        with self._changed:
            self._known.add(job.job_id)
            self._queue.append(job)
            self._changed.notify_all()

    def wait(self) -> None:
        """Blocks until all that was taken is in its folders, or cannot be."""
        with self._changed:
            while self._left:
                if not self._changed.wait_for(lambda: not self._left, timeout=INTERVAL):
                    LOGGER.info("copying results to folders: %d of %d jobs left", self._left, len(self._known))

    def close(self) -> None:
        """Takes no other job; one that is being copied is left to the thread, and the others to the next run."""
        with self._changed:
            if self._left and not self._is_closed:
                LOGGER.warning("jobs whose results are not in the folders yet: %d; the next run goes on", self._left)
            self._is_closed = True
            self._changed.notify_all()

    @property
    def _left(self) -> int:
        return len(self._queue) + self._is_working

    # In the thread

    def _work(self) -> None:
        self._sweep()
        while (job := self._next()) is not None:
            for folder in self._targets:
                self._archive(job, folder)
            with self._changed:
                self._is_working = False
                self._changed.notify_all()

    def _sweep(self) -> None:
        for layout in (self._layout, *(folder.layout for folder in self._targets)):
            try:
                sweep(layout)
            except OSError as error:  # what was left takes space, and does no other harm
                LOGGER.warning("cannot remove what a killed process left: %s", error)

    def _next(self) -> JobDirectory | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._is_closed)
            if self._is_closed:
                return None
            self._is_working = True
            return self._queue.popleft()

    def _archive(self, job: JobDirectory, folder: Folder) -> None:
        try:
            archive(job, folder)
        except Exception as error:  # noqa: BLE001  # the edge of the thread: those who wait are told
            reason = str(error) if isinstance(error, OSError | HandledException) else repr(error)
            missing = Unarchived(job, folder.layout.root, reason)
            if all(other.folder != missing.folder for other in self.missing):
                LOGGER.error("%s", missing)  # the first, at once: the end tells them all
            self.missing.append(missing)
