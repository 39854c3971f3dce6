"""``experimaestro mypy``: mypy with the plugin."""

from __future__ import annotations

from importlib.util import find_spec

import click


@click.command(
    name="mypy",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGUMENTS OF MYPY]...")
@click.pass_context
def command(context: click.Context, *, arguments: tuple[str, ...]) -> None:
    """Check plans: mypy with the plugin of experimaestro.

    The YAML files of the experiments are checked as well. All arguments are those of mypy; its exit status is kept.

    \b
      experimaestro mypy --strict experiments/
    """
    if find_spec("mypy") is None:
        raise click.ClickException("checking plans needs mypy: pip install 'experimaestro[mypy]'")
    from experimaestro_mypy.command import main  # late: the help does not need mypy

    context.exit(main(arguments))
