"""Several launchers as one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from experimaestro._processes import ProcessIdentity
from experimaestro._types import JobId, JobState, TaskId
from experimaestro.connectors.local import LocalConnector
from experimaestro.launchers import DynamicLauncher, Launcher
from experimaestro.launchers.base import LaunchRequest, RunningProcess
from experimaestro.launchers.dynamic import InvalidPriorityError, NoLauncherError


class Ended:
    """A process that ended."""

    identity = ProcessIdentity.current()

    async def wait(self) -> int:
        return 0

    async def kill(self, *, grace: float) -> None: ...


class Noting(Launcher):
    """Notes what it is asked to start, and starts nothing."""

    def __init__(self, name: str, *, priority: float = 0, max_jobs: int | None = None, knows: bool = False) -> None:
        super().__init__(LocalConnector.instance(), priority=priority)
        self.name = name
        self.max_jobs = max_jobs
        self.knows = knows
        self.requests: list[LaunchRequest] = []

    async def start(self, request: LaunchRequest) -> RunningProcess:
        self.requests.append(request)
        return Ended()

    async def attach(self, identity: ProcessIdentity) -> RunningProcess | None:
        return Ended() if self.knows else None

    def __str__(self) -> str:
        return self.name


class Submitted(NamedTuple):
    """A job that is submitted."""

    path: Path
    identifier: JobId = JobId("")
    task_id: TaskId = TaskId("")
    stdout: Path = Path()
    stderr: Path = Path()
    state: JobState = JobState.UNSCHEDULED

    def wait(self) -> JobState:
        return self.state


def request(number: int = 0, **environment: str) -> LaunchRequest:
    directory = Path(str(number))
    return LaunchRequest("job", directory, directory, directory, directory, environment)


def start(launcher: Launcher, number: int = 0, **environment: str) -> RunningProcess:
    return asyncio.run(launcher.start(request(number, **environment)))


@pytest.fixture
def low() -> Noting:
    return Noting("low", priority=1)


@pytest.fixture
def high() -> Noting:
    return Noting("high", priority=3)


def test_launcher_with_the_highest_priority_is_chosen(low: Noting, high: Noting) -> None:
    launcher = DynamicLauncher([low, high])
    for _ in range(20):
        start(launcher)
    assert (len(low.requests), len(high.requests)) == (0, 20)


def draws(launcher: DynamicLauncher) -> Iterator[str]:
    return (str(launcher.select_launcher()) for _ in range(400))


def test_equals_share_the_jobs() -> None:
    drawn = Counter(draws(DynamicLauncher([Noting("a"), Noting("b"), Noting("c", priority=-1)])))
    assert set(drawn) == {"a", "b"}
    assert min(drawn.values()) > 100, "some 200 each"


def test_priorities_may_be_chances(low: Noting, high: Noting) -> None:
    drawn = Counter(draws(DynamicLauncher([low, high], sample=True)))
    assert 0 < drawn["low"] < drawn["high"], "some 100 and 300"


def test_launcher_that_runs_all_it_may_is_left_out() -> None:
    small, large = Noting("small", max_jobs=1), Noting("large", max_jobs=3)
    launcher = DynamicLauncher([small, large])
    assert launcher.pool.limit == 4
    for number in range(4):
        start(launcher, number)
    assert (len(small.requests), len(large.requests)) == (1, 3)


def test_launcher_has_room_again_when_its_job_ends() -> None:
    first, second = Noting("first", max_jobs=1), Noting("second", max_jobs=1)
    launcher = DynamicLauncher([first, second])
    processes = [start(launcher, number) for number in range(2)]
    ended, freed = next((processes[each.requests[0].directory == Path("1")], each) for each in (first, second))
    for _ in range(2):  # waiting twice frees one place
        asyncio.run(ended.wait())
    assert {launcher.select_launcher() for _ in range(20)} == {freed}


@pytest.mark.parametrize(("limit", "together"), [(2, 3), (None, None)])
def test_limit_is_that_of_the_launchers_that_may_be_chosen(limit: int | None, together: int | None) -> None:
    launchers = [Noting("a", max_jobs=1), Noting("b", max_jobs=limit), Noting("c", priority=-1, max_jobs=8)]
    assert DynamicLauncher(launchers).pool.limit == together


def test_priorities_may_change_before_each_choice(low: Noting, high: Noting) -> None:
    class Inverted(DynamicLauncher):
        def update(self) -> None:
            low.priority = 4

    assert Inverted([low, high]).select_launcher() is low


def test_launchers_come_and_go(low: Noting, high: Noting) -> None:
    launcher = DynamicLauncher([low])
    launcher.add_launcher(high)
    assert launcher.launchers == [high, low]
    assert str(launcher) == "DynamicLauncher(high, low)"
    launcher.remove_launcher(high)
    assert launcher.select_launcher() is low


def test_there_must_be_a_launcher() -> None:
    with pytest.raises(NoLauncherError, match="found no launcher"):
        DynamicLauncher([]).select_launcher()


def test_a_chance_is_above_zero(low: Noting) -> None:
    with pytest.raises(InvalidPriorityError, match="none has priority 0, expected a number above 0"):
        DynamicLauncher([low, Noting("none")], sample=True).select_launcher()


def test_environment_of_both_reaches_the_job(low: Noting) -> None:
    launcher = DynamicLauncher([low])
    launcher.setenv("A", "1")
    launcher.setenv("B", "1")
    start(launcher, B="2")
    assert low.requests[0].environment == {"A": "1", "B": "2"}


def test_running_job_is_taken_over_by_the_launcher_that_knows_it(low: Noting) -> None:
    knowing = Noting("knowing", knows=True)
    process = asyncio.run(DynamicLauncher([low, knowing]).attach(ProcessIdentity.current()))
    assert process is not None
    assert asyncio.run(DynamicLauncher([low]).attach(ProcessIdentity.current())) is None


def test_listeners_of_the_launcher_that_runs_a_job_hear_of_it() -> None:
    launchers = [Noting("a"), Noting("b")]
    heard: dict[Path, Noting] = {}
    for each in launchers:
        each.addListener(lambda job, each=each: heard.update({job.path: each}))
    launcher = DynamicLauncher(launchers)
    for number in range(20):
        launcher.onSubmit(Submitted(Path(str(number))))
    for number in range(20):
        start(launcher, number)
    started = {request.directory: each for each in launchers for request in each.requests}
    assert started == heard
    assert len(started) == 20


def test_choice_waits_for_the_start_when_nobody_listens(low: Noting, high: Noting) -> None:
    launcher = DynamicLauncher([low, high])
    launcher.on_submit(Submitted(Path("0")))
    low.priority = 4
    start(launcher)
    assert (len(low.requests), len(high.requests)) == (1, 0)
