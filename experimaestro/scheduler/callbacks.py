"""The functions of users that an experiment calls when something happens. What they raise makes the experiment fail."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple

from experimaestro.core.state import Configuration
from experimaestro.core.submission import SUBMITTERS
from experimaestro.exceptions import ExperimentStopped
from experimaestro.ports import Submitter

if TYPE_CHECKING:
    from experimaestro.scheduler.job import Job

LOGGER: Final = logging.getLogger("xpm")

_PACKAGE: Final = Path(__file__).absolute().parent.parent


class CallbackFailure(NamedTuple):
    """What a function of the user raised."""

    job: Job
    what: str
    error: BaseException

    def __str__(self) -> str:
        name = f"{self.job.task_id}/{self.job.identifier[:8]}"
        return f"{name}: {self.what} failed: {type(self.error).__name__}: {self.error}"

    def trace(self) -> list[str]:
        """The lines of the traceback, from the first function of the user on."""
        first = _outside(self.error.__traceback__)
        text = "".join(traceback.format_exception(type(self.error), self.error, first))
        return text.rstrip().splitlines()


class Callbacks:
    """Calls the functions of users for an experiment."""

    def __init__(self, submitter: Submitter[Configuration]) -> None:
        self._submitter = submitter
        self._failures: list[CallbackFailure] = []

    @property
    def failures(self) -> Sequence[CallbackFailure]:
        """What was raised so far."""
        return tuple(self._failures)

    def call(self, job: Job, what: str, function: Callable[[], object]) -> bool:
        """Calls a function, in whose submissions go to this experiment; returns whether it raised nothing."""
        try:
            with SUBMITTERS.within(self._submitter):
                function()
        except ExperimentStopped as error:
            LOGGER.info("%s: %s", job, error)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # the code of the user: what it raises is recorded
            failure = CallbackFailure(job, what, error)
            self._failures.append(failure)
            LOGGER.error("%s\n%s", failure, "\n".join(failure.trace()))
        else:
            return True
        return False


def _outside(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without our own functions, unless there is nothing else."""
    frames = list(_frames(trace))
    return next((frame for frame in frames if _PACKAGE not in Path(frame.tb_frame.f_code.co_filename).parents), trace)


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next
