"""What the scheduler's machine and the runtime that drives it say to each other: events in, commands out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NewType, TypeAlias

from experimaestro._types import JobFailureStatus, JobState, TransientMode
from experimaestro._types import TokenName as TokenName

Key = NewType("Key", str)
"""Identifies a work: a job (its job identifier) or a preparation (``prepare:<identifier>``)."""

PoolName = NewType("PoolName", str)

Turn = NewType("Turn", int)
"""Counts the passages of one work: a turn begins with a slot, and ends when the slot is given back.

Commands name their turn and answers repeat it: an answer that comes late, or twice, is recognised and dropped.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something to run once, after what it depends on."""

    key: Key
    dependencies: tuple[Key, ...] = ()
    pool: PoolName | None = None
    """Where a slot is needed, for example a launcher; none is needed without a pool."""
    tokens: tuple[tuple[TokenName, int], ...] = ()
    """How many of which tokens, shared with other processes, are needed, all together."""
    transient: TransientMode = TransientMode.NONE
    max_retries: int = 0
    """How often a resumable work that ran out of time is started again."""
    resumable: bool = False


class Found(Enum):
    """What the disk says of a work when it is submitted."""

    ABSENT = "absent"
    """It never ran, or it failed: run it."""
    DONE = "done"
    RUNNING = "running"
    """A live process runs it, whoever started it."""


@dataclass(frozen=True, slots=True)
class Done:
    """The work succeeded."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a work is in error."""

    status: JobFailureStatus
    message: str
    cause: Key | None = None
    """For a work that was not run because of a dependency: the one whose own failure began it all."""


Outcome: TypeAlias = Done | Failure


# Events


@dataclass(frozen=True, slots=True)
class Submitted:
    work: Work
    found: Found


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user gives up a work that waits or runs."""

    key: Key


@dataclass(frozen=True, slots=True)
class TokensMaybeFree:
    """Some process may have released tokens: sent on a notification, or from time to time."""


@dataclass(frozen=True, slots=True)
class StopRequested:
    """No work starts from now on; those that run go on."""


@dataclass(frozen=True, slots=True)
class TokensGranted:
    """Answers Acquire: all its tokens are ours."""

    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class TokensRefused:
    """Answers Acquire: none of its tokens is ours."""

    key: Key
    turn: Turn
    missing: TokenName
    """A token of which too few were left."""


@dataclass(frozen=True, slots=True)
class Started:
    """Answers Start: the process runs. May be left out when it ends at once."""

    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Answers Start, or Acquire when the tokens can never be had: there is no process, and there will be none."""

    key: Key
    turn: Turn
    message: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Answers Start: somebody else runs it already."""

    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class Ended:
    """Ends what Start or Watch began (also when Start finds that somebody else has done the work)."""

    key: Key
    turn: Turn
    outcome: Outcome


Answer: TypeAlias = TokensGranted | TokensRefused | Started | NotStarted | Busy | Ended
Event: TypeAlias = Submitted | Cancelled | TokensMaybeFree | StopRequested | Answer


# Commands. Those that name the same key are performed in the order they are given.


@dataclass(frozen=True, slots=True)
class Acquire:
    """Take all these tokens, or none; never wait for them."""

    key: Key
    turn: Turn
    tokens: tuple[tuple[TokenName, int], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Give back what Acquire took, or drop the demand if it is not answered yet."""

    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class Start:
    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class Watch:
    """Attach to the process that already runs the work, and tell when it ends."""

    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class Kill:
    """End the process, or take it out of its launcher's queue. May be repeated; Ended follows as usual."""

    key: Key
    turn: Turn


@dataclass(frozen=True, slots=True)
class Changed:
    """Tells the world where a work stands now."""

    key: Key
    state: JobState
    failure: Failure | None = None


Command: TypeAlias = Acquire | Release | Start | Watch | Kill | Changed
