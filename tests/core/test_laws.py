"""Laws of configurations, over classes and values that are made up."""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Optional

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experimaestro import Any as AnyValue
from experimaestro import Config, Meta, Param, copyconfig, document, load, save


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Word(StrEnum):
    YES = "yes"
    NO = "no"


class Leaf(Config):
    __xpmid__ = "tests.laws.leaf"
    size: Param[int]


class Kind(NamedTuple):
    """A type, and its values."""

    hint: Any  # Any: a type hint
    values: st.SearchStrategy[Any]  # Any: of that type


NUMBERS: Final = st.integers(-(2**70), 2**70)
TEXTS: Final = st.text(max_size=3)
FLOATS: Final = st.floats(allow_nan=False)
PATHS: Final = st.sampled_from([Path("a"), Path("a/b"), Path("/c")])
LEAVES: Final = st.integers(0, 3).map(lambda size: Leaf.C(size=size))
KEYS: Final = [
    Kind(int, NUMBERS),
    Kind(str, TEXTS),
    Kind(bool, st.booleans()),
    Kind(float, FLOATS),
    Kind(Path, PATHS),
    Kind(Color, st.sampled_from(Color)),
    Kind(Level, st.sampled_from(Level)),
    Kind(Word, st.sampled_from(Word)),
    Kind(Literal["a", 1, Color.RED], st.sampled_from(["a", 1, Color.RED])),
    Kind(int | str, NUMBERS | TEXTS),
    Kind(tuple[int, str], st.tuples(NUMBERS, TEXTS)),
]
SCALARS: Final = [*KEYS, Kind(Leaf, LEAVES), Kind(AnyValue, NUMBERS | TEXTS | st.tuples(NUMBERS) | st.booleans())]


def containers(item: Kind) -> st.SearchStrategy[Kind]:
    lists = st.lists(item.values, max_size=3)
    kinds = [
        Kind(list[item.hint], lists),
        Kind(tuple[item.hint, ...], lists.map(tuple)),
        Kind(tuple[int, item.hint], st.tuples(NUMBERS, item.values)),
        Kind(Optional[item.hint], st.none() | item.values),  # noqa: UP045  # made by the test
    ]
    dictionaries = st.sampled_from(KEYS).map(
        lambda key: Kind(dict[key.hint, item.hint], st.dictionaries(key.values, item.values, max_size=3))
    )
    return st.sampled_from(kinds) | dictionaries


def sets(item: Kind) -> Kind:
    return Kind(set[item.hint], st.sets(item.values, max_size=3))


def frozen_sets(item: Kind) -> Kind:
    return Kind(frozenset[item.hint], st.frozensets(item.values, max_size=3))


KINDS: Final = st.recursive(
    st.sampled_from(SCALARS) | st.sampled_from(KEYS).map(sets) | st.sampled_from(KEYS).map(frozen_sets),
    lambda kinds: kinds.flatmap(containers),
    max_leaves=3,
)


class Case(NamedTuple):
    """A class, and values for two configurations of it."""

    declaration: Any  # Any: a class that is made up
    values: dict[str, Any]  # Any: of its parameters
    others: dict[str, Any]  # Any: idem


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kinds = {f"p{rank}": draw(KINDS) for rank in range(draw(st.integers(1, 3)))}
    annotations: dict[str, object] = {name: Param[kind.hint] for name, kind in kinds.items()}
    annotations["log"] = Meta[int | None]
    body = {
        "__module__": __name__,
        "__qualname__": "MadeUp",
        "__xpmid__": "tests.madeup",
        "__annotations__": annotations,
    }
    declaration = globals()["MadeUp"] = type("MadeUp", (Config,), body)  # where loading finds it
    values, others = ({name: draw(kind.values) for name, kind in kinds.items()} for _ in range(2))
    return Case(declaration, values, others)


LAW: Final = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@LAW
@given(case=cases())
def test_what_is_saved_is_loaded(case: Case, tmp_path: Path) -> None:
    config = case.declaration.C(**case.values)
    save(config, tmp_path)
    loaded = load(tmp_path)
    loaded.__xpm__.__unseal__()
    assert loaded == config
    assert loaded.__identifier__() == config.__identifier__()
    assert document(loaded) == document(config)


@LAW
@given(case=cases())
def test_instance_that_is_loaded_has_the_values_of_the_one_that_was_made(case: Case, tmp_path: Path) -> None:
    config = case.declaration.C(**case.values)
    save(config, tmp_path)
    loaded, made = load(tmp_path, as_instance=True), config.instance()
    assert all(plain(getattr(loaded, name)) == plain(getattr(made, name)) for name in case.values)


def plain(value: Any) -> Any:  # Any: a value of a user
    """A value in which all types show: Python says that True is 1."""
    if isinstance(value, Leaf):
        return ("leaf", value.size)
    if isinstance(value, list | tuple):
        return (type(value), [plain(item) for item in value])
    if isinstance(value, dict):
        return {plain_key(key): plain(item) for key, item in value.items()}
    return (type(value), value)


def plain_key(key: object) -> tuple[str, object]:
    return (repr(key), key)


@LAW
@given(case=cases())
def test_copies_are_equal(case: Case) -> None:
    config = case.declaration.C(**case.values)
    assert copyconfig(config) == config == config.copy()
    sealed = config.copy().seal()
    assert copyconfig(sealed) == sealed
    assert sealed.__identifier__() == config.__identifier__() == copyconfig(sealed).__identifier__()


@LAW
@given(case=cases())
def test_metadata_never_matter(case: Case) -> None:
    one, other = case.declaration.C(**case.values), case.declaration.C(log=3, **case.values)
    assert (one.__identifier__(), document(one)) == (other.__identifier__(), document(other))


@LAW
@given(case=cases())
def test_documents_differ_when_a_value_does(case: Case) -> None:
    one = case.declaration.C(**case.values)
    for name, value in case.others.items():
        other = copyconfig(one, **{name: value})
        same = canonical(getattr(one, name)) == canonical(getattr(other, name)) or holds_path_only(one, other)
        assert (document(one) == document(other)) is same


def canonical(value: Any) -> Any:  # Any: a value of a user
    if isinstance(value, Leaf):
        return ("leaf", value.size)
    if isinstance(value, list | tuple):
        return (type(value).__name__, [canonical(item) for item in value])
    if isinstance(value, set | frozenset):
        return (type(value).__name__, sorted(map(repr, map(canonical, value))))
    if isinstance(value, dict):
        return sorted((repr(canonical(key)), repr(canonical(item))) for key, item in value.items())
    return repr(value)


def holds_path_only(one: Any, other: Any) -> bool:  # Any: configurations of a class that is made up
    return all(
        argument.ignored or canonical(getattr(one, name)) == canonical(getattr(other, name))
        for name, argument in one.__xpm__.xpmtype.arguments.items()
    )
