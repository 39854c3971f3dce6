"""Laws of identifiers. That they are those of release 2.7 is checked by the vectors."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experimaestro import (
    Config,
    Constant,
    InstanceConfig,
    LightweightTask,
    Meta,
    Param,
    RunMode,
    Task,
    copyconfig,
    field,
    load,
    param_group,
    partial,
    save,
    setmeta,
)
from experimaestro.core.identifier import UnidentifiableError, bytes_alone

GROUP = param_group("training")


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Leaf(Config):
    number: Param[int]
    ratio: Param[float] = field(default=0.5)
    text: Param[str] = field(default="a", ignore_default=True)
    flag: Param[bool] = field(default=False)
    color: Param[Color | None] = field(default=None)
    log: Meta[int] = field(default=0)
    path: Param[Path] = field(default=Path("a"))
    version: Constant[int] = 1


class Node(Config):
    children: Param[list[Config]] = field(default_factory=list)
    named: Param[dict[str, Config]] = field(default_factory=dict)
    numbers: Param[dict[int, float]] = field(default_factory=dict)
    words: Param[set[str]] = field(default_factory=set)
    pair: Param[tuple[int, str] | None] = field(default=None)
    first: Param[Config | None] = field(default=None)
    hidden: Meta[Config | None] = field(default=None)


small = st.integers(-3, 3)
texts = st.text(max_size=3)
leaves = st.builds(
    Leaf.C,
    number=st.integers(),
    ratio=st.floats(allow_nan=False),
    text=texts,
    flag=st.booleans(),
    color=st.sampled_from([None, *Color]),
)


def nodes(children: st.SearchStrategy[Config]) -> st.SearchStrategy[Config]:
    return st.builds(
        Node.C,
        children=st.lists(children, max_size=3),
        named=st.dictionaries(texts, children, max_size=3),
        numbers=st.dictionaries(small, st.floats(allow_nan=False), max_size=3),
        words=st.sets(texts, max_size=3),
        pair=st.none() | st.tuples(small, texts),
        first=st.none() | children,
        hidden=st.none() | children,
    )


configurations = st.recursive(leaves, nodes, max_leaves=8)


def identifier(config: Config) -> str:
    return config.__identifier__().hex()


def below(config: Config) -> list[Config]:
    """A configuration and all that it holds."""
    values: list[Any] = list(config.__arguments__().values())
    found: list[Config] = [config]
    for value in values:
        items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        found.extend(inner for item in items if isinstance(item, Config) for inner in below(item))
    return found


def rebuilt(config: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The configuration built again from its values, after some change of each object's keywords."""

    def value_of(value: Any) -> Any:
        match value:
            case Config():
                return rebuilt(value, change)
            case list():
                return [value_of(item) for item in value]
            case dict():
                return dict(reversed([(key, value_of(item)) for key, item in value.items()]))
            case _:
                return value

    values = {name: value_of(value) for name, value in config.__arguments__().items() if name != "version"}
    return type(config)(**change(values))


# --- What does not matter


@given(configurations)
def test_order_of_insertion_does_not_matter(config: Config) -> None:
    backwards = rebuilt(config, lambda values: dict(reversed(values.items())))
    assert identifier(backwards) == identifier(config)


@given(configurations)
def test_sealing_does_not_matter(config: Config) -> None:
    before = identifier(config)
    assert identifier(config.seal()) == before


@given(configurations, st.randoms(use_true_random=False))
def test_what_is_identified_first_does_not_matter(config: Config, order: random.Random) -> None:
    before = identifier(config)
    inner = below(config)
    order.shuffle(inner)
    for part in inner:
        identifier(part.seal())
    assert identifier(config.seal()) == before


@given(configurations)
def test_sharing_does_not_matter(config: Config) -> None:
    shared = Node.C(children=[config, config], first=config)
    copied = Node.C(children=[config.copy(), config.copy()], first=config.copy())
    assert identifier(shared) == identifier(copied)


@given(configurations)
def test_copies_have_the_same_identifier(config: Config) -> None:
    assert config.copy() == config == copyconfig(config)
    assert identifier(config.copy()) == identifier(copyconfig(config)) == identifier(config)


