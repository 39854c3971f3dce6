"""From submitted tasks to finished jobs.

The names that existing code imports from here are found when they are used: importing this package imports nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from experimaestro._types import JobFailureStatus, JobState, RunMode, TransientMode
    from experimaestro.exceptions import FailedExperiment
    from experimaestro.scheduler.experiment import experiment
    from experimaestro.scheduler.job import Job, Listener

_HOMES: Final = {
    "FailedExperiment": "experimaestro.exceptions",
    "Job": "experimaestro.scheduler.job",
    "JobFailureStatus": "experimaestro._types",
    "JobState": "experimaestro._types",
    "Listener": "experimaestro.scheduler.job",
    "RunMode": "experimaestro._types",
    "TransientMode": "experimaestro._types",
    "experiment": "experimaestro.scheduler.experiment",
}

__all__ = [
    "FailedExperiment",
    "Job",
    "JobFailureStatus",
    "JobState",
    "Listener",
    "RunMode",
    "TransientMode",
    "experiment",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
