"""Results brought back from the folders of a workspace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Place

LOCATION = ["--workspace", "main"]


def settings(place: Place, mode: str) -> None:
    text = "workspaces:\n  - {id: main, path: DIR/ws, folders: [{path: DIR/store, mode: MODE}]}\n  - {id: bare, path: DIR/ws2}\n"
    text = text.replace("DIR", str(place.directory)).replace("MODE", mode)
    place.write({"home/.config/experimaestro/settings.yaml": text})


@pytest.fixture
def lost(place: Place, files: dict[str, str]) -> Place:
    """A place where two jobs were copied to a folder, then lost."""
    settings(place, "backup")
    place.write({**files, "exp.yaml": "id: exp\nxs: [1, 2]\n"})
    outcome = place.run("run-experiment", *LOCATION, "exp")
    assert outcome.code == 0, outcome.err
    shutil.rmtree(place.directory / "ws/jobs")
    return place


def names(place: Place) -> list[str]:
    return sorted(path.name for path in place.directory.glob("store/jobs/experiment.learn/*"))


def test_all_that_is_not_here_is_recovered(lost: Place) -> None:
    outcome = lost.run("jobs", "recover", *LOCATION)
    assert (outcome.code, outcome.err) == (0, "")
    lines = [f"recovered   experiment.learn/{name}  from ./store" for name in names(lost)]
    assert sorted(outcome.out.splitlines()) == lines
    assert lost.run("jobs", "list", *LOCATION).out.count("done ") == 2
    outcome = lost.run("jobs", "recover", "--workdir", "ws")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "No job of the workspace is to be recovered.\n")


def test_a_job_is_recovered_by_the_beginning_of_its_identifier(lost: Place) -> None:
    name = names(lost)[0]
    lines = [lost.run("jobs", "recover", *LOCATION, f"learn/{name[:12]}").out for _ in range(2)]
    assert lines == [f"recovered   experiment.learn/{name}  from ./store\n", f"done        experiment.learn/{name}\n"]
    assert [path.name for path in Path(lost.directory / "ws/jobs/experiment.learn").iterdir()] == [name]


def test_what_was_moved_is_linked(lost: Place) -> None:
    settings(lost, "move")
    assert lost.run("jobs", "recover", *LOCATION).code == 0
    assert all(path.is_symlink() for path in lost.directory.glob("ws/jobs/experiment.learn/*"))


def test_a_job_that_no_folder_has_is_an_error(lost: Place) -> None:
    outcome = lost.run("jobs", "recover", *LOCATION, "0" * 64)
    message = f"Error: no finished job '{'0' * 64}' in the folders of the workspace: ./store\n"
    assert (outcome.code, outcome.out, outcome.err) == (1, "", message)


def test_a_workspace_without_folders_has_nothing_to_recover(place: Place) -> None:
    settings(place, "use")
    place.write({"ws2/.__experimaestro__": ""})
    outcome = place.run("jobs", "recover", "--workspace", "bare")
    assert (outcome.code, outcome.err.startswith("Error: the workspace ./ws2 has no folders")) == (1, True)


def test_results_that_are_not_in_the_folders_are_told_at_the_end(place: Place, files: dict[str, str]) -> None:
    settings(place, "backup")
    place.write({**files, "store": "a file where the folder should be"})
    outcome = place.run("run-experiment", *LOCATION, "exp")
    assert outcome.code == 1
    head = "Error: results of ./ws that are not in its folders (the jobs are done; the next run tries again):"
    assert head in outcome.err
    assert "Traceback" not in outcome.err
