"""Forgetting the runs of an experiment that are too many."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from experimaestro._types import RunId
from experimaestro.settings import HistorySettings, get_settings
from experimaestro.workspace.layout import ExperimentDirectory
from experimaestro.workspace.runs import RunState
from experimaestro.workspace.summaries import read_run, runs_to_delete

_NO_RUN: Final = RunId("")


def cleanup_experiment_history(
    experiment_base: Path,
    *,
    current_run_id: str | None = None,
    current_status: str | None = None,
    history: HistorySettings | None = None,
) -> list[Path]:
    """Kept for existing code: removes the runs that are too many, and returns their directories. Jobs stay.

    :param experiment_base: the directory of the experiment.
    :param current_run_id: a run that stays.
    :param current_status: its state (`completed`, `failed`...), when its files do not tell it yet.
    :param history: how many runs are kept; by default, what the settings say.
    :raises ValueError: for an unknown state.
    """
    kept = history or get_settings().history
    directory = ExperimentDirectory(experiment_base)
    current = RunId(current_run_id) if current_run_id is not None else _NO_RUN
    runs = [read_run(run) for run in directory.runs()]
    if current_status is not None:
        told = RunState(current_status)
        runs = [run._replace(status=told) if run.run_id == current else run for run in runs]
    forgotten = runs_to_delete(runs, current, max_done=kept.max_done, max_failed=kept.max_failed)
    removed = [directory.run(run_id).path for run_id in forgotten]
    for path in removed:
        shutil.rmtree(path)
    return removed
