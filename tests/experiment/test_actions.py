"""What can be done with the results of an experiment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from acting import Learn, Model, Publish

from experimaestro import Action, CLIInteraction, Config, Interaction, Param, RunMode, load_xp_info
from experimaestro._interaction import InvalidAnswerError, NoAnswerError
from experimaestro.scheduler.actions import NotAnActionError
from tests.experiment.conftest import Enter


class Silent(Action):
    number: Param[int]


class NoAction(Config):
    number: Param[int]


def published(target: Path, size: int = 3) -> Action:
    return Publish.C(model=Model.C(size=size), target=str(target))


@pytest.fixture
def finished(workspace: Path, enter: Enter, tmp_path: Path) -> Path:
    """The directory of a run with an action."""
    with enter() as xp:
        Learn.C(model=Model.C(size=3), target=str(tmp_path / "target")).submit()
        return xp.workdir


def test_an_action_is_named_by_its_identifier(enter: Enter, tmp_path: Path) -> None:
    action = published(tmp_path)

    with enter() as xp:
        identifier = xp.add_action(action)

    assert identifier == str(action.__identifier__())
    assert xp.actions == {identifier: action}


def test_a_task_adds_actions_when_it_is_submitted(finished: Path) -> None:
    [action] = load_xp_info(finished).actions.values()

    assert isinstance(action, Publish)
    assert action.model.size == 3


def test_actions_are_told_in_the_status_of_the_run(finished: Path) -> None:
    [(identifier, record)] = json.loads((finished / "status.json").read_text())["actions"].items()

    assert record == {
        "action_id": identifier,
        "description": "publishes a model of size 3",
        "class": "acting.Publish",
    }


def test_an_action_is_told_at_once(enter: Enter, tmp_path: Path) -> None:
    with enter() as xp:
        identifier = xp.add_action(published(tmp_path))

        assert list(load_xp_info(xp.workdir).actions) == [identifier]


def test_equal_actions_are_one(enter: Enter, tmp_path: Path) -> None:
    with enter() as xp:
        xp.add_action(published(tmp_path))
        xp.add_action(published(tmp_path))

    assert len(xp.actions) == len(load_xp_info(xp.workdir).actions) == 1


def test_a_rehearsal_records_no_action(enter: Enter, workspace: Path, tmp_path: Path) -> None:
    with enter(run_mode=RunMode.DRY_RUN) as xp:
        Learn.C(model=Model.C(size=3), target="").submit()

    assert len(xp.actions) == 1
    assert not (workspace / "experiments").exists()


def test_a_task_without_experiment_can_add_actions() -> None:
    assert isinstance(Learn.C(model=Model.C(size=3), target="").submit(run_mode=RunMode.DRY_RUN), Model)


@pytest.mark.parametrize("value", [NoAction.C(number=1), Silent(), 3])
def test_what_is_no_action_is_refused(enter: Enter, value: object) -> None:
    with enter() as xp, pytest.raises(NotAnActionError, match="expected the configuration of an Action"):
        xp.add_action(value)  # type: ignore[arg-type]  # the point of the test


def test_an_action_is_described_by_its_class() -> None:
    assert Silent.C(number=1).describe() == "Silent"
    assert str(Action.__getxpmtype__().identifier) == "experimaestro.actions.action"


def test_an_action_without_execute_is_named() -> None:
    with pytest.raises(NotImplementedError, match=r"Silent defines no execute\(self, interaction\)"):
        Silent.C(number=1).instance().execute(CLIInteraction())


# Answers


@pytest.mark.parametrize(("answer", "found"), [("there", "there"), ("1", "here")])
def test_a_choice_is_made_by_text_or_number(answer: str, found: str) -> None:
    assert CLIInteraction({"k": answer}).choice("k", "Where", ["here", "there"]) == found


@pytest.mark.parametrize(("answer", "found"), [("yes", True), ("TRUE", True), ("1", True), ("n", False), ("0", False)])
def test_a_yes_has_several_spellings(answer: str, found: bool) -> None:
    assert CLIInteraction({"k": answer}).checkbox("k", "Private") is found


def test_an_answer_that_is_not_allowed_names_its_question() -> None:
    with pytest.raises(
        InvalidAnswerError, match=r"k: found 'theer', expected one of here, there; did you mean 'there'"
    ):
        CLIInteraction({"k": "theer"}).choice("k", "Where", ["here", "there"])
    with pytest.raises(ValueError, match="k: found 'perhaps', expected yes or no"):
        CLIInteraction({"k": "perhaps"}).checkbox("k", "Private")


def test_a_question_is_asked_again_until_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["nowhere", "2"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))

    assert CLIInteraction().choice("k", "Where", ["here", "there"]) == "there"
    assert "found 'nowhere', expected one of here, there" in capsys.readouterr().out


@pytest.mark.parametrize("default", [True, False])
def test_no_answer_is_the_default(monkeypatch: pytest.MonkeyPatch, default: bool) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: "")

    assert CLIInteraction().checkbox("k", "Private", default=default) is default
    assert CLIInteraction().text("k", "Name", default="model") == "model"


def test_a_question_to_nobody_tells_how_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)

    with pytest.raises(NoAnswerError, match="no answer to 'Name', and nobody to ask: give k beforehand"):
        CLIInteraction().text("k", "Name")


def test_an_interaction_of_ones_own_is_enough(tmp_path: Path) -> None:
    class Always(Interaction):
        def choice(self, key: str, label: str, choices: list[str]) -> str:
            return choices[0]

        def checkbox(self, key: str, label: str, *, default: bool = False) -> bool:
            return default

        def text(self, key: str, label: str, *, default: str = "") -> str:
            return default

    published(tmp_path / "target").instance().execute(Always())

    assert (tmp_path / "target").read_text() == "here True model 3"


# On the command line

Command: TypeAlias = "Callable[..., subprocess.CompletedProcess[str]]"


@pytest.fixture
def command(finished: Path, workspace: Path, tmp_path: Path) -> Command:
    """Runs ``experimaestro experiments actions ARGUMENTS``, where modules of the tests are not found."""

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-P", "-m", "experimaestro", "experiments", "--workdir", str(workspace), "actions"]
        return subprocess.run([*line, *arguments], input=typed, capture_output=True, text=True, cwd=tmp_path)

    return run


def test_the_command_lists_actions(command: Command, finished: Path) -> None:
    [identifier] = load_xp_info(finished).actions

    assert command("list", "xp").stdout == f"{identifier}  publishes a model of size 3               [acting.Publish]\n"


def test_the_command_runs_an_action(command: Command, finished: Path, tmp_path: Path) -> None:
    [identifier] = load_xp_info(finished).actions
    answers = ("--set", "where=there", "--set", "private=no", "--set", "name=best", "--set", "nmae=x")

    done = command("run", "xp", identifier[:6], *answers)

    assert done.stdout == "Running action: publishes a model of size 3\nAction completed successfully\n"
    assert done.stderr == "Warning: --set nmae: the action did not ask for it\n"
    assert (tmp_path / "target").read_text() == "there False best 3"


def test_the_command_asks_for_what_is_missing(command: Command, tmp_path: Path) -> None:
    done = command("run", typed="1\n1\n2\n\n\n")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "target").read_text() == "there True model 3"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["xp", "abc"], "Error: no action 'abc' in "),
        (["xpp", "abc"], "did you mean 'xp'?"),
        (["xp", "--set", "where"], "found 'where', expected KEY=VALUE"),
        (["xp"], "Error: no answer to 'Select an action'"),
    ],
)
def test_the_command_says_what_is_wrong(command: Command, arguments: list[str], message: str) -> None:
    done = command("run", *arguments)

    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_says_that_there_is_nothing_to_run(command: Command, enter: Enter) -> None:
    with enter("other"):
        pass

    assert "Error: experiment 'other' has no actions" in command("run", "other").stderr
