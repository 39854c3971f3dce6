"""Explaining why two jobs are two: in parameters, not in digests."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tests.conftest import Outcome, Place

LOCATION: Final = ["--workdir", "ws"]

EXPERIMENT: Final = """\
from experimaestro import Config, DependentMarker, Meta, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int] = field(default=64, ignore_default=True)
    layers: Param[list[int]] = field(default_factory=list)


class Deep(Model):
    pass


class Data(Config):
    size: Param[int]


class Raw(Task):
    seed: Param[int]

    def execute(self) -> None: ...


class Prepare(Task):
    size: Param[int]
    raw: Param[Raw]

    def task_outputs(self, dep: DependentMarker) -> Data:
        return dep(Data.C(size=3))

    def execute(self) -> None: ...


class Learn(Task):
    epochs: Param[int]
    model: Param[Model]
    data: Param[Data]
    threads: Meta[int] = field(default=1)

    def execute(self) -> None: ...


@configuration
class Exp(ConfigurationBase):
    epochs: int = 10
    hidden: int = 64
    layers: list[int] = []
    deep: bool = False
    size: int = 1
    seed: int = 1
    threads: int = 1


def run(helper: ExperimentHelper, cfg: Exp) -> None:
    raw = Raw.C(seed=cfg.seed).submit()
    data = Prepare.C(size=cfg.size, raw=raw).submit()
    model = (Deep if cfg.deep else Model).C(hidden=cfg.hidden, layers=cfg.layers)
    Learn.C(epochs=cfg.epochs, model=model, data=data, threads=cfg.threads).submit()
"""


class Lab:
    """Runs the experiment with other values."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._age = 0
        place.write({"experiment.py": EXPERIMENT, "exp.yaml": "id: exp\n"})

    def learn(self, **values: object) -> str:
        """Returns the identifier of the job of `Learn`; each is later than those before."""
        before = set(self._jobs())
        options = [option for name, value in values.items() for option in ("-c", f"{name}={value}")]
        outcome = self.place.run("run-experiment", *LOCATION, *options, "exp")
        assert outcome.code == 0, outcome.err
        [identifier] = set(self._jobs()) - before
        self._age += 1
        os.utime(self.directory(identifier) / "params.json", (self._age, self._age))
        return identifier

    def directory(self, identifier: str) -> Path:
        return self.place.directory / "ws/jobs/experiment.learn" / identifier

    def _jobs(self) -> list[str]:
        return [path.name for path in self.place.directory.glob("ws/jobs/experiment.learn/*")]

    def why(self, *jobs: str) -> list[str]:
        """Returns the lines that `jobs why` prints after the first one."""
        return explained(self.place.run("jobs", "why", *LOCATION, *jobs))


@pytest.fixture
def lab(place: Place) -> Lab:
    return Lab(place)


def explained(outcome: Outcome) -> list[str]:
    """The lines of an explanation after the first one; identifiers are cut."""
    assert (outcome.code, outcome.err) == (0, "")
    return [re.sub(r"/[0-9a-f]{8,64}", "/ID", line) for line in outcome.out.splitlines()[1:]]


