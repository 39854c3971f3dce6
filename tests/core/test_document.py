"""Laws of documents: all that counts in an identifier, told without ambiguity."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro import (
    Config,
    Constant,
    DependentMarker,
    Document,
    InstanceConfig,
    LightweightTask,
    Meta,
    Param,
    RunMode,
    Task,
    deprecate,
    document,
    field,
    sealed_set,
    setmeta,
)
from experimaestro.core.difference import differences
from experimaestro.core.document import Documents

ROOT: Final = Path(__file__).parents[2]


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    A = "a"


class Anything(Config):
    value: Param[Any]


class Leaf(Config):
    number: Param[int]
    text: Param[str] = field(default="a", ignore_default=True)
    log: Meta[int] = field(default=0)
    path: Param[Path] = field(default=Path("a"))
    version: Constant[int] = 1


class Node(Config):
    children: Param[list[Config]] = field(default_factory=list)
    named: Param[dict[str, Config]] = field(default_factory=dict)
    words: Param[set[str]] = field(default_factory=set)
    first: Param[Config | None] = field(default=None)
    hidden: Meta[Config | None] = field(default=None)


class Holder(InstanceConfig):
    number: Param[int]


class Cycle(Config):
    other: Param[Cycle | None] = field(default=None)
    number: Param[int] = field(default=0)


class Start(LightweightTask):
    number: Param[int]

    def execute(self) -> None: ...


class Learn(Task):
    number: Param[int]
    start: Param[Config | None] = field(default=None)

    def task_outputs(self, dep: DependentMarker) -> Leaf:
        return dep(Leaf.C(number=self.number))

    def execute(self) -> None: ...


class Use(Task):
    values: Param[list[Config]]

    def execute(self) -> None: ...


class Keep(Task):
    """Its output is a part of it."""

    node: Param[Node]

    def task_outputs(self, dep: DependentMarker) -> Config:
        assert self.node.first is not None
        return dep(self.node.first)

    def execute(self) -> None: ...


texts = st.text("ab\x03\x05", max_size=3)
scalars = st.one_of(
    st.sampled_from([None, True, False, 0, 1, -1, 0.0, -0.0, 1.0, float("nan"), float("inf"), 2**64, "", "1", "a"]),
    st.sampled_from([*Color, *Level, *Word, Path("a"), Path("a/b")]),
    texts,
)
keys = st.one_of(st.booleans(), st.integers(0, 1), texts, st.sampled_from([*Color, *Level, *Word, Path("a")]))


def containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(values, max_size=2),
        st.lists(values, max_size=2).map(tuple),
        st.sets(keys, max_size=2),
        st.frozensets(keys, max_size=2),
        st.dictionaries(keys, values, max_size=2),
    )


values = st.recursive(scalars, containers, max_leaves=4)
leaves = st.builds(Leaf.C, number=st.integers(0, 1), text=texts)


def nodes(children: st.SearchStrategy[Config]) -> st.SearchStrategy[Config]:
    return st.builds(
        Node.C,
        children=st.lists(children, max_size=2),
        named=st.dictionaries(texts, children, max_size=2),
        words=st.sets(texts, max_size=3),
        first=st.none() | children,
    )


configurations = st.recursive(leaves, nodes, max_leaves=6)


def exact(value: Any) -> str:
    """A text that two values share when they are the same, types included."""
    match value:
        case list() | tuple():
            return f"{type(value).__name__}{[exact(item) for item in value]}"
        case set() | frozenset():
            return f"{type(value).__name__}{sorted(exact(item) for item in value)}"
        case dict():
            return f"dict{sorted((exact(key), exact(item)) for key, item in value.items())}"
        case _:
            return f"{type(value).__name__} {value!r}"


def rebuilt(config: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The configuration built again, nothing shared, after some change of each object's values."""

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

    given = {name: value_of(value) for name, value in config.__arguments__().items() if name != "version"}
    return type(config)(**change(given))


def submitted(task: Any, **options: Any) -> Any:
    return task.submit(run_mode=RunMode.DRY_RUN, **options)


# --- A document is unambiguous


@given(values, values)
def test_values_have_the_same_document_when_they_are_the_same(one: Any, other: Any) -> None:
    are_same = document(Anything.C(value=[one])) == document(Anything.C(value=[other]))
    assert are_same is (exact(one) == exact(other))


@given(values, values)
def test_different_identifiers_mean_different_documents(one: Any, other: Any) -> None:
    left, right = Anything.C(value=[one]), Anything.C(value=[other])
    assert left.__identifier__() == right.__identifier__() or document(left) != document(right)


@given(configurations, configurations)
def test_different_identifiers_of_graphs_mean_different_documents(one: Config, other: Config) -> None:
    assert one.__identifier__() == other.__identifier__() or document(one) != document(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (Level.LOW, 1),
        (Word.A, "a"),
        ({"a": "x", "b": "y"}, {"a": "x\x03b\x03y"}),
        (["a\x03b", "c"], ["a", "b\x03c"]),
    ],
)
def test_what_identifiers_confuse_has_different_documents(one: object, other: object) -> None:
    left, right = Anything.C(value=one), Anything.C(value=other)
    assert left.__identifier__() == right.__identifier__()
    assert document(left) != document(right)


