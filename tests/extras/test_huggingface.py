"""Configurations saved for the Hugging Face hub, in a directory: no network is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from experimaestro import Config, DataPath, Param, field
from experimaestro.core.context import SerializationContext
from experimaestro.core.copies import NotAConfigurationError

pytest.importorskip("huggingface_hub")

import huggingface_hub
from huggingface_hub import errors

from experimaestro.huggingface import ExperimaestroHFHub, NoModelError


class Inner(Config):
    weights: DataPath


class Model(Config):
    size: Param[int] = field(default=1)
    inner: Param[Inner]
    folder: DataPath


@pytest.fixture
def model(tmp_path: Path) -> Model:
    (tmp_path / "weights").write_text("1 2 3")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("a")
    return Model.C(size=3, inner=Inner.C(weights=tmp_path / "weights"), folder=tmp_path / "folder")


@pytest.fixture
def saved(model: Model, tmp_path: Path) -> Path:
    ExperimaestroHFHub(model).save_pretrained(tmp_path / "saved")
    return tmp_path / "saved"


def test_what_is_saved_is_loaded_with_its_data(saved: Path, model: Model) -> None:
    loaded = ExperimaestroHFHub.from_pretrained(saved)

    assert isinstance(loaded, Model)
    assert loaded.__identifier__() == model.__identifier__()
    assert loaded.inner.weights == saved / "inner" / "weights"
    assert loaded.inner.weights.read_text() == "1 2 3"
    assert (loaded.folder / "a").read_text() == "a"


def test_an_instance_is_loaded(saved: Path) -> None:
    loaded = ExperimaestroHFHub.from_pretrained(str(saved), as_instance=True)

    assert type(loaded) is Model
    assert (loaded.size, loaded.folder) == (3, saved / "folder")


def test_the_file_is_that_of_release_2_7(saved: Path) -> None:
    definitions = json.loads((saved / "experimaestro.json").read_text())

    assert [definition["type"] for definition in definitions] == ["Inner", "Model"]
    assert definitions[-1]["fields"]["folder"] == {"type": "path.serialized", "value": "folder", "is_folder": True}


def test_a_file_with_the_former_name_is_loaded(saved: Path, model: Model) -> None:
    (saved / "experimaestro.json").rename(saved / "definition.json")

    assert ExperimaestroHFHub.from_pretrained(saved).__identifier__() == model.__identifier__()


def test_variants_stand_beside_each_other(model: Model, tmp_path: Path) -> None:
    other = Model.C(size=4, inner=model.inner, folder=model.folder)
    ExperimaestroHFHub(model).save_pretrained(tmp_path / "saved")
    ExperimaestroHFHub(other, "large").save_pretrained(tmp_path / "saved")

    assert ExperimaestroHFHub.from_pretrained(tmp_path / "saved").size == 3
    large = ExperimaestroHFHub.from_pretrained(tmp_path / "saved", variant="large")
    assert (large.size, large.folder) == (4, tmp_path / "saved" / "large" / "folder")


def test_a_directory_without_model_is_named(tmp_path: Path, saved: Path) -> None:
    with pytest.raises(NoModelError, match=r"neither experimaestro\.json nor definition\.json"):
        ExperimaestroHFHub.from_pretrained(tmp_path)
    with pytest.raises(NoModelError, match="saved/small"):
        ExperimaestroHFHub.from_pretrained(saved, variant="small")


def test_the_configuration_of_another_library_is_let_be(saved: Path) -> None:
    (saved / "config.json").write_text('{"architectures": ["BERT"], "variant": "x"}')

    assert ExperimaestroHFHub.from_pretrained(saved).size == 3


def test_a_card_says_what_it_is_unless_there_is_one(saved: Path, model: Model) -> None:
    card = saved / "README.md"
    assert "library_name: experimaestro" in card.read_text()
    assert f"`{Model.__module__}.Model`" in card.read_text()

    card.write_text("mine")
    ExperimaestroHFHub(model).save_pretrained(saved)

    assert card.read_text() == "mine"


def test_what_is_no_configuration_is_refused() -> None:
    with pytest.raises(NotAConfigurationError, match="expected a configuration"):
        ExperimaestroHFHub(3)


def test_a_subclass_may_save_more_under_another_name(model: Model, tmp_path: Path) -> None:
    class Context(SerializationContext):
        pass

    class Hub(ExperimaestroHFHub):
        definition_filename = "model.json"
        serialization_context_class = Context

        def _save_pretrained(self, save_directory: Path | str) -> None:
            super()._save_pretrained(save_directory)
            Path(save_directory, "README.md").write_text(str(self.config.size))

    Hub(model).save_pretrained(tmp_path / "saved")

    assert Hub.from_pretrained(tmp_path / "saved").size == model.size
    assert (tmp_path / "saved" / "README.md").read_text() == "3"


@pytest.fixture
def hub(saved: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A hub where "me/model" is what was saved; tells what is downloaded."""
    downloaded: list[str] = []

    def file(repo_id: str, filename: str, **options: Any) -> str:  # Any: options of huggingface_hub
        downloaded.append(filename)
        if not (saved / filename).exists():
            raise errors.EntryNotFoundError(filename)
        return str(saved / filename)

    def folder(repo_id: str, *, allow_patterns: str, **options: Any) -> str:  # Any: as above
        downloaded.append(allow_patterns)
        return str(saved)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", file)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", folder)
    return downloaded


def test_only_what_is_needed_is_downloaded(hub: list[str], saved: Path) -> None:
    loaded = ExperimaestroHFHub._from_pretrained(model_id="me/model", revision="main", token=None)

    assert loaded.size == 3
    assert set(hub) == {"experimaestro.json", "inner/weights", "folder/**"}


def test_the_former_name_is_asked_for_next(hub: list[str], saved: Path) -> None:
    (saved / "experimaestro.json").rename(saved / "definition.json")

    assert ExperimaestroHFHub._from_pretrained(model_id="me/model").size == 3


def test_a_model_without_definitions_is_named(hub: list[str]) -> None:
    with pytest.raises(NoModelError, match="nothing was saved in me/model/small"):
        ExperimaestroHFHub._from_pretrained(model_id="me/model", variant="small")


def test_without_the_library_the_extra_is_named() -> None:
    script = "import sys; sys.modules['huggingface_hub'] = None; import experimaestro.huggingface"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert "pip install experimaestro[huggingface]" in done.stderr.splitlines()[-1]
