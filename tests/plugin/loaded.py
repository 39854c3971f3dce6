"""What the loader says of each YAML file of the current directory, as JSON: lines by file."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.loader import load
from experimaestro.experiments.axes import grid_of
from experimaestro.structuring import structure

sys.path.insert(0, "")
from described import Everything  # of the current directory


def lines(file: Path) -> list[str]:
    try:
        tree = load(file)
        grid_of(structure(tree, Everything), tree)
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps({file.name: lines(file) for file in sorted(Path().glob("*.yaml"))}))
