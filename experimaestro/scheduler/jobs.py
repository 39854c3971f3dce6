"""Kept for existing code: jobs, and classes that stand for their states."""

from __future__ import annotations

from typing import ClassVar

from experimaestro._types import JobFailureStatus, JobState, TransientMode
from experimaestro.scheduler.job import Job, JobDependency

__all__ = [
    "Job",
    "JobDependency",
    "JobFailureStatus",
    "JobState",
    "JobStateDone",
    "JobStateError",
    "JobStateReady",
    "JobStateRunning",
    "JobStateScheduled",
    "JobStateUnscheduled",
    "JobStateWaiting",
    "TransientMode",
]


class _StateClass(type):
    """A class whose only instance is a state: ``isinstance(job.state, JobStateDone)``."""

    state: ClassVar[JobState]

    def __instancecheck__(cls, instance: object) -> bool:
        return instance is cls.state


class JobStateUnscheduled(metaclass=_StateClass):
    """`JobState.UNSCHEDULED`."""

    state = JobState.UNSCHEDULED


class JobStateWaiting(metaclass=_StateClass):
    """`JobState.WAITING`."""

    state = JobState.WAITING


class JobStateReady(metaclass=_StateClass):
    """`JobState.READY`."""

    state = JobState.READY


class JobStateScheduled(metaclass=_StateClass):
    """`JobState.SCHEDULED`."""

    state = JobState.SCHEDULED


class JobStateRunning(metaclass=_StateClass):
    """`JobState.RUNNING`."""

    state = JobState.RUNNING


class JobStateDone(metaclass=_StateClass):
    """`JobState.DONE`."""

    state = JobState.DONE


class JobStateError(metaclass=_StateClass):
    """`JobState.ERROR`."""

    state = JobState.ERROR
