"""Files that nobody would write: whatever they hold, the loader gives a value or a ConfigurationError.

A value is a file again, which gives the same value.

    python -m tests.configuration.fuzz MINUTES

The corpus are files that were hard once, and files to start from. Mutations of them are tried; what breaks is added to it.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import tempfile
import time
import warnings
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

import attrs

from experimaestro._types import ShowFormat
from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.configuration.common import KEYS
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.grids import GridSearch
from experimaestro.configuration.loader import load
from experimaestro.configuration.quantities import ByteSize
from experimaestro.configuration.showing import shown, yaml_text
from experimaestro.configuration.source import experiment_source
from experimaestro.configuration.tree import Key, Plain
from experimaestro.core.annotations import Param, field
from experimaestro.core.config import Config, Task
from experimaestro.experiments.axes import grid_of
from experimaestro.experiments.grid import generate_grid, grid_size
from experimaestro.structuring import structure, unstructure

CORPUS: Final = Path(__file__).parent / "corpus"
MOST_BUILT: Final = 50
"""Configurations of a grid that are made."""


class Speed(Enum):
    FAST = "fast"
    SLOW = 2


class Optimizer(Config):
    lr: Param[float]
    name: Param[str] = field(default="")


class Adam(Optimizer):
    __xpmid__ = "fuzz.adam"
    betas: Param[tuple[float, float]] = field(default=(0.9, 0.99))


@configuration
class Cat:
    purrs: bool
    name: str = ""


@configuration
class Dog:
    barks: bool
    name: str = ""


@configuration
class Circle:
    size: int = 1


@configuration
class Square:
    size: int = 1
    inside: Circle | Square | Optimizer | None = None


class Learn(Task):
    __xpmid__ = "fuzz.learn"
    optimizer: Param[Optimizer]


class Report(Config):
    learn: Param[Learn]
    words: Param[dict[str, list[int]]] = field(default_factory=dict)


@configuration
class Model:
    dim: int = attrs.field(default=1, validator=attrs.validators.ge(0))
    layers: list[int] = [1]  # noqa: RUF012  # copied for each object
    inner: Model | None = None
    names: dict[str, float] = {}  # noqa: RUF012  # copied for each object


@configuration
class Exp(ConfigurationBase):
    lr: float = 0.1
    seed: GridSearch[int] = 1
    model: Model = Model()
    models: list[Model] = []  # noqa: RUF012  # copied for each object
    pet: Cat | Dog | None = None
    speed: Speed = Speed.FAST
    limit: timedelta = timedelta(0)
    memory: ByteSize = ByteSize(0)
    data: Path = Path("/data")
    optimizer: Optimizer | None = None
    shapes: dict[str, Circle | Square] = {}  # noqa: RUF012  # copied for each object
    learn: Learn | None = None
    report: Report | None = None
    folder: GridSearch[Path] = Path("/data")
    level: int = attrs.field(default=1, validator=[attrs.validators.ge(0), attrs.validators.in_(range(9))])
    anything: Any = None  # any value of a file
    either: int | str | list[int] | None = None


def check(path: Path) -> bool:
    """Whether a file is valid. Raises what is no ConfigurationError, and AssertionError when a law does not hold."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # `parent`
            tree = load(path, overrides=["model.dim=3"])
        experiment_source(tree)
        cfg = structure(tree, Exp)
        grid_of(cfg, tree)
        if grid_size(cfg) <= MOST_BUILT:
            configurations, tags = generate_grid(cfg)
            assert len(configurations) == len(tags) == grid_size(cfg)
    except ConfigurationError as error:
        return not error.problems  # an error says something
    check_again(cfg, path.with_name("again.yaml"))
    for form in ShowFormat:
        shown(tree, form)
    return True


def check_again(cfg: Exp, path: Path) -> None:
    """Raises AssertionError when the file of a value does not give that value."""
    form = contents(cfg)
    path.write_text(yaml_text(form), encoding="utf-8")
    again = contents(structure(load(path), Exp))
    assert repr(again) == repr(form), f"{again} is not {form}"  # by their words: nan is not nan


def contents(cfg: Exp) -> dict[Key, Plain]:
    """What a configuration holds, but for the files that it came from."""
    form = unstructure(cfg)
    assert isinstance(form, dict)
    return {key: value for key, value in form.items() if key not in {*KEYS} - {"id"}}


TOKENS: Final = [
    *(b": ", b"\n", b"  ", b"- ", b"[", b"]", b"{", b"}", b",", b"'", b'"', b"#", b"&a ", b"*a", b"<<: ", b"? ", b"|\n", b"\t"),
    *(b"${", b"}", b"$${", b"${model}", b"${model.dim}", b"${env:HOME}", b"$type: ", b"$type: Square", b"!!str ", b"---\n", b"...", b"%YAML 1.2\n"),
    *(b"null", b"true", b"yes", b"1e400", b"0x", b"-.inf", b".nan", b"9" * 30, b"~", b"\xff", b"\x00", "é\u2028\ufeff".encode()),
    *(b"imports: ", b"parent: ", b"file: ", b"grid_search: ", b"exclude: ", b"config_dicts: ", b"range: [0, 3]", b"values_mult: [1, 9, 9]"),
]  # fmt: skip


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """A seed with some pieces removed, repeated, moved, or taken from another seed."""
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, 6)):
        start, end = sorted(chance.randint(0, len(data)) for _ in range(2))
        other = chance.choice(seeds)
        piece = chance.choice([b"", data[start:end] * 2, chance.choice(TOKENS), other[: chance.randint(0, len(other))]])
        cut = chance.choice([start, min(end, start + 3)])
        data = (data[:start] + piece + data[cut:])[:5_000]
    return data


def main() -> None:
    chance = random.Random()
    seeds = [path.read_bytes() for path in sorted(CORPUS.iterdir())]
    end = time.monotonic() + 60 * float(sys.argv[1])
    tried = valid = 0
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        Path("base.yaml").write_text("lr: 0.5\nmodel: {dim: 2}\n")
        path = Path("fuzz.yaml")
        while time.monotonic() < end:
            path.write_bytes(mutated(seeds, chance))
            tried += 1
            try:
                valid += check(path)
            except Exception as error:  # noqa: BLE001  # what is looked for
                name = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
                (CORPUS / f"{name}.yaml").write_bytes(path.read_bytes())
                print(f"{name}: {type(error).__name__}: {error}"[:500])
    print(f"{tried} files, {valid} of them valid")


if __name__ == "__main__":
    main()
