"""Jobs find the code of their tasks, and the environment they are promised."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lab import Environment, Idle, Learn

from experimaestro import Param, Task, experiment
from experimaestro.core.contracts import UnusableMethodError
from experimaestro.scheduler.session import LocalClassError
from experimaestro.settings import WorkspaceSettings
from tests.experiment.conftest import Drive, Enter

TASK = """
from pathlib import Path
from experimaestro import Meta, Param, Task

class Tell(Task):
    word: Param[str]
    output: Meta[Path]

    def execute(self) -> None:
        self.output.write_text(self.word + " of " + __name__.rpartition(".")[2])
"""
PLAN = """
import sys
from pathlib import Path
from experimaestro import experiment
{imports}
if __name__ == "__main__":
    with experiment(sys.argv[1], "xp", project_paths=[]):
        Tell.C(word="a task", output=Path(sys.argv[2])).submit()
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"plan.py": TASK + PLAN.format(imports="")}, "a task of _main_"),
        ({"plan.py": PLAN.format(imports="from tell import Tell"), "tell.py": TASK}, "a task of tell"),
        (
            {
                "plan.py": PLAN.format(imports="from kit.tell import Tell"),
                "kit/__init__.py": "",
                "kit/words.py": "",
                "kit/tell.py": "from . import words" + TASK,
            },
            "a task of tell",
        ),
    ],
    ids=["in the script", "in a module beside it", "in a package"],
)
def test_the_code_of_a_task_may_stand(
    drive: Drive, tmp_path: Path, workspace: Path, files: dict[str, str], expected: str
) -> None:
    for name, content in files.items():
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(content)
    driver = drive(tmp_path / "project" / "plan.py", workspace, tmp_path / "output", cwd=tmp_path)
    _, errors = driver.communicate(timeout=30)
    assert (driver.returncode, errors) == (0, "")
    assert (tmp_path / "output").read_text() == expected


def test_a_module_run_with_m_finds_its_package(drive: Drive, tmp_path: Path, workspace: Path) -> None:
    package = tmp_path / "project" / "kit"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "tell.py").write_text(TASK)
    (package / "plan.py").write_text(PLAN.format(imports="from .tell import Tell"))
    command = [sys.executable, "-m", "kit.plan", str(workspace), str(tmp_path / "output")]
    subprocess.run(command, cwd=tmp_path / "project", check=True)
    assert (tmp_path / "output").read_text() == "a task of tell"


def test_a_script_that_is_not_guarded_is_told_so(drive: Drive, tmp_path: Path, workspace: Path) -> None:
    script = tmp_path / "plan.py"
    plan = f"from experimaestro import experiment\nwith experiment({str(workspace)!r}, 'xp'):\n"
    script.write_text(TASK + plan + "    Tell.C(word='a task', output=Path('output')).submit()")
    driver = drive(script)
    _, errors = driver.communicate(timeout=30)
    assert driver.returncode == 1
    assert "experiment 'xp' starts again in the process of a job" in errors
    assert 'put the experiment under `if __name__ == "__main__":`' in errors


def test_a_job_has_our_environment_and_what_is_added(
    enter: Enter, tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Release 2.7 gave it what was added, and nothing else."""
    monkeypatch.setenv("OURS", "inherited")
    monkeypatch.setenv("BOTH", "inherited")
    settings = WorkspaceSettings("", workspace, env={"BOTH": "of the workspace", "THEIRS": "of the workspace"})
    output = tmp_path / "output"
    with experiment(settings, "xp", project_paths=[]) as xp:
        xp.setenv("ADDED", "by the experiment")
        xp.setenv("THEIRS", "by the experiment", override=False)
        names = ["OURS", "BOTH", "THEIRS", "ADDED", "ABSENT"]
        Environment.C(names=names, output=output).submit()
    values = ["inherited", "of the workspace", "of the workspace", "by the experiment", "-"]
    assert output.read_text().splitlines() == values


def test_a_job_has_the_environment_of_all_workspaces(enter: Enter, tmp_path: Path, home: Path) -> None:
    (home / ".config/experimaestro").mkdir(parents=True)
    (home / ".config/experimaestro/settings.yaml").write_text("env: {EVERYWHERE: yes indeed}")
    with enter():
        Environment.C(names=["EVERYWHERE"], output=tmp_path / "output").submit()
    assert (tmp_path / "output").read_text() == "yes indeed"


def test_a_job_has_no_standing_input(enter: Enter) -> None:
    """It would wait for an answer that nobody gives."""
    with enter() as xp:
        Learn.C(number=1).submit()
    [job] = xp.jobs.values()
    assert job.stdout.read_bytes() == b""


def test_a_class_defined_in_a_function_is_refused(enter: Enter) -> None:
    class Local(Task):
        number: Param[int]

        def execute(self) -> None: ...

    with enter() as xp, pytest.raises(LocalClassError, match="Local is defined inside a function"):
        Local.C(number=1).submit()
    assert not xp.jobs


def test_a_task_without_execute_is_said_so(enter: Enter) -> None:
    with enter() as xp, pytest.raises(UnusableMethodError, match=r"Idle defines no execute\(self\)"):
        Idle.C(number=1).submit()
    assert not xp.jobs
