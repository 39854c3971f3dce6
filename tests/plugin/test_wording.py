"""Words of messages."""

from __future__ import annotations

import pytest

from experimaestro_mypy.wording import a


@pytest.mark.parametrize(
    "name", ["a Model", "an Encoder", "an Index", "an Updater", "a Unit", "a User", "a UNet", "an MLP", "a CNN"]
)
def test_names_have_the_article_that_is_spoken(name: str) -> None:
    assert a(name.split()[1]) == name
