from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.loader import load
from experimaestro.configuration.source import experiment_source
from experimaestro.configuration.tree import Position

Write = Callable[[Mapping[str, str]], None]

MAIN = Path("exp.yaml")


def test_the_suffix_may_be_left_out(write: Write) -> None:
    write({"exp.v1.yaml": "a: 1", "exp.v1/other.yaml": "a: 2"})
    tree = load(Path("exp.v1"))
    assert tree.path == Path("exp.v1.yaml")
    assert tree.plain() == {"a": 1}


def test_imports_are_below_the_file_and_the_last_import_wins(write: Write) -> None:
    write({"exp.yaml": "imports: [b, c]\nx: 1\n", "b.yaml": "x: 2\ny: 2\nz: 2\n", "c.yaml": "z: 3\n"})
    assert load(MAIN).plain() == {"imports": ["b", "c"], "x": 1, "y": 2, "z": 3}


def test_imports_are_relative_to_the_file_that_imports(write: Write) -> None:
    write({"exp.yaml": "imports: [conf/b]\n", "conf/b.yaml": "imports: [../c]\nx: 1\n", "c.yaml": "y: 1\n"})
    tree = load(MAIN)
    assert tree.position(("x",)) == Position("conf/b.yaml", 2, 4)
    assert tree.position(("y",)) == Position("c.yaml", 1, 4)


def test_an_import_through_a_link_is_found_as_the_system_finds_it(write: Write, tmp_path: Path) -> None:
    write({"exp.yaml": "imports: [link/../b]\n", "far/b.yaml": "x: far\n", "far/sub/x.yaml": "", "b.yaml": "x: near\n"})
    (tmp_path / "link").symlink_to(tmp_path / "far" / "sub")
    assert load(MAIN).plain()["x"] == "far"


def test_a_file_imported_twice_is_read_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty levels of files that each import the next twice would take a million reads."""
    files = {f"f{i}.yaml": f"imports: [f{i + 1}, ./f{i + 1}.yaml]\nx{i}: 1\n" for i in range(20)}
    write({**files, "f20.yaml": "end: 1\n"})
    assert load(Path("f0")).plain()["end"] == 1


def test_parent_is_an_import_that_warns(write: Write) -> None:
    write({"exp.yaml": "parent: base.yaml\nx: 1\n", "base.yaml": "x: 2\ny: 2\n"})
    with pytest.warns(DeprecationWarning, match=r"^exp\.yaml:1:1: 'parent' is deprecated, write imports: \[file\]"):
        assert load(MAIN).plain() == {"parent": "base.yaml", "x": 1, "y": 2}


def test_code_is_found_beside_the_file_that_names_it(write: Write, tmp_path: Path) -> None:
    base = "file: ../run\npythonpath: [lib, /opt/lib]\npre_experiment: setup.py\n"
    write({"exp.yaml": "imports: [conf/base]\n", "conf/base.yaml": base})
    values = load(MAIN).plain()
    assert values["file"] == str(tmp_path / "run")
    assert values["pythonpath"] == [str(tmp_path / "conf" / "lib"), "/opt/lib"]
    assert values["pre_experiment"] == str(tmp_path / "conf" / "setup.py")


def test_code_named_by_an_option_is_relative_to_the_current_directory(write: Write, tmp_path: Path) -> None:
    write({"conf/exp.yaml": "id: x\n"})
    assert load(Path("conf/exp"), overrides=["file=run.py"]).plain()["file"] == str(tmp_path / "run.py")


def test_a_module_is_no_file(write: Write) -> None:
    write({"exp.yaml": "pre_experiment: my.module\n"})
    assert load(MAIN).plain() == {"pre_experiment": "my.module"}


KEYS = ("a", "b", "c")
LAYERS = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9))


@given(
    imported=LAYERS, pre=st.lists(LAYERS, max_size=2), main=LAYERS, post=st.lists(LAYERS, max_size=2), options=LAYERS
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
def test_the_last_of_import_pre_main_post_and_option_wins(
    tmp_path: Path,
    imported: dict[str, int],
    pre: list[dict[str, int]],
    main: dict[str, int],
    post: list[dict[str, int]],
    options: dict[str, int],
) -> None:
    """Files before the main one are below its imports as well."""

    def file(name: str, values: dict[str, int], first: str = "") -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(first + "".join(f"{key}: {value}\n" for key, value in values.items()) or "{}")
        return path

    file("imported", imported)
    tree = load(
        file("main", main, "imports: [imported]\n"),
        pre=[file(f"pre{i}", values) for i, values in enumerate(pre)],
        post=[file(f"post{i}", values) for i, values in enumerate(post)],
        overrides=[f"{key}={value}" for key, value in options.items()],
    )
    expected: dict[str, int] = {}
    for layer in (*pre, imported, main, *post, options):
        expected |= layer
    assert {key: value for key, value in tree.plain().items() if key in KEYS} == expected


NAMES = st.text(max_size=5) | st.sampled_from(["exp", "other", "..", "~none/x", "/", "a/b.py", "x\0"])
VALUES = NAMES | st.none() | st.integers() | st.lists(NAMES | st.integers(), max_size=2)
SPECIAL = st.sampled_from(["imports", "parent", "file", "module", "pythonpath", "pre_experiment", "id"])


@given(st.dictionaries(SPECIAL, VALUES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_value_of_a_key_of_ours_is_taken_or_refused(tmp_path: Path, values: dict[str, object]) -> None:
    (tmp_path / "exp.yaml").write_text(json.dumps(values))
    (tmp_path / "other.yaml").write_text("x: 1")
    with warnings.catch_warnings(), contextlib.suppress(ConfigurationError):
        warnings.simplefilter("ignore", DeprecationWarning)
        experiment_source(load(tmp_path / "exp"))
