"""Options of a command taken from parameters."""

from pathlib import Path

from experimaestro import Config, Param, field
from experimaestro.click import click, forwardoption


class Training(Config):
    epochs: Param[int] = field(default=10)
    lr: Param[float]


@click.command()
@forwardoption.epochs(Training)
@forwardoption.lr(Training, default=0.1)
@click.argument("workdir", type=Path)
def train(epochs: int, lr: float, workdir: Path) -> None:
    """Trains a model."""
    config = Training.C(epochs=epochs, lr=lr)
    print(config.epochs, workdir)


@click.group()
def cli() -> None:
    """The commands of the laboratory."""


cli.add_command(train)

if __name__ == "__main__":
    cli()
