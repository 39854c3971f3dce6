"""Identifiers are those of release 2.7: results made with it are found again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import xpm_vectors as vectors

FOLDER: Final = Path(vectors.__file__).parent
EXPECTED: Final = json.loads((FOLDER / "expected.json").read_text())
KEPT: Final = sorted(set(vectors.VECTORS) - vectors.REFUSED - vectors.EXACT_MEMBER)

# The vectors use the old spellings too, which warn.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize("name", KEPT)
def test_identifier_is_that_of_release_2_7(name: str) -> None:
    assert vectors.identifier_of(vectors.VECTORS[name]()) == EXPECTED["identifiers"][name]


@pytest.mark.parametrize("name", sorted(vectors.PARTIALS))
def test_partial_identifier_is_that_of_release_2_7(name: str) -> None:
    assert vectors.partial_identifier_of(*vectors.PARTIALS[name]()) == EXPECTED["partials"][name]


@pytest.mark.parametrize("name", sorted(vectors.REFUSED))
def test_value_of_another_type_is_refused(name: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        vectors.VECTORS[name]()


@pytest.mark.parametrize("name", sorted(vectors.EXACT_MEMBER))
def test_value_of_a_union_keeps_its_own_type(name: str) -> None:
    assert vectors.identifier_of(vectors.VECTORS[name]()) != EXPECTED["identifiers"][name]


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_identifiers_do_not_depend_on_the_order_of_hashes(seed: str) -> None:
    path = os.pathsep.join([str(FOLDER.parent), *sys.path])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    command = [sys.executable, "-m", "xpm_vectors"]
    checked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
