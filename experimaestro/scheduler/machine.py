"""The scheduler as a pure state machine: it is told what happened, and says what to do."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, assert_never

from experimaestro._types import JobFailureStatus, JobState, TransientMode
from experimaestro.exceptions import ExperimaestroError, did_you_mean
from experimaestro.scheduler.messages import (
    Acquire,
    Answer,
    Busy,
    Cancelled,
    Changed,
    Command,
    Done,
    Ended,
    Event,
    Failure,
    Found,
    Key,
    Kill,
    NotStarted,
    Outcome,
    PoolName,
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
from experimaestro.scheduler.queues import Place, Queues
from experimaestro.scheduler.works import (
    VISIBLE,
    Node,
    Phase,
    consequence,
    drain,
    failed_dependency,
    is_retried,
    merge,
    skipped_below,
)


class UnknownWorkError(ExperimaestroError):
    """A work is named that was never submitted."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"no work {key!r} was submitted")
        self.key = key


class UnknownDependencyError(ExperimaestroError):
    """A work is submitted before what it depends on."""

    def __init__(self, key: Key, dependency: Key) -> None:
        super().__init__(f"work {key!r} depends on {dependency!r}, which was not submitted before it")
        self.key = key
        self.dependency = dependency


class UnknownPoolError(ExperimaestroError):
    """A work wants a slot of a pool that was not declared."""

    def __init__(self, key: Key, pool: PoolName, known: Collection[PoolName]) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(
            f"work {key!r} wants a slot of the unknown pool {pool!r} (declared: {listed}){did_you_mean(pool, known)}"
        )
        self.key = key
        self.pool = pool


class UnknownTokenError(ExperimaestroError):
    """A work is refused a token that it did not ask for."""

    def __init__(self, key: Key, token: TokenName, known: Collection[TokenName]) -> None:
        super().__init__(f"work {key!r} is refused the token {token!r}, it asked for {', '.join(known)}")
        self.key = key
        self.token = token


_WITH_SLOT: Final = (Phase.ACQUIRING, Phase.STARTING, Phase.RUNNING)
_UNFINISHED: Final = (Phase.WAITING, Phase.QUEUED, *_WITH_SLOT)

_EXPECTED: Final[Mapping[type[Answer], Collection[Phase]]] = {
    TokensGranted: (Phase.ACQUIRING,),
    TokensRefused: (Phase.ACQUIRING,),
    Started: (Phase.STARTING,),
    NotStarted: (Phase.ACQUIRING, Phase.STARTING),
    Busy: (Phase.STARTING,),
    Ended: (Phase.STARTING, Phase.RUNNING),
}
"""Where an answer makes sense; elsewhere it repeats what is known, or comes too late, and is dropped."""

_CANCELLED: Final = Failure(JobFailureStatus.CANCELLED, "cancelled before it started")


