"""Saving and loading: nothing is lost, and nothing is run that is not a configuration class."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from enum import Enum, Flag, IntEnum, StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experimaestro import (
    Config,
    DataPath,
    DependentMarker,
    InstanceConfig,
    LightweightTask,
    Meta,
    OptionalDataPath,
    Param,
    PathGenerator,
    RunMode,
    SerializationContext,
    Task,
    copyconfig,
    deserialize,
    field,
    from_state_dict,
    from_task_dir,
    load,
    save,
    sealed_set,
    serialize,
    setmeta,
    state_dict,
)
from experimaestro.core.context import SerializationConflictError, SerializedPath
from experimaestro.core.environment import Env
from experimaestro.core.loading import LoadingError, TaskStub
from experimaestro.core.serialization import parameters
from experimaestro.core.submission import SubmissionError


class Color(Enum):
    RED = "red"


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    YES = "yes"


class Mode(Flag):
    READ = 1
    WRITE = 2


class Item(Config):
    size: Param[int]
    log: Meta[str] = field(default="log")


class Anything(Config):
    __xpmid__ = "tests.anything"
    value: Param[Any]
    either: Param[list[int] | tuple[int, ...]]


class Values(Config):
    number: Param[int] = field(default=0)
    ratio: Param[float] = field(default=0.0)
    text: Param[str] = field(default="")
    path: Param[Path] = field(default=Path("a"))
    color: Param[Color] = field(default=Color.RED)
    level: Param[Level] = field(default=Level.LOW)
    word: Param[Word] = field(default=Word.YES)
    mode: Param[Mode] = field(default=Mode.READ)
    pair: Param[tuple[int, Path] | None] = field(default=None)
    points: Param[list[tuple[float, float]]] = field(default_factory=list)
    counts: Param[dict[int, str]] = field(default_factory=dict)
    colors: Param[dict[Color, set[int]]] = field(default_factory=dict)
    fixed: Param[frozenset[str]] = field(default_factory=frozenset)
    either: Param[int | str | Path | None] = field(default=None)
    anything: Param[Any] = field(default=None)
    items: Param[list[Item]] = field(default_factory=list)
    named: Param[dict[str, Item]] = field(default_factory=dict)
    chosen: Param[set[Item]] = field(default_factory=set)
    item: Param[Item | None] = field(default=None)


def roundtrip(config: Any, folder: Path, *, as_instance: bool = False) -> Any:
    save(config, folder)
    return load(folder, as_instance=as_instance)


texts = st.text(max_size=4) | st.sampled_from(["type", "python", "path"])
plain = st.none() | st.integers() | st.floats(allow_nan=False) | st.booleans() | texts
anything = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
items = st.builds(Item.C, size=st.integers(), log=texts)
values = st.fixed_dictionaries(
    {},
    optional={
        "number": st.integers(),
        "ratio": st.floats(allow_nan=False),
        "text": texts,
        "path": st.just(Path("/x/y")),
        "mode": st.sampled_from([Mode.READ, Mode.WRITE, Mode.READ | Mode.WRITE]),
        "pair": st.none() | st.tuples(st.integers(), st.just(Path("b"))),
        "points": st.lists(st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)), max_size=2),
        "counts": st.dictionaries(st.integers(), texts, max_size=3),
        "colors": st.dictionaries(st.sampled_from(Color), st.sets(st.integers(), max_size=2)),
        "fixed": st.frozensets(texts, max_size=2),
        "either": st.none() | st.integers() | texts | st.just(Path("c")),
        "anything": anything,
        "items": st.lists(items, max_size=2),
        "named": st.dictionaries(texts, items, max_size=2),
        "chosen": st.lists(items, max_size=2).map(lambda found: sealed_set(*found)),
        "item": st.none() | items,
    },
)


def described(value: Any) -> Any:
    """An instance, as plain values that can be compared."""
    match value:
        case Config():
            kept = {name: held for name, held in vars(value).items() if not name.startswith("__")}
            return {name: described(held) for name, held in kept.items()}
        case list() | tuple():
            return [type(value), *map(described, value)]
        case set() | frozenset():
            return [type(value), *sorted((described(item) for item in value), key=repr)]
        case dict():
            return [(described(key), described(item)) for key, item in value.items()]
        case _:
            return type(value), value


# --- What is loaded is what was saved


@settings(max_examples=60)
@given(values)
def test_configuration_is_loaded_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, given_values: dict[str, Any]
) -> None:
    config = Values.C(**given_values)
    loaded = roundtrip(config, tmp_path_factory.mktemp("saved"))
    assert copyconfig(loaded) == config
    assert loaded.__identifier__() == config.__identifier__() == copyconfig(loaded).__identifier__()


@settings(max_examples=60)
@given(values)
def test_instance_is_loaded_as_the_configuration_makes_it(
    tmp_path_factory: pytest.TempPathFactory, given_values: dict[str, Any]
) -> None:
    config = Values.C(**given_values)
    loaded = roundtrip(config, tmp_path_factory.mktemp("saved"), as_instance=True)
    assert described(loaded) == described(config.instance(keep=False))


@pytest.mark.parametrize("as_instance", [False, True])
def test_containers_that_no_type_tells_are_told_apart(tmp_path: Path, as_instance: bool) -> None:
    given: list[Any] = [(1, [2]), {"type": "x", "a": (frozenset({1}), {2})}, {(1, 2): ()}]
    found = roundtrip(Anything.C(value=given, either=(1,)), tmp_path, as_instance=as_instance)
    assert (found.value, found.either) == (given, (1,))


def test_shared_objects_stay_shared(tmp_path: Path) -> None:
    item = Item.C(size=1)
    for as_instance in (False, True):
        loaded = roundtrip(Values.C(item=item, items=[item]), tmp_path, as_instance=as_instance)
        assert loaded.item is loaded.items[0]


class Node(Config):
    other: Param[Node | None] = field(default=None)


def test_cycles_are_loaded(tmp_path: Path) -> None:
    first = Node.C()
    first.other = Node.C(other=first)
    for as_instance in (False, True):
        loaded = roundtrip(first, tmp_path, as_instance=as_instance)
        assert loaded.other.other is loaded


def test_meta_flags_are_kept(tmp_path: Path) -> None:
    items = [setmeta(Item.C(size=1), flag) for flag in (True, False, None)]
    loaded = roundtrip(Values.C(items=items), tmp_path)
    assert [item.__xpm__.meta for item in loaded.items] == [True, False, None]


def test_loaded_configuration_is_sealed_and_keeps_its_identifier(tmp_path: Path) -> None:
    save(Item.C(size=1), tmp_path)
    text = (tmp_path / "experimaestro.json").read_text()
    former = Item.C(size=1).__identifier__().hex()
    (tmp_path / "experimaestro.json").write_text(text.replace(former, "ab" * 32))
    loaded = load(tmp_path)
    assert loaded.__identifier__().hex() == "ab" * 32
    with pytest.raises(AttributeError, match="read-only"):
        loaded.size = 2


def test_loaded_values_know_it(tmp_path: Path) -> None:
    loaded = roundtrip(Item.C(size=1), tmp_path)
    assert str(loaded.__xpm__.provenance_of("size").location) == "<loaded>"


def test_structures_of_configurations_are_saved(tmp_path: Path) -> None:
    item = Item.C(size=1)
    loaded = roundtrip({"one": item, "others": [item, {"deep": Item.C(size=2)}], "note": 3}, tmp_path)
    assert loaded["one"] is loaded["others"][0]
    assert (loaded["others"][1]["deep"].size, loaded["note"]) == (2, 3)


def test_all_roots_are_loaded_as_instances(tmp_path: Path) -> None:
    loaded = roundtrip([Item.C(size=1), Item.C(size=2)], tmp_path, as_instance=True)
    assert [item.size for item in loaded] == [1, 2]


def test_bare_value_is_not_saved() -> None:
    with pytest.raises(TypeError, match=r"found 3 \(int\), expected a configuration"):
        state_dict(SerializationContext(), 3)


def test_state_goes_through_json() -> None:
    state = json.loads(json.dumps(state_dict(SerializationContext(), [Item.C(size=1)])))
    assert from_state_dict(state)[0].size == 1


def test_configuration_is_saved_alone_too(tmp_path: Path) -> None:
    item = Item.C(size=3)
    item.__xpm__.serialize(tmp_path)
    assert isinstance(json.loads((tmp_path / "experimaestro.json").read_text()), list)
    assert item.__xpm__.deserialize(tmp_path).size == load(tmp_path).size == 3
    assert [found.size for found in item.__xpm__.load_objects(json.loads(item.__json__())).values()] == [3]


def test_former_name_of_the_file_is_found(tmp_path: Path) -> None:
    save(Item.C(size=1), tmp_path, "definition.json")
    assert load(tmp_path).size == 1


class Remembers(LightweightTask):
    value: Param[Item]

    def execute(self) -> None:
        self.value.log = "restored"


def test_initialization_tasks_are_run_when_an_instance_is_wanted(tmp_path: Path) -> None:
    item = Item.C(size=1)
    serialize(item, tmp_path, init_tasks=[Remembers.C(value=item)])
    config, init_tasks = deserialize(tmp_path)
    assert init_tasks[0].value is config
    assert deserialize(tmp_path, as_instance=True).log == "restored"


# --- Classes that changed


class Changed(Config):
    size: Param[int] = field(default=7)
    fresh: Param[list[Item]] = field(default=[Item.C(size=4)])


def test_parameter_that_is_gone_is_left_out_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    state = state_dict(SerializationContext(), Changed.C())
    state["objects"][-1]["fields"]["gone"] = 3
    assert from_state_dict(state).size == 7
    assert "has no parameter 'gone' any more" in caplog.text


def test_parameter_that_is_new_gets_its_default() -> None:
    state = state_dict(SerializationContext(), Changed.C(size=1))
    state["objects"][-1]["fields"] = {"size": 1}
    assert from_state_dict(state).fresh[0].size == 4
    instance = from_state_dict(state, as_instance=True)
    assert not isinstance(instance.fresh[0], Item.C)
    assert instance.fresh[0].size == 4


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"module": "no.such.module"}, "no module named 'no"),
        ({"type": "Itm"}, "Itm is not in module .*did you mean 'Item'"),
        ({"type": "Color"}, "does not derive from Config: it is not loaded"),
        ({"module": "os", "type": "_Environ"}, "does not derive from Config: it is not loaded"),
        ({"module": "os", "type": "system"}, "os.system is no class"),
        ({"fields": {"size": {"type": "unheard", "value": 1}}}, "found a value of type 'unheard'"),
        ({"fields": {"size": {"type": "enum", "module": "os", "enum": "_Environ", "value": "a"}}}, "is no enumeration"),
        (
            {"fields": {"size": {"type": "enum", "module": __name__, "enum": "Color", "value": "RDE"}}},
            "did you mean 'RED'",
        ),
    ],
)
def test_what_cannot_be_loaded_is_refused(change: dict[str, Any], expected: str) -> None:
    state = state_dict(SerializationContext(), Item.C(size=1))
    state["objects"][-1].update(change)
    with pytest.raises(LoadingError, match=expected):
        from_state_dict(state)


# --- Data


class Weights(Config):
    data: DataPath
    more: OptionalDataPath = field(default=None)


class Holder(Config):
    weights: Param[list[Weights]]


def test_data_are_saved_with_the_configuration(tmp_path: Path) -> None:
    source, saved, moved = tmp_path / "source", tmp_path / "saved", tmp_path / "moved"
    (source / "folder").mkdir(parents=True)
    (source / "folder/a.txt").write_text("a")
    (source / "b.txt").write_text("b")
    saved.mkdir()
    save(Holder.C(weights=[Weights.C(data=source / "folder", more=source / "b.txt")]), saved)
    saved.rename(moved)
    weights = load(moved, as_instance=True).weights[0]
    assert (weights.data, weights.more) == (moved / "weights/0/data", moved / "weights/0/more")
    assert ((weights.data / "a.txt").read_text(), weights.more.read_text()) == ("a", "b")


class Renamed(Config):
    data: DataPath

    def __xpm_serialize__(self, context: SerializationContext) -> dict[str, SerializedPath]:
        extra = context.serialize([*context.var_path, "extra.bin"], self.data, self)
        return {**super().__xpm_serialize__(context), "extra": extra}


def test_more_data_may_be_saved(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "saved").mkdir()
    save(Renamed.C(data=tmp_path / "a"), tmp_path / "saved")
    assert (tmp_path / "saved/extra.bin").read_text() == "a"
    assert load(tmp_path / "saved", as_instance=True).extra == tmp_path / "saved/extra.bin"
    assert load(tmp_path / "saved").data == tmp_path / "saved/data"


def test_data_of_two_parameters_are_not_mixed(tmp_path: Path) -> None:
    context = SerializationContext(save_directory=tmp_path)
    (tmp_path / "a").write_text("a")
    context.serialize(["x"], tmp_path / "a", None)
    with pytest.raises(SerializationConflictError, match="Serialization path conflict"):
        context.serialize(["x"], tmp_path / "a", None)


def test_paths_may_be_resolved_by_a_function(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "saved").mkdir()
    save(Weights.C(data=tmp_path / "a"), tmp_path / "saved")
    asked: list[Any] = []

    def fetch(wanted: Any) -> Path:
        asked.append(wanted)
        return tmp_path / "saved" / (wanted.path if isinstance(wanted, SerializedPath) else wanted)

    assert load(fetch).data == tmp_path / "saved/data"
    assert asked == ["experimaestro.json", SerializedPath(Path("data"), False)]


# --- Tasks


class Model(Config):
    size: Param[int]


class Learn(Task):
    item: Param[Item]
    start: Param[Model | None] = field(default=None)
    out: Meta[Path] = field(default_factory=PathGenerator("out"))

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(Model.C(size=1))

    def execute(self) -> None: ...


def job_of(task: Task, workspace: Path, init_tasks: Sequence[LightweightTask] = ()) -> Path:
    """The directory of a job, with its parameters."""
    task.submit(run_mode=RunMode.DRY_RUN, init_tasks=init_tasks)
    directory = workspace / task.jobpath
    directory.mkdir(parents=True)
    described = parameters(task, directory, workspace, "3.0")
    (directory / "params.json").write_text(json.dumps(described))
    return directory


def test_task_is_loaded_from_its_directory(tmp_path: Path) -> None:
    directory = job_of(Learn.C(item=Item.C(size=3)), tmp_path)
    config, instance = from_task_dir(directory), from_task_dir(directory, as_instance=True)
    assert (config.item.size, instance.item.size) == (3, 3)
    assert (instance.__xpmidentifier__.hex(), instance.__xpmtypename__) == (directory.name, f"{__name__}.Learn")
    assert config.jobpath == directory
    assert Env.instance().taskpath is None


def test_loaded_task_is_not_submitted_again(tmp_path: Path) -> None:
    task = from_task_dir(job_of(Learn.C(item=Item.C(size=3)), tmp_path))
    with pytest.raises(SubmissionError, match="already submitted"):
        task.submit(run_mode=RunMode.DRY_RUN)


def test_task_that_an_output_comes_from_is_named_only(tmp_path: Path) -> None:
    model = Learn.C(item=Item.C(size=1)).submit(run_mode=RunMode.DRY_RUN)
    task = Learn.C(item=Item.C(size=2), start=model)
    objects = json.loads((job_of(task, tmp_path) / "params.json").read_text())["objects"]
    assert [(found["type"], found.get("stub", False)) for found in objects] == [
        *(("Learn", True), ("Item", False), ("Model", False), ("Learn", False))
    ]


def test_origin_of_a_saved_output_is_named_when_instances_are_wanted(tmp_path: Path) -> None:
    model = Learn.C(item=Item.C(size=1)).submit(run_mode=RunMode.DRY_RUN)
    loaded = roundtrip(model, tmp_path)
    assert loaded.__xpm__.task.item.size == 1
    stubbed = load(tmp_path, partial_loading=True)
    assert (stubbed.size, stubbed.__xpm__.task) == (1, None)
    assert repr(TaskStub("0123456789", "a.B")) == "TaskStub(a.B/01234567)"


def test_parameters_of_the_future_are_refused(tmp_path: Path) -> None:
    (tmp_path / "params.json").write_text('{"version": 4, "objects": []}')
    with pytest.raises(LoadingError, match=re.escape("has version 4, the newest known is 3: upgrade experimaestro")):
        from_task_dir(tmp_path)


def test_truncated_file_is_refused_with_its_position(tmp_path: Path) -> None:
    (tmp_path / "params.json").write_text('{"version": 3, "obj')
    with pytest.raises(LoadingError, match=r"params.json:1:16: this is no JSON"):
        from_task_dir(tmp_path)


def test_former_parameters_are_read(tmp_path: Path) -> None:
    former = {
        "workspace": str(tmp_path),
        "version": 2,
        "tags": {"a": 1},
        "objects": [
            {
                "id": 140213,
                "module": __name__,
                "type": "Item",
                "typename": f"{__name__}.Item",
                "identifier": "12" * 32,
                "fields": {"size": 5, "log": "a"},
            },
            {
                "id": 140214,
                "module": __name__,
                "type": "Values",
                "typename": f"{__name__}.Values",
                "identifier": "34" * 32,
                "fields": {
                    "path": {"type": "path", "value": "/a/b"},
                    "color": {"type": "enum", "module": __name__, "enum": "Color", "value": "RED"},
                    "level": 1,
                    "word": "yes",
                    "counts": {"3": "c"},
                    "pair": [1, {"type": "path", "value": "p"}],
                    "chosen": {"type": "set", "items": [{"type": "python", "value": 140213}]},
                    "item": {"type": "python", "value": 140213},
                },
            },
        ],
    }
    (tmp_path / "params.json").write_text(json.dumps(former))
    found = from_task_dir(tmp_path)
    assert (found.path, found.color, found.level, found.word) == (Path("/a/b"), Color.RED, Level.LOW, Word.YES)
    assert (found.counts, found.pair, found.chosen) == ({3: "c"}, (1, Path("p")), {found.item})


# --- Modules


MODULE = """
from enum import Enum
from experimaestro import Config, Param, field
print("executed")
class Color(Enum):
    RED = 1
