"""Where each work stands, and what follows for those that need it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from experimaestro._types import JobFailureStatus, JobState
from experimaestro.scheduler.messages import Failure, Key, TokenName, Turn, Work


class Phase(Enum):
    NEW = "new"
    """Only while its submission is handled."""
    SKIPPED = "skipped"
    WAITING = "waiting"
    QUEUED = "queued"
    ACQUIRING = "acquiring"
    """It has a slot, and asks for its tokens."""
    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"


VISIBLE: Final = {
    Phase.SKIPPED: JobState.UNSCHEDULED,
    Phase.WAITING: JobState.WAITING,
    Phase.QUEUED: JobState.READY,
    Phase.ACQUIRING: JobState.READY,
    Phase.STARTING: JobState.SCHEDULED,
    Phase.RUNNING: JobState.RUNNING,
    Phase.DONE: JobState.DONE,
    Phase.ERROR: JobState.ERROR,
}
BEFORE_ALL_TURNS: Final = Turn(0)


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A work, among those it depends on."""

    work: Work
    order: int
    dependencies: tuple[Node, ...]
    phase: Phase = Phase.NEW
    failure: Failure | None = None
    attempts: int = 0
    turn: Turn = BEFORE_ALL_TURNS
    unmet: int = 0
    """While it waits, how many of its dependencies are not done."""
    waiters: dict[Key, Node] = field(default_factory=dict[Key, "Node"])
    """Those that count this one as unmet, and some that ended since."""
    demands_tokens: bool = False
    """From Acquire until Release, or until they are refused."""
    is_cancelled: bool = False

    def token_names(self) -> list[TokenName]:
        return [name for name, _ in self.work.tokens]


def merge(node: Node, again: Work) -> None:
    """Adds a submission of the same work; one in error begins a new life, with new needs.

    The dependencies stay those of the first submission: what came before is what makes the plan free of cycles.
    """
    first, kept = node.work, node.work
    if node.phase is Phase.ERROR:
        kept = replace(again, dependencies=first.dependencies)
        node.attempts, node.is_cancelled = 0, False
    node.work = replace(
        kept,
        transient=min(first.transient, again.transient),
        max_retries=max(first.max_retries, again.max_retries),
    )


def is_retried(node: Node, failure: Failure) -> bool:
    """Only lack of time is worth another attempt: what failed once would fail again."""
    has_attempts_left = node.work.resumable and node.attempts <= node.work.max_retries
    return has_attempts_left and failure.status is JobFailureStatus.TIMEOUT


def skipped_below(root: Node) -> list[Node]:
    """The work, and the skipped ones it depends on directly or through each other, dependencies first."""
    found = {root}
    unexplored = [root]
    while unexplored:
        for dependency in unexplored.pop().dependencies:
            if dependency.phase is Phase.SKIPPED and dependency not in found:
                found.add(dependency)
                unexplored.append(dependency)
    return sorted(found, key=lambda node: node.order)


def failed_dependency(node: Node) -> Node | None:
    return next((dependency for dependency in node.dependencies if dependency.phase is Phase.ERROR), None)


def consequence(failed: Node) -> Failure:
    """What the failure of a work means for those that need it."""
    failure = failed.failure
    if failure is not None and failure.cause is not None:
        return failure
    reason = "" if failure is None else f" ({failure.status.value})"
    return Failure(JobFailureStatus.DEPENDENCY, f"dependency {failed.work.key!r} failed{reason}", failed.work.key)


def drain(node: Node) -> Iterable[Node]:
    """Those that still wait for the work, for the last time."""
    waiters, node.waiters = node.waiters, {}
    return (waiter for waiter in waiters.values() if waiter.phase is Phase.WAITING)
