"""The reference page is complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import click
import pytest

from experimaestro.cli import cli
from experimaestro.cli.run_experiment import command as run_experiment
from experimaestro.experiments import ConfigurationBase

PAGE: Final = (Path(__file__).parents[2] / "docs/reference.md").read_text()
DEPRECATED_KEYS: Final = {"parent"}


def commands(group: click.Group, name: str) -> Iterator[str]:
    """Yields the names of all commands, such as ``experimaestro jobs list``."""
    context = click.Context(group)
    for part in group.list_commands(context):
        command = group.get_command(context, part)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {part}")
        else:
            yield f"{name} {part}"


@pytest.mark.parametrize("name", list(commands(cli, "experimaestro")))
def test_command_is_on_the_page(name: str) -> None:
    assert f"`{name}" in PAGE


@pytest.mark.parametrize(
    "option",
    [
        option.opts[-1] if option.name != "overrides" else option.opts[0]
        for option in run_experiment.params
        if isinstance(option, click.Option) and not option.hidden
    ],
)
def test_option_of_run_experiment_is_on_the_page(option: str) -> None:
    assert f"`{option}" in PAGE


@pytest.mark.parametrize("key", [field.name for field in attrs.fields(ConfigurationBase)])
def test_key_of_experiment_files_is_on_the_page(key: str) -> None:
    assert key in DEPRECATED_KEYS or f"`{key}`" in PAGE.split("## YAML files")[1].split("\n## ")[0]
