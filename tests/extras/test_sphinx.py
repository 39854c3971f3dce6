"""Documentation of configurations, built by Sphinx."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

pytest.importorskip("sphinx")

from sphinx.util.inventory import InventoryFile

SOURCE: Final = '''
from __future__ import annotations
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from experimaestro import *

if TYPE_CHECKING:
    from decimal import Decimal

class Kind(Enum):
    A = 1

class Model(Config):
    """A model.

    It has *layers*.

    Attributes:
        size: number of units
    """

    size: Param[int] = field(default=3)
    kind: Param[Kind] = field(default=Kind.A)
    version: Constant[int] = 2

    def double(self) -> int:
        """Twice the size."""

    @documentation
    def always(self) -> int:
        """Always shown."""

    def silent(self) -> int: ...

class Large(Model):
    """A large model."""
    rate: Param[float]
    """The learning rate, see :class:`Model`."""

class Learn(Task):
    model: Param[Model]
    other: Param[Optional[Model]]
    log: Meta[Path] = field(default_factory=PathGenerator("log"))

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(self.model)

class Hidden(Config):
    """Its annotations are for type checkers."""
    price: Decimal
    size: Param[int]
'''

Build = Callable[..., str]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds one page, in which warnings are errors, and returns its text."""

    def run(page: str, *, refused: bool = False) -> str:
        (tmp_path / "shown.py").write_text(SOURCE)
        (tmp_path / "conf.py").write_text("extensions = ['experimaestro.sphinx']\nhtml_theme = 'basic'\n")
        (tmp_path / "index.rst").write_text(f"Title\n=====\n\n{dedent(page)}\n")
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(tmp_path), str(tmp_path / "html")]
        done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
        assert (done.returncode != 0) == refused, done.stderr
        return done.stderr if refused else text_of((tmp_path / "html" / "index.html").read_text())

    return run


def text_of(html: str) -> str:
    body = html.partition('<div class="body"')[2].partition('<div class="sphinxsidebar"')[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", body))).replace("¶", "")


def test_a_configuration_is_documented(build: Build) -> None:
    text = build(".. autoxpmconfig:: shown.Model")

    assert "XPM Config shown.Model(*, size: int = 3, kind: Kind = Kind.A)" in text
    assert "A model. It has layers." in text
    assert "size: int = 3 number of units" in text
    assert "kind: Kind = Kind.A" in text
    assert "version: int = 2 [constant]" in text
    assert "always() → int Always shown." in text
    assert "Twice the size" not in text
    assert "Attributes" not in text


def test_a_task_is_documented(build: Build) -> None:
    text = build(".. autoxpmconfig:: shown.Learn")

    assert "XPM Task shown.Learn(*, model: Model, other: Model | None = None)" in text
    assert "Submit type: Model" in text
    assert "log: Path [generated]" in text


def test_inherited_parameters_are_documented(build: Build) -> None:
    text = build(".. autoxpmconfig:: shown.Large\n   :show-inheritance:")

    assert "Bases: Model" in text
    assert "size: int = 3 number of units" in text
    assert "rate: float The learning rate, see Model." in text


def test_members_are_documented_when_asked_for(build: Build) -> None:
    text = build(".. autoxpmconfig:: shown.Model\n   :members:\n   :exclude-members: always")

    assert "double() → int Twice the size." in text
    assert "always" not in text
    assert "silent" not in text
    assert "silent()" in build(".. autoxpmconfig:: shown.Model\n   :members: silent")


def test_the_module_of_the_page_may_be_left_out(build: Build) -> None:
    page = """
    .. module:: shown

    .. autoxpmconfig:: Model

    Said by hand.
    """

    assert "Said by hand." in build(page)


def test_an_annotation_for_type_checkers_does_not_matter(build: Build) -> None:
    assert "size: int" in build(".. autoxpmconfig:: shown.Hidden")


def test_other_projects_find_configurations_and_parameters(build: Build, tmp_path: Path) -> None:
    build(":class:`shown.Model`, :attr:`shown.Model.size`\n\n.. autoxpmconfig:: shown.Model")

    with (tmp_path / "html" / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, location: location)
    assert "shown.Model" in inventory["py:class"]
    assert "shown.Model.size" in inventory["py:attribute"]


def test_references_are_links(build: Build, tmp_path: Path) -> None:
    build(":class:`shown.Model`\n\n.. autoxpmconfig:: shown.Model")

    html = (tmp_path / "html" / "index.html").read_text()
    assert 'href="#shown.Model"' in html
    assert (tmp_path / "html" / "_static" / "experimaestro.css").exists()


def test_directives_can_be_written_by_hand(build: Build) -> None:
    page = """
    .. py:xpmconfig:: package.Thing(*, size: int)
       :task:

       .. py:xpmparam:: size
          :type: int
          :generated:
    """

    assert "XPM Task package.Thing(*, size: int) size: int [generated]" in build(page)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shown.Modle", "shown.Modle is not found"),
        ("absent.Model", "absent.Model is not found"),
        ("shown.Kind", "shown.Kind is no configuration class"),
    ],
)
def test_what_is_no_configuration_is_an_error(build: Build, name: str, message: str) -> None:
    assert f"autoxpmconfig: {message}" in build(f".. autoxpmconfig:: {name}", refused=True)


def test_without_the_library_the_extra_is_named() -> None:
    script = "import sys; sys.modules['sphinx'] = None; import experimaestro.sphinx"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert "pip install experimaestro[sphinx]" in done.stderr.splitlines()[-1]
