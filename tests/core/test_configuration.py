"""Building, reading, comparing and copying configurations."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from typing import Annotated, Any

import pytest

from experimaestro import (
    Choices,
    Config,
    Constant,
    DependentMarker,
    InstanceConfig,
    Meta,
    Param,
    RunMode,
    Task,
    copyconfig,
    field,
    sealed_set,
    setmeta,
    stop_tags,
    tag,
    tags,
    tagspath,
)
from experimaestro.core.assignment import (
    ReadOnlyError,
    UnknownAttributeError,
    UnknownParameterError,
    UnsetParameterError,
)
from experimaestro.core.checking import InvalidParameterError
from experimaestro.core.composition import CompositionError
from experimaestro.core.configured import PositionalArgumentError
from experimaestro.core.copies import NotAConfigurationError, clone
from experimaestro.core.state import ValueOrigin


class Layer(Config):
    size: Param[int]
    bias: Param[bool] = field(default=True)


class Model(Config):
    first: Param[Layer | None] = field(default=None)
    layers: Param[list[Layer]] = field(default_factory=list)
    named: Param[dict[str, Layer]] = field(default_factory=dict)
    rate: Param[float] = field(default=0.1)
    log: Meta[str] = field(default="log")
    version: Constant[int] = 2

    note: str = ""

    @property
    def double(self) -> float:
        return self.rate * 2

    @double.setter
    def double(self, value: float) -> None:
        self.rate = value / 2


class Pair(Config):
    left: Param[Layer]
    right: Param[Layer]


class Node(Config):
    other: Param[Node | None] = field(default=None)
    size: Param[int] = field(default=1)


def cycle() -> Node:
    first = Node.C()
    first.other = Node.C(other=first)
    return first


# --- Building


def test_values_are_given_by_keyword_only() -> None:
    with pytest.raises(
        PositionalArgumentError,
        match=re.escape("Layer.C(...) takes keywords only, found 3 (int): write Layer.C(size=...)"),
    ):
        Layer.C(3)  # type: ignore[call-arg]  # the subject of the test


def test_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownParameterError, match=r"'siz' is not a parameter of .*Layer .*did you mean 'size'\?"):
        Layer.C(siz=3)  # type: ignore[call-arg]  # the subject of the test


def test_instance_takes_no_parameter() -> None:
    with pytest.raises(TypeError, match=re.escape("write Layer.C(...)")):
        Layer(size=3)


def test_none_is_no_value_of_a_required_parameter() -> None:
    with pytest.raises(AttributeError, match="Cannot set required parameter 'size'"):
        Layer.C(size=None)  # type: ignore[arg-type]  # the subject of the test


def test_constant_is_not_given() -> None:
    with pytest.raises(ReadOnlyError, match="Property version is read-only: it is constant"):
        Model.C(version=3)


# --- Attributes


def test_unset_parameter_cannot_be_read() -> None:
    with pytest.raises(
        UnsetParameterError, match=r"parameter 'size' of .*Layer \(built at .*py:\d+\): it has no value yet"
    ):
        print(Layer.C().size)  # type: ignore[call-arg]  # the subject of the test
    assert issubclass(UnsetParameterError, KeyError)


def test_assignment_is_checked_as_construction() -> None:
    with pytest.raises(InvalidParameterError, match="found 'a'"):
        Layer.C(size=1).size = "a"  # type: ignore[assignment]  # the subject of the test


def test_misspelt_attribute_is_refused() -> None:
    with pytest.raises(UnknownAttributeError, match="no parameter nor attribute 'rat'; did you mean 'rate'"):
        Model.C().rat = 0.1  # type: ignore[attr-defined]  # the subject of the test


def test_annotated_private_and_property_attributes_are_set() -> None:
    model = Model.C()
    model.note, model.double = "a", 0.4
    model.__anything__ = 1  # type: ignore[attr-defined]  # clients keep their own marks
    assert (model.note, model.rate) == ("a", 0.2)


def test_parameter_may_have_the_name_of_a_method_of_configurations() -> None:
    class Named(Config):
        tags: Param[list[str]]  # type: ignore[assignment]  # the subject of the test
        copy: Param[int]  # type: ignore[assignment]  # idem

    named = Named.C(tags=["a"], copy=3)
    assert (named.tags, named.copy) == (["a"], 3)


def test_provenance_of_a_value() -> None:
    layer = Layer.C(size=1)
    explicit, default = (layer.__xpm__.provenance_of(name) for name in ("size", "bias"))
    assert explicit is not None
    assert default is not None
    assert explicit.location == default.location
    assert re.search(r"test_configuration.py:\d+$", explicit.location)
    assert (explicit.kind, default.kind) == (ValueOrigin.EXPLICIT, ValueOrigin.DEFAULT)


# --- Equality and text


def test_configurations_of_one_class_are_equal_when_their_values_are() -> None:
    assert Layer.C(size=1) == Layer.C(size=1)
    assert Layer.C(size=1) != Layer.C(size=2)
    assert Layer.C(size=1) != Node.C(size=1)
    assert Model.C(layers=[Layer.C(size=1)]) == Model.C(layers=[Layer.C(size=1)])


def test_metadata_count_in_equality_until_sealed() -> None:
    one, other = Model.C(log="a"), Model.C(log="b")
    assert one != other
    assert one.seal() == other.seal()


def test_cycles_are_compared() -> None:
    assert cycle() == cycle()
    other = cycle()
    assert other.other is not None
    other.other.size = 2
    assert cycle() != other


def test_text_is_cut_at_some_depth() -> None:
    text = str(Node.C(other=Node.C(other=Node.C(other=Node.C()))))
    assert text == f"{__name__}.Node(other=Node(other=Node(other=Node(...), size=1), size=1), size=1)"
    assert "..." in str(cycle())


# --- Composition


def test_composition_sets_the_only_parameter_of_the_class() -> None:
    assert (Model.C() @ Layer.C(size=3)).first == Layer.C(size=3)
    assert (Node.C() @ Node.C(size=2)).other == Node.C(size=2)


def test_composition_needs_one_candidate() -> None:
    with pytest.raises(CompositionError, match="Ambiguous composition: left, right of"):
        Pair.C() @ Layer.C(size=1)  # type: ignore[call-arg]  # the subject of the test
    with pytest.raises(CompositionError, match="No parameter of"):
        Layer.C(size=1) @ Model.C()
    with pytest.raises(TypeError, match="unsupported operand"):
        Model.C() @ 3  # type: ignore[operator]  # the subject of the test


# --- Copies


def test_shallow_copy_shares_configurations_not_containers() -> None:
    layer = Layer.C(size=1)
    model = Model.C(first=layer, layers=[layer])
    copied = copyconfig(model, rate=0.5)
    copied.layers.append(Layer.C(size=2))
    assert copied.first is layer
    assert (copied.rate, len(model.layers)) == (0.5, 1)


def test_copies_keep_values_with_a_computed_default() -> None:
    model = Model.C(layers=[Layer.C(size=1)])
    assert copyconfig(model) == model == model.copy() == clone(model)


def test_copies_drop_tags_flags_and_the_seal() -> None:
    model = setmeta(Model.C(rate=tag(0.2)), True).seal()
    for copied in (copyconfig(model), model.copy()):
        assert (copied.tags(), copied.__xpm__.meta, copied.__xpm__.sealed) == ({}, None, False)


@pytest.mark.parametrize("copied", [copyconfig, lambda config: config.copy()])
def test_copies_of_what_is_sealed_are_equal(copied: Callable[[Any], Any]) -> None:
    class Lists(Config):
        lists: Param[list[list[int]]]
        pair: Param[tuple[int, list[int]]]
        names: Param[set[str]]

    config = Lists.C(lists=[[1]], pair=(1, [2]), names={"a"}).seal()
    assert copied(config) == config
    assert "names={'a'}" in str(config)


class Produced(Config):
    size: Param[int]


class Produce(Task):
    layer: Param[Layer]

    def task_outputs(self, dep: DependentMarker) -> Produced:
        return dep(Produced.C(size=self.layer.size))

    def execute(self) -> None: ...


def test_the_copy_of_a_submitted_task_is_another_task() -> None:
    task = Produce.C(layer=Layer.C(size=1))
    task.submit(run_mode=RunMode.DRY_RUN)
    copied = task.copy()
    copied.layer.size = 2
    copied.submit(run_mode=RunMode.DRY_RUN)
    assert task.layer.size == 1
    assert copied.__xpm__.identifier != task.__xpm__.identifier


def test_the_copy_of_an_output_needs_the_task_and_can_change() -> None:
    output = Produce.C(layer=Layer.C(size=1)).submit(run_mode=RunMode.DRY_RUN)
    copied = output.copy()
    copied.size = 3
    assert output.size == 1
    assert copied.__xpm__.dependencies == [output.__xpm__.task]


def test_deep_copy_keeps_sharing_and_cycles() -> None:
    layer = Layer.C(size=1)
    copied = Model.C(first=layer, layers=[layer]).copy()
    assert copied.first is copied.layers[0] is not layer
    looped = cycle().copy()
    assert looped.other is not None
    assert looped.other.other is looped


def test_deep_copy_keeps_sets_of_sealed_configurations() -> None:
    class Group(Config):
        layers: Param[set[Layer]]

    group = Group.C(layers=sealed_set(Layer.C(size=1)))
    assert group.copy() == group


def test_copy_takes_parameters_only() -> None:
    with pytest.raises(UnknownParameterError, match="did you mean 'rate'"):
        copyconfig(Model.C(), rat=3)
    with pytest.raises(NotAConfigurationError, match=re.escape("write Layer.C(...)")):
        copyconfig(Layer(), size=3)  # type: ignore[call-arg]  # the subject of the test


def test_copy_may_change_a_constant() -> None:
    assert copyconfig(Model.C(), version=3).version == 3


def test_configuration_survives_pickle() -> None:
    model = Model.C(layers=[Layer.C(size=1)])
    assert pickle.loads(pickle.dumps(model)) == model


# --- Meta flags and tags


def test_meta_flag_is_settled_by_sealing() -> None:
    with pytest.raises(AssertionError, match="its meta flag is settled"):
        setmeta(Layer.C(size=1).seal(), True)


def test_tags_are_collected_from_the_configuration_and_below() -> None:
    model = Model.C(rate=tag(0.2), layers=[Layer.C(size=tag(3))]).tag("name", "a/b")
    assert tags(model) == {"name": "a/b", "rate": 0.2, "size": 3}
    assert tagspath(model) == "name=a-b_rate=0.2_size=3"
    assert hash(tags(model)) == hash(model.tags())
    assert model.rate == 0.2


def test_tags_can_be_stopped() -> None:
    model = Model.C(first=stop_tags(Layer.C(size=tag(3))), rate=tag(stop_tags(0.3)))
    assert tags(model) == {"rate": 0.3}


def test_outer_tag_wins_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    model = Model.C(first=Layer.C(size=tag(1))).tag("size", 2)
    assert tags(model) == {"size": 2}
    assert re.search(r"tag 'size' has two values: 1 \(.*py:\d+\) and 2", caplog.text)


def test_tags_are_read_only() -> None:
    with pytest.raises(TypeError, match="read-only"):
        tags(Layer.C(size=tag(1)))["size"] = 2


# --- Checks


def test_choices_are_checked() -> None:
    with pytest.raises(InvalidParameterError, match=r"found 'c' .*expected one of 'a', 'b'"):
        Letter.C(letter="c")


class Letter(Config):
    letter: Annotated[str, Choices(["a", "b"])]


def test_instance_configurations_differ_by_identity() -> None:
    class Shared(InstanceConfig):
        size: Param[int]

    class Two(Config):
        one: Param[Shared]
        other: Param[Shared]

    shared = Shared.C(size=1)
    same, different = Two.C(one=shared, other=shared), Two.C(one=shared, other=Shared.C(size=1))
    assert same.__identifier__() != different.__identifier__()
