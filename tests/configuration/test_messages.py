"""What users read when a file is wrong: the whole message, for each mistake we know of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Literal

import attrs
import pytest

from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.loader import load
from experimaestro.configuration.quantities import ByteSize
from experimaestro.configuration.source import experiment_source
from experimaestro.structuring import structure

Write = Callable[[Mapping[str, str]], None]


class Speed(Enum):
    FAST = 1
    SLOW = 2


@dataclasses.dataclass
class Data:
    folder: Path
    size: int = 10


@configuration
class Sgd:
    lr: float
    momentum: float = 0.9


@configuration
class Adam:
    lr: float
    beta: float = 0.999


@configuration
class Model:
    dim: int
    activation: Literal["relu", "gelu"] = "relu"
    layers: list[int] = [1]  # noqa: RUF012  # copied for each object


@configuration
class Settings(ConfigurationBase):
    lr: float = 0.1
    epochs: int = attrs.field(default=1, validator=attrs.validators.ge(0))
    batch: int = attrs.field(default=1, validator=attrs.validators.gt(0))
    verbose: bool = False
    name: str = "run"
    cache: Path = Path("cache")
    speed: Speed = Speed.FAST
    model: Model | None = None
    data: Data | None = None
    seeds: list[int] = [1]  # noqa: RUF012  # copied for each object
    size: tuple[int, str] | None = None
    weights: dict[str, float] | None = None
    either: int | str = 1
    title_of_all: str | None = None
    limit_of_all: int | None = None
    optimizer: Sgd | Adam | None = None
    function: complex = 1j
    parts: list[Model] = []  # noqa: RUF012  # copied for each object
    limit: timedelta = timedelta(hours=1)
    memory: ByteSize = ByteSize(0)


@configuration
class Strict(ConfigurationBase):
    lr: float
    model: Model


def read(cls: type[object], *options: str) -> object:
    tree = load(Path("exp.yaml"), overrides=options)
    experiment_source(tree)
    return structure(tree, cls)


def message_of(cls: type[object], *options: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(cls, *options)
    return str(caught.value)


BAD_FILES = [
    # Syntax
    (
        "a: [1\nb: 2\n",
        "exp.yaml:2:2: invalid YAML: did not find expected ',' or ']' (while parsing a flow sequence of line 1)",
    ),
    ("a: b: c\n", "exp.yaml:1:5: invalid YAML: found a second ':' in this value, quote the value"),
    ("a:\n\t- 1\n", "exp.yaml:2:1: invalid YAML: found a tab, indent with spaces"),
    ("a: @me\n", "exp.yaml:1:4: invalid YAML: no value can start with '@', quote it"),
    (
        "a: 'it\n",
        "exp.yaml:2:1: invalid YAML: found unexpected end of stream (while scanning a quoted scalar of line 1)",
    ),
    ("a: *base\n", "exp.yaml:1:4: a: the alias *base stands before the end of its anchor, or has none"),
    ("a: &a [*a]\n", "exp.yaml:1:8: a.0: the alias *a stands before the end of its anchor, or has none"),
    ("a: 1\n---\nb: 2\n", "exp.yaml:2:1: found a second document, a file holds one"),
    ("a: \x07\n", "exp.yaml:1:4: found the control character U+0007, which YAML only takes escaped in double quotes"),
    ("", "exp.yaml:1:1: the file is empty, expected a mapping"),
    ("# nothing yet\n", "exp.yaml:1:1: the file is empty, expected a mapping"),
    ("- a\n- b\n", "exp.yaml:1:1: found a list, expected a mapping (key: value)"),
    ("just words\n", "exp.yaml:1:1: found 'just words', expected a mapping (key: value)"),
    # Keys
    ("lr: 1\nid: x\nlr: 2\n", "exp.yaml:3:1: lr: duplicate key, first written in line 1"),
    ("id: x\nmodel:\n  dim: 1\n  dim: 2\n", "exp.yaml:4:3: model.dim: duplicate key, first written in line 3"),
    ("id: x\n1: one\n", "exp.yaml:2:1: 1: found a key that is no text, quote it"),
    ("id: x\n? [a]\n: 1\n", "exp.yaml:2:3: found a key that is neither text nor a number"),
    ("id: x\n<<: 3\n", "exp.yaml:2:1: <<: expected a mapping or a list of mappings"),
    # Words of YAML 1.1
    ("id: x\nverbose: yes\n", "exp.yaml:2:10: verbose: found yes, write true or quote it"),
    (
        "id: x\nverbose: Off\nname: no\n",
        (
            "exp.yaml:2:10: verbose: found Off, write false or quote it\n"
            "exp.yaml:3:7: name: found no, write false or quote it"
        ),
    ),
    (
        "id: x\nepochs: 010\n",
        "exp.yaml:2:9: epochs: found 010, write it without the leading 0, as 0o… if it is octal, or quote it",
    ),
    ("id: x\nmodel: !Model {dim: 1}\n", "exp.yaml:2:8: model: found the tag !Model, which has no meaning here"),
    # Unknown and missing keys
    ("id: x\nepocs: 3\n", "exp.yaml:2:1: epocs: unknown key; did you mean 'epochs'?"),
    (
        "id: x\nqqq: 3\nmodel:\n  dim: 1\n  qqq: 2\n",
        (
            "exp.yaml:2:1: qqq: unknown key (known: id, file, module, pythonpath, parent, imports, pre_experiment, title, subtitle, paper, description, add_timestamp, dirty_git, grid_search, lr, epochs, batch, verbose, name, cache, speed, model, data, seeds, size, weights, either, title_of_all, limit_of_all, optimizer, function, parts, limit, memory)\n"
            "exp.yaml:5:3: model.qqq: unknown key (known: dim, activation, layers)"
        ),
    ),
    ("lr: 1.0\n", "exp.yaml:1:1: id: missing, expected str"),
    ("id: x\nmodel: {activation: relu}\n", "exp.yaml:2:8: model.dim: missing, expected int"),
    ("id: x\ndata: {}\n", "exp.yaml:2:7: data.folder: missing, expected path"),
    # Types
    ('id: x\nlr: "3"\n', "exp.yaml:2:5: lr: found '3', expected float (remove the quotes)"),
    ("id: x\nlr: fast\n", "exp.yaml:2:5: lr: found 'fast', expected float"),
    ("id: x\nlr: true\n", "exp.yaml:2:5: lr: found true, expected float"),
    ("id: x\nlr:\n", "exp.yaml:2:4: lr: found null, expected float"),
    ("id: x\nepochs: 2.7\n", "exp.yaml:2:9: epochs: found 2.7, expected int"),
    ('id: x\nepochs: "3"\n', "exp.yaml:2:9: epochs: found '3', expected int (remove the quotes)"),
    ("id: x\nepochs: true\n", "exp.yaml:2:9: epochs: found true, expected int"),
    ("id: x\nepochs: 1e3\n", "exp.yaml:2:9: epochs: found 1e3, expected int"),
    ("id: 2024\n", "exp.yaml:1:5: id: found 2024, expected str (quote it)"),
    ("id: x\nname: true\n", "exp.yaml:2:7: name: found true, expected str (quote it)"),
    ("id: x\nverbose: 1\n", "exp.yaml:2:10: verbose: found 1, expected bool"),
    ("id: x\nverbose: 'false'\n", "exp.yaml:2:10: verbose: found 'false', expected bool"),
    ("id: x\ncache: 3\n", "exp.yaml:2:8: cache: found 3, expected path (quote it)"),
    ("id: x\nspeed: fats\n", "exp.yaml:2:8: speed: found 'fats', expected one of 'FAST', 'SLOW'; did you mean 'FAST'?"),
    (
        "id: x\ndirty_git: warning\n",
        "exp.yaml:2:12: dirty_git: found 'warning', expected one of 'ignore', 'warn', 'error'; did you mean 'warn'?",
    ),
    (
        "id: x\nmodel: {dim: 1, activation: gelou}\n",
        "exp.yaml:2:29: model.activation: found 'gelou', expected one of 'relu', 'gelu'; did you mean 'gelu'?",
    ),
    ("id: x\nmodel: 3\n", "exp.yaml:2:8: model: found 3, expected mapping (Model) or null"),
    ("id: x\nmodel: [dim, 1]\n", "exp.yaml:2:8: model: found a list, expected mapping (Model) or null"),
    ("id: x\nseeds: 12\n", "exp.yaml:2:8: seeds: found 12, expected list of int"),
    ("id: x\nseeds: '12'\n", "exp.yaml:2:8: seeds: found '12', expected list of int"),
    (
        "id: x\nseeds: [1, b, 2.5]\n",
        ("exp.yaml:2:12: seeds.1: found 'b', expected int\nexp.yaml:2:15: seeds.2: found 2.5, expected int"),
    ),
    (
        "id: x\nmodel:\n  dim: 1\n  layers:\n    - 1\n    - two\n",
        "exp.yaml:6:7: model.layers.1: found 'two', expected int",
    ),
    ("id: x\nsize: [1]\n", "exp.yaml:2:7: size: found a list of 1, expected list of 2 (int, str)"),
    ("id: x\nsize: [1, 2]\n", "exp.yaml:2:11: size.1: found 2, expected str (quote it)"),
    ("id: x\nweights: {a: 1, b: heavy}\n", "exp.yaml:2:20: weights.b: found 'heavy', expected float"),
    ("id: x\nweights: {1: 1}\n", "exp.yaml:2:11: weights.1: found 1, expected str (quote it)"),
    ("id: x\ntitle_of_all: 3\n", "exp.yaml:2:15: title_of_all: found 3, expected str or null (quote it)"),
    ('id: x\nlimit_of_all: "3"\n', "exp.yaml:2:15: limit_of_all: found '3', expected int or null (remove the quotes)"),
    ("id: x\neither: 2.5\n", "exp.yaml:2:9: either: found 2.5, expected int or str"),
    (
        "id: x\noptimizer: {lr: 0.1}\n",
        "exp.yaml:2:12: optimizer: found a mapping that fits Sgd and Adam, add $type: Sgd, or another of them",
    ),
    ("id: x\noptimizer: {lr: 0.1, bta: 0.5}\n", "exp.yaml:2:22: optimizer.bta: unknown key; did you mean 'beta'?"),
    (
        "id: x\nfunction: 1\n",
        "exp.yaml:2:11: function: a value of type complex cannot be given in a configuration file",
    ),
    (
        "id: x\nepochs: -1\nbatch: 0\n",
        "exp.yaml:2:9: epochs: 'epochs' must be >= 0: -1\nexp.yaml:3:8: batch: 'batch' must be > 0: 0",
    ),
    ("id: x\nepochs: -1\n", "exp.yaml:2:9: epochs: 'epochs' must be >= 0: -1"),
    # The code of the experiment
    ("id: x\nfile: 3\n", "exp.yaml:2:7: file: found 3, expected text that is not empty"),
    ("id: x\nfile: a\nmodule: b\n", "exp.yaml:3:1: module: found a file and a module, expected one of them"),
    ("id: x\npythonpath: lib\n", "exp.yaml:2:13: pythonpath: found 'lib', expected a list of directories"),
    ("id: x\npythonpath: [lib, 3]\n", "exp.yaml:2:19: pythonpath.1: found 3, expected text that is not empty"),
    # Imports
    ("id: x\nimports: base.yaml\n", "exp.yaml:2:10: imports: found 'base.yaml', expected a list of files"),
    ("id: x\nimports: [base.yml]\n", "exp.yaml:2:11: imports.0: base.yml: no such file; did you mean 'base.yaml'?"),
    (
        "id: x\nimports: [nowhere/base.yaml]\n",
        "exp.yaml:2:11: imports.0: nowhere/base.yaml: no such file, nor its directory",
    ),
    ("id: x\nimports: [exp.yaml]\n", "exp.yaml:2:11: import cycle: exp.yaml -> exp.yaml"),
    (
        "id: x\nparent: base.yaml\nimports: [base.yaml]\n",
        "exp.yaml:2:1: parent: found imports too, write parent as the first of them",
    ),
]


BAD_REFERENCES = [
    ("name: ${env:NO_SUCH}\n", "exp.yaml:2:7: name: the environment variable NO_SUCH is not set"),
    ("name: '${evn:HOME}'\n", "exp.yaml:2:7: name: found ${evn:HOME}, expected ${env:NAME} or ${KEY.KEY}; did you mean 'env'?"),
    ("name: ${env:SWITCH}\n", "exp.yaml:2:7: name: found on, write true or quote it"),
    ("lr: ${env:WORD}\n", "exp.yaml:2:5: lr: found 'word', expected float"),
    ("name: ${titel}\ntitle: a\n", "exp.yaml:2:7: name: found ${titel}, and nothing writes this key; did you mean 'title'?"),
    ("name: ${model.dmi}\nmodel: {dim: 1}\n", "exp.yaml:2:7: name: found ${model.dmi}, and nothing writes this key; did you mean 'model.dim'?"),
    ("name: ${seeds.3}\nseeds: [1]\n", "exp.yaml:2:7: name: found ${seeds.3}, and seeds is a list of 1 (exp.yaml:3:8)"),
    ("name: ${id.x}\n", "exp.yaml:2:7: name: found ${id.x}, and id is 'x' (exp.yaml:1:5)"),
    ("name: a ${seeds}\nseeds: [1]\n", "exp.yaml:2:7: name: found ${seeds} in a text, and it is a list"),
    ("name: ${title}\ntitle: ${name}\n", "exp.yaml:2:7: name: reference cycle: name -> title -> name"),
    ("model: {dim: '${model}'}\n", "exp.yaml:2:14: model.dim: reference cycle: model.dim -> model.dim"),
    ("name: ${\n", "exp.yaml:2:7: name: found ${ without a name and } after it, write $${ for these characters themselves"),
    ("lr: ${name}\nname: fast\n", "exp.yaml:2:5: lr: found 'fast', expected float"),
    ("imports: ['${name}']\nname: base\n", "exp.yaml:2:11: imports.0: found ${name}, and the values of other keys are not known when files are imported"),
    ("imports: ['${env:NO_SUCH}/base']\n", "exp.yaml:2:11: imports.0: the environment variable NO_SUCH is not set"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), BAD_REFERENCES)
def test_a_mistake_in_a_reference_is_explained(
    write: Write, monkeypatch: pytest.MonkeyPatch, text: str, lines: str
) -> None:
    monkeypatch.setenv("SWITCH", "on")
    monkeypatch.setenv("WORD", "word")
    monkeypatch.delenv("NO_SUCH", raising=False)
    write({"exp.yaml": f"id: x\n{text}"})
    assert message_of(Settings) == lines


@pytest.mark.parametrize(("text", "lines"), BAD_FILES)
def test_a_mistake_in_the_file_is_explained(write: Write, text: str, lines: str) -> None:
    write({"exp.yaml": text, "base.yaml": "lr: 1\n"})
    assert message_of(Settings) == lines


BAD_OPTIONS = [
    ("lr=abc", "-c lr=abc: lr: found 'abc', expected float"),
    ("lr", "-c lr: expected KEY=VALUE, where KEY may have several parts (model.layers.0.size)"),
    ("=3", "-c =3: expected KEY=VALUE, where KEY may have several parts (model.layers.0.size)"),
    ("lr=", "-c lr=: lr: found null, expected float"),
    ("epocs=3", "-c epocs=3: epocs: unknown key; did you mean 'epochs'?"),
    ("seeds.3=1", "-c seeds.3=1: seeds: found the index '3', expected 0 to 1 (list of exp.yaml:3:8)"),
    ("seeds.first=1", "-c seeds.first=1: seeds: found the index 'first', expected 0 to 1 (list of exp.yaml:3:8)"),
    ("seeds.0=a", "-c seeds.0=a: seeds.0: found 'a', expected int"),
    ("name.first=1", "-c name.first=1: name: cannot set 'first' in it: it is 'run' (exp.yaml:2:7)"),
    ("seeds=[1, b]", "-c seeds=[1, b]: seeds.1: found 'b', expected int"),
    (
        "seeds=[1",
        "-c seeds=[1: invalid YAML: did not find expected ',' or ']' (while parsing a flow sequence of line 1)",
    ),
    ("verbose=on", "-c verbose=on: found on, write true or quote it"),
    ("model.dimm=3", "-c model.dimm=3: model.dimm: unknown key; did you mean 'dim'?"),
    ("parts.1.dmi=3", "-c parts.1.dmi=3: parts.1.dmi: unknown key; did you mean 'dim'?"),
    ("part.0.dim=3", "-c part.0.dim=3: part: unknown key; did you mean 'parts'?"),
    ("model.dim.x=3", "-c model.dim.x=3: model.dim: cannot set 'x' in it: it is '1' (exp.yaml:4:14)"),
    ("epochs=${env:NO_SUCH}", "-c epochs=${env:NO_SUCH}: epochs: the environment variable NO_SUCH is not set"),
    (
        "epochs=${sedes.0}",
        "-c epochs=${sedes.0}: epochs: found ${sedes.0}, and nothing writes this key; did you mean 'seeds'?",
    ),
    ("limit=soon", "-c limit=soon: limit: found 'soon', expected duration (such as 1h30m, or seconds)"),
    ("memory=4 apples", "-c memory=4 apples: memory: found '4 apples', expected size (such as 4GiB, or bytes)"),
    ("imports=[a.yaml]", "-c imports=[a.yaml]: imports: files are read before options; use --pre-yaml or --post-yaml"),
]


@pytest.mark.parametrize(("option", "lines"), BAD_OPTIONS)
def test_a_mistake_in_an_option_is_explained(write: Write, option: str, lines: str) -> None:
    write({"exp.yaml": "id: x\nname: run\nseeds: [1, 2]\nmodel: {dim: 1}\nparts: [{dim: 1}, {dim: 2}]\n"})
    assert message_of(Settings, option) == lines


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(write: Write) -> None:
    write({"exp.yaml": "lr: fast\nmodel:\n  dmi: 3\nextra: 1\n"})
    assert message_of(Strict).splitlines() == [
        "exp.yaml:1:1: id: missing, expected str",
        "exp.yaml:1:5: lr: found 'fast', expected float",
        "exp.yaml:3:3: model.dmi: unknown key; did you mean 'dim'?",
        "exp.yaml:4:1: extra: unknown key (known: id, file, module, pythonpath, parent, imports, pre_experiment, title, "
        "subtitle, paper, description, add_timestamp, dirty_git, grid_search, lr, model)",
    ]


def test_a_mistake_is_placed_in_the_file_that_wrote_the_value(write: Write) -> None:
    write(
        {
            "exp.yaml": "imports: [conf/base]\nid: x\n",
            "conf/base.yaml": "imports: [../low.yaml]\nlr: 1\n",
            "low.yaml": "epochs: many\n",
        }
    )
    assert message_of(Settings) == "low.yaml:1:9: epochs: found 'many', expected int"


def test_an_import_cycle_is_shown(write: Write) -> None:
    write({"exp.yaml": "imports: [b.yaml]\n", "b.yaml": "lr: 1\nimports: [c]\n", "c.yaml": "imports:\n  - exp.yaml\n"})
    assert message_of(Settings) == "c.yaml:2:5: import cycle: exp.yaml -> b.yaml -> c.yaml -> exp.yaml"


def test_a_missing_file_has_no_position_but_a_near_name(write: Write) -> None:
    write({"exps.yaml": "id: x"})
    assert message_of(Settings) == "exp.yaml: no such file; did you mean 'exps.yaml'?"


@pytest.mark.parametrize(
    ("main", "name", "meant"),
    [
        ("debug/cpu.yaml", "full.yaml", "../full.yaml"),
        ("debug/cpu.yaml", "full", "../full"),
        ("exp.yaml", "small.yaml", "debug/small.yaml"),
        ("exp.yaml", "../small.yaml", "debug/small.yaml"),
        ("debug/cpu.yaml", "vit.yaml", None),
    ],
)
def test_a_missing_import_is_perhaps_the_file_of_that_name_nearby(
    write: Write, main: str, name: str, meant: str | None
) -> None:
    write({main: f"id: x\nimports: [{name}]\n", "full.yaml": "id: x", "debug/small.yaml": "id: x"})
    with pytest.raises(ConfigurationError) as caught:
        load(Path(main))
    [problem] = caught.value.problems
    assert problem.path == ("imports", 0)
    assert problem.message.partition("; ")[2] == ("" if meant is None else f"did you mean {meant!r}?")


def test_a_file_that_is_not_utf8_is_refused(write: Write, tmp_path: Path) -> None:
    write({})
    (tmp_path / "exp.yaml").write_bytes(b"id: x\nname: caf\xe9\n")
    assert message_of(Settings) == "exp.yaml:2:1: found a byte that is not UTF-8"
