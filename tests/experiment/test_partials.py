"""Tasks that differ only in what a partial identifier leaves out share a directory, one at a time."""

from __future__ import annotations

from pathlib import Path

from lab import Checkpointed, Journal

from tests.experiment.conftest import Enter


def test_jobs_that_share_a_directory_run_one_at_a_time(enter: Enter, journal: Journal) -> None:
    with enter():
        for epochs in range(4):
            Checkpointed.C(epochs=epochs, journal=journal.path).submit()

    assert sorted(journal.numbers("end")) == [0, 1, 2, 3]
    assert journal.most_at_once() == 1


def test_a_partial_written_inline_is_named_after_its_parameter(enter: Enter, journal: Journal) -> None:
    with enter() as xp:
        few = Checkpointed.C(epochs=1, journal=journal.path)
        many = Checkpointed.C(epochs=2, journal=journal.path)
        few.submit()
        many.submit()

    assert few.checkpoints == many.checkpoints
    assert few.checkpoints.is_relative_to(Path(xp.workspace.partialspath, "lab.checkpointed", "checkpoints"))
