"""What reaches `run`: the values of the files, of the options and of the settings."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.conftest import Place

CODE: Final = """\
import os
from pathlib import Path

from experimaestro import Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Report(Task):
    def execute(self) -> None:
        print(os.environ.get("COLOUR"), os.environ.get("SHAPE"))


@configuration
class Model:
    layers: list[int] = [1]
    dropout: float | None = None


@configuration
class Exp(ConfigurationBase):
    lr: float = 0.5
    name: str = "none"
    cache: Path | None = None
    model: Model = Model()


def run(helper: ExperimentHelper, cfg: Exp) -> None:
    print(cfg.lr, cfg.name, cfg.cache, cfg.model, helper.xp.name, helper.xp.run_mode.name)
    Report.C().submit()
"""

MODES: Final = {
    "NORMAL": ["normal", "NORMAL"],
    "DRY_RUN": ["dry_run", "dry-run", "DRY_RUN"],
    "GENERATE_ONLY": ["generate", "generate_only", "generate-only", "GENERATE_ONLY"],
    "PREPARE": ["prepare", "Prepare"],
}


def shown(place: Place, *arguments: str) -> dict[str, object]:
    """The merged configuration."""
    outcome = place.run("run-experiment", "--show", *arguments)
    assert outcome.code == 0, outcome.err
    configuration: dict[str, object] = json.loads(outcome.out)
    return configuration


def received(place: Place, *arguments: str, mode: str = "dry-run") -> str:
    """What `run` prints of what it receives."""
    outcome = place.run("run-experiment", "--workdir", "ws", "--run-mode", mode, *arguments)
    assert outcome.code == 0, outcome.err
    return outcome.out.strip()


def test_values_have_their_types(place: Place) -> None:
    text = "id: exp\nlr: 1e-3\nname: '3'\ncache: ~/x\nmodel: {layers: [1, 2], dropout: 0}\n"
    place.write({"experiment.py": CODE, "exp.yaml": text})
    assert received(place, "exp") == "0.001 3 ./home/x Model(layers=[1, 2], dropout=0.0) exp DRY_RUN"


def test_imports_come_first_each_relative_to_its_file(place: Place) -> None:
    place.write(
        {
            "experiment.py": CODE,
            "exp.yaml": "imports: [base/model.yaml]\nid: exp\nmodel: {dropout: 0.5}\n",
            "base/model.yaml": "imports: [more]\nlr: 2\nmodel: {layers: [3]}\n",
            "base/more.yaml": "lr: 3\nname: more\nfile: ../experiment\n",
        }
    )
    assert received(place, "exp") == "2.0 more None Model(layers=[3], dropout=0.5) exp DRY_RUN"


def test_later_files_win_and_options_last(place: Place) -> None:
    place.write(
        {
            "experiment.py": CODE,
            "pre.yaml": "lr: 1\nname: pre\nmodel: {layers: [1]}\n",
            "exp.yaml": "id: exp\nlr: 2\nmodel: {layers: [2]}\n",
            "post.yaml": "lr: 3\nmodel: {dropout: 0.25}\n",
            "last.yaml": "lr: 4\n",
        }
    )
    layers = ["--pre-yaml", "pre.yaml", "--post-yaml", "post", "--post-yaml", "last.yaml"]
    assert received(place, "exp", *layers) == "4.0 pre None Model(layers=[2], dropout=0.25) exp DRY_RUN"
    options = ["-c", "lr=5", "-c", "model.layers=[7, 8]", "-c", "model.layers.0=9", "-c", "name=a=b", "-c", "lr=6"]
    assert received(place, *options, "exp", *layers) == "6.0 a=b None Model(layers=[9, 8], dropout=0.25) exp DRY_RUN"


def test_show_gives_what_was_written_with_files_resolved(place: Place) -> None:
    place.write({"experiment.py": CODE, "exp.yaml": "id: exp\nfile: experiment\n"})
    assert shown(place, "exp", "-c", "lr=2") == {
        "id": "exp",
        "file": "./experiment",
        "lr": 2,
    }


@pytest.mark.parametrize(("mode", "spelling"), [(mode, word) for mode, words in MODES.items() for word in words])
def test_run_modes_are_spelt_as_one_likes(place: Place, mode: str, spelling: str) -> None:
    place.write({"experiment.py": CODE, "exp.yaml": "id: exp\n"})
    assert received(place, "exp", mode=spelling).endswith(f" exp {mode}")


def test_identifier_has_the_date_on_demand(place: Place) -> None:
    place.write({"experiment.py": CODE, "exp.yaml": "id: exp\nadd_timestamp: true\n"})
    assert re.search(r" exp-\d{8}-\d{4} ", received(place, "exp"))


def report(place: Place, workspace: str) -> str:
    """What the job saw."""
    [out] = place.directory.glob(f"{workspace}/jobs/experiment.report/*/report.out")
    return out.read_text().strip()


def test_jobs_get_the_environment_of_the_command_line(place: Place) -> None:
    place.write({"experiment.py": CODE, "exp.yaml": "id: exp\n"})
    received(place, "exp", "--env", "COLOUR", "blue", "--env", "SHAPE", "round one", mode="normal")
    assert report(place, "ws") == "blue round one"


def test_settings_choose_the_workspace_and_its_environment(place: Place) -> None:
    settings = """\
env: {COLOUR: red, SHAPE: flat}
workspaces:
  - {id: main, path: ~/main}
  - {id: exps, path: ~/exps, triggers: [exp*], env: {COLOUR: green}}
"""
    place.write({"experiment.py": CODE, "exp.yaml": "id: exp\n", "home/.config/experimaestro/settings.yaml": settings})
    outcome = place.run("run-experiment", "exp")
    assert (outcome.code, outcome.err.splitlines()[0]) == (0, "Workspace: ./home/exps")
    assert report(place, "home/exps") == "green flat"
    assert place.run("run-experiment", "--workspace", "main", "exp").err.startswith("Workspace: ./home/main\n")
    assert place.run("run-experiment", "--workspace", "main", "--workdir", "ws", "exp").err.startswith(
        "Workspace: ./ws\n"
    )


def test_settings_may_be_elsewhere(place: Place) -> None:
    place.write({"experiment.py": CODE, "exp.yaml": "id: exp\n"})
    place.write({"conf/settings.yaml": "workspaces: [{id: main, path: ~/main}]\n"})
    outcome = place.run("run-experiment", "--xpm-config-dir", "conf", "--run-mode", "dry-run", "exp")
    assert outcome.err.startswith("Workspace: ./home/main\n")


@pytest.mark.parametrize(("action", "code"), [("ignore", 0), ("warn", 0), ("error", 1)])
def test_uncommitted_changes(place: Place, action: str, code: int) -> None:
    place.write({"experiment.py": CODE, "exp.yaml": f"id: exp\ndirty_git: {action}\n"})
    subprocess.run(["git", "init", "--quiet", str(place.directory)], check=True)
    outcome = place.run("run-experiment", "--workdir", "ws", "exp")
    assert outcome.code == code
    assert ("uncommitted changes" in outcome.err) is (action != "ignore")
    assert (place.directory / "ws").exists() is (code == 0)
