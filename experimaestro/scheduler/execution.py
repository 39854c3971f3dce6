"""One job, from its directory to its outcome: the effects behind the commands of the machine."""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, TypeVar

from experimaestro import _processes
from experimaestro._files import FileLock
from experimaestro._processes import Alive, ProcessIdentity
from experimaestro._types import JobFailureStatus, JobState
from experimaestro.exceptions import HandledException
from experimaestro.launchers.base import LaunchRequest, RunningProcess
from experimaestro.scheduler.job import Job
from experimaestro.scheduler.messages import Done, Failure, Found, Key, Outcome, TokenName
from experimaestro.scheduler.register import IdentityCollisionError, Register
from experimaestro.scheduler.script import write_job_files
from experimaestro.scheduler.tokens import TokenDependency
from experimaestro.scheduler.workspace import Workspace
from experimaestro.workspace import records
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.tokens import holder_name

LOGGER: Final = logging.getLogger("xpm.scheduler")

T = TypeVar("T")

POLLING: Final = 0.5
"""Seconds between two looks at a job that another driver runs, when its process cannot be waited for."""


class NotStartedError(Exception):
    """A job could not be launched."""


def find(directory: JobDirectory) -> Found:
    """What the disk says of a job when it is submitted. A job that failed is to be run again."""
    outcome = records.job_outcome(directory)
    if outcome is JobState.DONE:
        return Found.DONE
    return Found.RUNNING if outcome is None and _may_run(directory) else Found.ABSENT


def _may_run(directory: JobDirectory) -> bool:
    identity = _recorded_process(directory)
    return identity is not None and _processes.is_alive(identity, marker=str(directory.path)) is not Alive.NO


def _recorded_process(directory: JobDirectory) -> ProcessIdentity | None:
    record = records.read_process(directory)
    return ProcessIdentity.from_record(record) if record is not None else None


