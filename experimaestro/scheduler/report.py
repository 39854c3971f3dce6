"""What is said of an experiment that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from experimaestro.core.tags import TagDict
from experimaestro.scheduler.job import Job

LOG_LINES: Final = 12
"""How much of the log of a failed job is shown."""

SHOWN_JOBS: Final = 10
"""How many failed jobs are shown in full."""

_TAIL: Final = 16_384


def failure_report(name: str, jobs: Iterable[Job]) -> str:
    """Says which jobs failed by themselves, why, and where to read more; then what was not run because of them."""
    failed = [job for job in jobs if job.failure is not None]
    causes = [job for job in failed if job.failure is not None and job.failure.cause is None]
    victims = len(failed) - len(causes)
    head = f"Experiment {name!r} failed: {_count(len(causes), 'job')} failed"
    head += f", {_count(victims, 'job')} not run because of {'it' if len(causes) == 1 else 'them'}" if victims else ""
    lines = [head, *(line for job in causes[:SHOWN_JOBS] for line in _describe(job))]
    if len(causes) > SHOWN_JOBS:
        lines += ["", f"... and {_count(len(causes) - SHOWN_JOBS, 'more failed job')}"]
    return "\n".join(lines)


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
