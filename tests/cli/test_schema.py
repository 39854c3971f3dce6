"""``experimaestro schema``: what editors need to complete and check the files of an experiment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Place


@pytest.mark.parametrize(
    "source", ["exp.yaml", "exp", "experiment.py", "experiment", "experiment:Exp", "experiment.py:Exp"]
)
def test_the_schema_of_an_experiment_is_printed(place: Place, files: dict[str, str], source: str) -> None:
    place.write(files)
    outcome = place.run("schema", source)
    assert outcome.code == 0, outcome.err
    schema = json.loads(outcome.out)
    assert schema["title"] == "Exp"
    assert schema["$defs"]["Exp"]["properties"]["lr"]["default"] == 0.1


def test_a_part_of_a_configuration_has_a_schema(place: Place, files: dict[str, str]) -> None:
    place.write(files)
    assert json.loads(place.run("schema", "experiment:Model").out)["title"] == "Model"


def test_the_file_names_its_schema_once(place: Place, files: dict[str, str]) -> None:
    place.write(files)
    for _ in range(2):
        assert place.run("schema", "--modeline", "exp").code == 0
    first, *rest = (place.directory / "exp.yaml").read_text().splitlines(keepends=True)
    assert first == "# yaml-language-server: $schema=exp.schema.json\n"
    assert "".join(rest) == files["exp.yaml"]
    assert json.loads((place.directory / "exp.schema.json").read_text())["title"] == "Exp"
    assert place.run("run-experiment", "--show", "exp").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["experiment:Expp"], "Error: experiment has no configuration class 'Expp'; did you mean 'Exp'?"),
        (["experimnt.py"], "no such file: ./experimnt.py; did you mean 'experiment.py'?"),
        (["experimnt"], "no module 'experimnt'; did you mean 'experiment'?"),
        (["--modeline", "experiment"], "--modeline changes a YAML file, found 'experiment'"),
    ],
)
def test_a_mistake_is_told(place: Place, files: dict[str, str], arguments: list[str], message: str) -> None:
    place.write(files)
    outcome = place.run("schema", *arguments)
    assert outcome.code in (1, 2)
    assert outcome.out == ""
    assert message in outcome.err
