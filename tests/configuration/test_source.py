from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from experimaestro.configuration.loader import load
from experimaestro.configuration.source import ExperimentSource, experiment_source

Write = Callable[[Mapping[str, str]], None]


def source_of(text: str, write: Write) -> ExperimentSource:
    write({"conf/exp.yaml": text})
    return experiment_source(load(Path("conf/exp.yaml")))


def test_the_default_is_experiment_py_beside_the_file(write: Write, tmp_path: Path) -> None:
    assert source_of("id: x\n", write) == ExperimentSource(
        file=tmp_path / "conf" / "experiment.py", module=None, pythonpath=(tmp_path / "conf",), pre_experiment=None
    )


def test_a_file_gets_its_suffix_and_its_directory_is_searched(write: Write, tmp_path: Path) -> None:
    source = source_of("file: ../run.v2\n", write)
    assert source.file == tmp_path / "run.v2.py"
    assert source.pythonpath == (tmp_path,)


def test_a_python_path_replaces_the_directory_of_the_file(write: Write, tmp_path: Path) -> None:
    source = source_of("file: run.py\npythonpath: [., ../lib]\n", write)
    assert source.file == tmp_path / "conf" / "run.py"
    assert source.pythonpath == (tmp_path / "conf", tmp_path / "lib")


def test_a_module_has_no_file(write: Write) -> None:
    assert source_of("module: my.run\npre_experiment: my.setup\nfile:\n", write) == ExperimentSource(
        file=None, module="my.run", pythonpath=(), pre_experiment="my.setup"
    )
