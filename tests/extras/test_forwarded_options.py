"""Options of a command, from parameters."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from click.testing import CliRunner

from experimaestro import Choices, Config, Param, field
from experimaestro.click import ForwardedOptionError, click, forwardoption


class Color(Enum):
    RED = 1
    BLUE = 2


class Optimizer(Config):
    rate: Param[float]
    """The learning rate."""


class Training(Config):
    """Training.

    Attributes:
        epochs: number of epochs
    """

    epochs: Param[int] = field(default=3, ignore_default=True)
    batch_size: Param[int]
    shuffled: Param[bool] = field(default=False)
    name: Param[str | None] = field(default=None)
    folder: Param[Path | None]
    color: Param[Color] = field(default=Color.RED)
    kind: Param[Literal["a", "b"]]
    device: Annotated[str, Choices(["cpu", "gpu"])] = field(default="cpu")
    optimizer: Param[Optimizer]
    layers: Param[list[int]]


def run(decorate: Callable[[Any], Any], *arguments: str) -> Any:  # Any: commands, and values of options
    """What the command gets; its error when it fails."""
    got: dict[str, object] = {}

    @decorate
    @click.command()
    def command(**values: object) -> None:
        got.update(values)

    result = CliRunner().invoke(command, list(arguments))
    return got if result.exit_code == 0 and got else result.output


def test_option_has_the_name_help_and_default_of_the_parameter() -> None:
    assert run(forwardoption.epochs(Training)) == {"epochs": 3}
    assert run(forwardoption.epochs(Training), "--epochs", "5") == {"epochs": 5}
    assert "--epochs INTEGER  number of epochs" in run(forwardoption.epochs(Training), "--help")


def test_underscores_are_dashes() -> None:
    assert run(forwardoption.batch_size(Training), "--batch-size", "8") == {"batch_size": 8}


def test_option_without_default_is_required() -> None:
    assert "Missing option '--batch-size'" in run(forwardoption.batch_size(Training))


def test_option_may_have_another_name_and_default() -> None:
    assert run(forwardoption.batch_size(Training, "size", default=16)) == {"size": 16}


def test_option_of_a_parameter_of_a_parameter() -> None:
    assert run(forwardoption.optimizer.rate(Training), "--optimizer-rate", "0.1") == {"optimizer_rate": 0.1}


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        (forwardoption.shuffled, "true", True),
        (forwardoption.name, "x", "x"),
        (forwardoption.folder, "a/b", Path("a/b")),
        (forwardoption.color, "BLUE", Color.BLUE),
        (forwardoption.kind, "b", "b"),
        (forwardoption.device, "gpu", "gpu"),
    ],
)
def test_option_has_the_type_of_the_parameter(option: Any, text: str, value: object) -> None:
    assert run(option(Training, "x"), "--x", text) == {"x": value}


def test_default_of_a_choice_is_a_value() -> None:
    assert run(forwardoption.color(Training)) == {"color": Color.RED}


def test_wrong_choice_names_the_nearest() -> None:
    message = "found 'BLEU', expected one of RED, BLUE; did you mean 'BLUE'?"

    assert message in run(forwardoption.color(Training), "--color", "BLEU")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (forwardoption.epoch, "Training has no parameter 'epoch'; did you mean 'epochs'?"),
        (forwardoption.layers, "Training.layers cannot be an option: it is "),
        (forwardoption.epochs.rate, "Training.epochs is no configuration: int"),
        (forwardoption, "name a parameter"),
    ],
)
def test_what_is_no_option_is_refused(path: Any, message: str) -> None:
    with pytest.raises(ForwardedOptionError, match=message.replace("?", r"\?")):
        path(Training)