class Machine:
    """Decides what runs when. It has no clock, file, process or thread: every event is answered by commands.

    A ready work first gets a slot of its pool, then asks for its tokens. A slot is ours alone, so that holding it for
    the time of an answer costs other processes nothing; a work that is refused gives it back before it waits. Tokens
    are taken all together or not at all, and only when nothing else is missing. So no work holds one thing while it
    waits for another: there is no deadlock, and no shared token lies idle.

    Tokens granted too late, after a stop or when a process found running has filled the pool, are given back.

    Works start in submission order, except that one which waits for a token lets those pass that do not lack it.

    An event that comes late or twice changes nothing. Events cost what they change: the works they touch, with their
    dependencies, whatever the size and depth of the plan.
    """

    def __init__(self) -> None:
        self._nodes: dict[Key, Node] = {}
        self._queues = Queues()
        self._population: Counter[Phase] = Counter()
        self._commands: list[Command] = []
        self._is_stopping = False

    def declare_pool(self, name: PoolName, capacity: int | None) -> None:
        """Adds a pool of slots, without limit if the capacity is None.

        Raises PoolDeclarationError if it can hold nothing, or is known with another capacity.
        """
        self._queues.declare(name, capacity)

    def handle(self, event: Event) -> list[Command]:
        """Returns what is to be done now, in order; see `messages` for what each event and command means.

        Raises UnknownWorkError, UnknownDependencyError, UnknownPoolError or UnknownTokenError when the event names
        something unknown, and nothing has changed then.
        """
        self._commands = []
        self._apply(event)
        if not self._is_stopping:
            self._start_ready()
        return self._commands

    def state(self, key: Key) -> JobState:
        return VISIBLE[self._node(key).phase]

    def failure(self, key: Key) -> Failure | None:
        """Why a work is in error; None for all others."""
        return self._node(key).failure

    def attempts(self, key: Key) -> int:
        """How often it was started, or found running, since it was submitted (again, if it had failed)."""
        return self._node(key).attempts

    def work(self, key: Key) -> Work:
        """What was submitted, after all its submissions were merged."""
        return self._node(key).work

    @property
    def unfinished(self) -> int:
        """The number of works that will still change: neither done, in error nor skipped."""
        return sum(self._population[phase] for phase in _UNFINISHED)

    @property
    def is_idle(self) -> bool:
        """Nothing changes any more unless something is submitted: all is finished or, after a stop, nothing runs."""
        if self._is_stopping:
            return not any(self._population[phase] for phase in _WITH_SLOT)
        return self.unfinished == 0

    @property
    def counts(self) -> Mapping[JobState, int]:
        """How many works are in each state, all states included."""
        counts = dict.fromkeys(JobState, 0)
        for phase, state in VISIBLE.items():
            counts[state] += self._population[phase]
        return counts

    # Events

    def _apply(self, event: Event) -> None:
        match event:
            case Submitted(work, found):
                self._submitted(work, found)
            case Cancelled(key):
                self._cancelled(self._node(key))
            case TokensMaybeFree():
                self._queues.wake_all()
            case StopRequested():
                self._is_stopping = True
            case _:
                self._answered(self._node(event.key), event)

    def _answered(self, node: Node, answer: Answer) -> None:
        if answer.turn != node.turn or node.phase not in _EXPECTED[type(answer)]:
            return
        match answer:
            case TokensGranted():
                self._granted(node)
            case TokensRefused():
                self._refused(node, answer.missing)
            case Started():
                self._started(node)
            case NotStarted():
                self._not_started(node, answer.message)
            case Busy():
                self._release_tokens(node)
                self._watch(node)
            case Ended():
                self._ended(node, answer.outcome)
            case _:
                assert_never(answer)

    def _submitted(self, work: Work, found: Found) -> None:
        self._check(work)
        node = self._nodes.get(work.key)
        if node is None:
            self._place(self._register(work), found)
            return
        merge(node, work)
        if node.phase in (Phase.ERROR, Phase.SKIPPED):
            self._place(node, found)

    def _cancelled(self, node: Node) -> None:
        match node.phase:
            case Phase.STARTING | Phase.RUNNING:
                node.is_cancelled = True
                self._say(Kill(node.work.key, node.turn))
            case Phase.WAITING:
                self._fail(node, _CANCELLED)
            case Phase.QUEUED:
                self._queues.leave(node.work.key)
                self._fail(node, _CANCELLED)
            case Phase.ACQUIRING:
                self._queues.granted(node.work.key)
                self._give_back(node)
                self._fail(node, _CANCELLED)
            case Phase.NEW | Phase.SKIPPED | Phase.DONE | Phase.ERROR:
                pass
            case _:
                assert_never(node.phase)

    def _granted(self, node: Node) -> None:
        self._queues.granted(node.work.key)
        if self._is_stopping or self._queues.is_overfull(node.work.pool):
            self._give_back(node)
            self._enqueue(node)
        else:
            self._start(node)

    def _refused(self, node: Node, missing: TokenName) -> None:
        if missing not in node.token_names():
            raise UnknownTokenError(node.work.key, missing, node.token_names())
        node.demands_tokens = False
        self._move(node, Phase.QUEUED)
        self._queues.refused(node.work.key, missing)

    def _not_started(self, node: Node, message: str) -> None:
        if node.phase is Phase.ACQUIRING:
            self._queues.granted(node.work.key)
        self._ended(node, Failure(JobFailureStatus.FAILED, message))

    def _started(self, node: Node) -> None:
        self._move(node, Phase.RUNNING)
        if node.is_cancelled:
            # The process may have appeared just after it was to be killed.
            self._say(Kill(node.work.key, node.turn))

    def _ended(self, node: Node, outcome: Outcome) -> None:
        self._give_back(node)
        match outcome:
            case Done():
                self._finish(node)
            case Failure() if node.is_cancelled:
                self._fail(node, replace(outcome, status=JobFailureStatus.CANCELLED))
            case Failure() if is_retried(node, outcome):
                self._want(node)
            case Failure():
                self._fail(node, outcome)
            case _:
                assert_never(outcome)

    # What becomes of a work

    def _check(self, work: Work) -> None:
        if work.pool is not None and work.pool not in self._queues.pools:
            raise UnknownPoolError(work.key, work.pool, self._queues.pools)
        for dependency in work.dependencies:
            if dependency not in self._nodes:
                raise UnknownDependencyError(work.key, dependency)

    def _register(self, work: Work) -> Node:
        dependencies = tuple(self._nodes[key] for key in dict.fromkeys(work.dependencies))
        node = self._nodes[work.key] = Node(work, len(self._nodes), dependencies)
        return node

    def _place(self, node: Node, found: Found) -> None:
        match found:
            case Found.DONE:
                self._finish(node)
            case Found.RUNNING:
                node.turn, node.attempts = Turn(node.turn + 1), 1
                self._queues.occupy(node.work.pool)
                self._watch(node)
            case Found.ABSENT:
                if node.work.transient is TransientMode.NONE:
                    self._want(node)
                else:
                    self._move(node, Phase.SKIPPED)
            case _:
                assert_never(found)

    def _want(self, node: Node) -> None:
        """Schedules a work and the skipped ones that it needs, unless one of them can't run: then none of them."""
        wanted = skipped_below(node)
        is_doomed = any(failed_dependency(each) for each in wanted)
        for each in wanted:
            if not is_doomed:
                self._wait(each)
            elif failed := failed_dependency(each):
                self._fail(each, consequence(failed))

    def _wait(self, node: Node) -> None:
        unmet = [dependency for dependency in node.dependencies if dependency.phase is not Phase.DONE]
        if not unmet:
            self._enqueue(node)
            return
        self._move(node, Phase.WAITING)
        node.unmet = len(unmet)
        for dependency in unmet:
            dependency.waiters[node.work.key] = node

    def _enqueue(self, node: Node) -> None:
        self._move(node, Phase.QUEUED)
        self._queues.join(Place(node.order, node.work.key), node.work.pool, node.token_names())

    def _start_ready(self) -> None:
        for key in self._queues.take():
            node = self._nodes[key]
            node.turn = Turn(node.turn + 1)
            if node.work.tokens:
                node.demands_tokens = True
                self._move(node, Phase.ACQUIRING)
                self._say(Acquire(key, node.turn, node.work.tokens))
            else:
                self._start(node)

    def _start(self, node: Node) -> None:
        node.attempts += 1
        self._move(node, Phase.STARTING)
        self._say(Start(node.work.key, node.turn))

    def _watch(self, node: Node) -> None:
        self._say(Watch(node.work.key, node.turn))
        self._started(node)

    def _finish(self, node: Node) -> None:
        self._move(node, Phase.DONE)
        for waiter in drain(node):
            waiter.unmet -= 1
            if waiter.unmet == 0:
                self._enqueue(waiter)

    def _fail(self, node: Node, failure: Failure) -> None:
        self._move(node, Phase.ERROR, failure)
        inherited = consequence(node)
        fallen = deque([node])
        while fallen:
            for waiter in drain(fallen.popleft()):
                self._move(waiter, Phase.ERROR, inherited)
                fallen.append(waiter)

    def _give_back(self, node: Node) -> None:
        self._queues.vacate(node.work.pool)
        self._release_tokens(node)

    def _release_tokens(self, node: Node) -> None:
        if node.demands_tokens:
            node.demands_tokens = False
            self._say(Release(node.work.key, node.turn))
        # Also when they were not ours: a process that we only watched held them.
        self._queues.wake(node.token_names())

    # Book-keeping

    def _node(self, key: Key) -> Node:
        try:
            return self._nodes[key]
        except KeyError:
            raise UnknownWorkError(key) from None

    def _move(self, node: Node, phase: Phase, failure: Failure | None = None) -> None:
        before = VISIBLE.get(node.phase)
        if node.phase is not Phase.NEW:
            self._population[node.phase] -= 1
        self._population[phase] += 1
        node.phase, node.failure = phase, failure
        # A work in error that is submitted again may fail again at once, for another reason.
        if VISIBLE[phase] is not before or phase is Phase.ERROR:
            self._say(Changed(node.work.key, VISIBLE[phase], failure))

    def _say(self, command: Command) -> None:
        self._commands.append(command)
