"""Several launchers as one: each job goes to one of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from experimaestro._processes import ProcessIdentity
from experimaestro.connectors.base import Connector
from experimaestro.connectors.local import LocalConnector
from experimaestro.exceptions import HandledException
from experimaestro.launchers.base import Launcher, LaunchRequest, Pool, RunningProcess
from experimaestro.ports import JobHandle


class NoLauncherError(HandledException, ValueError):
    """There is nothing to choose from."""

    def __init__(self) -> None:
        super().__init__("DynamicLauncher: found no launcher, expected one or more")


class InvalidPriorityError(HandledException, ValueError):
    """A launcher could never be drawn."""

    def __init__(self, launcher: Launcher) -> None:
        self.launcher = launcher
        super().__init__(
            f"DynamicLauncher(sample=True): {launcher} has priority {launcher.priority!r}, expected a number above 0"
        )


class DynamicLauncher(Launcher):
    """Gives each job to one of several launchers when the job starts.

    It is one of those with the highest priority, or any one with a probability in proportion to its priority
    (``sample=True``); those that run as many jobs as they may are left out. Redefine `update` to change priorities
    before each choice.

    When some of the launchers have listeners, which may change the job, the choice is made when the job is submitted,
    and only the sum of the limits holds.
    """

    def __init__(
        self,
        launchers: Iterable[Launcher],
        *,
        sample: bool = False,
        connector: Connector | None = None,
        priority: float = 0,
    ) -> None:
        super().__init__(connector or LocalConnector.instance(), priority=priority)
        self.sample = sample
        self._launchers = list(launchers)
        self._running: Counter[Launcher] = Counter()
        self._chosen: dict[Path, Launcher] = {}
        """By job directory: the launchers chosen when jobs were submitted."""

    @property
    def launchers(self) -> list[Launcher]:
        """The launchers, those with the highest priority first."""
        return sorted(self._launchers, key=lambda launcher: launcher.priority, reverse=True)

    def add_launcher(self, launcher: Launcher) -> None:
        """Adds a launcher to those that may be chosen."""
        self._launchers.append(launcher)

    def remove_launcher(self, launcher: Launcher) -> None:
        """Removes a launcher from those that may be chosen; its jobs go on.

        Raises ValueError if it is not among them.
        """
        self._launchers.remove(launcher)

    def update(self) -> None:
        """Called before each choice, which waits for it: redefine it to change the priorities of launchers."""

    def select_launcher(self) -> Launcher:
        """Chooses a launcher.

        Raises NoLauncherError, or InvalidPriorityError for a priority that cannot be drawn.
        """
        self.update()
        candidates = eligible(self._launchers, sample=self.sample)
        free = [each for each in candidates if self._has_room(each)]
        weights = [each.priority for each in free or candidates] if self.sample else None
        return random.choices(free or candidates, weights)[0]

    def _has_room(self, launcher: Launcher) -> bool:
        limit = launcher.pool.limit
        return limit is None or self._running[launcher] < limit

    @property
    def pool(self) -> Pool:
        """As many jobs as the launchers that may be chosen run together.

        Raises NoLauncherError, or InvalidPriorityError for a priority that cannot be drawn.
        """
        limits = [launcher.pool.limit for launcher in eligible(self._launchers, sample=self.sample)]
        limit = None if None in limits else sum(limit or 0 for limit in limits)
        return Pool(f"{self}#{id(self)}/{limit}", limit)

    def on_submit(self, job: JobHandle) -> None:
        """Tells the listeners that a job is submitted; those of the launcher that will run it as well."""
        super().on_submit(job)
        if any(launcher.has_listeners for launcher in self._launchers):
            self._chosen[job.path] = self.select_launcher()
            self._chosen[job.path].on_submit(job)

    @property
    def has_listeners(self) -> bool:
        return super().has_listeners or any(launcher.has_listeners for launcher in self._launchers)

    async def start(self, request: LaunchRequest) -> RunningProcess:
        """Starts a job with one of the launchers.

        Raises OSError if it could not be started, and what `select_launcher` raises.
        """
        launcher = self._chosen.get(request.directory) or self.select_launcher()
        environment = {**self.environ, **request.environment}
        self._running[launcher] += 1
        try:
            process = await launcher.start(request._replace(environment=environment))
        except BaseException:
            self._running[launcher] -= 1
            raise
        return _Counted(process, launcher, self._running)

    async def attach(self, identity: ProcessIdentity) -> RunningProcess | None:
        """Takes over a job that another driver started, with the launcher that knows it; None if none does."""
        for launcher in self.launchers:
            process = await launcher.attach(identity)
            if process is not None:
                self._running[launcher] += 1
                return _Counted(process, launcher, self._running)
        return None

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self.launchers))})"


def eligible(launchers: Sequence[Launcher], *, sample: bool) -> list[Launcher]:
    """Returns the launchers that may be chosen: all of them, or those with the highest priority.

    Raises NoLauncherError, or InvalidPriorityError for a priority that cannot be drawn.
    """
    if not launchers:
        raise NoLauncherError
    if not sample:
        highest = max(launcher.priority for launcher in launchers)
        return [launcher for launcher in launchers if launcher.priority == highest]
    for launcher in launchers:
        if launcher.priority <= 0:
            raise InvalidPriorityError(launcher)
    return list(launchers)


class _Counted:
    """A process of a launcher, which may run another one when it ends."""

    def __init__(self, process: RunningProcess, launcher: Launcher, running: Counter[Launcher]) -> None:
        self._process = process
        self._launcher: Launcher | None = launcher
        self._running = running

    @property
    def identity(self) -> ProcessIdentity:
        return self._process.identity

    async def wait(self) -> int | None:
        try:
            return await self._process.wait()
        finally:
            if self._launcher is not None:
                self._running[self._launcher] -= 1
                self._launcher = None

    async def kill(self, *, grace: float) -> None:
        await self._process.kill(grace=grace)