class JobRunner:
    """Starts, watches and ends the processes of jobs."""

    def __init__(self, workspace: Workspace, register: Register, *, python_path: Callable[[], Sequence[str]]) -> None:
        self._workspace = workspace
        self._register = register
        self._python_path = python_path
        self._running: dict[Key, RunningProcess] = {}
        self._doomed: set[Key] = set()
        self._elsewhere: set[Key] = set()
        self._shared_tokens: set[Key] = set()
        """The jobs that someone else runs: the units that we took for them are theirs as well."""

    async def run(self, job: Job, started: Callable[[], None]) -> Outcome | None:
        """Runs a job to its end; None when someone else runs it already: it is to be watched.

        Raises NotStartedError.
        """
        self._doomed.discard(job.key)
        if job.is_preparation:
            started()
            return await _prepare(job)
        lock = self._lock(job.directory)
        if lock is not None:
            return await self._run_locked(job, lock, started)
        if job.tokens:
            self._shared_tokens.add(job.key)
        return None

    async def watch(self, job: Job) -> Outcome:
        """Waits for the end of a job that someone else started.

        Raises NotStartedError.
        """
        was_seen = False
        while True:
            process = await self._process_of_other(job)
            if process is not None:
                was_seen = True
                self._check_identity(job)
                await self._wait(job, process)
                return self._outcome(job.directory, None)
            lock = None if _may_run(job.directory) else self._lock(job.directory)
            outcome = await self._inherit(job, lock, was_seen=was_seen) if lock is not None else None
            if outcome is not None:
                return outcome
            await asyncio.sleep(POLLING)

    async def kill(self, job: Job, *, grace: float) -> None:
        """Ends the process of a job."""
        self._doomed.add(job.key)
        process = self._running.get(job.key)
        if process is not None:
            await process.kill(grace=grace)

    def acquire_tokens(self, job: Job) -> TokenName | None:
        """Takes the units of all tokens that a job needs, or none; returns one that is missing.

        Raises NotStartedError when there are not that many.
        """
        for rank, need in enumerate(job.tokens):
            if not _acquire(need, job):
                for taken in job.tokens[:rank]:
                    _release(taken, job)
                return need.name
        return None

    def release_tokens(self, job: Job) -> None:
        """Gives the units of all tokens back, unless they serve someone else who runs the job."""
        if job.key in self._shared_tokens:
            self._shared_tokens.remove(job.key)
            return
        for need in job.tokens:
            _release(need, job)

    def _lock(self, directory: JobDirectory) -> FileLock | None:
        """Takes the lock of a job; None when someone else runs it."""
        try:
            directory.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(directory.lock)
            return lock if lock.acquire(blocking=False) else None
        except FileExistsError as error:
            raise NotStartedError(_obstacle(directory.path)) from error
        except OSError as error:
            raise NotStartedError(f"{directory.path}: {error.strerror}") from error

    async def _run_locked(self, job: Job, lock: FileLock, started: Callable[[], None]) -> Outcome:
        if job.directory.done.exists():  # done by another driver in the meantime
            lock.release()
            self._check_identity(job)
            return Done()
        try:
            process = await self._launch(job, lock)
        except (OSError, TypeError) as error:
            raise NotStartedError(f"{type(error).__name__}: {error}") from error
        finally:
            lock.release()
        started()
        code = await self._wait(job, process)
        return self._outcome(job.directory, code)

    def _check_identity(self, job: Job) -> None:
        """Makes sure that what someone else runs, or ran, is the same task."""
        try:
            self._register.check_stored(job.config, job.directory)
        except IdentityCollisionError as error:
            raise NotStartedError(str(error)) from error

    async def _inherit(self, job: Job, lock: FileLock, *, was_seen: bool) -> Outcome | None:
        """What becomes of a job whose lock someone else gave back: it ended, or it was never started.

        None when it is to be started, and tokens that it needs are not free.
        """
        if was_seen or records.job_outcome(job.directory) is not None:
            return _settle(job.directory, lock, code=None)
        try:
            missing = await _in_thread(lambda: self.acquire_tokens(job))
        except BaseException:
            lock.release()
            raise
        if missing is not None:
            lock.release()
            return None
        return await self._run_locked(job, lock, lambda: None)

    async def _launch(self, job: Job, lock: FileLock) -> RunningProcess:
        directory = job.directory
        records.clear_outcome(directory)
        directory.pid.unlink(missing_ok=True)
        if job.attempts > 1:
            _keep_logs(directory)
        self._register.write(directory)
        write_job_files(job.config, directory, self._workspace.path, python_path=self._python_path())
        request = LaunchRequest(
            name=job.name,
            directory=directory.path,
            script=directory.script,
            stdout=directory.stdout,
            stderr=directory.stderr,
            environment={**self._workspace.env, **job.environ},
            lock_descriptor=lock.fileno(),
        )
        return await job.launcher.start(request)

    async def _wait(self, job: Job, process: RunningProcess) -> int | None:
        self._running[job.key] = process
        try:
            if job.key in self._doomed:
                await process.kill(grace=0.0)
            return await process.wait()
        finally:
            del self._running[job.key]

    def _outcome(self, directory: JobDirectory, code: int | None) -> Outcome:
        """How a job whose process ended did end; recorded if the process could not."""
        known = records.job_outcome(directory)
        if known is not None:
            return _translated(known)
        lock = self._lock(directory)
        return _settle(directory, lock, code=code)

    async def _process_of_other(self, job: Job) -> RunningProcess | None:
        identity = _recorded_process(job.directory)
        if identity is None:
            return None
        match _processes.is_alive(identity, marker=str(job.path)):
            case Alive.YES:
                return await job.launcher.attach(identity)
            case Alive.ELSEWHERE:
                self._say_elsewhere(job, identity)
            case Alive.NO:
                pass
        return None

    def _say_elsewhere(self, job: Job, identity: ProcessIdentity) -> None:
        if job.key not in self._elsewhere:
            self._elsewhere.add(job.key)
            LOGGER.warning(
                "%s runs on %s (process %d): waiting for it; if that process is dead, remove %s",
                job,
                identity.host,
                identity.pid,
                job.pidpath,
            )


