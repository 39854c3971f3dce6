"""What a run ends with: exit codes, what is said, and where."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.conftest import Outcome, Place

RUN: Final = "def run(helper: ExperimentHelper, cfg: Exp) -> None:\n"


def run(place: Place, declarations: str, body: str, *arguments: str) -> Outcome:
    """Runs an experiment whose `run` has this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    place.write({"experiment.py": declarations + RUN + lines, "exp.yaml": "id: exp\n"})
    return place.run("run-experiment", "--workdir", "ws", *arguments, "exp")


def test_workspace_comes_first_and_the_counts_last(place: Place, files: dict[str, str]) -> None:
    place.write(files)
    outcome = place.run("run-experiment", "--workdir", "ws", "exp")
    first, *_, last = outcome.err.splitlines()
    assert (outcome.code, outcome.out) == (0, "")
    assert (first, last) == ("Workspace: ./ws", "1 job: 1 done")
    assert (
        place.run("run-experiment", "--workdir", "ws", "exp").err == "Workspace: ./ws\n1 job: 1 done (1 done before)\n"
    )


def test_without_settings_the_workspace_is_in_the_home(place: Place, files: dict[str, str]) -> None:
    place.write(files)
    first, *_ = place.run("run-experiment", "exp", "--run-mode", "dry-run").err.splitlines()
    assert first.startswith("Workspace: ./home/")


def test_each_job_has_a_line_when_it_starts_and_ends(place: Place, files: dict[str, str]) -> None:
    place.write(files)
    _, starts, ends, _ = place.run("run-experiment", "--workdir", "ws", "exp").err.splitlines()
    [job] = (path.name[:8] for path in place.directory.glob("ws/jobs/experiment.learn/*"))
    assert starts == f"running experiment.learn/{job} (x=1)  [0/1]"
    assert ends == f"done    experiment.learn/{job} (x=1)  [1/1]"


def test_run_that_submits_nothing_is_told(place: Place, declarations: str) -> None:
    outcome = run(place, declarations, "pass")
    assert (outcome.code, outcome.err) == (0, "Workspace: ./ws\nno job was submitted\n")


def test_failed_job_is_told_once_with_its_cause_and_its_log(place: Place, files: dict[str, str]) -> None:
    place.write({**files, "exp.yaml": "id: exp\nxs: [-1, 2]\n"})
    outcome = place.run("run-experiment", "--workdir", "ws", "exp")
    [failed] = place.directory.glob("ws/jobs/experiment.learn/*/learn.failed")
    log, name = failed.with_suffix(".err"), f"experiment.learn/{failed.parent.name[:8]} (x=-1)"
    assert (outcome.code, outcome.out) == (1, "")
    lines = outcome.err.splitlines()
    assert lines.count(f"{name}: ValueError: no luck with -1") == 1
    assert "    | ValueError: no luck with -1" in lines
    assert [line for line in lines if log.name in line] == [f"    log: {place.shortened(str(log))}"]
    assert [line for line in lines if line.startswith(f"error   {name}: ValueError: no luck with -1  [")]
    assert "2 jobs: 1 done, 1 error" in lines


def test_exception_of_run_shows_the_lines_of_the_user_only(place: Place, declarations: str) -> None:
    outcome = run(place, declarations, "def look(table):\n    return table['x']\nlook({})")
    assert (outcome.code, outcome.err) == (
        1,
        "Workspace: ./ws\n"
        "Traceback (most recent call last):\n"
        '  File "./experiment.py", line 34, in run\n'
        "    look({})\n"
        '  File "./experiment.py", line 33, in look\n'
        "    return table['x']\n"
        "           ~~~~~^^^^^\n"
        "KeyError: 'x'\n",
    )


def test_what_an_exception_comes_from_is_limited_too(place: Place, declarations: str) -> None:
    body = "import json\ntry:\n    json.loads('{')\nexcept ValueError as error:\n    raise KeyError('x') from error"
    files = [line for line in run(place, declarations, body).err.splitlines() if line.startswith("  File")]
    assert files == ['  File "./experiment.py", line 34, in run', '  File "./experiment.py", line 36, in run']


def test_error_of_ours_shows_the_line_that_made_it(place: Place, declarations: str) -> None:
    outcome = run(place, declarations, "Learn.C(y=1)")
    files = [line for line in outcome.err.splitlines() if line.startswith("  File")]
    assert (outcome.code, files) == (1, ['  File "./experiment.py", line 32, in run'])


def test_debug_shows_all_lines(place: Place, declarations: str) -> None:
    outcome = run(place, declarations, "1 / 0", "--debug")
    assert outcome.code == 1
    assert "experiments/run.py" in outcome.err
    assert "experimaestro.experiments" not in run(place, declarations, "1 / 0").err


