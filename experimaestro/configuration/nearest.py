"""What was perhaps meant by a name that stands for nothing: a class beside the keys given to it, a file near it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from experimaestro.exceptions import nearest_name

SUFFIX: Final = ".yaml"
"""The suffix that may be left out."""

_SUFFIXES: Final = (SUFFIX, ".yml")
_MOST_ENTRIES: Final = 1_000
_FEW: Final = 8
_SEPARATORS: Final = re.compile(r"[.:]")


def meant_class(name: str, known: Mapping[str, Collection[str]], given: Collection[str]) -> str:
    """Returns the end of a sentence on the name of a class: the nearest one, or all if they are few.

    :param known: the keys that each class takes, by its name.
    :param given: the keys beside the name: a class that takes them comes before the others.
    """
    styled = [each for each in known if ":" in each] if ":" in name else list(known)
    fitting = [each for each in styled if set(given) <= set(known[each])]
    best = _nearest(name, fitting) or _nearest(name, styled)
    if best is None and given and len(fitting) == 1:
        best = fitting[0]
    if best is not None:
        return f"; did you mean {best!r}?"
    listed = sorted({each for each in known if ":" in each} or known)
    return f" (known: {', '.join(listed)})" if 0 < len(listed) <= _FEW else ""


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """The class whose own name is near, whatever its module; of several, the one whose module is nearest."""
    by_word: dict[str, list[str]] = {}
    for each in known:
        by_word.setdefault(_last(each), []).append(each)
    word = nearest_name(_last(name), by_word)
    return None if word is None else get_close_matches(name, by_word[word], n=1, cutoff=0)[0]


def _last(name: str) -> str:
    return _SEPARATORS.split(name)[-1]


def no_such_file(path: Path, asking: Path | None = None) -> str:
    """The words for a file that does not exist, after its name.

    :param asking: the file that imports it, which cannot be what was meant.
    """
    if not path.parent.is_dir():
        return "no such file, nor its directory"
    meant = nearest_file(path.name, _beside(path, asking))
    return f"no such file{_elsewhere(path, asking) or ('' if meant is None else f'; did you mean {meant!r}?')}"


def nearest_file(name: str, known: Iterable[str]) -> str | None:
    """Returns the name of the file that was perhaps meant: all have the same suffix, which tells nothing."""
    by_stem = {Path(each).stem: each for each in known}
    near = nearest_name(Path(name).stem, by_stem)
    return None if near is None else by_stem[near]


def _beside(path: Path, asking: Path | None) -> list[str]:
    """The YAML files of a directory, without suffix if that is how they are called."""
    files = [file for file in _entries(path.parent) if file.endswith(_SUFFIXES) and not _is_same(path, file, asking)]
    return files if path.suffix else [file.removesuffix(SUFFIX) for file in files]


def _is_same(path: Path, name: str, asking: Path | None) -> bool:
    return asking is not None and os.path.abspath(path.parent / name) == os.path.abspath(asking)  # noqa: PTH100  # links stay


def _elsewhere(path: Path, asking: Path | None) -> str:
    """The file of this name in a directory just above or below the one that was named, or that of the file."""
    if asking is None:
        return ""
    homes = (asking.parent, path.parent)
    folders = [*homes, *(home.parent for home in homes), *(home / name for home in homes for name in _entries(home))]
    for file in (folder / f"{path.name}{suffix}" for folder in folders for suffix in ("", SUFFIX)):
        if file.is_file() and os.path.abspath(file) != os.path.abspath(asking):  # noqa: PTH100  # links stay
            named = file if path.suffix else file.with_name(path.name)
            return f"; did you mean {Path(os.path.relpath(named, asking.parent)).as_posix()!r}?"
    return ""


def _entries(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:_MOST_ENTRIES]  # noqa: PTH208  # names
    except OSError:
        return []
