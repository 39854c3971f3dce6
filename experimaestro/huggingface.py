"""Configurations on the Hugging Face hub, with their data."""

# huggingface_hub is partly typed:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Final

from experimaestro._files import write_text
from experimaestro.core.context import SerializationContext
from experimaestro.core.copies import state_of
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.format import SerializedPath
from experimaestro.core.serialization import DEFINITION_FILE, FORMER_DEFINITION_FILE, load
from experimaestro.exceptions import HandledException

try:
    import huggingface_hub
    from huggingface_hub import ModelCard, ModelHubMixin
    from huggingface_hub.errors import EntryNotFoundError
except ImportError as error:
    raise ImportError("the Hugging Face hub needs huggingface-hub: pip install experimaestro[huggingface]") from error

__all__ = ["ExperimaestroHFHub"]

_CARD: Final = """---
library_name: experimaestro
tags:
- experimaestro
---

`{name}`, which experimaestro loads:

```python
from experimaestro.huggingface import ExperimaestroHFHub

ExperimaestroHFHub.from_pretrained("...", as_instance=True)
```
"""

PathResolver = Callable[[SerializedPath | Path | str], Path]
"""Gives the local path of a file of a model, or of its saved data."""


class NoModelError(HandledException, FileNotFoundError):
    """Nothing was saved where a model is looked for."""


class ExperimaestroHFHub(ModelHubMixin):
    """Saves a configuration to the hub, or to a directory, and loads it: ``ExperimaestroHFHub(model).push_to_hub(id)``.

    A model may have variants: each is kept in a directory of that name.
    """

    definition_filename: ClassVar[str] = DEFINITION_FILE
    serialization_context_class: ClassVar[type[SerializationContext]] = SerializationContext

    def __init__(self, config: Any, variant: str | None = None) -> None:  # Any: the configuration of a class of users
        """Holds a configuration.

        Raises NotAConfigurationError (a TypeError).
        """
        self._state = state_of(config)
        self.config = config
        self.variant = variant

    def _save_pretrained(self, save_directory: Path | str) -> None:
        directory = Path(save_directory, self.variant or "")
        directory.mkdir(parents=True, exist_ok=True)
        context = self.serialization_context_class(save_directory=directory)
        definitions = DefinitionWriter(context).write(self._state)
        write_text(directory / self.definition_filename, json.dumps(definitions))

    def push_to_hub(self, repo_id: str, variant: str | None = None, **options: Any) -> str:
        """Uploads the configuration.

        :param variant: the name of the variant; by default, that of the constructor.
        :param options: those of huggingface_hub.
        """
        self.variant = variant or self.variant
        return super().push_to_hub(repo_id, **options)

    @classmethod
    def from_pretrained(
        cls,
        pretrained_model_name_or_path: str | Path,
        *,
        as_instance: bool = False,
        variant: str | None = None,
        **options: Any,
    ) -> Any:
        """Loads what was saved, from the hub or from a directory. (Any: a configuration, or an instance.)

        :param as_instance: gives the object itself, not its configuration.
        :param variant: the name of the variant.
        :param options: those of huggingface_hub.
        :raises NoModelError: when nothing was saved there.
        """
        return super().from_pretrained(
            pretrained_model_name_or_path, as_instance=as_instance, variant=variant, **options
        )

    @classmethod
    def _from_pretrained(
        cls, *, model_id: str, as_instance: bool = False, variant: str | None = None, **options: Any
    ) -> Any:
        """Any: see above; in options, those of huggingface_hub."""
        options.pop("config", None)  # of a model that another library wrote in the same repository
        resolve = _in_directory(Path(model_id)) if Path(model_id).is_dir() else _on_hub(model_id, options)
        prefix = Path(variant or "")
        filename = cls._definition_file(lambda name: resolve(prefix / name), where=str(Path(model_id, prefix)))
        return load(
            lambda path: resolve(_below(prefix, path)),
            as_instance,
            partial_loading=True,
            definition_filename=filename,
        )

    @classmethod
    def _definition_file(cls, resolve: Callable[[str], Path], *, where: str) -> str:
        """The name of the file with the definitions; a former name is tried next."""
        names = (cls.definition_filename, FORMER_DEFINITION_FILE)
        for name in names:
            try:
                found = resolve(name)
            except EntryNotFoundError:
                continue
            if found.exists():
                return name
        raise NoModelError(f"nothing was saved in {where}: it has neither {' nor '.join(names)}")

    def generate_model_card(self, *arguments: Any, **options: Any) -> ModelCard:
        """Says what the model is, when there is no README. (Any: those of huggingface_hub, for its template.)"""
        return ModelCard(_CARD.format(name=self._state.xpmtype.name()))


def _below(prefix: Path, path: SerializedPath | Path | str) -> SerializedPath | Path:
    return path._replace(path=prefix / path.path) if isinstance(path, SerializedPath) else prefix / path


def _in_directory(directory: Path) -> PathResolver:
    return lambda path: directory / (path.path if isinstance(path, SerializedPath) else path)


def _on_hub(repo_id: str, options: dict[str, Any]) -> PathResolver:  # Any: options of huggingface_hub
    """Downloads what is asked for: a file, or the files of a folder."""

    def resolve(path: SerializedPath | Path | str) -> Path:
        if isinstance(path, SerializedPath) and path.is_folder:
            folder: str = huggingface_hub.snapshot_download(repo_id, allow_patterns=f"{path.path}/**", **options)
            return Path(folder) / path.path
        filename = path.path if isinstance(path, SerializedPath) else path
        file: str = huggingface_hub.hf_hub_download(repo_id, str(filename), **options)
        return Path(file)

    return resolve