def test_names_of_classes_that_differ_in_their_case_have_different_documents() -> None:
    class Thing(Config):
        __xpmid__ = "test.Thing"

    class THING(Config):
        __xpmid__ = "test.THING"

    assert Thing.C().__identifier__() == THING.C().__identifier__()
    assert document(Thing.C()) != document(THING.C())


@given(configurations, st.integers(0, 20), st.integers(2, 5))
def test_one_changed_parameter_changes_the_document(config: Config, position: int, number: int) -> None:
    seen = 0

    def change(given: dict[str, Any]) -> dict[str, Any]:
        nonlocal seen
        if "number" in given:
            seen += 1
            given = {**given, "number": given["number"] + (number if seen == 1 + position % max(1, leaf_count) else 0)}
        return given

    leaf_count = str(rebuilt(config, lambda given: given).to_str(100)).count("number=")
    changed = rebuilt(config, change)
    assert (document(changed) == document(config)) is (leaf_count == 0)


# --- What does not matter


@given(configurations)
def test_neither_order_nor_sharing_matters(config: Config) -> None:
    backwards = rebuilt(config, lambda given: dict(reversed(given.items())))
    assert document(backwards) == document(config)


@given(leaves)
def test_sharing_does_not_matter(leaf: Leaf) -> None:
    assert document(Node.C(children=[leaf, leaf], first=leaf)) == document(
        Node.C(children=[leaf.copy(), leaf.copy()], first=leaf.copy())
    )


@given(configurations)
def test_sealing_does_not_matter(config: Config) -> None:
    before = document(config)
    assert document(config.seal()) == before


@given(configurations, st.integers(), leaves)
def test_metadata_never_matters(config: Config, log: int, leaf: Leaf) -> None:
    meta = {"log": log, "path": Path(str(log)), "hidden": leaf}
    changed = rebuilt(config, lambda given: {name: meta.get(name, value) for name, value in given.items()})
    assert document(changed.tag("log", log)) == document(config)


def test_meta_configurations_are_left_out() -> None:
    leaf, extra = Leaf.C(number=1), setmeta(Leaf.C(number=2), True)
    assert document(Node.C(children=[leaf, extra], first=extra)) == document(Node.C(children=[leaf]))


def test_default_that_is_ignored_is_left_out() -> None:
    assert "text" not in str(document(Leaf.C(number=1, text="a")))
    assert "text = 'b'" in str(document(Leaf.C(number=1, text="b")))


HASHED: Final = """
from experimaestro import Config, Param, document

class Words(Config):
    words: Param[set[str]]
    __xpmid__ = "words"

print(document(Words.C(words={"one", "two", "three", "four", "five"})))
"""


def test_hash_seed_does_not_matter() -> None:
    def printed(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", HASHED]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert {printed(seed) for seed in ("0", "1", "2")} == {
        "#0 words\n  words = {'five', 'four', 'one', 'three', 'two'}\n"
    }


# --- What it tells


def test_document_reads_as_paragraphs() -> None:
    leaf = Leaf.C(number=1)
    data = submitted(Learn.C(number=2))
    task = data.__xpm__.task
    use = Use.C(values=[leaf, leaf, data])
    submitted(use, init_tasks=[Start.C(number=3)])
    prefix = __name__
    assert str(document(use)) == (
        f"#0 {prefix}.Use\n"
        "  values = [#1, #1, #2]\n"
        "  after #3\n"
        f"#1 {prefix}.Leaf\n"
        "  number = 1\n"
        "  version = 1\n"
        f"#2 {prefix}.Leaf\n"
        "  number = 2\n"
        "  version = 1\n"
        f"  made by {prefix.lower()}.learn/{task.__identifier__()}\n"
        f"#3 {prefix}.Start\n"
        "  number = 3"
    )


def test_submitted_task_is_named_not_described() -> None:
    first = Use.C(values=[])
    submitted(first)
    text = str(document(Use.C(values=[Node.C(first=first)])))
    assert f"first = {__name__.lower()}.use/{first.__identifier__()}" in text
    assert text.count(".Use") == 1


@given(values)
def test_document_is_json(value: Any) -> None:
    written = document(Anything.C(value=[value]))
    assert Document.from_json(json.loads(json.dumps(written.to_json(), allow_nan=False))) == written


def test_equal_instance_configurations_are_told_apart() -> None:
    one, other = Holder.C(number=1), Holder.C(number=1)
    shared, apart = Node.C(children=[one, one]), Node.C(children=[one, other])
    assert document(shared) != document(apart)
    assert document(apart) == document(Node.C(children=[other, one]))
    before = document(apart)
    assert document(apart.seal()) == before


def test_cycles_have_a_document_for_each_entry() -> None:
    one, other = Cycle.C(number=1), Cycle.C(number=2)
    one.other, other.other = other, one
    assert "(the configuration 2 above)" in str(document(one))
    assert document(one) != document(other)


