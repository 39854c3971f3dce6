"""What existing projects write and is right: the plugin says nothing of it, or says it once."""

from __future__ import annotations

import re
from typing import Final

import pytest
from mypy import api

PROGRAMS: Final = {
    "a_task_gives_a_configuration_that_holds_marked_ones": """\
from pathlib import Path
from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field

class Documents(Config):
    path: Param[Path]

class Collection(Config):
    name: Param[str]
    documents: Param[Documents]

class Select(Task):
    path: Meta[Path] = field(default_factory=PathGenerator("documents"))

    def task_outputs(self, dep: DependentMarker) -> Collection:
        return Collection.C(name="all", documents=dep(Documents.C(path=self.path)))

    def execute(self) -> None: ...
""",
    "what_a_type_variable_stands_for_is_no_parameter": """\
from typing import Any, Generic, TypeVar
from experimaestro import Config, Param

class Batch: ...

T = TypeVar("T")

class Encoder(Config, Generic[T]):
    size: Param[int]

class Index(Config):
    encoder: Param[Encoder[Batch]]
    other: Param[Encoder[Any] | None]
""",
    "a_local_has_the_name_of_a_parameter": """\
from experimaestro import Config, DependentMarker, Param, Task

class Folded(Config):
    ix: Param[int]

class Fold(Task):
    fold: Param[int]

    def task_outputs(self, dep: DependentMarker) -> Folded:
        return dep(Folded.C(ix=self.fold))

    @classmethod
    def folds(cls, count: int) -> None:
        for ix in range(count):
            fold = Fold.C(fold=ix)
            fold = fold.submit()  # mypy: assignment

    def execute(self) -> None: ...
""",
    "a_class_has_its_own_constructor": """\
from experimaestro import Config, Param

class Hook(Config):
    def __init__(self, target: object, count: int = 1) -> None: ...

class Other(Hook): ...

class Size(Config):
    value: Param[int]

hooks = [Hook(3), Other("a", count=2)]
sizes = [Size.C(value=3), Size(value=3)]  # mypy: xpm-value-call
""",
    "an_instance_keeps_something_for_itself": """\
from experimaestro import Config, Param, Task

class Trainer(Config):
    size: Param[int]

class Learn(Task):
    trainer: Param[Trainer]

    def execute(self) -> None:
        self.trainer._wrapped = 3  # mypy: attr-defined
""",
    "a_base_is_unknown_to_mypy": """\
from dataclasses import InitVar
from typing import Generic, TypeVar
from torch import nn  # type: ignore
from experimaestro import Config, Param

class Source(Config):
    name: Param[str]

class Hub(Source): ...

S = TypeVar("S", bound=Source)

class Model(Config, nn.Module, Generic[S]):  # type: ignore
    source: Param[S]
    size: Param[int]
    weights: InitVar[object]

model = Model.C(source=Hub.C(name="a"), size=1, other="may be a parameter of the base")
wrong = Model.C(source=Hub.C(name="a"), size="1")  # mypy: xpm-param-type
""",
    "a_module_only_declares": """\
from experimaestro import Config, Constant, Param

class Wave(Config):
    height: Param[complex]  # mypy: xpm-param-kind
    fields: Constant[list[str]] = ["height"]
""",
    "nothing_is_there_to_ignore": """\
from experimaestro import Config, Meta, field

class Lines(Config):
    ids: Meta[bool] = field(ignore_default=False)  # mypy: xpm-field
""",
    "a_service_has_its_name_as_each_project_likes": """\
from experimaestro.scheduler.services import Service

class Board(Service):
    id: str

class Tensors(Board):
    id = "tensors"
""",
    "a_value_class_makes_instances": """\
from experimaestro import Any, Config, Constant, Param

class Model(Config):
    size: Param[int]
    options: Param[dict[str, Any]]
    version: Constant[int] = 1

class Deep(Model):
    version: Constant[int] = 2

@Deep.value_class()
class TorchDeep(Deep): ...

print(TorchDeep())
print(Deep())  # mypy: xpm-value-call
""",
    "a_library_fills_its_own_parameter": """\
from datamaestro.data import Base
from experimaestro import Param

class Lines(Base):
    count: Param[int]

def prepare() -> None:
    complete = Lines.C(count=3)
    other = Lines.C()  # mypy: xpm-missing-param
""",
}
LIBRARY: Final = """\
from experimaestro import Config, Param

class Base(Config):
    id: Param[str]
"""
_ERROR: Final = re.compile(r"^(?P<file>\w+)\.py:(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$", re.MULTILINE)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str]]]:
    """The errors of each program: mypy runs once on all of them."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "mypy.ini").write_text("[mypy]\nplugins = experimaestro.mypy\ncheck_untyped_defs = True\n")
    for name, program in PROGRAMS.items():
        (folder / f"{name}.py").write_text(program)
    (folder / "datamaestro").mkdir()
    (folder / "datamaestro/__init__.py").touch()
    (folder / "datamaestro/data.py").write_text(LIBRARY)
    paths = [str(folder / f"{name}.py") for name in PROGRAMS]
    arguments = ["--config-file", str(folder / "mypy.ini"), "--cache-dir", str(folder / "cache"), *paths]
    output, _, _ = api.run(arguments)
    errors: dict[str, list[tuple[int, str]]] = {name: [] for name in PROGRAMS}
    for match in _ERROR.finditer(output.replace(f"{folder}/", "")):
        errors[match["file"]].append((int(match["line"]), match["code"]))
    return errors


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_more_is_said_than_is_wrong(name: str, found: dict[str, list[tuple[int, str]]]) -> None:
    lines = enumerate(PROGRAMS[name].splitlines(), 1)
    expected = [(number, line.partition("# mypy: ")[2]) for number, line in lines if "# mypy: " in line]
    assert found[name] == expected
