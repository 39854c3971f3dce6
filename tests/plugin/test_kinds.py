"""The plugin refuses the types of parameters that are refused when the program runs, and no other."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from experimaestro.core.hints import DeclarationError
from tests.plugin.programs import Finding
from tests.plugin.test_programs import Checked, found

HEADER: Final = """\
import collections
import datetime
import decimal
import enum
import fractions
import io
import os
import re
import typing
import uuid
from collections.abc import Collection, Hashable, Iterable, Iterator, MutableMapping, MutableSequence, Set
from dataclasses import dataclass
from pathlib import Path, PosixPath, PurePath
from typing import Annotated, Any, Callable, Dict, FrozenSet, Generic, List, Literal, Mapping, NamedTuple, NewType
from typing import Optional, Protocol, Sequence, SupportsInt, Tuple, Type, TypedDict, TypeVar, Union, cast

from experimaestro import Config, Constant, DependentMarker, LightweightTask, Meta, Param, ResumableTask, RunMode, Task
from experimaestro import help
from experimaestro.launchers import Launcher


class Colour(enum.Enum):
    RED = 1


class Size(enum.IntEnum):
    SMALL = 1


class Model(Config):
    hidden: Param[int]


T = TypeVar("T")


class Box(Config, Generic[T]):
    item: Param[T]


class Plain: ...


class Shape(Protocol): ...


class Point(NamedTuple):
    x: int


class Options(TypedDict):
    x: int


@dataclass
class Data:
    x: int


Identity = NewType("Identity", int)
Numbers = list[int]
Maybe = int | None
"""
TYPES: Final = """\
int; float; str; bool; Path; None; Colour; Size; Model; Box[int]; Box[Plain]; Task; LightweightTask; ResumableTask; RunMode
Literal["a"]; Literal[1, "x"]; Literal[Colour.RED]; Numbers; Maybe; Annotated[int, 3]; Annotated[int, help("x")]
list[int]; List[int]; list[Model]; list[list[Colour]]; set[str]; typing.Set[int]; frozenset[int]; FrozenSet[int]
tuple[int]; tuple[int, ...]; tuple[int, str]; tuple[()]; Tuple[int, str]; Sequence[int]; Mapping[str, int]
dict[str, int]; Dict[str, int]; dict[str, Model]; Optional[int]; int | None; Union[int, str]; Model | str; list[int] | None
bytes; bytearray; complex; object; PurePath; PosixPath; os.PathLike[str]; type[Model]; Type[Model]; type; Plain; Shape
Point; Options; Data; Identity; list[Identity]; tuple[Point, int]; list[bytes]; tuple[Model, bytes]; dict[str, bytes]
dict[str, dict[str, Plain]]; int | bytes; Optional[Plain]; Annotated[Plain, 3]; Callable[[], int]; Callable[..., int]
Iterable[int]; Iterator[int]; Collection[int]; MutableSequence[int]; MutableMapping[str, int]; Set[int]; Hashable
collections.OrderedDict[str, int]; collections.defaultdict[str, int]; collections.Counter[str]; collections.deque[int]
datetime.datetime; datetime.date; datetime.timedelta; decimal.Decimal; fractions.Fraction; uuid.UUID; re.Pattern[str]
io.StringIO; range; SupportsInt; Launcher; DependentMarker
"""
KINDS: Final = ("Param", "Meta", "Constant")
DECLARED: Final = [
    f"{kind}[{written.strip()}]" for kind in KINDS for written in TYPES.replace("\n", ";").split(";") if written.strip()
]


def declaration(rank: int, declared: str) -> str:
    value = " = cast(Any, 3)" if declared.startswith("Constant") else ""
    return f"class Kind{rank}(Config):\n    value: {declared}{value}\n"


def is_refused(declared: str, module: ModuleType) -> bool:
    """Whether the class cannot be defined."""
    try:
        exec(declaration(0, declared), vars(module))
    except DeclarationError as error:
        return "invalid default" not in str(error)
    return False


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("declared_kinds")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(HEADER, vars(module))
    return module


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> set[Finding]:
    classes = "".join(declaration(rank, declared) for rank, declared in enumerate(DECLARED))
    return found(Checked(tmp_path_factory.mktemp("kinds")).output({"plan.py": HEADER + classes}))


def test_types_are_refused_as_when_the_program_runs(running: ModuleType, findings: set[Finding]) -> None:
    first = HEADER.count("\n") + 2
    refused = {finding.line for finding in findings if finding.code == "xpm-param-kind"}
    said = {declared: first + 2 * rank in refused for rank, declared in enumerate(DECLARED)}
    assert said == {declared: is_refused(declared, running) for declared in DECLARED}


def test_any_has_no_identifier(tmp_path: Path) -> None:
    text = "from typing import Any\nfrom experimaestro import Config, Meta, Param\n\n\nclass Kind(Config):\n"
    text += "    one: Param[Any]\n    many: Param[list[Any]]\n    unseen: Meta[Any]\n"
    assert {finding.line for finding in Checked(tmp_path / "any").findings({"plan.py": text})} == {6, 7}