def _obstacle(path: Path) -> str:
    if not path.is_symlink():
        return f"{path} is no directory"
    return f"{path} is a link to {path.readlink()}, which is not there (its disk is not mounted, or remove the link)"


def _acquire(need: TokenDependency, job: Job) -> bool:
    driver = ProcessIdentity.current().to_record()
    try:
        return need.token.directory.try_acquire(_holder(job), need.count, str(job.path / job.name), driver)
    except (HandledException, OSError) as error:
        raise NotStartedError(str(error)) from error


def _release(need: TokenDependency, job: Job) -> None:
    try:
        need.token.directory.release(_holder(job))
    except OSError:
        LOGGER.exception("%s keeps units of the token %r", job, need.token.name)


def _holder(job: Job) -> str:
    return holder_name(job.task_id, job.identifier)


async def _prepare(job: Job) -> Outcome:
    try:
        await _in_thread(lambda: _call_prepare(job))
    except Exception as error:  # the code of the user: its failure is an outcome
        LOGGER.exception("%s failed", job)
        return Failure(JobFailureStatus.FAILED, f"{type(error).__name__}: {error}")
    return Done()


def _in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Works in a thread that does not keep the program from ending: unlike those of `asyncio.to_thread`."""
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()

    def call() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001  # `sys.exit` included, which would end the scheduler
            result.set_exception(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        else:
            result.set_result(value)

    threading.Thread(target=call, name="experimaestro-prepare", daemon=True).start()
    return asyncio.wrap_future(result)


def _call_prepare(job: Job) -> None:
    config: Any = job.config  # Any: a Prepare, whose class is the user's
    if not config.is_prepared():
        config.prepare()


def _translated(outcome: records.Outcome) -> Outcome:
    if isinstance(outcome, records.Failure):
        return Failure(outcome.status, outcome.message or f"exit code {outcome.code}")
    return Done()


def _settle(directory: JobDirectory, lock: FileLock | None, *, code: int | None) -> Outcome:
    """Records the failure of a job whose process died without a word."""
    failure = _sudden_death(code)
    if lock is not None:
        try:
            known = records.job_outcome(directory)  # again: now nobody else writes
            if known is not None:
                return _translated(known)
            records.write_failure(directory, failure)
            directory.pid.unlink(missing_ok=True)
        finally:
            lock.release()
    return _translated(failure)


def _sudden_death(code: int | None) -> records.Failure:
    if code is None:
        return records.Failure(JobFailureStatus.FAILED, 1, "its process ended without recording how")
    if code >= 0:
        return records.Failure(JobFailureStatus.FAILED, code, f"exited with code {code} before its task ended")
    name = signal.Signals(-code).name
    if -code in (signal.SIGTERM, signal.SIGINT):
        return records.Failure(JobFailureStatus.CANCELLED, -code, f"cancelled by {name}")
    hint = " (by someone, or by the system for lack of memory)" if -code == signal.SIGKILL else ""
    return records.Failure(JobFailureStatus.FAILED, code, f"killed by {name}{hint}")


def _keep_logs(directory: JobDirectory) -> None:
    """Puts aside the logs of the previous attempt: ``<name>.<date and time>.out``, numbered if need be."""
    stamp = time.strftime("%Y%m%d%H%M%S")
    for log in (directory.stdout, directory.stderr):
        candidates = (log.with_name(f"{directory.name}.{stamp}{rank}{log.suffix}") for rank in _ranks())
        if log.exists():
            log.rename(next(path for path in candidates if not path.exists()))


def _ranks() -> Iterator[str]:
    yield ""
    yield from (f"-{rank}" for rank in itertools.count(1))
