"""The run of an experiment from the command line: what is shown, what is said of errors, the exit code."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from typing import Any

import click

from experimaestro._types import ShowFormat
from experimaestro.cli.errors import error_text
from experimaestro.exceptions import FailedExperiment, HandledException
from experimaestro.experiments.frames import place, users_traceback
from experimaestro.experiments.options import RunOptions
from experimaestro.experiments.run import load_experiment, run, show


def execute(options: RunOptions, *, only_show: ShowFormat | None, debug: bool) -> int:
    """Runs an experiment, or only shows its configuration; returns the exit code."""
    _configure_logging(debug=debug)
    try:
        _run(options) if only_show is None else _show(options, only_show)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except KeyboardInterrupt:
        click.secho("Interrupted", fg="yellow", err=True)
        return 130
    except Exception as error:  # noqa: BLE001  # the edge of the process
        click.secho(_words(error, debug=debug), fg="red", err=True)
        return 1
    return 0


def _show(options: RunOptions, form: ShowFormat) -> None:
    with contextlib.redirect_stdout(sys.stderr):  # what the code of the user prints is no part of the JSON
        text = show(load_experiment(options, _announce), form)
    click.echo(text)


def _run(options: RunOptions) -> None:
    from experimaestro.experiments.display import display  # late: --show does not need what runs jobs

    run(options, load_experiment(options, _announce), display, _announce)


def _announce(line: str) -> None:
    click.echo(line, err=True)


def _words(error: BaseException, *, debug: bool) -> str:
    """What is said of an error: all of it, what it says itself, or where it is in the code of the user."""
    if debug:
        return "".join(traceback.format_exception(error)).rstrip()
    if isinstance(error, FailedExperiment):
        return str(error)
    if isinstance(error, HandledException):
        where = place(error)
        return f"{error_text(error)}\n  raised at {where}" if where else error_text(error)
    return users_traceback(error)


class _CurrentStderr(logging.StreamHandler[Any]):
    """Writes on the present standard error output, which the display replaces. Any: a stream is any file."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _configure_logging(*, debug: bool) -> None:
    handler = _CurrentStderr(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-5s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("xpm").setLevel(logging.DEBUG if debug else logging.WARNING)
    logging.getLogger("xpm.folders").setLevel(logging.INFO)  # how many copies are still waited for
    logging.getLogger("xpm.jobs").disabled = True  # the display shows which jobs fail, the end why
