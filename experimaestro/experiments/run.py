"""From a YAML file to a finished experiment."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from attrs import evolve

from experimaestro._types import RunMode, ShowFormat
from experimaestro.configuration.base import ConfigurationBase
from experimaestro.configuration.common import check_identifier
from experimaestro.configuration.loader import load
from experimaestro.configuration.showing import shown
from experimaestro.configuration.source import experiment_source
from experimaestro.configuration.tree import ConfigurationTree, Entry, Key, Position, ScalarNode
from experimaestro.exceptions import GracefulExperimentExit, HandledException
from experimaestro.experiments.helper import ExperimentHelper, UnexpectedArgumentsError
from experimaestro.experiments.modules import import_code
from experimaestro.experiments.options import RunOptions
from experimaestro.experiments.plan import Plan, plan_of
from experimaestro.structuring import structure

Announce = Callable[[str], object]
"""Says a line."""

Display = Callable[[Any], AbstractContextManager[object]]
"""Shows an experiment while it runs. Any: `experiment`, imported when one runs."""


class Loaded(NamedTuple):
    """An experiment that is ready to run."""

    tree: ConfigurationTree
    plan: Plan
    configuration: ConfigurationBase
    python_path: Sequence[Path]


def load_experiment(options: RunOptions, announce: Announce) -> Loaded:
    """Reads the files of an experiment, imports its code, and checks its configuration; nothing is run.

    Raises HandledException: ConfigurationError, ExperimentCodeError, UnexpectedArgumentsError.
    """
    if options.config_dir is not None:
        from experimaestro.launcherfinder.directory import LauncherRegistry  # late: --show launches nothing

        LauncherRegistry.set_config_dir(options.config_dir)
    tree = _with_code(_read(options, announce), options)
    code = import_code(experiment_source(tree), tree)
    plan = plan_of(code.module)
    configuration = structure(tree, plan.configuration_class)
    check_identifier(configuration.id, tree)
    _check_grid(configuration, tree)
    if options.arguments and type(plan.helper).run is ExperimentHelper.run:
        raise UnexpectedArgumentsError(options.arguments)
    return Loaded(tree, plan, configuration, code.python_path)


def _read(options: RunOptions, announce: Announce) -> ConfigurationTree:
    if options.file.suffix == ".py":
        raise HandledException(f"{options.file}: found a Python file, expected the YAML file that names it (file: ...)")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")  # what is deprecated in the files of the user
        tree = load(options.file, pre=options.pre, post=options.post, overrides=options.overrides)
    for warning in caught:
        announce(f"Warning: {warning.message}")
    return tree


def _with_code(tree: ConfigurationTree, options: RunOptions) -> ConfigurationTree:
    """The configuration with the code that the command line names, instead of the one of the files."""
    if options.code_file is not None:
        place = Position(f"--file {options.code_file}")
        return _with_texts(tree, place, file=str(options.code_file.absolute()), module=None)
    if options.module is not None:
        return _with_texts(tree, Position(f"--module-name {options.module}"), file=None, module=options.module)
    return tree


def _with_texts(tree: ConfigurationTree, place: Position, **texts: str | None) -> ConfigurationTree:
    new: dict[Key, Entry] = {
        key: Entry(place, ScalarNode(text, text or "", quoted=True, position=place)) for key, text in texts.items()
    }
    return evolve(tree, root=tree.root._replace(entries={**tree.root.entries, **new}))


def _check_grid(configuration: ConfigurationBase, tree: ConfigurationTree) -> None:
    """Raises GridError when the values to try do not fit the configuration."""
    if configuration.grid_search:
        from experimaestro.experiments.axes import grid_of  # late: few experiments have a grid

        grid_of(configuration, tree)


def show(loaded: Loaded, form: ShowFormat = ShowFormat.JSON) -> str:
    """The merged configuration, as text."""
    return shown(loaded.tree, form)


def run(options: RunOptions, loaded: Loaded, display: Display, announce: Announce) -> None:
    """Runs an experiment to its end.

    Raises FailedExperiment, HandledException, and what the code of the user raises.
    """
    from experimaestro.scheduler.experiment import experiment  # late: --show does not need what runs jobs
    from experimaestro.settings import find_workspace, get_settings

    identifier = experiment_identifier(loaded.configuration, datetime.now())
    workspace = find_workspace(
        workspace=options.workspace,
        workdir=options.workdir,
        experiment_id=identifier,
        settings=get_settings(config_dir=options.config_dir),
    )
    _check_directory(workspace.path, is_written=options.run_mode in (RunMode.NORMAL, RunMode.GENERATE_ONLY))
    announce(f"Workspace: {workspace.path}")
    xp = experiment(
        workspace,
        identifier,
        run_mode=options.run_mode,
        dirty_git=loaded.configuration.dirty_git,
        project_paths=[loaded.plan.file.parent if loaded.plan.file else loaded.tree.path.absolute().parent],
    )
    try:
        with xp, display(xp):
            for name, value in options.environment:
                xp.setenv(name, value)
            xp.workspace.python_path.extend(path.absolute() for path in loaded.python_path)
            loaded.plan.helper.xp = xp
            loaded.plan.helper.run(list(options.arguments), loaded.configuration)
            xp.wait()
    except GracefulExperimentExit:
        return


def _check_directory(path: Path, *, is_written: bool) -> None:
    """Raises HandledException when a workspace cannot be here."""
    existing = next(parent for parent in (path, *path.parents) if parent.exists())
    if not existing.is_dir():
        raise HandledException(f"cannot use {path} as a workspace: {existing} is no directory")
    if is_written and not os.access(existing, os.W_OK | os.X_OK):
        raise HandledException(f"cannot use {path} as a workspace: nothing can be written in {existing}")


def experiment_identifier(configuration: ConfigurationBase, now: datetime) -> str:
    """The identifier of the experiment, with the date and time if its configuration asks for them."""
    return f"{configuration.id}-{now:%Y%m%d-%H%M}" if configuration.add_timestamp else configuration.id
