"""What the plugin says of YAML files beside what the loader says, which is right."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.plugin.projects import Project, Said

HERE: Final = Path(__file__).parent


class Compared:
    """Texts, each in the third line of a file of its own, and what is told of them, from the number of the line on."""

    def __init__(self, directory: Path, texts: Sequence[str]) -> None:
        self._names = {text: f"s{index:03}.yaml" for index, text in enumerate(texts)}
        files = {name: f"file: described\nid: x\n{text}\n" for text, name in self._names.items()}
        self.project = Project(directory, {"described.py": (HERE / "described.py").read_text(), **files})
        self._said = self.project.said("described.py")
        self._loaded = self._load()

    def _load(self) -> dict[str, list[str]]:
        command = [sys.executable, str(HERE / "loaded.py")]
        done = subprocess.run(command, cwd=self.project.directory, capture_output=True, text=True, check=True)
        loaded: dict[str, list[str]] = json.loads(done.stdout)
        return loaded

    def findings(self, text: str) -> list[Said]:
        """The findings of the plugin."""
        return [said for said in self._said if said.message.startswith(f"{self._names[text]}:")]

    def plugin(self, text: str) -> list[str]:
        """What the plugin says."""
        return [said.message.removeprefix(f"{self._names[text]}:") for said in self.findings(text)]

    def loader(self, text: str) -> list[str]:
        """What the loader says."""
        name = self._names[text]
        return [line.removeprefix(f"{name}:") for line in self._loaded[name]]