@given(configurations, st.integers(), leaves)
def test_metadata_never_matters(config: Config, number: int, leaf: Leaf) -> None:
    def change(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "log": number, "path": "other"} if "log" in values else {**values, "hidden": leaf}

    assert identifier(rebuilt(config, change)) == identifier(config)


@given(configurations)
def test_tags_never_matter(config: Config) -> None:
    before = identifier(config)
    assert identifier(config.tag("name", 3)) == before


@settings(max_examples=30)
@given(configurations)
def test_saving_and_loading_keeps_the_identifier(tmp_path_factory: pytest.TempPathFactory, config: Config) -> None:
    folder = tmp_path_factory.mktemp("saved")
    save(config, folder)
    loaded = load(folder)
    assert identifier(loaded) == identifier(config)
    assert identifier(loaded.copy()) == identifier(config)


def test_default_that_is_ignored_does_not_matter() -> None:
    class Before(Config):
        __xpmid__ = "versioned"
        size: Param[int]

    class After(Config):
        __xpmid__ = "versioned"
        size: Param[int]
        depth: Param[int] = field(default=1, ignore_default=True)
        leaf: Param[Leaf] = field(default=Leaf.C(number=1), ignore_default=True)

    assert identifier(After.C(size=1)) == identifier(Before.C(size=1))
    assert identifier(After.C(size=1, depth=2)) != identifier(Before.C(size=1))
    assert identifier(After.C(size=1, leaf=Leaf.C(number=2))) != identifier(Before.C(size=1))


def test_meta_flag_leaves_out_or_keeps_in() -> None:
    leaf, other = Leaf.C(number=1), Leaf.C(number=2)
    without = identifier(Node.C())
    assert identifier(Node.C(first=setmeta(leaf.copy(), True))) == without
    assert identifier(Node.C(children=[setmeta(leaf.copy(), True)])) == without
    assert identifier(Node.C(named={"a": setmeta(leaf.copy(), True)})) == without
    kept = [identifier(Node.C(hidden=setmeta(config.copy(), False))) for config in (leaf, other)]
    assert len({without, *kept}) == 3


# --- What matters


@given(configurations, st.integers(0, 100), small)
def test_changed_parameter_changes_the_identifier(config: Config, position: int, step: int) -> None:
    found = [part for part in below(config) if isinstance(part, Leaf) and part is not getattr(config, "hidden", None)]
    holder = Node.C(first=config, children=list(found))
    before = identifier(holder)
    if found and step:
        found[position % len(found)].number += step
        assert identifier(holder) != before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Node.C(children=[Leaf.C(number=1), Leaf.C(number=2)]), Node.C(children=[Leaf.C(number=2), Leaf.C(number=1)])),
        (Node.C(named={"a": Leaf.C(number=1)}), Node.C(named={"b": Leaf.C(number=1)})),
        (Node.C(numbers={1: 2.0}), Node.C(numbers={2: 1.0})),
        (Node.C(words={"a"}), Node.C(words={"b"})),
        (Node.C(pair=(1, "a")), Node.C(pair=(1, "b"))),
        (Node.C(first=Leaf.C(number=1)), Node.C(first=Node.C())),
        (Leaf.C(number=2**63), Leaf.C(number=2**63 + 1)),
        (Leaf.C(number=2**63), Leaf.C(number=-(2**63) - 1)),
        (Leaf.C(number=1, color=Color.RED), Leaf.C(number=1, color=Color.BLUE)),
    ],
)
def test_different_values_have_different_identifiers(one: Config, other: Config) -> None:
    assert identifier(one) != identifier(other)


class Keys(Config):
    values: Param[dict[Any, int]]


@pytest.mark.parametrize(
    "keys", [[Color.RED, Color.BLUE], [(1, "a"), (2, "b")], [1, "a"], [frozenset("ab"), frozenset("cd")]]
)
def test_order_of_keys_that_cannot_be_compared_does_not_matter(keys: list[Any]) -> None:
    given = Keys.C(values=dict.fromkeys(keys, 1))
    backwards = Keys.C(values=dict.fromkeys(reversed(keys), 1))
    assert identifier(given) == identifier(backwards)


