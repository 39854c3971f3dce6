"""The stubs of datamaestro: they fit the package, and plans which use them are checked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).parent
STUBS: Final = HERE.parents[1] / "stubs" / "datamaestro-stubs" / "datamaestro-stubs"
TYPED: Final = "1.16."

DEFINITION: Final = """\
from typing import assert_type

from experimaestro import Param, Task
from datamaestro import prepare_dataset
from datamaestro.data import Base, File
from datamaestro.data.ml import Supervised
from datamaestro.definitions import Dataset, datatags, datatasks, dataset
from datamaestro.download import reference
from datamaestro.download.links import links
from datamaestro.download.single import FileDownloader
from datamaestro.utils import HashCheck


class Digits(File):
    classes: Param[int]


@datatags("images")
@datatasks("classification")
@dataset(url="http://example.org")
class Train(Dataset):
    DATA = FileDownloader("train.csv", url="http://example.org/train.csv", checker=HashCheck("00"))

    def config(self) -> Digits:
        return Digits.C(path=self.DATA.path, classes=10)


@dataset(id="")
class Both(Dataset):
    TRAIN = reference(Train)
    LINKS = links("links", train=Train)

    def config(self) -> Supervised[Digits, Base, File]:
        return Supervised.C(train=self.TRAIN.prepare(), test=File.C(path=self.LINKS.path))


class Learn(Task):
    data: Param[Base]

    def execute(self) -> None:
        print(self.data.id)


def plan(file: Digits) -> None:
    Learn.C(data=prepare_dataset("org.example.train")).submit()
    Learn.C(data=prepare_dataset(Train)).submit()
    assert_type(prepare_dataset(file), Digits)
    Learn.C(data=file.id).submit()  # E: xpm-param-type
    Digits.C(path=file.path, classes=10, names=3)  # E: xpm-unknown-param
    Digits.C(path=file.path).instance()  # E: xpm-missing-param
    prepare_dataset(3)  # E: call-overload
    FileDownloader("train.csv")  # E: call-arg
"""


def installed() -> str | None:
    """The release of datamaestro that is installed."""
    try:
        return version("datamaestro")
    except PackageNotFoundError:
        return None


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a checker that sees the stubs, whatever is installed."""
    folder = tmp_path_factory.mktemp("stubs")
    shutil.copytree(STUBS, folder / "datamaestro")
    return {**os.environ, "MYPYPATH": str(folder), "HOME": str(folder)}


def run(module: str, *arguments: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not (installed() or "").startswith(TYPED), reason=f"datamaestro {TYPED}* is not installed")
def test_the_stubs_say_what_datamaestro_is(typed: dict[str, str], tmp_path: Path) -> None:
    done = run(
        "mypy.stubtest",
        "datamaestro",
        "--concise",
        "--ignore-missing-stub",  # only what plans and definitions of data sets use is typed
        f"--allowlist={HERE / 'allowlist.txt'}",
        environment=typed,
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_definitions_and_plans_are_checked_through_the_stubs(typed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "plan.py").write_text(DEFINITION)
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = True\nplugins = experimaestro.mypy\n")
    done = run("mypy", "plan.py", environment=typed, folder=tmp_path)
    found = re.findall(r"^plan\.py:(\d+): error: .*\[([a-z-]+)\]$", done.stdout, re.MULTILINE)
    lines = enumerate(DEFINITION.splitlines(), 1)
    expected = {number: line.partition("# E: ")[2] for number, line in lines if "# E: " in line}
    assert {int(number): code for number, code in found} == expected, done.stdout


def test_the_stubs_are_typed_themselves(typed: dict[str, str], tmp_path: Path) -> None:
    done = run("mypy", "--strict", "-p", "datamaestro", environment=typed, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
