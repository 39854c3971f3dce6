"""Two different configurations with the same identifier never share a job."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lab import Journal, Step
from twins import (
    Analyse,
    BooleanSwitch,
    Fetch,
    Holder,
    Level,
    LevelPart,
    LevelTable,
    Listed,
    Make,
    New,
    NumberSwitch,
    NumberTable,
    Part,
    Switch,
    Train,
    Use,
)

from experimaestro import Document, FailedExperiment, RunMode, document, experiment, sealed_set
from experimaestro.scheduler.register import IdentityCollisionError

Enter = Callable[..., experiment]


def run(enter: Enter, *tasks: Any) -> list[Path]:
    """Runs tasks in one experiment; returns their directories."""
    with enter():
        return [task.submit().job.path for task in tasks]


CONFUSED = [
    (1, True, "value: 1 → True"),
    ({"a": "x", "b": "y"}, {"a": "x\x03b\x03y"}, r"value['a']: 'x' → 'x\x03b\x03y'"),
    (["a\x03b", "c"], ["a", "b\x03c"], r"value[1]: 'c' → 'b\x03c'"),
]


@pytest.mark.parametrize(("one", "other", "difference"), CONFUSED)
@pytest.mark.parametrize("mode", list(RunMode))
def test_second_submission_is_refused(enter: Enter, one: object, other: object, difference: str, mode: RunMode) -> None:
    with enter(run_mode=mode) as xp:
        Switch.C(value=one).submit()
        with pytest.raises(IdentityCollisionError, match=re.escape(difference)):
            Switch.C(value=other).submit()
    assert len(xp.jobs) <= 1


def test_error_shows_both_configurations_and_what_differs(enter: Enter) -> None:
    first, second = Switch.C(value=1), Switch.C(value=True)
    lines = [config.__xpm__.where() for config in (first, second)]
    with pytest.raises(IdentityCollisionError) as caught:
        run(enter, first, second)
    assert str(caught.value) == (
        f"two different configurations have the identifier twins.switch/{first.__identifier__()}:\n"
        f"  the first one is built at {lines[0]}\n"
        f"  the second one is built at {lines[1]}\n"
        "  value: 1 → True\n"
        "    identifiers do not tell these values apart: Python says that they are equal\n"
        "change one of them, so that their jobs are not confused"
    )
    assert lines[0].startswith(__file__)


def test_outputs_of_a_deprecated_class_are_not_confused(enter: Enter) -> None:
    with enter():
        one, other = Make.C(number=1).submit(), Make.C(number=2).submit()
        assert one.__identifier__() == other.__identifier__()
        Use.C(data=one).submit()
        with pytest.raises(IdentityCollisionError, match=r"data: made by twins\.make/\w+ → twins\.make/") as caught:
            Use.C(data=other).submit()
    assert "identifiers ignore the task that produced a configuration of a deprecated class" in str(caught.value)


def test_preparations_are_not_confused(enter: Enter) -> None:
    with enter():
        Analyse.C(number=1, data=Fetch.C(value=1)).submit()
        with pytest.raises(IdentityCollisionError, match="value: 1 → True"):
            Analyse.C(number=2, data=Fetch.C(value=True)).submit()


def test_what_does_not_count_is_no_difference(enter: Enter) -> None:
    first, second = run(enter, Switch.C(value=1), Switch.C(value=1, log=3, output=Path("elsewhere")).tag("log", 3))
    assert first == second


def test_task_that_marks_its_own_parameter_stays_the_same(enter: Enter) -> None:
    def train() -> Train:
        return Train.C(holder=Holder.C(inner=New.C(number=1)))

    with enter():
        task = train()
        model = task.submit()
        assert train().submit().job.path == task.job.path
        with enter("other"):
            Use.C(data=model).submit()
    assert "made by" not in str(document(task))
    run(enter, train())


def test_none_is_not_confused_with_the_default_that_stands_for_it(enter: Enter) -> None:
    with pytest.raises(IdentityCollisionError, match="identifiers take the default of the parameter for None"):
        run(enter, Listed.C(), Listed.C(numbers=None))


def test_document_is_stored_with_the_job(enter: Enter) -> None:
    task = Switch.C(value=["a"])
    [directory] = run(enter, task)
    stored = json.loads((directory / ".experimaestro" / "identity.json").read_text())
    assert Document.from_json(stored["document"]) == document(task)
    assert stored["built_at"] == task.__xpm__.where()


@pytest.mark.parametrize(("one", "other", "difference"), CONFUSED)
def test_what_an_earlier_run_did_is_not_confused(enter: Enter, one: object, other: object, difference: str) -> None:
    [directory] = run(enter, Switch.C(value=one))
    with pytest.raises(IdentityCollisionError, match=re.escape(difference)) as caught:
        run(enter, Switch.C(value=other))
    assert f"recorded in {directory}/.experimaestro/identity.json (built at {__file__}:" in str(caught.value)
    assert run(enter, Switch.C(value=one)) == [directory]


def test_job_that_runs_is_not_confused(enter: Enter, tmp_path: Path, eventually: Callable[..., None]) -> None:
    gate = tmp_path / "gate"
    with enter():
        job = Switch.C(value=1, gate=gate).submit().job
        eventually(job.pidpath.exists)
        with enter("other"), pytest.raises(IdentityCollisionError, match="value: 1 → True"):
            Switch.C(value=True).submit()
        gate.touch()


def test_job_that_another_experiment_did_in_the_meantime_is_not_confused(
    enter: Enter, journal: Journal, tmp_path: Path
) -> None:
    def both() -> None:
        gate = tmp_path / "gate"
        with enter():
            first = Step.C(number=1, journal=journal.path, gate=gate).submit()
            Switch.C(value=True).add_dependencies(first).submit()
            with enter("other"):
                Switch.C(value=1).submit()
            gate.touch()

    with pytest.raises(FailedExperiment, match="two different configurations"):
        both()


def test_job_without_results_is_run_again_for_the_other_configuration(enter: Enter) -> None:
    with pytest.raises(FailedExperiment):
        run(enter, Switch.C(value=1, broken=True))
    [directory] = run(enter, Switch.C(value=True))
    assert (directory / "switch.out").read_text() == "is True\n"


@pytest.mark.parametrize("content", [None, "", "[]", '{"version":2,"fingerprint":"0"}', '{"version":1,"fingerprint":"'])
def test_job_that_is_not_described_is_trusted(enter: Enter, content: str | None) -> None:
    [directory] = run(enter, Switch.C(value=1))
    path = directory / ".experimaestro" / "identity.json"
    path.unlink() if content is None else path.write_text(content)
    assert run(enter, Switch.C(value=True)) == [directory]


def test_parameter_whose_declaration_changed_keeps_its_results(enter: Enter) -> None:
    [directory] = run(enter, NumberSwitch.C(value=1))
    assert run(enter, BooleanSwitch.C(value=True)) == [directory]


def test_containers_whose_declaration_changed_keep_their_results(enter: Enter) -> None:
    low, high = Level.LOW, Level.HIGH
    former = NumberTable.C(
        names={1: "a", 2: "b"}, kept={2, 1}, pairs=[("a", 1)], choice=2, parts=sealed_set(Part.C(level=1))
    )
    now = LevelTable.C(
        names={low: "a", high: "b"},
        kept={low, high},
        pairs=[("a", low)],
        choice=high,
        parts=sealed_set(LevelPart.C(level=low)),
    )
    [directory] = run(enter, former)
    assert run(enter, now) == [directory]


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [({1: "a"}, {True: "a"}, "value[key 1]: 1 → True"), ({1}, {True}, "value[...]: 1 → True")],
)
def test_keys_and_items_that_may_mix_are_not_confused(
    enter: Enter, one: object, other: object, difference: str
) -> None:
    with pytest.raises(IdentityCollisionError, match=re.escape(difference)):
        run(enter, Switch.C(value=one), Switch.C(value=other))
