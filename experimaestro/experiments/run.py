"""From a YAML file to a finished experiment."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from experimaestro._types import DirtyGitAction, RunMode
from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.loader import load
from experimaestro.configuration.source import ExperimentSource, experiment_source
from experimaestro.configuration.tree import ConfigurationTree
from experimaestro.exceptions import GracefulExperimentExit
from experimaestro.experiments.source import Plan, load_plan
from experimaestro.structuring import structure


class RunOptions(NamedTuple):
    """What the command line says of an experiment."""

    file: Path
    arguments: Sequence[str] = ()
    pre: Sequence[Path] = ()
    post: Sequence[Path] = ()
    overrides: Sequence[str] = ()
    run_mode: RunMode = RunMode.NORMAL
    workdir: Path | None = None
    workspace: str | None = None
    environment: Sequence[tuple[str, str]] = ()
    code_file: Path | None = None
    module: str | None = None
    config_dir: Path | None = None


class Loaded(NamedTuple):
    """An experiment that is ready to run."""

    tree: ConfigurationTree
    source: ExperimentSource
    plan: Plan
    configuration: Any  # Any: an object of the configuration class of the user


def load_experiment(options: RunOptions) -> Loaded:
    """Reads the files of an experiment, imports its code, and checks its configuration; nothing is run.

    Raises ConfigurationError, ExperimentCodeError.
    """
    overrides = [*_code_overrides(options), *options.overrides]
    tree = load(options.file, pre=options.pre, post=options.post, overrides=overrides)
    source = experiment_source(tree)
    plan = load_plan(source)
    return Loaded(tree, source, plan, structure(tree, plan.configuration_class))


def _code_overrides(options: RunOptions) -> list[str]:
    """What the command line says of the code, as changes of the configuration."""
    if options.code_file is not None:
        return [f"file={json.dumps(str(options.code_file.absolute()))}", "module="]
    return [f"module={options.module}", "file="] if options.module is not None else []


def show(loaded: Loaded) -> str:
    """The merged configuration, as JSON."""
    return json.dumps(loaded.tree.plain(), indent=2, ensure_ascii=False)


Display = Callable[[Any], AbstractContextManager[object]]
"""Shows an experiment while it runs. Any: `experiment`, imported when one runs."""


def run(options: RunOptions, loaded: Loaded, display: Display, announce: Callable[[str], None]) -> None:
    """Runs an experiment to its end.

    Raises FailedExperiment, HandledException, and what the code of the user raises.
    """
    from experimaestro.scheduler.experiment import experiment  # late: --show does not need what runs jobs
    from experimaestro.settings import find_workspace, get_settings

    identifier = experiment_identifier(loaded, datetime.now())
    workspace = find_workspace(
        workspace=options.workspace,
        workdir=options.workdir,
        experiment_id=identifier,
        settings=get_settings(config_dir=options.config_dir),
    )
    announce(f"Workspace: {workspace.path}")
    xp = experiment(
        workspace,
        identifier,
        run_mode=options.run_mode,
        dirty_git=_dirty_git(loaded.configuration),
        project_paths=[loaded.plan.file.parent] if loaded.plan.file else [loaded.tree.path.parent],
    )
    try:
        with display(xp), xp:
            for name, value in options.environment:
                xp.setenv(name, value)
            xp.workspace.python_path.extend(path.absolute() for path in loaded.source.pythonpath)
            loaded.plan.helper.xp = xp
            loaded.plan.helper.run(list(options.arguments), loaded.configuration)
            xp.wait()
    except GracefulExperimentExit:
        return


def experiment_identifier(loaded: Loaded, now: datetime) -> str:
    """The identifier of the experiment, with the date and time if its configuration asks for them.

    Raises ConfigurationError when it cannot name a directory.
    """
    identifier = loaded.configuration.id
    if not identifier or "/" in identifier or identifier.startswith("."):
        message = f"found {identifier!r}, expected text that can name a directory: no '/', no '.' at its beginning"
        raise ConfigurationError([Problem(message, path=("id",), position=loaded.tree.position(("id",)))])
    stamped = getattr(loaded.configuration, "add_timestamp", False)
    return f"{identifier}-{now:%Y%m%d-%H%M}" if stamped else str(identifier)


def _dirty_git(configuration: Any) -> DirtyGitAction:  # Any: a class with or without ConfigurationBase as its base
    return DirtyGitAction(getattr(configuration, "dirty_git", DirtyGitAction.WARN))
