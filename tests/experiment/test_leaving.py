"""Leaving an experiment before its jobs have ended: they go on, and the next run finds them."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lab import Journal, Step

from experimaestro import GracefulExperimentExit, experiment
from experimaestro.exceptions import ExperimentStopped
from experimaestro.launchers import DirectLauncher
from experimaestro.scheduler.experiment import NoExperimentError
from experimaestro.scheduler.services import Service, ServiceError, WebService
from tests.experiment.conftest import Enter, Eventually


def recorded(xp: experiment) -> tuple[Any, Any]:
    """How the run ended, in both files that tell."""
    environment = json.loads((xp.workdir / "environment.json").read_text())
    return environment["run"]["status"], json.loads((xp.workdir / "status.json").read_text())["status"]


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError, "failed"), (KeyboardInterrupt, "detached"), (GracefulExperimentExit, "detached")],
)
def test_jobs_go_on_after_an_exception_in_the_block(
    enter: Enter,
    eventually: Eventually,
    journal: Journal,
    gate: Path,
    error: type[BaseException],
    status: str,
) -> None:
    xp = enter()
    try:
        with xp:
            Step.C(number=1, journal=journal.path, gate=gate).submit()
            eventually(lambda: journal.numbers("start"))
            raise error
    except error:
        assert error is not GracefulExperimentExit
    assert recorded(xp) == (status, status)
    gate.touch()
    with enter() as again:
        Step.C(number=1, journal=journal.path, gate=gate).submit()
    assert journal.lines() == [("start", 1), ("end", 1)]
    assert recorded(again) == ("completed", "done")


def test_an_exception_does_not_wait_for_jobs_that_have_not_started(
    enter: Enter, eventually: Eventually, journal: Journal, gate: Path
) -> None:
    with pytest.raises(ValueError, match="a defect"), enter(launcher=DirectLauncher(max_jobs=1)):
        for number in (1, 2):
            Step.C(number=number, journal=journal.path, gate=gate).submit()
        eventually(lambda: journal.numbers("start"))
        raise ValueError("a defect")
    gate.touch()
    eventually(lambda: journal.numbers("end"))
    assert journal.numbers("start") == [1]


def test_interrupting_the_wait_leaves_the_jobs(
    drive: Callable[..., subprocess.Popen[str]],
    enter: Enter,
    eventually: Eventually,
    workspace: Path,
    journal: Journal,
    gate: Path,
) -> None:
    driver = drive("driver.py", workspace, journal.path, gate)
    eventually(lambda: journal.numbers("start"))
    driver.send_signal(signal.SIGINT)
    _, errors = driver.communicate(timeout=30)
    assert driver.returncode in (-signal.SIGINT, 130)
    assert "jobs that go on: 1" in errors
    [status] = workspace.glob("experiments/xp/*_*/status.json")
    assert json.loads(status.read_text())["status"] == "detached"
    gate.touch()
    eventually(lambda: journal.numbers("end"))


def test_stopping_starts_nothing_more_and_ends_the_wait(
    enter: Enter, eventually: Eventually, journal: Journal, gate: Path
) -> None:
    xp = enter(launcher=DirectLauncher(max_jobs=1))
    with pytest.raises(ExperimentStopped, match="go on: 1, that did not start: 1"), xp:
        for number in (1, 2):
            Step.C(number=number, journal=journal.path, gate=gate).submit()
        eventually(lambda: journal.numbers("start"))
        threading.Thread(target=xp.stop).start()
    gate.touch()
    eventually(lambda: journal.numbers("end"))
    assert journal.numbers("start") == [1]
    assert recorded(xp) == ("detached", "detached")


def test_nothing_is_submitted_after_a_stop(enter: Enter, journal: Journal) -> None:
    with pytest.raises(ExperimentStopped, match=r"'xp' was stopped: lab\.step is not submitted"), enter() as xp:
        xp.stop()
        Step.C(number=1, journal=journal.path).submit()
    assert journal.lines() == []


def test_another_experiment_of_the_process_is_not_stopped(enter: Enter, journal: Journal) -> None:
    """In release 2.7 one Ctrl+C stopped all later experiments."""
    with pytest.raises(ExperimentStopped), enter("first") as xp:
        xp.stop()
    with enter("second"):
        Step.C(number=1, journal=journal.path).submit()
    assert journal.numbers("end") == [1]


def test_an_experiment_is_over_after_its_block(enter: Enter) -> None:
    with enter() as xp:
        assert experiment.current() is xp
    with pytest.raises(NoExperimentError, match="No current experiment defined"):
        experiment.current()


class Page(Service):
    id = "page"

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.fails = fails
        self.stops = 0

    def description(self) -> str:
        return "a page"

    def stop(self, timeout: float = 2.0) -> None:
        self.stops += 1
        if self.fails:
            raise RuntimeError("the page does not close")


@pytest.mark.parametrize("error", [None, ValueError("a defect")])
def test_services_stop_with_the_experiment(enter: Enter, error: Exception | None) -> None:
    page = Page()
    try:
        with enter() as xp:
            assert xp.add_service(page) is page
            assert page.stdout == xp.workdir / "services" / "page" / "logs.out"
            if error:
                raise error
    except ValueError:
        assert error is not None
    assert page.stops == 1


def test_a_service_that_does_not_stop_leaves_the_record_of_the_run(enter: Enter) -> None:
    xp = enter()
    with pytest.raises(RuntimeError, match="does not close"), xp:
        xp.add_service(Page(fails=True))
    assert recorded(xp) == ("completed", "done")


def services(xp: experiment) -> Any:  # Any: JSON
    return json.loads((xp.workdir / "status.json").read_text())["services"]


class Site(WebService):
    id = "site"

    def __init__(self, folder: Path, extra: object = None) -> None:
        super().__init__()
        self.folder, self.extra = folder, extra

    def description(self) -> str:
        return "a site"

    def state_dict(self) -> dict[str, Any]:  # Any: as declared
        return {"folder": self.folder, "extra": self.extra}

    def _serve(self, running: threading.Event) -> None:
        self.url = "http://localhost"
        running.set()
        self._stopping.wait()


def test_the_services_of_a_run_are_recorded_with_their_state(
    enter: Enter, eventually: Eventually, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    with enter() as xp:
        xp.add_service(site)
        record = services(xp)["site"]
        assert (record["state"], record["url"], record["run_id"]) == ("STOPPED", None, xp.run_id)
        site.get_url()
        eventually(lambda: services(xp)["site"]["state"] == "RUNNING")
        assert services(xp)["site"]["url"] == "http://localhost"
    assert services(xp)["site"]["state"] == "STOPPED"
    assert recorded(xp) == ("completed", "done")
    again = Service.from_state_dict(f"{__name__}.Site", record["state_dict"])
    assert isinstance(again, Site)
    assert again.folder == tmp_path


def test_a_service_that_cannot_be_written_is_told_of_all_the_same(enter: Enter, tmp_path: Path) -> None:
    with enter() as xp:
        xp.add_service(Site(tmp_path, object()))
    record = services(xp)["site"]
    assert (record["description"], record["class"]) == ("a site", f"{__name__}.Site")
    with pytest.raises(ServiceError, match="cannot be made again: Object of type object is not JSON serializable"):
        Service.from_state_dict(record["class"], record["state_dict"])


def test_a_second_driver_waits_for_the_first(
    drive: Callable[..., subprocess.Popen[str]], eventually: Eventually, workspace: Path, journal: Journal, gate: Path
) -> None:
    first = drive("driver.py", workspace, journal.path, gate)
    eventually(lambda: journal.numbers("start"))
    second = drive("driver.py", workspace, journal.path, gate)
    assert second.stderr is not None
    assert "experiment 'xp' runs already" in second.stderr.readline()
    gate.touch()
    assert (first.wait(30), second.wait(30)) == (0, 0)
    assert journal.lines() == [("start", 1), ("end", 1)]
    assert len(list(workspace.glob("experiments/xp/*_*"))) == 2


def test_leaving_does_not_wait_for_a_preparation(
    drive: Callable[..., subprocess.Popen[str]], eventually: Eventually, workspace: Path, journal: Journal, gate: Path
) -> None:
    driver = drive("preparing.py", workspace, journal.path, gate)
    eventually(lambda: journal.numbers("prepare"))
    driver.send_signal(signal.SIGINT)
    assert driver.wait(10) in (-signal.SIGINT, 130)
    assert not (workspace / "jobs" / "lab.use").exists()