def test_sets_of_configurations_have_no_order() -> None:
    one, other = Leaf.C(number=1), Leaf.C(number=2)
    assert document(Anything.C(value=sealed_set(one, other))) == document(Anything.C(value=sealed_set(other, one)))


def test_task_that_the_identifier_of_a_deprecated_class_ignores_is_told() -> None:
    class New(Config):
        number: Param[int]

    @deprecate(New)
    class Old(Config):
        number: Param[int]

        def __convert__(self) -> New:
            return New.C(number=self.number)

    class Make(Task):
        number: Param[int]

        def task_outputs(self, dep: DependentMarker) -> Old:
            return dep(Old.C(number=0))

        def execute(self) -> None: ...

    one, other = submitted(Make.C(number=1)), submitted(Make.C(number=2))
    assert one.__identifier__() == other.__identifier__()
    assert document(one) != document(other)
    assert document(Old.C(number=1)) == document(New.C(number=1))


def test_output_is_told_by_its_task_once_it_is_marked() -> None:
    documents, node = Documents(), Node.C(first=Leaf.C(number=1)).seal()
    first = node.first
    assert first is not None
    before = documents.fingerprint(first)
    submitted(Keep.C(node=node))
    assert "made by" not in str(documents.document(before))
    assert "made by" in str(documents.document(documents.fingerprint(first)))


def test_what_a_task_marks_in_itself_is_a_part_like_any_other() -> None:
    node = Node.C(first=Leaf.C(number=1))
    task = Keep.C(node=node)
    before = document(task)
    submitted(task)
    documents = Documents()
    assert "made by" in str(documents.document(documents.fingerprint(Use.C(values=[node]))))
    assert documents.document(documents.fingerprint(task)) == before


def test_only_configurations_have_documents() -> None:
    with pytest.raises(TypeError, match=r"expected a configuration"):
        document(3)


# --- Growth


def chain(length: int) -> Cycle:
    inner = None
    for number in range(length):
        inner = Cycle.C(other=inner, number=number)
    assert inner is not None
    return inner


def test_document_of_a_long_chain_does_not_recurse() -> None:
    one, other = document(chain(5_000)), document(chain(5_001))
    assert len(one.configurations) == 5_000
    assert differences(one, other)


def test_parts_that_are_shared_are_described_once() -> None:
    documents = Documents()
    shared = chain(1_000).seal()
    calls = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    documents.fingerprint(Use.C(values=[shared]))
    sys.setprofile(profile)
    try:
        for number in range(10):
            documents.fingerprint(Use.C(values=[shared, Leaf.C(number=number)]))
    finally:
        sys.setprofile(None)
    assert calls < 5_000


# --- Differences


def told(one: Config, other: Config) -> list[str]:
    return [str(difference) for difference in differences(document(one), document(other))]


@given(configurations, configurations)
def test_there_is_a_difference_when_documents_differ(one: Config, other: Config) -> None:
    assert bool(told(one, other)) is (document(one) != document(other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, True, "value: 1 → True"),
        ("a", "b", "value: 'a' → 'b'"),
        ([1, 2], [1, 3], "value[1]: 2 → 3"),
        ([1], [1, 2], "value[1]: 2 (new)"),
        ({"a": 1, "b": 2}, {"a": 1}, "value['b']: 2 (gone)"),
        ({"a": {"b": (1,)}}, {"a": {"b": (2,)}}, "value['a']['b'][0]: 1 → 2"),
        ({1, 2}, {1}, "value[...]: 2 (gone)"),
        (Path("a"), "a", "value: Path('a') → 'a'"),
        ([None], [Color.RED], f"value[0]: None → {__name__}.Color.RED"),
        (2**64, float("inf"), "value: 0x10000000000000000 → inf"),
    ],
)
def test_difference_is_told_where_it_is(one: object, other: object, expected: str) -> None:
    assert told(Anything.C(value=one), Anything.C(value=other)) == [expected]


def test_difference_below_other_configurations_has_a_path() -> None:
    one = Node.C(named={"x": Node.C(children=[Leaf.C(number=1)])})
    other = Node.C(named={"x": Node.C(children=[Leaf.C(number=2)])})
    assert told(one, other) == ["named['x'].children[0].number: 1 → 2"]


def test_configuration_of_another_class_is_one_difference() -> None:
    assert told(Node.C(first=Leaf.C(number=1)), Node.C(first=Holder.C(number=2))) == [
        f"first: {__name__}.Leaf → {__name__}.Holder"
    ]


def test_output_of_another_task_is_told_by_its_job() -> None:
    one, other = submitted(Learn.C(number=1)), submitted(Learn.C(number=1, start=Leaf.C(number=1)))
    jobs = [f"{__name__.lower()}.learn/{str(made.__xpm__.task.__identifier__())[:8]}" for made in (one, other)]
    assert told(Node.C(first=one), Node.C(first=other)) == [f"first: made by {jobs[0]} → {jobs[1]}"]


def test_difference_in_what_is_shared_is_told_once() -> None:
    one, other = Leaf.C(number=1), Leaf.C(number=2)
    assert told(Node.C(children=[one, one]), Node.C(children=[other, other])) == ["children[0].number: 1 → 2"]