class Item(Config):
    size: Param[int]
class Holder(Config):
    items: Param[list[Item]] = field(default_factory=list)
    color: Param[Color] = field(default=Color.RED)
@Item.value_class()
class RealItem(Item):
    def double(self): return self.size * 2
if __name__ == "__main__":
    import sys
    from experimaestro import save
    save(Holder.C(items=[Item.C(size=1), Item.C(size=2)]), sys.argv[1])
"""


def python(*arguments: str | Path, folder: Path) -> str:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_objects_of_a_script_are_loaded_elsewhere_and_it_runs_once(tmp_path: Path) -> None:
    scripts, elsewhere = tmp_path / "scripts", tmp_path / "elsewhere"
    scripts.mkdir()
    elsewhere.mkdir()
    (scripts / "script.py").write_text(MODULE)
    python(scripts / "script.py", elsewhere, folder=scripts)
    for as_instance, values in ((False, "item.size"), (True, "item.double()")):
        code = f"from experimaestro import load\nfound = load('.', {as_instance})\nprint([{values} for item in found.items])"
        printed = python("-c", code, folder=elsewhere).split("\n")
        assert printed[:2] == ["executed", "[1, 2]" if not as_instance else "[2, 4]"]


VALUES = """
from light import Item
@Item.value_class()
class RealItem(Item):
    def double(self): return self.size * 2
"""


def test_value_given_another_module_is_loaded(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "light.py").write_text(MODULE.split("@Item")[0].replace('print("executed")', ""))
    (package / "heavy.py").write_text(VALUES)
    save_it = (
        "import heavy\nfrom light import *\nfrom experimaestro import save\nsave(Holder.C(items=[Item.C(size=2)]), '.')"
    )
    python("-c", save_it, folder=package)
    python("-c", "from experimaestro import load\nassert load('.', True).items[0].double() == 4", folder=package)
    reload = "import sys, light\nfrom experimaestro import load\nassert type(load('.').items[0]) is light.Item.C"
    python("-c", f"{reload}\nassert 'heavy' not in sys.modules", folder=package)


class Shared(InstanceConfig):
    size: Param[int]


def test_loading_an_instance_configuration_keeps_identities(tmp_path: Path) -> None:
    class Two(Config):
        one: Param[Shared]

    shared = [Shared.C(size=1), Shared.C(size=1)]
    loaded = roundtrip([shared[0], shared[1], shared[0]], tmp_path)
    assert loaded[0] is loaded[2] is not loaded[1]
