"""The commands that show a workspace."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING, Final

import pytest

from experimaestro._processes import this_host

if TYPE_CHECKING:
    from tests.conftest import Outcome, Place

LOCATION: Final = ["--workdir", "ws"]


@pytest.fixture
def explored(place: Place, files: dict[str, str]) -> Place:
    """A place where an experiment ran: two jobs are done, one failed."""
    place.write({**files, "exp.yaml": "id: exp\nxs: [1, -1, 2]\n"})
    assert place.run("run-experiment", *LOCATION, "exp").code == 1
    return place


def succeeded(outcome: Outcome) -> str:
    """What a command printed that had nothing else to say."""
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


def test_experiments_have_their_host_and_their_counts(explored: Place) -> None:
    line = f"exp [{this_host()}] (2/3 jobs)\n"
    assert succeeded(explored.run("experiments", "list", *LOCATION)) == line
    assert succeeded(explored.run("experiments", *LOCATION, "list")) == line
    assert succeeded(explored.run("experiments", "sync", *LOCATION)) == "1 experiments, 1 runs, 3 jobs\n"


def test_jobs_are_aligned(explored: Place) -> None:
    lines = succeeded(explored.run("jobs", *LOCATION, "list", "--tags")).splitlines()
    rows = [re.fullmatch(r"(\w+) +(experiment\.learn/[0-9a-f]{64})  x=(-?\d)", line) for line in lines]
    assert sorted((row[1], row[3]) for row in rows if row) == [("done", "1"), ("done", "2"), ("error", "-1")]
    assert {line.index("experiment.learn/") for line in lines} == {12}


def test_jobs_of_an_experiment_come_in_the_order_of_their_submission(explored: Place) -> None:
    lines = succeeded(explored.run("jobs", "list", *LOCATION, "--tags", "--experiment", "exp")).splitlines()
    assert [line.rpartition("=")[2] for line in lines] == ["1", "-1", "2"]


def test_job_is_called_by_the_beginning_of_its_identifier(explored: Place) -> None:
    [failed] = explored.directory.glob("ws/jobs/experiment.learn/*/learn.failed")
    identifier = failed.parent.name
    directory = f"./ws/jobs/experiment.learn/{identifier}\n"
    for reference in (identifier, identifier[:12], f"experiment.learn/{identifier[:12]}", f"learn/{identifier[:12]}"):
        assert succeeded(explored.run("jobs", "path", *LOCATION, reference)) == directory
    assert succeeded(explored.run("jobs", "log", *LOCATION, identifier)).endswith("ValueError: no luck with -1\n")
    assert succeeded(explored.run("jobs", "log", "--std", *LOCATION, identifier)) == "learns -1\n"


def refused(place: Place, *arguments: str) -> str:
    """The error of a command that prints nothing else."""
    outcome = place.run(*arguments)
    assert (outcome.code, outcome.out) == (1, "")
    return outcome.err


def test_job_that_is_not_there(explored: Place) -> None:
    assert refused(explored, "jobs", "log", *LOCATION, "learn/zz").startswith(
        "Error: 'learn/zz' does not refer to a job"
    )
    assert refused(explored, "jobs", "path", *LOCATION, "f" * 64) == (
        f"Error: no job '{'f' * 64}' among the 1 tasks in ./ws\n"
    )


def test_job_that_could_be_several(place: Place) -> None:
    identifiers = ["a" * 64, "a" * 63 + "b"]
    place.write({f"ws/jobs/learn/{identifier}/params.json": "{}" for identifier in identifiers})
    place.write({"ws/.__experimaestro__": ""})
    assert refused(place, "jobs", "path", *LOCATION, "aaaa") == (
        f"Error: 'aaaa' refers to 2 jobs:\n  learn/{identifiers[0]}\n  learn/{identifiers[1]}\n"
    )


def test_job_without_log(place: Place) -> None:
    place.write({f"ws/jobs/learn/{'a' * 64}/params.json": "{}", "ws/.__experimaestro__": ""})
    assert refused(place, "jobs", "log", *LOCATION, "aaaa") == (
        f"Error: learn/{'a' * 64} has no log yet (./ws/jobs/learn/{'a' * 64}/learn.err)\n"
    )


def test_experiment_that_is_not_there(explored: Place) -> None:
    message = "Error: no experiment 'exq' among the 1 of ./ws; did you mean 'exp'?\n"
    assert refused(explored, "jobs", "list", *LOCATION, "--experiment", "exq") == message


@pytest.mark.parametrize("command", [["jobs", "list"], ["experiments", "list"], ["experiments", "sync"]])
def test_directory_that_is_no_workspace(place: Place, command: list[str]) -> None:
    place.write({"ws/.__experimaestro__": "", "ws/jobs/a": "", "other/a": ""})
    before = place.files()
    assert refused(place, *command, "--workdir", "wss") == (
        "Error: ./wss is no workspace: no such directory; did you mean 'ws'?\n"
    )
    assert refused(place, *command, "--workdir", "ws/jobs") == (
        "Error: ./ws/jobs is no workspace: it has no file .__experimaestro__; ./ws is one\n"
    )
    assert refused(place, *command, "--workdir", "other") == (
        "Error: ./other is no workspace: it has no file .__experimaestro__; an experiment that runs in it makes it one\n"
    )
    assert refused(place, *command).endswith("(the default one: choose with --workdir or --workspace)\n")
    assert place.files() == before


def test_directory_that_cannot_be_read(place: Place) -> None:
    place.write({"ws/.__experimaestro__": ""})
    (place.directory / "ws/jobs").symlink_to("jobs")
    assert refused(place, "jobs", "list", *LOCATION) == f"Error: ./ws/jobs: {os.strerror(errno.ELOOP)}\n"


def test_empty_workspace(place: Place) -> None:
    place.write({"ws/.__experimaestro__": ""})
    assert place.run("jobs", "list", *LOCATION) == (0, "", "No jobs found.\n")
    assert place.run("experiments", "list", *LOCATION) == (0, "", "No experiments found.\n")


def test_workspaces_of_the_settings(place: Place) -> None:
    none = place.run("workspaces", "list")
    assert none == (0, "", "No workspaces found in ~/.config/experimaestro/settings.yaml.\n")
    text = "workspaces: [{id: main, path: ~/main}, {id: far, path: /far, ssh: {host: cluster}}]\n"
    place.write({"home/.config/experimaestro/settings.yaml": text})
    assert succeeded(place.run("workspaces", "list")) == "- main: ./home/main\n- far: /far [remote: cluster]\n"


def test_workspace_is_called_by_its_identifier(place: Place) -> None:
    place.write({"home/.config/experimaestro/settings.yaml": "workspaces: [{id: main, path: ~/main}]\n"})
    place.write({"home/main/.__experimaestro__": ""})
    assert place.run("jobs", "--workspace", "main", "list").err == "No jobs found.\n"
    assert refused(place, "jobs", "list", "--workspace", "mian") == (
        "Error: unknown workspace 'mian' (known: main); did you mean 'main'?\n"
    )


def test_reader_that_leaves_early_is_no_error(place: Place) -> None:
    place.write({f"ws/jobs/learn/{number:064x}/params.json": "{}" for number in range(2000)})
    place.write({"ws/.__experimaestro__": ""})
    listing = place.start("jobs", "list", *LOCATION)
    assert listing.stdout is not None
    assert listing.stdout.readline() == f"unscheduled learn/{0:064x}\n"
    listing.stdout.close()
    assert listing.stderr is not None
    assert listing.stderr.read() == ""
