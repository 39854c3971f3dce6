"""Where the code of an experiment may be, and what its `run` may look like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.conftest import Place

TASK: Final = """\
from experimaestro import Param, Task


class Learn(Task):
    x: Param[int]

    def execute(self) -> None:
        print("learns", self.x)


"""

PLAN: Final = """\
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Exp(ConfigurationBase):
    x: int = 1


def run(helper: ExperimentHelper, cfg: Exp) -> None:
    Learn.C(x=cfg.x).submit()
"""

DECLARATIONS: Final = PLAN[: PLAN.index("def run")]

LAYOUTS: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "beside the YAML file": ({"exp.yaml": "id: exp\n", "experiment.py": TASK + PLAN}, "experiment.learn"),
    "in a named file": ({"exp.yaml": "id: exp\nfile: plan\n", "plan.py": TASK + PLAN}, "plan.learn"),
    "in a file with its suffix": ({"exp.yaml": "id: exp\nfile: plan.py\n", "plan.py": TASK + PLAN}, "plan.learn"),
    "in another directory": ({"exp.yaml": "id: exp\nfile: code/plan\n", "code/plan.py": TASK + PLAN}, "plan.learn"),
    "with a name that cannot be imported by a statement": (
        {"exp.yaml": "id: exp\nfile: my-plan\n", "my-plan.py": TASK + PLAN},
        "my-plan.learn",
    ),
    "tasks in a file beside": (
        {"exp.yaml": "id: exp\n", "experiment.py": "from learn import Learn\n" + PLAN, "learn.py": TASK},
        "learn.learn",
    ),
    "tasks in a package beside": (
        {
            "exp.yaml": "id: exp\n",
            "experiment.py": "from lab.learn import Learn\n" + PLAN,
            "lab/__init__.py": "",
            "lab/learn.py": TASK,
        },
        "lab.learn.learn",
    ),
    "tasks on the pythonpath": (
        {
            "conf/exp.yaml": "id: exp\nfile: ../plan\npythonpath: [../src, ..]\n",
            "plan.py": "from learn import Learn\n" + PLAN,
            "src/learn.py": TASK,
        },
        "learn.learn",
    ),
    "out of the pythonpath": (
        {"exp.yaml": "id: exp\nfile: code/plan\npythonpath: [src]\n", "code/plan.py": TASK + PLAN, "src/a.py": ""},
        "plan.learn",
    ),
    "module beside": ({"exp.yaml": "id: exp\nmodule: plan\n", "plan.py": TASK + PLAN}, "plan.learn"),
    "module of a package beside": (
        {"exp.yaml": "id: exp\nmodule: lab.plan\n", "lab/__init__.py": "", "lab/plan.py": TASK + PLAN},
        "lab.plan.learn",
    ),
    "module of the package that holds the YAML file": (
        {
            "lab/conf/exp.yaml": "id: exp\nmodule: lab.conf.plan\n",
            "lab/__init__.py": "",
            "lab/conf/__init__.py": "",
            "lab/conf/plan.py": "from ..learn import Learn\n" + PLAN,
            "lab/learn.py": TASK,
        },
        "lab.learn.learn",
    ),
    "module on the pythonpath": (
        {"exp.yaml": "id: exp\nmodule: plan\npythonpath: [src]\n", "src/plan.py": TASK + PLAN},
        "plan.learn",
    ),
    "configuration imported": (
        {
            "exp.yaml": "id: exp\n",
            "experiment.py": "from plan import Exp, run\n",
            "plan.py": TASK + PLAN,
        },
        "plan.learn",
    ),
}


@pytest.mark.parametrize(("files", "task"), LAYOUTS.values(), ids=LAYOUTS)
def test_jobs_find_their_task(place: Place, files: Mapping[str, str], task: str) -> None:
    place.write(files)
    [yaml] = (name for name in files if name.endswith(".yaml"))
    outcome = place.run("run-experiment", "--workdir", "ws", yaml)
    assert (outcome.code, outcome.err.splitlines()[-1]) == (0, "1 job: 1 done")
    [out] = place.directory.glob(f"ws/jobs/{task}/*/learn.out")
    assert out.read_text() == "learns 1\n"


def printed(place: Place, code: str, *arguments: str) -> str:
    """What an experiment prints that runs no job."""
    place.write({"experiment.py": code, "exp.yaml": "id: exp\n"})
    outcome = place.run("run-experiment", "--workdir", "ws", "--run-mode", "dry-run", "exp", *arguments)
    assert outcome.code == 0, outcome.err
    return outcome.out


RUNS: Final = {
    "annotations as text": "@def run(helper: 'ExperimentHelper', cfg: 'Exp') -> None:\n    print(cfg.x)\n",
    "annotations of the future": (
        "from __future__ import annotations\n@def run(helper: ExperimentHelper, cfg: Exp) -> None:\n    print(cfg.x)\n"
    ),
    "helper imported for type checkers only": (
        "from __future__ import annotations\n@del ExperimentHelper\n"
        "def run(helper: ExperimentHelper, cfg: Exp) -> Nothing:\n    print(cfg.x)\n"
    ),
    "helper not annotated": "@def run(helper, cfg: Exp):\n    print(cfg.x)\n",
    "decorated by another": (
        "import functools\n@def loud(f):\n    @functools.wraps(f)\n    def g(*a): f(*a)\n    return g\n\n"
        "@loud\ndef run(helper: ExperimentHelper, cfg: Exp):\n    print(cfg.x)\n"
    ),
    "object": "@class Run:\n    def __call__(self, helper: ExperimentHelper, cfg: Exp): print(cfg.x)\n\nrun = Run()\n",
}


@pytest.mark.parametrize("code", RUNS.values(), ids=RUNS)
def test_run_is_written_as_one_likes(place: Place, code: str) -> None:
    code = code.replace("@", DECLARATIONS, 1)
    assert printed(place, code) == "1\n"


HELPER: Final = """\
class Helper(ExperimentHelper):
    def run(self, args, configuration):
        self.speed = args
        super().run([], configuration)


