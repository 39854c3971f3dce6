"""What is said of an experiment that failed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from experimaestro.core.tags import TagDict
from experimaestro.scheduler.callbacks import CallbackFailure
from experimaestro.scheduler.job import Job

TRACE_LINES: Final = 40
"""How much of the traceback of a failed callback is shown."""

LOG_LINES: Final = 12
"""How much of the log of a failed job is shown."""

SHOWN_JOBS: Final = 10
"""How many failed jobs, and callbacks, are shown in full."""

_TAIL: Final = 16_384


def failure_report(name: str, jobs: Iterable[Job], callbacks: Collection[CallbackFailure] = ()) -> str:
    """Says which jobs failed by themselves, why, and where to read more; then what was not run because of them.

    Then what the functions raised that the plan wants to be called.
    """
    failed = [job for job in jobs if job.failure is not None]
    causes = [job for job in failed if job.failure is not None and job.failure.cause is None]
    head = ", ".join([*_head_of_jobs(len(causes), len(failed) - len(causes)), *_counts(len(callbacks), "callback")])
    lines = [f"Experiment {name!r} failed: {head}"]
    lines += _shown([list(_describe(job)) for job in causes], "failed job")
    lines += _shown([_describe_callback(failure) for failure in callbacks], "failed callback")
    return "\n".join(lines)


def _head_of_jobs(causes: int, victims: int) -> Iterator[str]:
    yield from _counts(causes, "job")
    if victims:
        yield f"{_count(victims, 'job')} not run because of {'it' if causes == 1 else 'them'}"


def _counts(number: int, noun: str) -> Iterator[str]:
    if number:
        yield f"{_count(number, noun)} failed"


def _shown(descriptions: Sequence[Sequence[str]], noun: str) -> Iterator[str]:
    for description in descriptions[:SHOWN_JOBS]:
        yield from description
    if len(descriptions) > SHOWN_JOBS:
        yield from ("", f"... and {_count(len(descriptions) - SHOWN_JOBS, f'more {noun}')}")


def _describe_callback(failure: CallbackFailure) -> list[str]:
    return ["", str(failure), *(f"    | {line}" for line in failure.trace()[-TRACE_LINES:])]


def _describe(job: Job) -> Iterator[str]:
    yield ""
    yield f"{job.task_id}/{job.identifier[:8]}{_tags_text(job.tags)}: {job.failure.message if job.failure else ''}"
    if job.is_preparation:
        return
    tail = last_lines(job.stderr, LOG_LINES)
    yield from (f"    | {line}" for line in tail)
    yield f"    log: {job.stderr}"


def _tags_text(tags: TagDict) -> str:
    return f" ({', '.join(f'{name}={value}' for name, value in tags.items())})" if tags else ""


def last_lines(path: Path, count: int) -> Sequence[str]:
    """The last lines of a file; none when it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    return text.rstrip().splitlines()[-count:]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
