"""``experimaestro run-experiment FILE [ARGS]``."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from experimaestro._types import RunMode
from experimaestro.exceptions import FailedExperiment, HandledException, did_you_mean
from experimaestro.experiments.run import RunOptions, load_experiment, run, show
from experimaestro.experiments.frames import place, users_traceback


class RunModeType(click.ParamType):
    """A run mode, in any case, with dashes or underscores."""

    name = "mode"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> RunMode:
        """Any: what click hands over, a text or the default."""
        if isinstance(value, RunMode):
            return value
        modes = {spelling: mode for mode in RunMode for spelling in (_plain(mode.name), _plain(mode.value))}
        mode = modes.get(_plain(value))
        if mode is None:
            known = [member.name.lower() for member in RunMode]
            self.fail(f"found {value!r}, expected one of {', '.join(known)}{did_you_mean(value, known)}", param, ctx)
        return mode

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(mode.name.lower() for mode in RunMode)}]"


def _plain(spelling: str) -> str:
    return spelling.lower().replace("-", "_")


@click.command(name="run-experiment", context_settings={"ignore_unknown_options": False})
@click.option("--debug", is_flag=True, help="Log more, and show where errors come from.")
@click.option("--show", "only_show", is_flag=True, help="Print the merged configuration as JSON; run nothing.")
@click.option("--env", "environment", type=(str, str), multiple=True, metavar="NAME VALUE", help="Set for jobs.")
@click.option("--run-mode", type=RunModeType(), default=RunMode.NORMAL, help="What to do with tasks.")
@click.option("--xpm-config-dir", type=click.Path(path_type=Path, file_okay=False), help="Where settings.yaml is.")
@click.option("--workspace", help="The identifier of a workspace of the settings.")
@click.option("--workdir", type=click.Path(path_type=Path), help="The directory of the workspace.")
@click.option("--file", "code_file", type=click.Path(path_type=Path), help="The Python file of the experiment.")
@click.option("--module-name", help="The Python module of the experiment.")
@click.option("-c", "--conf", "overrides", multiple=True, metavar="KEY=VALUE", help="Change the configuration.")
@click.option("--pre-yaml", type=click.Path(path_type=Path), multiple=True, help="YAML read before FILE.")
@click.option("--post-yaml", type=click.Path(path_type=Path), multiple=True, help="YAML read after FILE: it prevails.")
@click.option("--host", hidden=True)
@click.option("--port", hidden=True, type=int)
@click.option("--no-db", is_flag=True, hidden=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
def command(
    file: Path,
    arguments: Sequence[str],
    *,
    debug: bool,
    only_show: bool,
    environment: Sequence[tuple[str, str]],
    run_mode: RunMode,
    xpm_config_dir: Path | None,
    workspace: str | None,
    workdir: Path | None,
    code_file: Path | None,
    module_name: str | None,
    overrides: Sequence[str],
    pre_yaml: Sequence[Path],
    post_yaml: Sequence[Path],
    host: str | None,
    port: int | None,
    no_db: bool,
) -> None:
    """Run the experiment that FILE describes (its suffix .yaml may be left out)."""
    if code_file is not None and module_name is not None:
        raise click.UsageError("--file and --module-name exclude each other")
    options = RunOptions(
        file,
        arguments,
        pre_yaml,
        post_yaml,
        overrides,
        run_mode,
        workdir,
        workspace,
        environment,
        code_file,
        module_name,
        xpm_config_dir,
    )
    _configure_logging(debug=debug)
    try:
        _run(options, only_show=only_show)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the edge of the process
        sys.exit(_report(error, debug=debug))


def _run(options: RunOptions, *, only_show: bool) -> None:
    loaded = load_experiment(options)
    if only_show:
        click.echo(show(loaded))
        return
    from experimaestro.experiments.display import display  # late: --show does without

    run(options, loaded, display, lambda line: click.echo(line, err=True))


def _report(error: BaseException, *, debug: bool) -> int:
    """Says what went wrong; returns the exit code."""
    if isinstance(error, click.ClickException | click.exceptions.Exit | click.Abort):
        raise error
    if isinstance(error, KeyboardInterrupt):
        click.secho("Interrupted: running jobs go on, the next run waits for them", fg="yellow", err=True)
        return 130
    if debug:
        traceback.print_exception(error)
    elif isinstance(error, FailedExperiment):
        click.secho(str(error), fg="red", err=True)
    elif isinstance(error, HandledException):
        click.secho(f"Error: {error}", fg="red", err=True)
    else:
        _print_users_traceback(error)
    return 1


def _print_users_traceback(error: BaseException) -> None:
    """The traceback of an exception in the code of the user, without the lines that are ours."""
    summary = traceback.TracebackException.from_exception(error)
    mine = [frame for frame in summary.stack if is_users(frame.filename) and "/click/" not in frame.filename]
    if mine:
        summary.stack[:] = mine
    click.secho("".join(summary.format()).rstrip(), fg="red", err=True)


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
