"""What the command line says of an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experimaestro._types import RunMode


class RunOptions(NamedTuple):
    """An experiment to run, and how."""

    file: Path
    arguments: Sequence[str] = ()
    pre: Sequence[Path] = ()
    post: Sequence[Path] = ()
    overrides: Sequence[str] = ()
    run_mode: RunMode = RunMode.NORMAL
    workdir: Path | None = None
    workspace: str | None = None
    environment: Sequence[tuple[str, str]] = ()
    code_file: Path | None = None
    module: str | None = None
    config_dir: Path | None = None
