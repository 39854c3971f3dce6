"""``experimaestro workspaces list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Place


def test_all_settings_of_a_workspace_are_listed_on_demand(place: Place) -> None:
    text = "workspaces:\n  - {id: big, path: /big, env: {A: '${env:LETTER,a}'}, folders: [{path: /old, mode: move}]}\n"
    place.write({"home/.config/experimaestro/settings.yaml": text})
    assert place.run("workspaces", "list").out == "- big: /big\n"
    first, *rest = place.run("workspaces", "list", "-v", LETTER="b").out.splitlines()
    assert first == "- big: /big"
    assert {"    id: big", "      A: b", "    max_retries: 3", "        mode: move"} <= set(rest)
