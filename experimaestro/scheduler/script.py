"""What a job directory holds before its process starts."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from experimaestro import _files
from experimaestro._types import __version__
from experimaestro.core.serialization import parameters
from experimaestro.core.state import Configuration
from experimaestro.core.tags import tags
from experimaestro.workspace.layout import JobDirectory

_SCRIPT: Final = """\
#!{python}
# Written by experimaestro {version}: runs the task that params.json describes.

import sys

# The directory of this script would hide a module with the name of the task.
sys.path[:1] = {python_path!r}

if __name__ == "__main__":
    import logging

    from experimaestro.job.runner import main

    logging.basicConfig(
        level=logging.INFO,
        format="%(levelname)s:%(process)d:%(asctime)s [%(name)s] %(message)s",
        datefmt="%y-%m-%d %H:%M:%S",
    )
    main({script!r})
"""


def write_job_files(
    task: Configuration, directory: JobDirectory, workspace: Path, *, python_path: Sequence[str]
) -> None:
    """Writes the parameters and the script of a job.

    Raises OSError, TypeError for a value that cannot be written.
    """
    described = parameters(task, directory.path, workspace, __version__)
    described["tags"] = {name: value for name, value in tags(task).items() if _is_plain(value)}
    _files.write_text(directory.params, json.dumps(described))
    script = _SCRIPT.format(
        python=sys.executable, version=__version__, python_path=list(python_path), script=str(directory.script)
    )
    _files.write_text(directory.script, script, mode=0o777)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)
