"""From annotations to parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar, Union

import numpy as np
import pytest

from experimaestro import (
    Choices,
    Config,
    Constant,
    DataPath,
    Identifier,
    Meta,
    OptionalDataPath,
    Param,
    PathGenerator,
    field,
    help,  # noqa: A004  (a public name)
    pathgenerator,
)
from experimaestro.core.hints import DeclarationError

T = TypeVar("T")


class Color(Enum):
    RED = "red"


class Item(Config):
    size: Param[int]


class Egg(Config):
    hen: Param[Hen]


class Hen(Config):
    egg: Param[Egg | None]


class Everything(Config):
    number: Param[int]
    ratio: Param[float] = field(default=1)
    color: Param[Color] = field(default=Color.RED)
    item: Param[Optional[Item]] = field(default=None)  # noqa: UP045  (a spelling of users)
    unset: Param[Item | None]
    path: Param[Path] = field(default=Path("a"))
    log: Meta[int] = field(default=3)
    version: Constant[int] = 2
    data: DataPath
    more: OptionalDataPath
    kind: Annotated[str, Choices(["a", "b"])] = field(default="a")
    word: Annotated[Literal["x", "y"], help("a word")] = field(default="x")
    out: Annotated[Path, pathgenerator("out")]
    result: Meta[Path] = field(default_factory=PathGenerator("result"))
    pairs: Param[list[tuple[int, str]]] = field(default_factory=list)

    plain: int
    maybe: int | None = None


ARGUMENTS = Everything.__getxpmtype__().arguments


def test_annotated_attributes_are_parameters_and_others_are_not() -> None:
    expected = "number ratio color item unset path log version data more kind word out result pairs"
    assert list(ARGUMENTS) == expected.split()


def test_a_parameter_is_required_unless_it_has_a_default_or_is_optional() -> None:
    assert [name for name, known in ARGUMENTS.items() if known.required] == ["number", "data", "out"]


def test_metadata_paths_and_data_are_left_out_of_the_identifier() -> None:
    assert [name for name, known in ARGUMENTS.items() if known.ignored] == [
        "path",
        "log",
        "data",
        "more",
        "out",
        "result",
    ]


def test_options_of_a_field_alone_leave_it_required() -> None:
    class Grouped(Config):
        size: Param[int] = field(groups=[])

    assert Grouped.__getxpmtype__().arguments["size"].required


def test_defaults_are_converted_to_their_type() -> None:
    assert type(Everything.C(number=1, data="d").ratio) is float


def test_each_configuration_gets_its_own_copy_of_a_default() -> None:
    class Holder(Config):
        items: Param[list[Item]] = field(default=[Item.C(size=1)])

    one, other = Holder.C(), Holder.C()
    one.items[0].size = 2
    one.items.append(Item.C(size=3))
    assert [item.size for item in other.items] == [1]


def test_default_that_cannot_change_is_read_on_the_class() -> None:
    assert (Everything.ratio, Everything.kind, Everything.version) == (1, "a", 2)
    assert not hasattr(Everything, "pairs")


def test_arguments_are_ordered_from_the_last_base_to_the_class() -> None:
    class One(Config):
        a: Param[int]

    class Two(Config):
        b: Param[int]

    class Both(One, Two):
        c: Param[int]

    assert list(Both.__getxpmtype__().arguments) == ["b", "a", "c"]


def test_annotations_of_a_function_local_class_may_name_its_local_names() -> None:
    class Local(Config):
        size: Param[int]

    class Outer(Config):
        inner: Param[Local]
        maybe: Param[Outer | None] = field(default=None)

    assert Outer.C(inner=Local.C(size=1), maybe=Outer.C(inner=Local.C(size=2))).inner.size == 1


def test_annotation_that_is_no_parameter_may_name_what_is_unknown() -> None:
    class Hinted(Config):
        size: Param[int]
        other: Unknown  # type: ignore[name-defined]  # noqa: F821  (the subject of the test)

    assert list(Hinted.__getxpmtype__().arguments) == ["size"]


def test_class_may_derive_from_classes_with_their_own_constructor() -> None:
    class Module:
        def __init__(self) -> None:
            self.weights = [0]

        def __setattr__(self, name: str, value: object) -> None:
            object.__setattr__(self, name, value)

    class Net(Module, Config):
        size: Param[int]

        def __init__(self) -> None:
            super().__init__()
            self.ready = True

    net = Net.C(size=3)
    assert "weights" not in vars(net)
    assert (net.instance().size, net.instance().weights, net.instance().ready) == (3, [0], True)


def test_abstract_class_is_not_built() -> None:
    class Base(Config, ABC):
        size: Param[int]

        @abstractmethod
        def run(self) -> None: ...

    with pytest.raises(TypeError, match="abstract class"):
        Base.C(size=1)  # type: ignore[abstract]  # the subject of the test


def test_generic_class_takes_any_value() -> None:
    class Box(Config, Generic[T]):
        value: Param[T]

    assert (Box.C(value=1).value, Box.C(value="a").value) == (1, "a")


@pytest.mark.parametrize("hint", [complex, bytes, object, Callable[[], int], type[int]])
def test_type_without_identifier_is_refused_where_the_class_is_defined(hint: Any) -> None:
    body = {"__annotations__": {"size": Param[int], "x": Param[hint]}, "__module__": __name__}
    with pytest.raises(DeclarationError, match=r"Wrong\.x: .*cannot be the type of a parameter \(allowed: int,"):
        type("Wrong", (Config,), body)


def test_default_of_another_type_is_refused_where_the_class_is_defined() -> None:
    with pytest.raises(DeclarationError, match=r"Wrong\.size: invalid default: found '3' \(str\), expected int"):

        class Wrong(Config):
            size: Param[int] = field(default="3")  # type: ignore[assignment]  # the subject of the test


def test_default_that_is_no_choice_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"invalid default: found 'c'.*, expected one of 'a', 'b'"):

        class Wrong(Config):
            name: Annotated[str, Choices(["a", "b"])] = field(default="c")


def test_parameter_declared_inside_of_a_type_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"Wrong\.size: Param stands inside another type: write it outermost"):

        class Wrong(Config):
            size: Param[int] | None


def test_text_annotations_are_checked_too() -> None:
    body = {"__annotations__": {"size": "Param[complex]"}, "__module__": __name__}
    with pytest.raises(DeclarationError, match=r"Wrong\.size: complex cannot be the type of a parameter"):
        type("Wrong", (Config,), body)


def test_annotation_that_is_no_expression_is_refused() -> None:
    body = {"__annotations__": {"size": "Param[int"}, "__module__": __name__}
    with pytest.raises(DeclarationError, match=r"Wrong\.size: its annotation cannot be evaluated"):
        type("Wrong", (Config,), body)


def test_class_that_names_a_later_one_is_checked_at_its_first_use_each_time() -> None:
    class Early(Config):
        other: Param[Later]
        size: Param[int] = field(default="3")  # type: ignore[assignment]  # the subject of the test

    class Later(Config):
        pass

    Early.__xpm_names__ = {"Later": Later}  # type: ignore[attr-defined]  # local names are those known at the definition
    for _ in range(2):
        with pytest.raises(DeclarationError, match="invalid default"):
            Early.C(other=Later.C())


def test_classes_may_name_each_other() -> None:
    assert Egg.C(hen=Hen.C()).hen == Hen.C()


def test_functions_that_give_defaults_are_not_called_where_the_class_is_defined() -> None:
    class Lazy(Config):
        names: Param[list[str]] = field(default_factory=lambda: later)

    later = ["a"]
    assert Lazy.C().names == ["a"]


def test_unknown_name_in_a_parameter_is_refused() -> None:
    class Wrong(Config):
        size: Param[Unknown]  # type: ignore[name-defined]  # noqa: F821  (the subject of the test)

    for _ in range(2):
        with pytest.raises(DeclarationError, match=r"Wrong\.size: 'Unknown' of its annotation is not defined"):
            Wrong.C()


def test_parameter_whose_kind_is_not_imported_is_refused() -> None:
    wrong = type("Wrong", (Config,), {"__annotations__": {"size": "xpm.Param[int]"}, "__module__": __name__})
    with pytest.raises(DeclarationError, match=r"Wrong\.size: 'xpm' of its annotation is not defined"):
        wrong.__getxpmtype__().arguments  # noqa: B018  (the subject of the test)


def test_constant_needs_a_value() -> None:
    with pytest.raises(DeclarationError, match="a constant needs a value"):

        class Wrong(Config):
            version: Constant[int]


@pytest.mark.parametrize("order", [(int, float), (float, int)])
def test_members_of_a_union_keep_the_order_of_the_source(order: tuple[type, type]) -> None:
    class Either(Config):
        x: Param[order[0] | order[1]]  # type: ignore[valid-type]  # made by the test

    assert type(Either.C(x=np.int64(1)).x) is order[0]


def test_field_needs_an_annotation() -> None:
    with pytest.raises(DeclarationError, match=r"field\(...\) needs an annotation: write size: Param\[...\]"):
        type("Wrong", (Config,), {"size": field(default=1)})


def test_field_takes_one_default() -> None:
    with pytest.raises(TypeError, match="default or default_factory, not both"):
        field(default=1, default_factory=int)  # type: ignore[call-overload]  # the subject of the test


def test_ignoring_a_default_that_is_not_there_warns() -> None:
    with pytest.warns(DeprecationWarning, match="has no default to ignore"):

        class Reader(Config):
            strict: Param[bool] = field(ignore_default=True)

    with pytest.raises(ValueError, match="required parameter 'strict'"):
        Reader.C().__identifier__()


@pytest.mark.parametrize(("kind", "default", "kept"), [(bool, 0, False), (bool, 1, True), (int, 2.0, 2)])
def test_default_of_another_type_with_the_same_value_is_converted(kind: type, default: object, kept: object) -> None:
    with pytest.warns(DeprecationWarning, match=f"write {kept!r}"):

        class Reader(Config):
            size: Param[kind] = field(default=default)  # type: ignore[valid-type]  # a type that the test gives

    found = Reader.C().size
    assert (found, type(found)) == (kept, kind)


def test_operator_of_a_class_is_that_of_its_configurations() -> None:
    class Measure(Config):
        name: Param[str]
        cutoff: Param[int] = field(default=0)

        def __matmul__(self, cutoff: int) -> Measure:  # type: ignore[override]  # as released projects do
            return Measure.C(name=self.name, cutoff=cutoff)

    assert (Measure.C(name="P") @ 10).cutoff == 10


def test_former_spelling_of_an_ignored_default_warns() -> None:
    with pytest.warns(DeprecationWarning, match=r"field\(default=3, ignore_default=True\)"):
        assert field(ignore_default=3)


def test_bare_default_warns_where_the_class_is_defined() -> None:
    with pytest.warns(DeprecationWarning, match=r"write field\(default=3, ignore_default=True\)") as caught:

        class Bare(Config):
            size: Param[int] = 3

    assert Bare.C().size == 3
    assert caught[0].filename == __file__


def test_value_without_annotation_does_not_change_a_default(caplog: pytest.LogCaptureFixture) -> None:
    class Bare(Item):
        size = 7

    assert "Bare.size = 7 does not change the default of the parameter" in caplog.text
    assert "size" not in Bare.C().__arguments__()


def test_parameter_of_a_parent_is_replaced_by_one_of_the_same_kind() -> None:
    class Small(Item):
        pass

    class Parent(Config):
        item: Param[Item]

    class Child(Parent):
        item: Param[Small] = field(overrides=True)

    assert Child.C(item=Small.C(size=1)).item.size == 1
    with pytest.raises(DeclarationError, match="int cannot replace a configuration of Item, declared by"):

        class Wrong(Parent):
            item: Param[int] = field(overrides=True)  # type: ignore[assignment]  # the subject of the test


def test_replacing_a_parameter_unknowingly_warns(caplog: pytest.LogCaptureFixture) -> None:
    class Silent(Item):
        size: Param[int]

    Silent.C(size=1)
    assert "Silent.size redeclares a parameter of" in caplog.text


def test_type_identifier_is_the_lower_case_dotted_name() -> None:
    assert str(Everything.__getxpmtype__().identifier) == f"{__name__}.everything".lower()


def test_type_identifier_is_given_by_a_text_a_method_or_an_identifier() -> None:
    class Text(Config):
        __xpmid__ = "My.Text"

    class BelowText(Text): ...

    class Method(Config):
        @classmethod
        def __xpmid__(cls) -> str:
            return f"m.{cls.__name__}"

    class BelowMethod(Method): ...

    class Shared(Config):
        __xpmid__ = Identifier("a").b["c"]("D")

    class BelowShared(Shared): ...

    kinds = [Text, Method, BelowMethod, Shared, BelowShared]
    assert [str(kind.__getxpmtype__().identifier) for kind in kinds] == [
        *("my.text", "m.method", "m.belowmethod", "a.b.c.d", "a.b.c.d")
    ]
    assert str(BelowText.__getxpmtype__().identifier).endswith("belowtext")


def test_configuration_class_is_between_its_parents_and_the_declaration() -> None:
    assert Item.C is Item.XPMConfig is Item.C.C
    assert Item.C.__qualname__ == "Item.XPMConfig"
    assert isinstance(Item.C(size=1), Item)
    assert not isinstance(Item.C(size=1).instance(), Item.C)


def test_union_with_none_is_optional_whatever_its_other_members() -> None:
    class Mixed(Config):
        value: Param[Union[int, str, None]]  # noqa: UP007  (one of the spellings of users)

    assert Mixed.C().value is None