def test_parameters_that_differ_are_told_with_both_values(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(epochs=20, layers="[1]")
    assert lab.why(other, one) == ["  epochs: 10 → 20", "  model.layers[0]: 1 (new)"]
    assert lab.why(one, other) == ["  epochs: 20 → 10", "  model.layers[0]: 1 (gone)"]


def test_first_line_names_both_jobs(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(epochs=20)
    outcome = lab.place.run("jobs", "why", *LOCATION, other[:10], f"learn/{one[:10]}")
    assert outcome.out.splitlines()[0] == f"experiment.learn/{one} → experiment.learn/{other}"


def test_default_that_counted_for_neither_has_its_value(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(hidden=32)
    assert lab.why(other, one) == ["  model.hidden: 64 → 32"]


def test_changed_default_is_told(lab: Lab) -> None:
    one = lab.learn()
    lab.place.write({"experiment.py": EXPERIMENT.replace("field(default=64", "field(default=8")})
    assert lab.why(lab.learn(), one) == [
        "  model.hidden: 64 in both, and the default of one only: the default was changed"
    ]


def test_new_parameter_is_told(lab: Lab) -> None:
    one = lab.learn()
    added = EXPERIMENT.replace("    layers: Param", "    width: Param[int] = field(default=2)\n    layers: Param")
    lab.place.write({"experiment.py": added})
    assert lab.why(lab.learn(), one) == ["  model.width: 2 (new)"]


def test_what_does_not_count_is_told_apart(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(epochs=20, threads=4)
    assert lab.why(other, one) == ["  epochs: 10 → 20", "not part of the identifier:", "  threads: 1 → 4"]


def test_another_class_is_told(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(deep="true")
    assert lab.why(other, one) == ["  model: experiment.Model → experiment.Deep"]


def test_task_upstream_is_followed_to_what_differs(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(seed=2)
    assert lab.why(other, one) == [
        "  data: made by experiment.Prepare/ID → experiment.Prepare/ID",
        "    since raw: experiment.Raw/ID → experiment.Raw/ID",
        "      since seed: 1 → 2",
    ]


def test_nearest_earlier_job_is_the_one_to_compare_with(lab: Lab) -> None:
    far, near, latest = lab.learn(epochs=1, hidden=1), lab.learn(epochs=2), lab.learn(epochs=3)
    job = lab.learn(epochs=4)
    later = lab.learn(epochs=4, seed=7)
    assert lab.why(job) == ["  epochs: 3 → 4"]
    assert lab.why(later) == lab.why(later, job)
    assert lab.why(near) == ["  epochs: 1 → 2", "  model.hidden: 1 → 64"] == lab.why(near, far)
    assert lab.why(latest) == lab.why(latest, near)


def test_first_job_of_its_task_is_explained(lab: Lab) -> None:
    job = lab.learn()
    outcome = lab.place.run("jobs", *LOCATION, "why", job)
    assert outcome.code == 0
    assert outcome.out == f"experiment.learn/{job} is the first job of its task: there is none to compare it with\n"


def test_same_job_has_no_difference(lab: Lab) -> None:
    job = lab.learn()
    assert lab.why(job, job) == ["  the same task"]


@pytest.mark.parametrize("reference", ["beefbeef", "learn/beef"])
def test_unknown_job_is_an_error(lab: Lab, reference: str) -> None:
    lab.learn()
    outcome = lab.place.run("jobs", "why", *LOCATION, reference)
    assert outcome.code == 1
    assert outcome.err.startswith(f"Error: no job '{reference}'")


def test_files_and_directories_are_compared_as_jobs_are(lab: Lab) -> None:
    one, other = lab.learn(), lab.learn(epochs=20)
    expected = ["  epochs: 10 → 20"]
    directory, file = lab.directory(one), lab.directory(other) / "params.json"
    assert explained(lab.place.run("parameters-difference", directory, file)) == expected
    assert explained(lab.place.run("parameters-difference", *LOCATION, one[:8], other[:8])) == expected
    copy = lab.place.directory / "copy.json"
    copy.write_text(file.read_text())
    assert "  epochs: 10 → 20" in explained(lab.place.run("parameters-difference", directory, copy))


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_what_describes_no_task_is_an_error(place: Place, content: str | None) -> None:
    path = place.directory / "params.json"
    if content is not None:
        path.write_text(content)
    outcome = place.run("parameters-difference", path, path)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "Error: ./params.json does not describe a task: expected a job directory or its params.json\n"
    )


# --- Jobs of release 2.7


def test_what_a_task_marked_in_itself_is_no_difference(place: Place) -> None:
    paths: list[Path] = []
    for epochs in (1, 2):
        model = definition(1, "Model", {"hidden": 64}, task=2)
        learn = definition(2, "Learn", {"model": {"type": "python", "value": 1}, "epochs": epochs}, task=2)
        paths.append(place.directory / f"{epochs}.json")
        paths[-1].write_text(json.dumps({"objects": [model, learn]}))
    lines = explained(place.run("parameters-difference", *paths))
    assert lines[:-1] == ["  epochs: 1 → 2"]


def definition(number: int, name: str, fields: dict[str, Any], **more: object) -> dict[str, object]:
    """What release 2.7 writes of a configuration."""
    identity = f"{hash((name, json.dumps(fields))) & (2**64 - 1):064x}"
    return {
        "id": number,
        "module": "lab",
        "type": name,
        "typename": f"lab.{name}",
        "identifier": identity,
        **more,
        "fields": fields,
    }


def release_2_7(workspace: Path, size: int, **fields: Any) -> Path:
    """A job directory of release 2.7: there is no document, and upstream tasks are described whole."""
    data = definition(70, "Data", {"size": size, "root": {"type": "path", "value": f"/data/{size}"}}, task=60)
    prepare = definition(60, "Prepare", {"size": size}, task=60)
    model = definition(50, "Model", {"hidden": 64, "threads": size})
    model["identifier"] = "5" * 64
    held = {"model": {"type": "python", "value": 50}, "data": {"type": "python", "value": 70}}
    learn = definition(80, "Learn", {**held, **fields}, task=80)
    objects = [model, prepare, data, learn]
    for task, described in ((prepare, [prepare]), (learn, objects)):
        directory = workspace / "jobs" / f"lab.{str(task['type']).lower()}" / str(task["identifier"])
        directory.mkdir(parents=True, exist_ok=True)
        content = {"workspace": str(workspace), "version": 3, "experimaestro": "2.7.0", "objects": described}
        (directory / "params.json").write_text(json.dumps(content))
    return directory


def test_jobs_of_release_2_7_are_explained(place: Place) -> None:
    color = {"type": "enum", "module": "lab", "enum": "Color", "value": "RED"}
    one = release_2_7(place.directory, 1, epochs=10, rates={"a": 0.1}, color=None, out={"type": "path", "value": "x"})
    other = release_2_7(place.directory, 2, epochs=20, rates={"b": 0.1}, color=color)
    assert explained(place.run("parameters-difference", one, other)) == [
        "  data: made by lab.Prepare/ID → lab.Prepare/ID",
        "    since size: 1 → 2",
        "  epochs: 10 → 20",
        "  rates['a']: 0.1 (gone)",
        "  rates['b']: 0.1 (new)",
        "  color: None → lab.Color.RED",
        "  data.size: 1 → 2",
        "(release 2.7 does not record what counts in identifiers: some of these may not)",
        "not part of the identifier:",
        "  out: Path('x') (gone)",
        "  model.threads: 1 → 2",
        "  data.root: Path('/data/1') → Path('/data/2')",
    ]
