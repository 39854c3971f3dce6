"""Validation, generated values, and what cannot change once sealed."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest

from experimaestro import (
    Config,
    DirectoryContext,
    LightweightTask,
    Meta,
    Param,
    PathGenerator,
    RunMode,
    Task,
    copyconfig,
    field,
    partial,
    pathgenerator,
)
from experimaestro.core.assignment import ReadOnlyError
from experimaestro.core.checking import GeneratedValuesError, InvalidParameterError
from experimaestro.core.context import NoDirectoryError
from experimaestro.core.frozen import SealedContainerError
from experimaestro.core.identifier import MissingValueError
from experimaestro.core.sealing import InvalidConfigurationError

ROOT = Path("/job")


class Item(Config):
    size: Param[int]


class Positive(Config):
    size: Param[int]
    items: Param[list[Item]] = field(default_factory=list)
    calls: int = 0

    def __validate__(self) -> None:
        self.calls += 1
        if self.size < 0:
            raise ValueError(f"size is {self.size}")


class Data(Config):
    path: Meta[Path] = field(default_factory=PathGenerator("data.bin"))
    number: Param[int] = field(default=0)


class Holder(Config):
    data: Param[Data]
    listed: Param[list[Data]] = field(default_factory=list)
    named: Param[dict[int, Data]] = field(default_factory=dict)
    file: Annotated[Path, pathgenerator("file")]
    folder: Meta[Path] = field(default_factory=PathGenerator())
    computed: Meta[Path] = field(default_factory=PathGenerator(lambda _, config: f"n{config.data.number}"))


# --- Validation


def test_missing_values_are_all_named() -> None:
    with pytest.raises(MissingValueError, match=r"required parameter 'size' of .*Item not set \(built at .*py:\d+\)"):
        Item.C().instance()  # type: ignore[call-arg]  # the subject of the test
    with pytest.raises(InvalidConfigurationError) as raised:
        Positive.C(items=[Item.C(), Item.C()]).seal()  # type: ignore[call-arg]  # idem
    assert len(raised.value.errors) == 3


def test_failed_validation_is_not_forgotten() -> None:
    item = Item.C()  # type: ignore[call-arg]  # the subject of the test
    for _ in range(2):
        with pytest.raises(MissingValueError):
            item.instance()


def test_users_validation_is_called_once_and_again_after_a_change() -> None:
    config = Positive.C(size=1)
    config.__xpm__.validate()
    config.seal()
    assert config.calls == 1
    other = copyconfig(config)
    other.__xpm__.validate()
    other.size = 2
    other.seal()
    assert other.calls == 2


@pytest.mark.parametrize("use", [lambda config: config.seal(), lambda config: config.instance()])
def test_users_validation_refuses(use: Callable[[Positive], object]) -> None:
    config = Positive.C(size=-1)
    with pytest.raises(ValueError, match="size is -1"):
        use(config)
    assert not config.__xpm__.sealed


def test_inner_configurations_are_validated_first() -> None:
    seen: list[str] = []

    class Inner(Config):
        def __validate__(self) -> None:
            seen.append("inner")

    class Outer(Config):
        inner: Param[Inner]

        def __validate__(self) -> None:
            seen.append("outer")

    Outer.C(inner=Inner.C()).seal()
    assert seen == ["inner", "outer"]


def test_edit_in_place_is_checked_before_sealing() -> None:
    config = Positive.C(size=1)
    config.items.append(3)  # type: ignore[arg-type]  # the subject of the test
    with pytest.raises(InvalidParameterError, match=r"parameter 'items' of .*: at \[0\]: found 3"):
        config.seal()


# --- Sealed


def test_sealed_configuration_is_read_only() -> None:
    item = Item.C(size=1).seal()
    with pytest.raises(ReadOnlyError, match=re.escape("change a copy: copyconfig(config, size=...)")):
        item.size = 2


def test_instance_seals() -> None:
    item = Item.C(size=1)
    item.instance()
    with pytest.raises(ReadOnlyError, match="Object is read-only"):
        item.size = 2


class Containers(Config):
    numbers: Param[list[int]]
    nested: Param[dict[str, list[int]]]
    chosen: Param[set[int]]


@pytest.mark.parametrize(
    "edit",
    [
        lambda config: config.numbers.append(3),
        lambda config: config.numbers.__setitem__(0, 3),
        lambda config: config.numbers.sort(),
        lambda config: config.nested.update(a=[]),
        lambda config: config.nested["a"].append(1),
        lambda config: config.nested.pop("a"),
        lambda config: config.chosen.add(3),
    ],
)
def test_containers_of_a_sealed_configuration_cannot_change(edit: Callable[[Containers], object]) -> None:
    config = Containers.C(numbers=[2, 1], nested={"a": [1]}, chosen={1}).seal()
    with pytest.raises(SealedContainerError, match="belongs to a configuration that was sealed"):
        edit(config)


def test_copies_and_instances_of_a_sealed_configuration_have_containers_that_change() -> None:
    config = Containers.C(numbers=[2, 1], nested={"a": [1]}, chosen={1}).seal()
    for other in (copyconfig(config), config.copy(), config.instance()):
        other.numbers.append(3)
        other.nested["a"].append(2)
        other.chosen.add(5)
    copy.copy(config.numbers).append(3)
    copy.deepcopy(config.nested)["a"].append(3)
    assert config.numbers == [2, 1]


# --- Generated paths


def test_generated_paths_follow_the_place_in_the_job() -> None:
    shared = Data.C(number=3)
    holder = Holder.C(data=shared, listed=[Data.C(), shared], named={4: Data.C()})
    made = holder.instance(DirectoryContext(ROOT))
    assert made.data.path == made.listed[1].path == ROOT / "out/data/data.bin"
    assert made.listed[0].path == ROOT / "out/listed/0/data.bin"
    assert made.named[4].path == ROOT / "out/named/4/data.bin"
    assert (made.file, made.folder, made.computed) == (ROOT / "file", ROOT, ROOT / "n3")


class Step(LightweightTask):
    data: Param[Data]


class Work(Task):
    data: Param[Data]
    out: Meta[Path] = field(default_factory=PathGenerator("out.txt"))
    shared: Meta[Path] = field(default_factory=PathGenerator("shared", partial=partial(exclude_all=True)))

    everything = partial(exclude_all=True)
    common: Meta[Path] = field(default_factory=PathGenerator("common", partial=everything))

    def execute(self) -> None: ...


def test_partial_written_inline_is_named_after_its_parameter() -> None:
    task = Work.C(data=Data.C()).submit(run_mode=RunMode.DRY_RUN)

    assert task.shared.parts[-4:-2] == (f"{__name__}.work", "shared")


class Shared(Task):
    number: Param[int]
    everything = partial(exclude_all=True)
    common: Meta[Path] = field(default_factory=PathGenerator("common", partial=everything))
    steps: Meta[Path] = field(default_factory=PathGenerator("steps"))

    def execute(self) -> None: ...


def test_path_of_a_partial_identifier_is_shared() -> None:
    one, other = (Shared.C(number=number).submit(run_mode=RunMode.DRY_RUN) for number in (1, 2))
    assert one.common == other.common
    assert one.common.parts[-4:-2] == (f"{__name__}.shared", "everything")
    assert one.steps == one.jobpath / "steps" != other.steps


def test_paths_of_initialization_tasks_have_their_place() -> None:
    step = Step.C(data=Data.C())
    task = Shared.C(number=1).submit(run_mode=RunMode.DRY_RUN, init_tasks=[step])
    assert step.data.path == task.jobpath / "out/__init_tasks__/0/data/data.bin"


def test_generated_path_needs_a_directory_and_nothing_is_sealed_without() -> None:
    data = Data.C()
    with pytest.raises(NoDirectoryError, match=re.escape(".instance(DirectoryContext(path))")):
        data.instance()
    assert data.instance(DirectoryContext(ROOT)).path == ROOT / "data.bin"


def test_generated_path_is_read_only() -> None:
    with pytest.raises(ReadOnlyError, match="Property path is read-only"):
        Data.C(path=Path("a"))


@pytest.mark.parametrize("place", ["data", "listed"])
def test_configuration_with_paths_of_another_object_is_refused(place: str) -> None:
    data = Data.C()
    data.instance(DirectoryContext(ROOT))
    values = {"data": Data.C(), "listed": [], place: data if place == "data" else [data]}
    with pytest.raises(GeneratedValuesError, match=f"cannot set '{place}'"):
        Holder.C(**values)
    assert Holder.C(data=copyconfig(data)).instance(DirectoryContext(ROOT)).data.path == ROOT / "out/data/data.bin"


def test_configuration_sealed_elsewhere_meanwhile_is_refused() -> None:
    data = Data.C()
    holder = Holder.C(data=data)
    data.instance(DirectoryContext(ROOT))
    with pytest.raises(GeneratedValuesError):
        holder.instance(DirectoryContext(ROOT / "other"))


def test_holders_of_generated_paths_are_refused_too() -> None:
    class Wrapper(Config):
        data: Param[Data]

    class Two(Config):
        one: Param[Wrapper]
        other: Param[Wrapper]

    class Below(Config):
        wrapper: Param[Wrapper]

    data = Data.C()
    two = Two.C(one=Wrapper.C(data=data), other=Wrapper.C(data=data))
    two.instance(DirectoryContext(ROOT))
    for wrapper in (two.one, two.other):
        with pytest.raises(GeneratedValuesError):
            Below.C(wrapper=wrapper)


def test_foreign_paths_may_be_wanted() -> None:
    class Reader(Config):
        data: Param[Data] = field(ignore_generated=True)

    data = Data.C()
    data.instance(DirectoryContext(ROOT))
    assert Reader.C(data=data).instance(DirectoryContext(Path("/other"))).data.path == ROOT / "data.bin"


# --- Defaults computed late


def test_default_of_metadata_is_computed_when_sealed() -> None:
    class Late(Config):
        numbers: Meta[list[int]] = field(default_factory=lambda: [1])
        data: Meta[Data] = field(default_factory=Data.C)

    late = Late.C()
    assert late.numbers is None
    late.instance(DirectoryContext(ROOT))
    assert late.numbers == [1]
    assert late.data.path == ROOT / "out/data/data.bin"