def test_handled_exception_of_run_is_its_message_and_its_line(place: Place, declarations: str) -> None:
    body = "from experimaestro.exceptions import HandledException\nraise HandledException('no data')"
    outcome = run(place, declarations, body)
    assert (outcome.code, outcome.err) == (1, "Workspace: ./ws\nError: no data\n  raised at ./experiment.py:33\n")


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("import sys; sys.exit(7)", 7, ""),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit('enough')", 1, "enough\n"),
        ("from experimaestro import GracefulExperimentExit\nraise GracefulExperimentExit", 0, ""),
        ("raise KeyboardInterrupt", 130, "Interrupted\n"),
        ("import click\nraise click.UsageError('what?')", 2, "Error: what?\n"),
    ],
)
def test_run_decides_on_the_exit_code(place: Place, declarations: str, body: str, code: int, said: str) -> None:
    outcome = run(place, declarations, body)
    assert outcome.code == code
    assert outcome.err.removeprefix("Workspace: ./ws\n").endswith(said)


def test_interrupt_leaves_the_jobs_to_the_next_run(place: Place, declarations: str) -> None:
    body = f"Learn.C(x=1, go=Path({str(place.directory)!r}) / 'go').submit()"
    place.write({"experiment.py": f"{declarations}{RUN}    {body}\n", "exp.yaml": "id: exp\n"})
    try:
        driver = running(place)
        driver.send_signal(signal.SIGINT)
        _, said = driver.communicate(timeout=60)
        again = running(place)
    finally:
        (place.directory / "go").touch()
    assert driver.returncode == 130
    assert "the next run of 'exp'" in said
    assert said.splitlines()[-1] == "Interrupted"

    _, said = again.communicate(timeout=60)
    assert (again.returncode, place.shortened(said).splitlines()[-1]) == (0, "1 job: 1 done")
    [out] = place.directory.glob("ws/jobs/*/*/learn.out")
    assert out.read_text() == "learns 1\n", "it ran once"


def running(place: Place) -> subprocess.Popen[str]:
    """Starts the experiment, and waits until it says that a job runs."""
    driver = place.start("run-experiment", "--workdir", "ws", "exp")
    assert driver.stderr is not None
    while "running " not in driver.stderr.readline():
        assert driver.poll() is None, "it ended"
    return driver


def test_show_prints_the_merged_configuration_and_nothing_else(place: Place, files: dict[str, str]) -> None:
    place.write({**files, "experiment.py": "print('imported')\n" + files["experiment.py"]})
    before = place.files()
    outcome = place.run("run-experiment", "--show", "--workdir", "ws", "exp", "-c", "model.dim=5")
    assert (outcome.code, outcome.err) == (0, "imported\n")
    assert json.loads(outcome.out) == {"id": "exp", "xs": [1], "model": {"dim": 5}}
    assert place.files() == before


def test_what_is_deprecated_in_the_files_is_told(place: Place, files: dict[str, str]) -> None:
    place.write({**files, "exp.yaml": "id: exp\nparent: base\n", "base.yaml": "lr: 3\n"})
    outcome = place.run("run-experiment", "--show", "exp")
    assert outcome.err == "Warning: exp.yaml:2:1: 'parent' is deprecated, write imports: [file]\n"


def test_jobs_go_on_when_nobody_reads_what_is_shown(place: Place, files: dict[str, str]) -> None:
    place.write({**files, "exp.yaml": "id: exp\nxs: [1, 2, 3]\n"})
    driver = place.start("run-experiment", "--workdir", "ws", "exp")
    assert driver.stderr is not None
    driver.stderr.readline()
    driver.stderr.close()
    driver.stderr = None
    driver.communicate(timeout=60)
    assert len(list(place.directory.glob("ws/jobs/*/*/learn.done"))) == 3


@pytest.mark.parametrize("mode", ["dry_run", "prepare"])
def test_modes_that_run_no_job_write_nothing(place: Place, files: dict[str, str], mode: str) -> None:
    place.write(files)
    before = place.files()
    assert place.run("run-experiment", "--workdir", "ws", "--run-mode", mode, "exp").code == 0
    assert place.files() == before


def test_command_is_part_of_the_command_line_of_another_project(place: Place, files: dict[str, str]) -> None:
    place.write({**files, "tool.py": TOOL})
    done = subprocess.run(
        [sys.executable, "tool.py", "run-experiment", "exp", "-c", "lr=fast"],
        cwd=place.directory,
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "Error: -c lr=fast: lr: found 'fast', expected float\n")


TOOL: Final = """\
import click
from experimaestro.experiments.cli import experiments_cli

@click.group
def tool(): pass

tool.add_command(experiments_cli, "run-experiment")
tool()
"""
