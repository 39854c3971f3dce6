"""Instances: what tasks work with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from experimaestro import (
    Config,
    LightweightTask,
    ObjectStore,
    Param,
    Task,
    cache,
    config_only,
    documentation,
    field,
    initializer,
    load,
    save,
    sealed_set,
)
from experimaestro.core.checking import InvalidParameterError, TypeConflictError
from experimaestro.core.decorators import UsageError
from experimaestro.core.environment import Env
from experimaestro.core.hooks import SubmitHook, hooks_of

T = TypeVar("T")
M = TypeVar("M", bound="Item")


class Item(Config):
    size: Param[int]


class SmallItem(Item): ...


class OtherItem(Item): ...


class Holder(Config):
    item: Param[Item]
    items: Param[list[Item]] = field(default_factory=list)
    named: Param[dict[str, tuple[Item, int]]] = field(default_factory=dict)
    chosen: Param[set[Item]] = field(default_factory=set)
    nothing: Param[Item | None] = field(default=None)


def test_instance_has_the_values_in_new_containers() -> None:
    item = Item.C(size=1)
    config = Holder.C(item=item, items=[item], named={"a": (item, 2)}, chosen=sealed_set(item))
    made = config.instance()
    assert type(made) is Holder
    assert type(made.item) is Item
    assert made.items == [made.item]
    assert made.named == {"a": (made.item, 2)}
    assert made.chosen == {made.item}
    assert made.nothing is None


def test_instance_knows_its_configuration_when_asked_to() -> None:
    item = Item.C(size=1)
    assert item.instance().xpmconfig is item is item.xpmconfig
    with pytest.raises(AttributeError, match="does not know its configuration"):
        print(item.instance(keep=False).xpmconfig)


def test_each_call_makes_new_instances_unless_they_are_stored() -> None:
    config = Holder.C(item=Item.C(size=1))
    assert config.instance().item is not config.instance().item
    store = ObjectStore()
    assert config.instance(objects=store).item is config.item.instance(objects=store)


def test_inner_instances_are_complete_first() -> None:
    class Inner(Config):
        size: Param[int]

        def __post_init__(self) -> None:
            self.ready = self.size + 1

    class Outer(Config):
        inner: Param[Inner]

        def __post_init__(self) -> None:
            self.sum = self.inner.ready + 1

    assert Outer.C(inner=Inner.C(size=1)).instance().sum == 3


class Node(Config):
    other: Param[Node | None] = field(default=None)


def test_cycles_become_instances() -> None:
    first = Node.C()
    first.other = Node.C(other=first)
    made = first.instance()
    assert made.other is not None
    assert made.other.other is made


def test_constructor_is_called_before_values_are_set() -> None:
    class Built(Config):
        size: Param[int]

        def __init__(self) -> None:
            super().__init__()
            self.seen = getattr(self, "size", None)

    assert (Built.C(size=3).instance().seen, Built.C(size=3).instance().size) == (None, 3)


# --- Value classes


class Tensor(Config):
    size: Param[int]


@Tensor.value_class()
class RealTensor(Tensor):
    def double(self) -> int:
        return self.size * 2


def test_instances_are_of_the_value_class() -> None:
    made: Any = Tensor.C(size=2).instance()
    assert (type(made), made.double()) == (RealTensor, 4)
    assert Tensor.XPMValue is RealTensor
    assert Tensor.C(size=2).__identifier__() != RealTensor.C(size=2).__identifier__()


def test_value_class_derives_from_its_configuration_and_from_the_value_classes_of_its_bases() -> None:
    class Deep(Tensor): ...

    with pytest.raises(TypeError, match="must be a subclass of RealTensor"):

        @Deep.value_class()
        class _Wrong(Deep): ...

    with pytest.raises(TypeError, match=r"must be a subclass of .*Deep"):
        Deep.value_class()(Item)


def test_value_class_is_saved_and_loaded(tmp_path: Path) -> None:
    save(Holder.C(item=Item.C(size=1)), tmp_path)
    save([Tensor.C(size=2)], tmp_path)
    assert load(tmp_path, as_instance=True)[0].double() == 4
    assert type(load(tmp_path)[0]) is Tensor.C


# --- Generic classes


class Box(Config, Generic[T]):
    one: Param[T]
    other: Param[T]


class TextBox(Box[str]): ...


class SmallBox(Box[SmallItem]): ...


class Shelf(Config):
    box: Param[Box[int] | None] = field(default=None)
    items: Param[list[Box[Item]]] = field(default_factory=list)


class Bounded(Config, Generic[M]):
    item: Param[M]


def test_type_variable_stands_for_one_type() -> None:
    small, plain, other = SmallItem.C(size=1), Item.C(size=1), OtherItem.C(size=1)
    Box.C(one=1, other=2)
    Box.C(one=small, other=plain)
    for one, another in ((1, "a"), (plain, 1), (small, other)):
        with pytest.raises(TypeConflictError, match=r"~T stands for one type in a .*Box"):
            Box.C(one=one, other=another)


def test_type_variable_stands_for_one_type_where_none_is_allowed_too() -> None:
    class Maybe(Config, Generic[T]):
        first: Param[T]
        second: Param[T | None]

    assert Maybe.C(first=1, second=None).second is None
    with pytest.raises(TypeError, match=r"stands for one type in a .*Maybe: second is 'a'"):
        Maybe.C(first=1, second="a")


def test_argument_that_a_class_chose_is_that_of_its_values() -> None:
    class Kept(Config, Generic[T]):
        value: Param[T]

    class Numbers(Kept[float]):
        pass

    assert type(Numbers.C(value=1).value) is int  # as release 2.7 identifies it
    with pytest.raises(ValueError, match=r"found 'a'.*, expected float"):
        Numbers.C(value="a")


def test_arguments_that_a_class_chose_are_compared() -> None:
    assert len(Shelf.C(items=[SmallBox.C(one=SmallItem.C(size=1), other=SmallItem.C(size=1))]).items) == 1
    with pytest.raises(InvalidParameterError, match=re.escape("expected a configuration of Box[int] | None")):
        Shelf.C(box=TextBox.C(one="a", other="b"))  # type: ignore[arg-type]  # the subject of the test


def test_bound_of_a_type_variable_is_a_class_of_configurations() -> None:
    assert Bounded.C(item=SmallItem.C(size=1)).item.size == 1
    with pytest.raises(InvalidParameterError, match="expected a configuration of Item"):
        Bounded.C(item=3)


# --- Decorated methods


class Cached(Config):
    size: Param[int]
    runs: list[Path]

    @cache("sums.txt")
    def compute(self, path: Path, factor: int) -> str:
        if not path.exists():
            path.write_text(str(self.size * factor))
        return path.read_text()

    @initializer
    def counter(self) -> Iterator[int]:
        return iter(range(self.size))

    @config_only
    def doubled(self) -> int:
        return self.size * 2

    @documentation
    def documented(self) -> None: ...


def test_cached_method_has_a_path_of_its_own(tmp_path: Path) -> None:
    with Env.at(taskpath=tmp_path, wspath=tmp_path):
        assert [Cached.C(size=2).instance().compute(factor) for factor in (3, 4)] == ["6", "6"]
        assert Cached.C(size=3).instance().compute(3) == "9"
    config = Cached.C(size=2)
    found = tmp_path / "config" / f"{__name__}.Cached" / config.__identifier__().hex() / "sums.txt"
    assert found.read_text() == "6"


def test_cached_method_needs_a_workspace() -> None:
    with pytest.raises(UsageError, match="needs a workspace"):
        Cached.C(size=2).instance().compute(3)


def test_initializer_runs_once_for_each_object() -> None:
    one, other = Cached.C(size=2).instance(), Cached.C(size=2).instance()
    assert one.counter() is one.counter() is not other.counter()
    assert list(one.counter()) == [0, 1]


def test_method_for_configurations_only() -> None:
    assert Cached.C(size=2).doubled() == 4
    with pytest.raises(UsageError, match="doubled is for configurations, not for instances"):
        Cached.C(size=2).instance().doubled()


# --- Tasks and hooks


def test_task_without_work_says_so() -> None:
    class Empty(Task): ...

    class Step(LightweightTask): ...

    for kind in (Empty, Step):
        with pytest.raises(NotImplementedError, match=rf"{kind.__name__} defines no execute\(self\)"):
            kind.C().instance().execute()


class Hook(SubmitHook):
    def __init__(self, name: str) -> None:
        self.name = name

    def spec(self) -> str:
        return self.name

    def process(self, job: object, launcher: object) -> None: ...


@Hook("a")
class HookedItem(Config):
    size: Param[int]


@Hook("a")
@Hook("b")
class Hooked(Task):
    item: Param[HookedItem]

    def execute(self) -> None: ...


def test_equal_hooks_of_a_task_and_of_what_it_holds_are_one() -> None:
    found = hooks_of(Hooked.C(item=HookedItem.C(size=1)).__xpm__)
    assert {hook.spec() for hook in found} == {"a", "b"}
    assert len(found) == 2
