"""What existing code asks of `config.__xpm__`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experimaestro import (
    Config,
    DirectoryContext,
    LightweightTask,
    Meta,
    Param,
    PathGenerator,
    RunMode,
    SerializationContext,
    Task,
    field,
    sealed_set,
    state_dict,
)
from experimaestro.core.loading import LoadingError
from experimaestro.core.objects import ConfigInformation

EXECUTED: list[int] = []


class Item(Config):
    sizes: Param[list[int]]


class Prepared(LightweightTask):
    number: Param[int]

    def execute(self) -> None:
        EXECUTED.append(self.number)


class Learn(Task):
    item: Param[Item]
    items: Param[set[Item]] = field(default_factory=set)
    output: Meta[Path] = field(default_factory=PathGenerator("output"))

    def execute(self) -> None: ...


class Holder(Config):
    learn: Param[Learn]
    item: Param[Item]


def learn() -> Learn:
    task = Learn.C(item=Item.C(sizes=[1]))
    task.submit(run_mode=RunMode.DRY_RUN, init_tasks=[Prepared.C(number=7)])
    return task


def definitions(task: Config) -> list[dict[str, Any]]:
    written = state_dict(SerializationContext(), task)["objects"]
    loaded: list[dict[str, Any]] = json.loads(json.dumps(written))
    return loaded


def test_definitions_are_read_as_a_configuration_with_its_initialization_tasks() -> None:
    task, init_tasks = ConfigInformation.fromParameters(definitions(learn()), as_instance=False, return_tasks=True)
    assert (task.item.sizes, [step.number for step in init_tasks]) == ([1], [7])


def test_definitions_are_read_as_an_instance_that_is_initialized() -> None:
    EXECUTED.clear()
    assert ConfigInformation.fromParameters(definitions(learn())).item.sizes == [1]
    assert EXECUTED == [7]


def test_an_instance_comes_without_its_initialization_tasks() -> None:
    with pytest.raises(TypeError, match="return_tasks is for configurations"):
        ConfigInformation.fromParameters([], return_tasks=True)


def test_identifiers_of_a_file_may_be_discarded() -> None:
    task = learn()
    written = [{**definition, "identifier": "00" * 32} for definition in definitions(task)]
    kept = ConfigInformation.fromParameters(written, as_instance=False)
    computed = ConfigInformation.fromParameters(written, as_instance=False, discard_id=True)
    assert kept.__identifier__().hex() == "00" * 32
    assert computed.__identifier__() == task.__identifier__()


def test_newer_parameters_are_refused() -> None:
    newer = ConfigInformation.PARAMS_JSON_VERSION + 1
    with pytest.raises(LoadingError, match=f"params.json has version {newer}, the newest known is"):
        ConfigInformation.check_params_version({"version": newer})


def test_saved_configuration_is_found_under_another_name(tmp_path: Path) -> None:
    Item.C(sizes=[2]).__xpm__.serialize(tmp_path, definition_filename="item.json")
    assert ConfigInformation.deserialize(tmp_path, definition_filename="item.json").sizes == [2]


def test_unsealed_configuration_is_edited_and_identified_anew(tmp_path: Path) -> None:
    task = Learn.C(item=Item.C(sizes=[1]))
    before = task.__identifier__()
    task.instance(DirectoryContext(tmp_path / "one"))
    task.__xpm__.__unseal__()
    task.item.sizes.append(2)
    assert task.__identifier__() == Learn.C(item=Item.C(sizes=[1, 2])).__identifier__() != before
    assert task.instance(DirectoryContext(tmp_path / "two")).output == tmp_path / "two" / "output"


def test_unsealing_leaves_tasks_and_elements_of_sets_alone() -> None:
    task, element = learn(), Item.C(sizes=[3])
    holder = Holder.C(learn=task, item=Item.C(sizes=[1])).seal()
    with_set = Learn.C(item=Item.C(sizes=[1]), items=sealed_set(element))
    for config in (holder, with_set):
        config.__xpm__.__unseal__()
    assert [config.__xpm__.sealed for config in (task, element, holder.item)] == [True, True, False]
