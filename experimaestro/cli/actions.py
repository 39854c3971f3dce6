"""``experimaestro experiments actions``: what can be done with the results of an experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from experimaestro._interaction import CLIInteraction
from experimaestro._types import ExperimentId
from experimaestro.cli.group import Group
from experimaestro.cli.location import layout, location_options
from experimaestro.cli.render import action_line
from experimaestro.exceptions import HandledException
from experimaestro.workspace.layout import RunDirectory, WorkspaceLayout
from experimaestro.workspace.views import experiment_ids, list_actions, newest_run


@click.group(name="actions", cls=Group)
def command() -> None:
    """What can be done with the results of an experiment."""


@command.command(name="list")
@location_options
@click.argument("experiment", required=False)
@click.pass_context
def list_(context: click.Context, workdir: Path | None, workspace: str | None, experiment: str | None) -> None:
    """List the actions of the newest run of EXPERIMENT."""
    run = _run(layout(context, workdir, workspace), experiment)
    actions = list_actions(run)
    for action in actions:
        click.echo(action_line(action))
    if not actions:
        click.echo("No actions found.", err=True)


@command.command(name="run")
@location_options
@click.option("--set", "answers", multiple=True, metavar="KEY=VALUE", help="An answer, given beforehand.")
@click.argument("experiment", required=False)
@click.argument("action", required=False)
@click.pass_context
def run_(
    context: click.Context,
    workdir: Path | None,
    workspace: str | None,
    answers: Sequence[str],
    experiment: str | None,
    action: str | None,
) -> None:
    """Run ACTION (its identifier, or the beginning of it) with the results of EXPERIMENT.

    What is missing is asked for.
    """
    interaction = CLIInteraction(parse_answers(answers))
    run = _run(layout(context, workdir, workspace), experiment)
    chosen = action or _asked_action(run)
    from experimaestro.results import load_action  # late: the other commands read no configuration

    loaded = load_action(run.path, chosen)
    click.echo(f"Running action: {loaded.describe()}")
    loaded.execute(interaction)
    for key in interaction.unused:
        click.echo(f"Warning: --set {key}: the action did not ask for it", err=True)
    click.echo("Action completed successfully")


def parse_answers(texts: Sequence[str]) -> Mapping[str, str]:
    """Takes ``key=value`` texts apart.

    Raises click.BadParameter.
    """
    for text in texts:
        if text.find("=") < 1:
            raise click.BadParameter(f"found {text!r}, expected KEY=VALUE", param_hint="'--set'")
    return {key: value for key, _, value in (text.partition("=") for text in texts)}


def _run(workspace: WorkspaceLayout, experiment: str | None) -> RunDirectory:
    known: list[str] = list(experiment_ids(workspace))
    if not known:
        raise HandledException(f"{workspace.root} has no experiments")
    chosen = experiment or CLIInteraction().choice("EXPERIMENT", "Select an experiment", known)
    return newest_run(workspace, ExperimentId(chosen))


def _asked_action(run: RunDirectory) -> str:
    actions = list_actions(run)
    if not actions:
        raise HandledException(f"experiment {run.path.parent.name!r} has no actions")
    labels = [f"{action.description} ({action.identifier})" for action in actions]
    label = CLIInteraction().choice("ACTION", "Select an action", labels)
    return actions[labels.index(label)].identifier