@pytest.mark.parametrize(
    ("one", "other"),
    [([1], (1,)), ({1}, frozenset({1})), (Path("a"), "a"), ((1, 2), ((1,), 2)), ([Path("a"), Path("b")], [Path("ab")])],
)
def test_containers_and_paths_are_told_apart(one: Any, other: Any) -> None:
    class Anything(Config):
        value: Param[Any]

    assert identifier(Anything.C(value=one)) != identifier(Anything.C(value=other))


def test_value_without_identifier_is_refused() -> None:
    class Anything(Config):
        value: Param[Any]

    with pytest.raises(UnidentifiableError, match=r"found <object .*which has no identifier"):
        identifier(Anything.C(value=object()))


# --- Identity, cycles, tasks


class Shared(InstanceConfig):
    size: Param[int]


class Two(Config):
    one: Param[Shared]
    other: Param[Shared]
    below: Param[list[Two]] = field(default_factory=list)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=4), st.booleans())
def test_identity_of_instance_configurations_counts_whatever_is_sealed(
    choices: list[tuple[int, int]], inner_first: bool
) -> None:
    def build() -> Two:
        pool = [Shared.C(size=size) for size in (1, 1, 2)]
        return Two.C(
            one=pool[0], other=pool[1], below=[Two.C(one=pool[one], other=pool[other]) for one, other in choices]
        )

    sealed, unsealed = build(), build()
    if inner_first:
        for inner in sealed.below:
            identifier(inner.seal())
    assert identifier(sealed.seal()) == identifier(unsealed)


class Loop(Config):
    other: Param[Loop | None] = field(default=None)
    size: Param[int]


def test_cycles_have_an_identifier_for_each_entry() -> None:
    first, second = Loop.C(size=1), Loop.C(size=2)
    first.other, second.other = second, first
    before = identifier(first), identifier(second)
    assert before[0] != before[1]
    assert (identifier(first.seal()), identifier(second)) == before


class Init(LightweightTask):
    size: Param[int]

    def execute(self) -> None: ...


class Work(Task):
    leaf: Param[Leaf]
    steps: Param[int] = field(default=1, groups=[GROUP])

    same_model = partial(exclude_groups=[GROUP])

    def task_outputs(self, dep: Callable[[Leaf], Leaf]) -> Leaf:
        return dep(Leaf.C(number=self.steps))

    def execute(self) -> None: ...


def test_output_of_a_task_is_told_from_the_same_configuration_and_from_other_tasks() -> None:
    outputs = [Work.C(leaf=Leaf.C(number=n)).submit(run_mode=RunMode.DRY_RUN) for n in (1, 2)]
    assert len({identifier(leaf) for leaf in (*outputs, Leaf.C(number=1))}) == 3


def test_initialization_tasks_matter_in_their_order() -> None:
    found = set()
    for sizes in ([], [1], [1, 2], [2, 1]):
        work = Work.C(leaf=Leaf.C(number=1))
        work.submit(run_mode=RunMode.DRY_RUN, init_tasks=[Init.C(size=size) for size in sizes])
        found.add(identifier(work))
    assert len(found) == 4


def test_partial_identifier_forgets_what_it_excludes() -> None:
    works = [Work.C(leaf=Leaf.C(number=number), steps=steps) for number, steps in ((1, 1), (1, 2), (2, 1))]
    partials = [work.__xpm__.get_partial_identifier(Work.same_model) for work in works]
    assert partials[0] == partials[1] != partials[2]
    assert len({identifier(work) for work in works}) == 3


def test_identifying_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    identifier(Node.C(first=Leaf.C(number=1)))
    assert caplog.text == ""


# --- The page that specifies them; its example is run with those of the other pages


def test_page_lists_the_tags_of_values() -> None:
    page = (Path(__file__).parents[2] / "docs/identifiers.md").read_text()
    listed = {bytes.fromhex(tag) for tag in re.findall(r"^\| `([0-9a-f]{2})` \|", page, re.MULTILINE)}
    values = [
        None,
        0.5,
        1,
        2**70,
        "a",
        [1],
        {1},
        Color.RED,
        {"a": 1},
        Leaf.C(number=1),
        (1,),
        frozenset("a"),
        Path("a"),
    ]
    assert listed == {bytes_alone(value)[:1] for value in values}
