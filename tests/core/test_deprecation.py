"""Former classes and parameters: results made with them are still found."""

from __future__ import annotations

import pytest

from experimaestro import Config, Param, ResumableTask, deprecate, field
from experimaestro.core.assignment import DeprecatedReadError, UnknownAttributeError
from experimaestro.core.deprecation import DeprecationError


class New(Config):
    size: Param[int]
    depth: Param[int] = field(default=1, ignore_default=True)


@deprecate
class Renamed(New): ...


@deprecate(New)
class Converted(Config):
    width: Param[int]

    def __convert__(self) -> New:
        return New.C(size=self.width * 2)


@deprecate(Converted)
class Older(Config):
    radius: Param[int]

    def __convert__(self) -> Converted:
        return Converted.C(width=self.radius)


@deprecate(New, replace=True)
class Replaced(Config):
    width: Param[int]

    def __convert__(self) -> New:
        return New.C(size=self.width)


class Attribute(Config):
    size: Param[int]

    @deprecate
    def width(self, value: int) -> None:
        self.size = value * 2


class Holder(Config):
    value: Param[Config]


NEW = New.C(size=4).__identifier__()


@pytest.mark.parametrize("config", [Renamed.C(size=4), Converted.C(width=2), Older.C(radius=2), Replaced.C(width=4)])
def test_former_class_has_the_identifier_of_the_new_one(config: Config) -> None:
    assert config.__identifier__() == NEW
    assert Holder.C(value=config).__identifier__() == Holder.C(value=New.C(size=4)).__identifier__()


def test_identifier_of_the_former_class_is_kept() -> None:
    assert str(Converted.__getxpmtype__().original_identifier).endswith(".converted")
    assert Converted.__getxpmtype__().identifier == New.__getxpmtype__().identifier


def test_replaced_class_builds_the_new_one(caplog: pytest.LogCaptureFixture) -> None:
    config = Replaced.C(width=4)
    assert type(config) is New.C
    config.width = 3
    assert "has no parameter 'width' any more" in caplog.text
    assert config == New.C(size=4)
    with pytest.raises(UnknownAttributeError):
        config.widht = 3


def test_former_parameter_sets_the_new_one(caplog: pytest.LogCaptureFixture) -> None:
    built, assigned = Attribute.C(width=3), Attribute.C(size=1)  # type: ignore[call-arg]  # what former code writes
    assigned.width = 3
    assert built == assigned == Attribute.C(size=6)
    assert "Attribute.width is deprecated" in caplog.text


def test_former_parameter_is_not_read() -> None:
    with pytest.raises(DeprecatedReadError, match="it can be set, not read"):
        print(Attribute.C(size=1).width)
    assert not hasattr(Attribute.C(size=1), "width")


def test_target_may_derive_from_any_class() -> None:
    class Target(ResumableTask):
        size: Param[int]

        def execute(self) -> None: ...

    @deprecate(Target)
    class Former(ResumableTask):
        size: Param[int]

        def __convert__(self) -> Target:
            return Target.C(size=self.size)

    assert not Target.__getxpmtype__().deprecated
    assert Former.C(size=1).__identifier__() == Target.C(size=1).__identifier__()


def test_what_replaces_a_class_must_be_said() -> None:
    with pytest.raises(DeprecationError, match=r"needs a method __convert__\(self\) that returns a New configuration"):

        @deprecate(New)
        class _NoConversion(Config): ...

    with pytest.raises(DeprecationError, match="has 2 configuration classes as bases"):

        @deprecate()
        class _TwoBases(New, Attribute): ...

    with pytest.raises(DeprecationError, match="is deprecated already"):
        deprecate(New)(Converted)
    with pytest.raises(DeprecationError, match="found 3, expected a configuration class or a method"):
        deprecate(3)  # type: ignore[call-overload]  # the subject of the test
