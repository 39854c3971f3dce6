"""The thin runtime of the scheduler: performs what the machine commands, and tells it what happens.

One asyncio loop in one background thread. The state of jobs changes in that thread only; other threads read it, and
wait on one condition.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

from experimaestro._types import JobFailureStatus, JobState
from experimaestro.scheduler.execution import JobRunner, NotStartedError
from experimaestro.scheduler.job import Job
from experimaestro.scheduler.machine import Machine
from experimaestro.scheduler.messages import (
    Acquire,
    Busy,
    Cancelled,
    Changed,
    Command,
    Ended,
    Event,
    Failure,
    Found,
    Key,
    Kill,
    NotStarted,
    Release,
    Start,
    Started,
    StopRequested,
    Submitted,
    TokenName,
    TokensGranted,
    TokensMaybeFree,
    TokensRefused,
    Turn,
    Watch,
    Work,
)

LOGGER: Final = logging.getLogger("xpm.scheduler")

T = TypeVar("T")

TOKEN_INTERVAL: Final = 1.0
"""Seconds between two looks at the tokens that other processes may have released."""

KILL_GRACE: Final = 10.0
"""Seconds that a job has to end once it is asked to."""


class Observer(Protocol):
    """Told of each change, in the thread of the scheduler."""

    def changed(self, job: Job) -> None: ...


class SchedulerFailure(Exception):  # the failure of the scheduler, not of a job
    """The scheduler itself failed: this is a defect of ours."""


class Runtime:
    """Runs jobs in the background, for one experiment."""

    def __init__(self, runner: JobRunner, observer: Observer) -> None:
        self._runner = runner
        self._observer = observer
        self._machine = Machine()
        self._jobs: dict[Key, Job] = {}
        self._inbox: deque[tuple[Event, Job | None]] = deque()
        self._awake = False
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._defect: BaseException | None = None
        self._unnotified = 0
        self._is_idle = True
        self._token_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="experimaestro-tokens")
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), name="experimaestro", daemon=True)
        self._thread.start()
        ready.wait()

    # From any thread

    def submit(self, job: Job, work: Work, found: Found) -> None:
        """Takes a job whose dependencies were submitted before."""
        self._post(Submitted(work, found), job)

    def cancel(self, job: Job) -> None:
        """Gives a job up: it does not start, or its process is asked to end."""
        self._post(Cancelled(job.key))

    def stop(self) -> None:
        """Starts nothing more; running jobs go on."""
        self._post(StopRequested())

    def wait_for(self, is_over: Callable[[], bool]) -> None:
        """Blocks until a condition on jobs holds.

        Raises SchedulerFailure.
        """
        with self._changed:
            while not is_over():
                if self._defect is not None:
                    raise SchedulerFailure("the scheduler failed (running jobs go on)") from self._defect
                self._changed.wait()

    def is_idle(self) -> bool:
        """Whether nothing is left to do, nor to tell."""
        return not self._inbox and self._is_idle and self._unnotified == 0

    def wait_idle(self) -> None:
        """Blocks until nothing is left to do: all jobs ended or, after a stop, none runs."""
        self.wait_for(self.is_idle)

    def notify(self) -> None:
        """Has those who wait look again at what they wait for."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Ends the thread. Running jobs go on; a later run finds them. Closing twice is fine."""
        if self._loop is not None and self._closing is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._token_thread.shutdown()

    def _post(self, event: Event, job: Job | None = None) -> None:
        self._inbox.append((event, job))
        if not self._awake and self._loop is not None:
            self._awake = True
            self._loop.call_soon_threadsafe(self._drain)

    # In the thread of the loop

    def _serve(self, ready: threading.Event) -> None:
        try:
            asyncio.run(self._main(ready))
        except BaseException as error:  # the edge of the thread: those who wait must know
            self._defect = error
            LOGGER.exception("the scheduler failed")
            ready.set()
            with self._changed:
                self._changed.notify_all()

    async def _main(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._record_defect)
        self._closing = asyncio.Event()
        ready.set()
        ticking = asyncio.create_task(self._tick())
        await self._closing.wait()
        ticking.cancel()
        for task in (*self._tasks.values(), *self._background):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), *self._background, ticking, return_exceptions=True)

    def _record_defect(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        self._fail(error if isinstance(error, BaseException) else SchedulerFailure(str(context.get("message"))))

    def _fail(self, error: BaseException) -> None:
        LOGGER.error("the scheduler failed", exc_info=error)
        with self._changed:
            self._defect = error
            self._changed.notify_all()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TOKEN_INTERVAL)
            self._feed(TokensMaybeFree())

    def _drain(self) -> None:
        self._awake = False
        while self._inbox:
            event, job = self._inbox[0]
            if isinstance(event, Submitted) and job is not None:
                self._expect(job, event)
            self._handle(event)
            self._inbox.popleft()
        with self._changed:
            self._changed.notify_all()

    def _expect(self, job: Job, event: Submitted) -> None:
        self._jobs.setdefault(job.key, job)
        if event.work.pool is not None:
            self._machine.declare_pool(event.work.pool, job.pool.limit)
        if event.found is Found.DONE and job.tokens:
            self._in_turn(self._runner.release_tokens, job)  # they may be held in the name of a driver that was killed

    def _feed(self, event: Event) -> None:
        self._handle(event)
        with self._changed:
            self._changed.notify_all()

    def _handle(self, event: Event) -> None:
        self._perform(self._machine.handle(event))
        # Said last: whoever sees that nothing is left to do also sees how the jobs ended.
        self._is_idle = self._machine.is_idle

    def _perform(self, commands: Sequence[Command]) -> None:
        for command in commands:
            job = self._jobs[command.key]
            match command:
                case Changed(state=state, failure=failure):
                    self._change(job, state, failure)
                case Start(turn=turn):
                    self._spawn(job, self._start(job, turn))
                case Watch(turn=turn):
                    self._spawn(job, self._watch(job, turn))
                case Kill():
                    self._in_background(self._runner.kill(job, grace=KILL_GRACE))
                case Acquire(turn=turn):
                    self._in_background(self._acquire(job, turn, self._in_turn(self._runner.acquire_tokens, job)))
                case Release():
                    self._in_turn(self._runner.release_tokens, job)

    def _spawn(self, job: Job, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks[job.key] = task
        task.add_done_callback(lambda ended: self._forget(job.key, ended))

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._finish_background)

    def _finish_background(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        self._check(task)

    def _forget(self, key: Key, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        self._check(task)

    def _check(self, task: asyncio.Task[None]) -> None:
        """An exception here is a defect of ours: whatever a job or the machine does is an outcome."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def _change(self, job: Job, state: JobState, failure: Failure | None) -> None:
        job.attempts = self._machine.attempts(job.key)
        job.failure, job.is_placed = failure, True
        job.scheduler_state = state  # last: whoever sees an error also sees why
        self._observer.changed(job)
        if state is JobState.DONE and job.has_callbacks():
            self._unnotified += 1
            self._in_background(self._notify(job))

    async def _notify(self, job: Job) -> None:
        await asyncio.to_thread(job.notify_completed)
        self._unnotified -= 1
        with self._changed:
            self._changed.notify_all()

    async def _start(self, job: Job, turn: Turn) -> None:
        try:
            outcome = await self._runner.run(job, lambda: self._feed(Started(job.key, turn)))
        except NotStartedError as error:
            self._feed(NotStarted(job.key, turn, str(error)))
        else:
            self._feed(Busy(job.key, turn) if outcome is None else Ended(job.key, turn, outcome))

    async def _watch(self, job: Job, turn: Turn) -> None:
        try:
            outcome = await self._runner.watch(job)
        except NotStartedError as error:
            outcome = Failure(JobFailureStatus.FAILED, str(error))
        self._in_turn(self._runner.release_tokens, job)  # the driver that acquired the tokens of the job may be dead
        self._feed(Ended(job.key, turn, outcome))

    async def _acquire(self, job: Job, turn: Turn, answer: Future[TokenName | None]) -> None:
        try:
            missing = await asyncio.wrap_future(answer)
        except NotStartedError as error:
            self._feed(NotStarted(job.key, turn, str(error)))
            return
        if missing is None:
            self._feed(TokensGranted(job.key, turn))
        else:
            self._feed(TokensRefused(job.key, turn, missing))

    def _in_turn(self, operation: Callable[[Job], T], job: Job) -> Future[T]:
        """Works on tokens, which may block for a moment, in the order of the commands; all is done before the end."""
        return self._token_thread.submit(operation, job)