"""

BODY: Final = "\n\ndef run(helper, cfg: Exp):\n    print(type(helper).__name__, helper.speed, helper.xp.name, cfg.x)\n"

DECORATIONS: Final = {
    "decorator": "@Helper.decorator",
    "decorator that is called": "@Helper.decorator()",
    "other name": "fast = Helper.decorator\n\n@fast",
    "other name that is called": "fast = Helper.decorator\n\n@fast()",
}


@pytest.mark.parametrize("decoration", DECORATIONS.values(), ids=DECORATIONS)
def test_helper_takes_arguments_of_the_command_line(place: Place, decoration: str) -> None:
    code = DECLARATIONS + HELPER + decoration + BODY.removeprefix("\n")
    assert printed(place, code, "--", "very", "--fast") == "Helper ['very', '--fast'] exp 1\n"


def test_helper_is_the_one_of_the_annotation(place: Place) -> None:
    code = DECLARATIONS + HELPER + BODY.replace("helper,", "helper: Helper,")
    assert printed(place, code, "slow") == "Helper ['slow'] exp 1\n"


def test_helper_passes_on_what_it_does_not_know(place: Place) -> None:
    helper = HELPER.replace("super().run([], ", "super().run(args, ")
    place.write({"experiment.py": DECLARATIONS + helper + "@Helper.decorator" + BODY[1:], "exp.yaml": "id: exp\n"})
    outcome = place.run("run-experiment", "--workdir", "ws", "exp", "slow")
    assert outcome.code == 1
    assert "unexpected arguments after the YAML file: slow" in outcome.err


@pytest.mark.parametrize(
    ("written", "name"), [("before.py", "before.py"), ("before", "before.py"), ("sub/b.py", "sub/b.py"), ("./b", "b")]
)
def test_pre_experiment_comes_first(place: Place, written: str, name: str) -> None:
    place.write({name: "import sys\n\nsys.modules['torch'] = sys\nprint('first')\n"})
    place.write({"experiment.py": "import torch\n" + TASK + PLAN, "exp.yaml": f"id: exp\npre_experiment: {written}\n"})
    outcome = place.run("run-experiment", "--workdir", "ws", "--run-mode", "dry-run", "exp")
    assert (outcome.code, outcome.out) == (0, "first\n")


@pytest.mark.parametrize("option", [["--file", "plan.py"], ["--file", "plan"], ["--module-name", "plan"]])
def test_command_line_names_another_code(place: Place, option: list[str]) -> None:
    place.write({"exp.yaml": "id: exp\nfile: experiment\n", "experiment.py": "1 / 0\n", "plan.py": TASK + PLAN})
    assert place.run("run-experiment", "--workdir", "ws", "--run-mode", "dry-run", "exp", *option).code == 0
