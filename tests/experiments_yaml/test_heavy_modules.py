"""Heavy modules are fakes in the plan, and themselves in the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.conftest import Place

FILES: Final = {
    "exp.yaml": "id: exp\npre_experiment: setup.py\nfile: experiment\npythonpath: [., lib]\n",
    "setup.py": "from experimaestro.experiments.mockmodule import mock_modules\nmock_modules(['heavy'])\n",
    "lib/heavy/__init__.py": "import os\nprint('loaded', os.getpid())\n",
    "lib/heavy/nn.py": "class Module:\n    def forward(self): return 'real'\n\ndef compiled(cls): return cls\n",
    "experiment.py": """\
import heavy
from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from heavy.nn import Module, compiled


@compiled
class Net(Module):
    pass


class Learn(Task, Module):
    x: Param[int]

    def execute(self) -> None:
        print(self.forward(), Net().forward())


@configuration
class Exp(ConfigurationBase):
    pass


def run(helper: ExperimentHelper, cfg: Exp) -> None:
    print("plan", repr(heavy.version), Learn.C(x=1).submit().stdout())
""",
}


def test_a_heavy_module_is_mocked_in_the_plan_and_real_in_the_job(place: Place) -> None:
    place.write(FILES)
    outcome = place.run("run-experiment", "--workdir", "ws", "exp")
    assert outcome.code == 0, outcome.err
    plan, fake, log = outcome.out.split()
    assert (plan, fake) == ("plan", "heavy.version")
    lines = (place.directory / log).read_text().splitlines()
    assert lines[0].startswith("loaded")
    assert lines[-1] == "real real"
