"""How many mistakes each checker finds, and how often it is wrong: ``python -m tests.typing.score [--missed]``.

``--rewrite`` records it in `found.toml`, which the tests compare with.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.typing.checkers import CHECKERS, executable, findings, is_found, programs

RECORD: Final = Path(__file__).parent / "found.toml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checker", nargs="*", choices=list(CHECKERS), default=list(CHECKERS))
    parser.add_argument("--plugin", action="store_true", help="also mypy with the plugin")
    parser.add_argument(
        "--missed", action="store_true", help="name what is not found, and show what is wrongly reported"
    )
    parser.add_argument("--rewrite", action="store_true", help="record what each checker finds, with no plugin")
    options = parser.parse_args()
    checkers = [checker for checker in options.checker if executable(checker)]
    checkers += ["mypy+plugin"] if options.plugin else []
    if options.rewrite:
        RECORD.write_text("\n".join(record(checker) for checker in CHECKERS))
    wrong, fixed, right = programs("wrong"), programs("fixed"), programs("right")
    print(f"{'':12} found/{len(wrong):<4} false/{len(fixed):<4} (fixed) false/{len(right):<4} (right)")
    for checker in checkers:
        found = [name for name in wrong if is_found(checker, name)]
        refused = [reported(checker, folder, names) for folder, names in (("fixed", fixed), ("right", right))]
        print(f"{checker:12} {len(found):10} {len(refused[0]):10} {len(refused[1]):18}")
        if options.missed:
            show(checker, [name for name in wrong if name not in found], [*refused[0], *refused[1]])


def record(checker: str) -> str:
    """What a checker finds and wrongly reports, as a table of TOML."""
    found = [name for name in programs("wrong") if is_found(checker, name)]
    wrongly = [name for folder in ("fixed", "right") for name in reported(checker, folder, programs(folder))]
    return f"[{checker}]\n{array('found', found)}{array('wrongly_reported', wrongly)}"


def array(name: str, values: Sequence[str]) -> str:
    return f"{name} = [\n" + "".join(f'    "{value}",\n' for value in values) + "]\n"


def reported(checker: str, folder: str, names: Sequence[str]) -> list[str]:
    """The programs of a folder without mistakes in which a checker reports some."""
    return [f"{folder}/{name}" for name in names if findings(checker)[f"{folder}/{name}"]]


def show(checker: str, missed: Sequence[str], refused: Sequence[str]) -> None:
    print(f"  missed: {' '.join(missed)}")
    for program in refused:
        for finding in findings(checker)[program]:
            print(f"  {program}:{finding.line}: {finding.message} [{finding.code}]")


if __name__ == "__main__":
    main()
