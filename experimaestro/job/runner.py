"""Running the task of a job directory.

The process holds the lock of the job as long as it lives: inherited from whoever started it, or taken here. `.done` is
written when nothing else remains to be done, so that a job killed at any moment is either done or to be run again.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from experimaestro._files import FileLock
from experimaestro._processes import ProcessIdentity
from experimaestro._types import JobFailureStatus, JobState
from experimaestro.core.environment import Env
from experimaestro.core.loading import Instances, load_parameters
from experimaestro.exceptions import GracefulTimeout, HandledException, TaskCancelled
from experimaestro.job.outputs import NoRecorder, OutputRecorder
from experimaestro.job.progress import Reporter, progress
from experimaestro.workspace.events import ProgressWriter, read_progress
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.records import (
    Failure,
    JobStatus,
    local_time,
    write_done,
    write_failure,
    write_job_status,
    write_process,
)

LOCK_VARIABLE: Final = "XPM_LOCK_FD"
"""The descriptor of the lock of the job, inherited from the driver."""

RANK_VARIABLES: Final = ("SLURM_PROCID", "RANK", "LOCAL_RANK")

EXIT_DEADLINE: Final = 60.0
"""Seconds that a failed task has to let its threads end."""


def main(script: str) -> NoReturn:
    """Runs the job whose script this is, and exits with its code."""
    path = Path(script).absolute()
    sys.exit(run_job(JobDirectory(path.parent, path.stem), os.environ))


def run_job(directory: JobDirectory, environment: Mapping[str, str]) -> int:
    """Runs the task of a job directory, unless it is done; returns the exit code of the process."""
    os.chdir(directory.path)
    Env.instance().taskpath = directory.path
    if is_secondary(environment):
        Env.instance().slave = True
        Env.instance().outputs = NoRecorder()
        return _run_secondary(directory)
    lock = _take_lock(directory, environment)  # until the process ends: a failed task may leave threads
    os.register_at_fork(after_in_child=lock.release)  # the processes of `multiprocessing` may outlive the job
    return 0 if directory.done.exists() else _run(directory)


def is_secondary(environment: Mapping[str, str]) -> bool:
    """Whether another process of the same job, of rank 0, records what happens to it."""
    return any(environment.get(name, "0") not in ("", "0") for name in RANK_VARIABLES)


def _take_lock(directory: JobDirectory, environment: Mapping[str, str]) -> FileLock:
    inherited = environment.get(LOCK_VARIABLE)
    if inherited is not None:
        os.environ.pop(LOCK_VARIABLE, None)
        return FileLock.adopt(directory.lock, int(inherited))
    lock = FileLock(directory.lock)
    lock.acquire(blocking=True)
    return lock


def _run_secondary(directory: JobDirectory) -> int:
    _load(directory).execute()
    return 0


def _run(directory: JobDirectory) -> int:
    identity = ProcessIdentity.current()
    write_process(directory, identity.to_record())
    directory.failed.unlink(missing_ok=True)
    status = JobStatus(
        directory.job_id,
        directory.task_id,
        directory.path,
        state=JobState.RUNNING,
        scheduler_state=JobState.RUNNING,
        started_time=local_time(time.time()),
        process=identity.to_record(),
    )
    write_job_status(directory, status)
    Reporter.current = ProgressWriter(directory)
    Env.instance().outputs = OutputRecorder(directory)
    failure = _execute(directory)
    Reporter.current.close()
    _record_end(directory, status, failure)
    return 0 if failure is None else _exit_code(failure)


def _execute(directory: JobDirectory) -> Failure | None:
    """Runs the task to its end; returns how it failed."""
    cancellation = Cancellation()
    try:
        try:
            cancellation.install()
            _work(directory)
        finally:
            cancellation.settle()
    except BaseException as error:  # noqa: BLE001  # the edge of the process: all that a task raises is recorded
        return cancellation.failure() or failure_of(error)
    return cancellation.failure()


def _work(directory: JobDirectory) -> None:
    """All that is to be done for a task, in its threads too."""
    task = _load(directory)
    progress(0.0)
    try:
        task.execute()
    except SystemExit as leaving:
        if leaving.code not in (None, 0):
            raise
    _join_threads()
    sys.stdout.flush()
    sys.stderr.flush()


def _load(directory: JobDirectory) -> Any:  # Any: the task of the user
    """The task, after its initialization tasks."""
    read = load_parameters(directory.params)
    environment = Env.instance()
    environment.wspath = Path(read["workspace"])
    number = read["objects"][-1]["id"]
    definitions = Instances(read["objects"], partial_loading=True)
    task = environment.current_task = definitions[number]
    task.__taskdir__ = task.__maintaskdir__ = directory.path
    task.__tags__ = read.get("tags", {})
    for step in definitions.init_tasks(number):
        step.execute()
    return task


_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Cancellation:
    """Turns SIGTERM and SIGINT into an exception in the task; a task that hides it is cancelled all the same."""

    def __init__(self) -> None:
        self._signal: int | None = None
        self._settled = False

    def install(self) -> None:
        """Listens to the signals; what the task forks, such as the workers of `multiprocessing`, does not.

        A signal that comes while a process forks waits until the child listens no more: Python would forget it.
        """
        former = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        masks = threading.local()

        def before() -> None:
            masks.before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)

        def in_parent() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, masks.before)

        def in_child() -> None:
            for number, handler in former.items():
                signal.signal(number, handler)
            in_parent()

        os.register_at_fork(before=before, after_in_parent=in_parent, after_in_child=in_child)

    def settle(self) -> None:
        """From now on, what happened to the task is settled: signals are ignored."""
        self._settled = True

    def failure(self) -> Failure | None:
        """How the task failed, if it was cancelled."""
        if self._signal is None:
            return None
        name = signal.Signals(self._signal).name
        return Failure(JobFailureStatus.CANCELLED, self._signal, f"cancelled by {name}")

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self._settled or self._signal is not None:
            return
        self._signal = number
        launcher = Env.instance().launcher_info
        raise TaskCancelled(remaining_time=launcher.remaining_time() if launcher is not None else None)


def failure_of(error: BaseException) -> Failure:
    """What an exception that leaves a task means. Prints what helps to find the cause."""
    match error:
        case SystemExit(code=None | 0):  # the module of the task is a script, run when it was imported
            traceback.print_exception(error)
            return Failure(JobFailureStatus.FAILED, 1, "sys.exit was called before the task began")
        case SystemExit(code=int() as code):
            return Failure(JobFailureStatus.FAILED, code, f"the task called sys.exit({code})")
        case SystemExit():
            sys.stderr.write(f"{error.code}\n")
            return Failure(JobFailureStatus.FAILED, 1, str(error.code))
        case GracefulTimeout():
            sys.stderr.write(f"{error.message}\n")
            return Failure(JobFailureStatus.TIMEOUT, 1, error.message)
        case HandledException():
            sys.stderr.write(f"{error}\n")
        case _:
            traceback.print_exception(error)
    return Failure(JobFailureStatus.FAILED, 1, f"{type(error).__name__}: {error}")


def _join_threads() -> None:
    """What a thread of the task still does is part of the task."""
    main = threading.main_thread()
    while threads := [each for each in threading.enumerate() if each is not main and not each.daemon]:
        for thread in threads:  # which may start others
            thread.join()


def _record_end(directory: JobDirectory, status: JobStatus, failure: Failure | None) -> None:
    """Records the end of the task; the marker that others wait for comes last."""
    state = JobState.DONE if failure is None else JobState.ERROR
    ended = status._replace(
        ended_time=local_time(time.time()),
        state=state,
        scheduler_state=state,
        failure_reason=None if failure is None else failure.status,
        exit_code=0 if failure is None else _exit_code(failure),
        progress=read_progress(directory),
        process=None,
    )
    write_job_status(directory, ended)
    directory.pid.unlink(missing_ok=True)
    if failure is None:
        write_done(directory)
    else:
        write_failure(directory, failure)
        _exit_in_time(_exit_code(failure))


def _exit_in_time(code: int) -> None:
    """A failed task may have left threads that never end."""
    timer = threading.Timer(EXIT_DEADLINE, os._exit, (code,))
    timer.daemon = True
    timer.start()


def _exit_code(failure: Failure) -> int:
    return failure.code if 0 < failure.code < 256 else 1
