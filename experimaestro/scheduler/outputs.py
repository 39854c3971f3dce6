"""The outputs that running tasks register: found by looking at files, and given to those who watch them.

One thread for an experiment looks at the files, and calls the functions of users one after the other. What is told to
whom is decided by `Channel`, which knows no thread.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeAlias

from experimaestro.core.outputs import Marker
from experimaestro.core.watching import method_owner, output_keys
from experimaestro.scheduler.job import Job
from experimaestro.scheduler.messages import Key
from experimaestro.workspace.outputs import OutputReader, TaskOutput, parse_output

LOGGER: Final = logging.getLogger("xpm")

INTERVAL: Final = 0.5
"""Seconds between two looks at the files of running jobs."""

Call: TypeAlias = Callable[[Job, str, Callable[[], object]], bool]
"""Calls a function of the user for a job, and returns whether it raised nothing."""


class Event:
    """An output that a task registered, and what the watched method made of it."""

    __slots__ = ("is_failed", "made", "output")

    def __init__(self, output: TaskOutput) -> None:
        self.output: Final = output
        self.made: tuple[Any] | None = None  # Any: what the method of the user returned
        self.is_failed = False


class Follower:
    """A callback, and how far it was told."""

    __slots__ = ("_owner", "callback", "method", "position")

    def __init__(self, method: Callable[..., Any], callback: Callable[[Any], object]) -> None:  # Any: users' values
        self.method: Final = method
        self.callback: Final = callback
        self._owner: Final = method_owner(method)
        self.position = 0
        """The events before this one were told, or are no business of this callback."""

    def keys(self) -> set[str]:
        """The events that are to be told."""
        return output_keys(self._owner, self.method.__name__)


class Delivery(NamedTuple):
    """Something to tell."""

    follower: Follower
    event: Event


class Channel:
    """What a job registers, and those who follow it: each is told of each event once, in their order."""

    def __init__(self, job: Job) -> None:
        self.job: Final = job
        self.turn = 0
        """Counts what may bring new events, or new deliveries of the former ones."""
        self.drained_turn = -1
        self._reader = OutputReader(job.directory.task_outputs)
        self._events: list[Event] = []
        self._followers: list[Follower] = []
        self._lines = 0

    @property
    def is_drained(self) -> bool:
        """Whether all is told, of a job that ended."""
        return self.drained_turn == self.turn

    def add(self, follower: Follower) -> None:
        """Has a callback told of all events, those of the past included."""
        self._followers.append(follower)

    def read(self) -> None:
        """Looks for new events.

        Raises OSError.
        """
        self._events += map(Event, self._parsed(self._reader.read()))

    def _parsed(self, lines: Iterable[bytes]) -> list[TaskOutput]:
        found: list[TaskOutput] = []
        for line in lines:
            self._lines += 1
            output = parse_output(line)
            if output is None:
                path = self.job.directory.task_outputs
                LOGGER.warning("%s:%d: this is no output of a task, it is ignored: %r", path, self._lines, line[:80])
            else:
                found.append(output)
        return found

    def next_delivery(self) -> Delivery | None:
        """The first event, in the order of the file, that somebody is still to be told of; callbacks in their order."""
        end = len(self._events)
        for follower in self._followers:
            keys = follower.keys() if follower.position < end else ()
            while follower.position < end and self._events[follower.position].output.key not in keys:
                follower.position += 1
        late = [follower for follower in self._followers if follower.position < end]
        if not late:
            return None
        follower = min(late, key=lambda follower: follower.position)
        follower.position += 1
        return Delivery(follower, self._events[follower.position - 1])


class OutputWatcher:
    """Tells the callbacks of an experiment what its tasks register."""

    def __init__(self, call: Call, changed: Callable[[], None]) -> None:
        """`changed` is called when everything may have been told."""
        self._call = call
        self._changed = changed
        self._channels: dict[Key, Channel] = {}
        self._lock = threading.Lock()
        self._awake = threading.Event()
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    # From any thread

    def watch(self, job: Job, method: Callable[..., Any], callback: Callable[[Any], object]) -> None:
        """Has a callback told of what the job registers with a method."""
        with self._lock:
            channel = self._channels.setdefault(job.key, Channel(job))
            channel.add(Follower(method, callback))
            channel.turn += 1
            self._start()
        self._awake.set()

    def touch(self, job: Job) -> None:
        """Says that a job changed: it may have registered something."""
        if job.key in self._channels:
            with self._lock:
                self._channels[job.key].turn += 1
            self._awake.set()

    def is_idle(self) -> bool:
        """Whether all jobs that are watched ended, and all that they registered is told."""
        with self._lock:
            return all(channel.is_drained for channel in self._channels.values())

    def stop(self) -> None:
        """Tells nothing more; a callback that runs goes on."""
        self._is_stopped = True
        self._awake.set()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="experimaestro-outputs", daemon=True)
            self._thread.start()

    # In its own thread

    def _serve(self) -> None:
        while not self._is_stopped:
            self._awake.clear()
            channels = self._undrained()
            for channel in channels:
                self._look(channel)
            self._awake.wait(INTERVAL if channels else None)

    def _undrained(self) -> list[Channel]:
        with self._lock:
            return [channel for channel in self._channels.values() if not channel.is_drained]

    def _look(self, channel: Channel) -> None:
        # In this order: all that an ended job registered can be read, and what changes meanwhile is looked at again.
        turn = channel.turn
        has_ended = channel.job.is_settled()
        is_read = self._call(channel.job, "reading its dynamic outputs", channel.read)
        while not self._is_stopped and (delivery := channel.next_delivery()) is not None:
            self._deliver(channel.job, delivery)
        if (has_ended or not is_read) and not self._is_stopped:
            channel.drained_turn = turn
            self._changed()

    def _deliver(self, job: Job, delivery: Delivery) -> None:
        follower, event = delivery
        text = event.output.call()
        if event.made is None and not event.is_failed:
            make = functools.partial(_make, job, follower, event)
            event.is_failed = not self._call(job, f"its dynamic output {text}", make)
        if event.made is not None:
            tell = functools.partial(follower.callback, *event.made)
            self._call(job, f"the callback of its dynamic output {text}", tell)


def _make(job: Job, follower: Follower, event: Event) -> None:
    marker = Marker(job.config, is_early=True)
    event.made = (follower.method(marker, *event.output.args, **event.output.kwargs),)
