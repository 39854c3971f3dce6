"""Configurations (`Config`, `Task`) in YAML files."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration.configs import type_name
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import ConfigurationTree, MappingNode
from experimaestro.core.annotations import Choices, Constant, Meta, Param, field
from experimaestro.core.config import Config, Task
from experimaestro.core.generators import PathGenerator
from experimaestro.core.names import Identifier
from experimaestro.structuring import structure, unstructure

T = TypeVar("T")


class Speed(Enum):
    FAST = "fast"
    SLOW = "slow"


class Optimizer(Config):
    lr: Param[float]


class Sgd(Optimizer):
    __xpmid__ = Identifier("tests").sgd
    momentum: Param[float] = field(default=0.9)


class Adam(Optimizer):
    betas: Param[tuple[float, float]] = field(default=(0.9, 0.999))


class Layer(Config):
    size: Param[int]
    kind: Param[Literal["dense", "sparse"]] = field(default="dense")


class Model(Config):
    version: Constant[int] = 1
    layers: Param[list[Layer]]
    speed: Param[Speed | None] = field(default=None)
    optimizer: Param[Optimizer | None]
    names: Param[dict[str, int]] = field(default_factory=dict)
    data: Meta[Path] = field(default=Path("/data"))
    output: Meta[Path] = field(default_factory=PathGenerator("out"))


class Prior(Config, ABC):
    @abstractmethod
    def draw(self) -> float: ...


class Normal(Prior):
    mean: Param[float] = field(default=0.0)

    def draw(self) -> float:
        return self.mean


class Box(Config, Generic[T]):
    item: Param[T]


class Learn(Task):
    model: Param[Model]


class Evaluate(Config):
    learn: Param[Learn]
    metric: Param[str] = field(default="accuracy")


class Compare(Config):
    learns: Param[list[Learn]]
    best: Param[Learn | None]
    by_name: Param[dict[str, Learn]] = field(default_factory=dict)


class Trained(Model, Task):
    __xpmid__ = "tests.trained"


class Score(Config):
    model: Param[Model]


class Picky(Config):
    word: Param[str]

    def __validate__(self) -> None:
        raise AssertionError("only called when the configuration is sealed")


def tree_of(text: str, directory: Path = Path("/plans")) -> ConfigurationTree:
    root = read(text, "conf/a.yaml")
    assert isinstance(root, MappingNode)
    return ConfigurationTree(Path("conf/a.yaml"), root, directory)


def structured(kind: Any, text: str) -> Any:  # Any: annotations and values of all types
    cls = attrs.make_class("Holder", {"field": attrs.field(type=kind)})
    return structure(tree_of(f"field:\n  {text}\n"), cls).field


def message_of(kind: Any, text: str) -> str:  # Any: annotations
    with pytest.raises(ConfigurationError) as caught:
        structured(kind, text)
    return str(caught.value)


def test_a_mapping_is_a_configuration_with_what_it_contains() -> None:
    found = structured(Model, "{layers: [{size: 3}, {size: 4, kind: sparse}], speed: FAST, names: {a: 1}}")
    expected = Model.C(
        layers=[Layer.C(size=3), Layer.C(size=4, kind="sparse")], speed=Speed.FAST, optimizer=None, names={"a": 1}
    )
    assert found == expected
    assert str(found.__xpm__.identifier) == str(expected.__xpm__.identifier)


def test_a_path_is_relative_to_the_file_that_wrote_it() -> None:
    assert structured(Model, "{layers: [], data: ../a}").data == Path("/plans/a")


def test_a_configuration_says_where_it_was_written() -> None:
    assert structured(Layer, "{size: 3}").__xpm__.where() == "/plans/conf/a.yaml:2"


@pytest.mark.parametrize("name", [type_name(Sgd), "tests.sgd", "tests.SGD"])
def test_a_subclass_is_chosen_by_class_or_identifier(name: str) -> None:
    assert structured(Optimizer, f"{{$type: '{name}', lr: 0.1}}") == Sgd.C(lr=0.1, momentum=0.9)


def test_the_class_of_a_parameter_is_chosen_too() -> None:
    found = structured(Model, f"{{layers: [], optimizer: {{$type: '{type_name(Adam)}', lr: 1, betas: [0.5, 1]}}}}")
    assert found.optimizer == Adam.C(lr=1.0, betas=(0.5, 1.0))


def test_a_module_is_imported_for_the_class_it_defines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from experimaestro import Config\nclass Outer:\n  class Inner(Config): pass\n"
    (tmp_path / "library_of_configurations.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    found = structured(Config, "{$type: 'library_of_configurations:Outer.Inner'}")
    assert type(found).__qualname__ == "Outer.Inner.XPMConfig"


def test_a_generic_configuration_has_its_arguments() -> None:
    assert structured(Box[int], "{item: 3}").item == 3
    assert structured(Box, "{item: [a]}").item == ["a"]
    assert structured(Box[Layer], "{item: {size: 1}}").item == Layer.C(size=1)


def test_a_task_is_not_submitted() -> None:
    assert structured(Learn, "{model: {layers: []}}") == Learn.C(model=Model.C(layers=[], optimizer=None))


def test_a_parameter_that_holds_a_task_is_left_to_the_plan() -> None:
    found = structured(Evaluate, "{metric: f1}")
    assert (found.metric, "learn" in found.__xpm__.values) == ("f1", False)
    assert structured(Compare, "{}").by_name == {}
    assert structured(Compare, "{learns: [], best: null}").learns == []


@pytest.mark.parametrize(
    ("kind", "text", "where"),
    [
        (Evaluate, "{learn: {model: {layers: []}}}", "2:11: field.learn"),
        (Compare, "{learns: [{model: {layers: []}}]}", "2:13: field.learns.0"),
        (Compare, "{by_name: {a: {model: {layers: []}}}}", "2:17: field.by_name.a"),
        (Compare, "{best: {model: {layers: []}}}", "2:10: field.best"),
        (Box[Learn], "{item: {model: {layers: []}}}", "2:10: field.item"),
        (Score, "{model: {$type: tests.trained, layers: []}}", "2:11: field.model"),
    ],
)
def test_a_task_that_is_not_submitted_cannot_be_a_parameter(kind: type[Config], text: str, where: str) -> None:
    message = "found a task, which only the plan can submit: leave this out, and set it in the plan"
    assert message_of(kind, text) == f"conf/a.yaml:{where}: {message}"


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (Layer, "3", "conf/a.yaml:2:3: field: found 3, expected mapping (Layer)"),
        (Layer, "{}", "conf/a.yaml:2:3: field.size: missing, expected int"),
        (Layer, "{szie: 3}", "conf/a.yaml:2:4: field.szie: unknown key; did you mean 'size'?"),
        (Layer, "{size: 3, kind: dens}", "conf/a.yaml:2:19: field.kind: found 'dens', expected one of 'dense', 'sparse'; did you mean 'dense'?"),
        (Layer, "{size: '3'}", "conf/a.yaml:2:10: field.size: found '3', expected int (remove the quotes)"),
        (Layer, "{size: }", "conf/a.yaml:2:10: field.size: found null, expected int"),
        (Model, "{layers: [{size: a}, {sise: 3}]}", "conf/a.yaml:2:20: field.layers.0.size: found 'a', expected int\nconf/a.yaml:2:25: field.layers.1.sise: unknown key; did you mean 'size'?"),
        (Model, "{layers: [], version: 2}", "conf/a.yaml:2:16: field.version: cannot be set: it is constant in Model"),
        (Model, "{layers: [], output: x}", "conf/a.yaml:2:16: field.output: cannot be set: it is generated in Model"),
        (Optimizer, "{$type: tests.sdg, lr: 1}", "conf/a.yaml:2:11: field.$type: found 'tests.sdg', expected the identifier of a class or module:Class; did you mean 'tests.sgd'?"),
        (Optimizer, f"{{$type: '{type_name(Layer)}', lr: 1}}", f"conf/a.yaml:2:11: field.$type: found '{type_name(Layer)}', which is no subclass of Optimizer"),
        (Optimizer, "{$type: 'os:path', lr: 1}", "conf/a.yaml:2:11: field.$type: found 'os:path', which is no subclass of Optimizer"),
        (Optimizer, "{$type: 'no.such:Class', lr: 1}", "conf/a.yaml:2:11: field.$type: the module 'no.such' cannot be imported: ModuleNotFoundError: No module named 'no'"),
        (Optimizer, "{$type: 3, lr: 1}", "conf/a.yaml:2:11: field.$type: found 3, expected str (quote it)"),
        (Prior, "{}", f"conf/a.yaml:2:3: field: $type is missing, expected one of the classes of Prior ({type_name(Normal)})"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(kind: type[Config], text: str, message: str) -> None:
    found = message_of(kind, text)
    near = re.sub(r"; did you mean .*| \(known: .*", "", found) if "did you mean" not in message else found
    assert near == message


def test_choices_are_checked_where_the_value_is() -> None:
    class Choosing(Config):
        __xpmid__ = "tests.choosing"
        word: Annotated[str, Choices(["a", "b"])]

    assert message_of(Choosing, "{word: c}") == "conf/a.yaml:2:10: field.word: found 'c', expected one of 'a', 'b'"


def test_the_rules_of_a_class_wait_until_it_is_sealed() -> None:
    assert structured(Picky, "{word: a}").word == "a"


def test_the_output_of_a_task_has_no_form_in_a_file() -> None:
    learn = Learn.C(model=Model.C(layers=[], optimizer=None))
    learn.__xpm__.task = learn
    with pytest.raises(TypeError, match="output of a task"):
        unstructure(learn)


LAYERS = st.builds(
    lambda size, kind: Layer.C(size=size, kind=kind), st.integers(), st.sampled_from(["dense", "sparse"])
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
OPTIMIZERS = (
    st.builds(lambda lr, momentum: Sgd.C(lr=lr, momentum=momentum), FLOATS, FLOATS)
    | st.builds(lambda lr, betas: Adam.C(lr=lr, betas=betas), FLOATS, st.tuples(FLOATS, FLOATS))
    | st.builds(lambda lr: Optimizer.C(lr=lr), FLOATS)
)
MODELS = st.builds(
    lambda **values: Model.C(**values),
    layers=st.lists(LAYERS, max_size=3),
    speed=st.none() | st.sampled_from(Speed),
    optimizer=st.none() | OPTIMIZERS,
    names=st.dictionaries(st.text("ab"), st.integers()),
    data=st.text("abc/").map(lambda name: Path(f"/x{name}")),
)


@given(MODELS)
def test_what_is_unstructured_is_structured_again(model: Model) -> None:
    cls = attrs.make_class("Holder", {"field": attrs.field(type=Model)})
    text = json.dumps({"field": unstructure(model)})
    found = structure(tree_of(text), cls).field
    assert unstructure(found) == unstructure(model)
    assert found == model
