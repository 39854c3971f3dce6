"""The table of keys is that of the class, and the order of precedence that of the loader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from experimaestro.configuration.annotations import expected
from experimaestro.configuration.base import ConfigurationBase
from experimaestro.core.docstrings import documentation_of
from experimaestro.structuring import unstructure

PAGE: Final = Path(__file__).parents[2] / "docs/configuration.md"
BLOCK: Final = re.compile(r"(?<=<!-- made from the class -->\n).*(?=<!-- end -->)", re.DOTALL)


def rows() -> Iterator[str]:
    texts = documentation_of(ConfigurationBase).parameters
    yield "| key | value | default | |"
    yield "|---|---|---|---|"
    for field in attrs.fields(attrs.resolve_types(ConfigurationBase)):
        default = "required" if field.default is attrs.NOTHING else f"`{_written(unstructure(field.default))}`"
        yield f"| `{field.name}` | {expected(field.type)} | {default} | {texts[field.name]} |"


def _written(value: object) -> str:
    return {None: "null", "": '""', False: "false"}.get(value, str(value))  # type: ignore[call-overload,no-any-return]  # plain


def test_the_keys_of_the_page_are_those_of_the_class() -> None:
    table = "".join(f"{row}\n" for row in rows())
    assert BLOCK.findall(PAGE.read_text()) == [table], f"write this table to {PAGE}:\n{table}"
