"""Requirements given to `find_launcher`."""

from __future__ import annotations

from typing import Final

import pytest

from tests.plugin.projects import Project, Said

HEADER: Final = """\
from typing import Final, Literal
from experimaestro import Param, Task
from experimaestro.launcherfinder import cpu, cuda_gpu, duration, find_launcher, mps_gpu, parse

LARGE: Final = "cuda(mem=3)"


class Train(Task):
    seed: Param[int]

    def execute(self) -> None: ...


def launcher(memory: int, text: str, choice: Literal["gpus()"]) -> None:
    # each test has its line below
"""
WRONG: Final = {
    'find_launcher("duration=1 week & cuda()")': "character 12: found 'week', expected h, hour, hours, d, day",
    'find_launcher("cuda(mem=24Go)")': "found 'Go', expected G, GiB, M or MiB; did you mean 'G'?",
    'find_launcher("cuda(memory=2G)")': "found 'memory', expected mem or ')'; did you mean 'mem'?",
    'find_launcher("cpu(mem=2G, mem=3G)")': "('mem' is given twice)",
    'find_launcher("cudas()")': "found 'cudas', expected duration, cpu, gpu, cuda or mps; did you mean 'cuda'?",
    'find_launcher("cuda() & mps()")': "no machine has both cuda and mps accelerators",
    'find_launcher("duration=1h & cpu() & duration=2h")': "found 'duration=2h' after 'duration=1h', expected one duration",
    'find_launcher("")': "found the end",
    "find_launcher(LARGE)": "requirement 'cuda(mem=3)', character 11",
    'find_launcher("cuda()" if memory else "cuda(mem=8)")': "requirement 'cuda(mem=8)', character 11",
    'find_launcher(text or "gpus()")': "requirement 'gpus()', character 1",
    'find_launcher(*("cuda()", "gpus()"))': "requirement 'gpus()', character 1",
    'find_launcher(f"duration={memory}h & cuda(mem={memory}GB)")': (
        "requirement 'duration={memory}h & cuda(mem={memory}GB)': found 'GB', expected G, GiB, M or MiB; "
        "did you mean mem={memory}G?"
    ),
    'find_launcher(f"duration={text} & gpus()")': "requirement 'duration={text} & gpus()': found 'gpus'",
    'find_launcher(f"duration={memory}.5h")': "found '{memory}.5', expected a whole number",
    'find_launcher("duration=" + text + " & gpus()")': "requirement 'duration={text} & gpus()': found 'gpus'",
    'find_launcher("gpus(mem={})".format(text))': "requirement 'gpus(mem={...})': found 'gpus'",
    'find_launcher("gpus(mem=%dG)" % memory)': "requirement 'gpus(mem={memory}G)': found 'gpus'",
    'duration("1:30:00")': "duration('1:30:00'): found '1:30:00', expected a duration such as '5h'",
    'find_launcher(duration("1h") & cuda_gpu(mem="24Go") * 2)': "cuda_gpu(mem='24Go'): found '24Go', expected a memory",
    'cpu(mem="24")': "cpu(mem='24'): found '24', expected a memory size with its unit",
    "cpu(cores=-1)": "cpu(cores=-1): found -1, expected 0 or more",
    "cuda_gpu() & cpu() & mps_gpu() * 2": "no machine has both cuda and mps accelerators",
    "cuda_gpu() * 0": "found 0, expected a number of accelerators",
    "find_launcher(choice)": "requirement 'gpus()', character 1",
    'find_launcher("cuda()", "cpu(")': "requirement 'cpu('",
    'Train.C(seed=1).submit(launcher=find_launcher("cud()"))': "requirement 'cud()', character 1",
    'parse("cud()")': "requirement 'cud()', character 1",
}
RIGHT: Final = (
    'find_launcher("duration=1h & cuda(mem=4G) * 2 & cpu(cores=4) | duration=2h & cpu()")',
    "find_launcher(text)",
    'find_launcher(f"{text}Go)")',
    'find_launcher(f"{text}({text})")',
    'find_launcher(f"duration={memory} hour{text} & cuda(mem={text}) * {memory}")',
    'find_launcher("duration={}h".format(memory), "cuda(mem=%s)" % text, "duration=" + text)',
    "find_launcher(*text.split())",
    'duration("1h30m") & cpu(mem="1.5G", cores=2) | duration(90) & cuda_gpu(mem=10**9) & duration("2 days")',
    "cuda_gpu() | mps_gpu()",
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    lines = "".join(f"    {text}\n" for text in [*WRONG, *RIGHT])
    return Project(tmp_path_factory.mktemp("launchers"), {"plan.py": HEADER + lines}).said("plan.py")


def line_of(text: str) -> int:
    return len(HEADER.splitlines()) + 1 + [*WRONG, *RIGHT].index(text)


@pytest.mark.parametrize("text", WRONG)
def test_a_requirement_that_cannot_be_met_is_told(said: list[Said], text: str) -> None:
    [found] = [each for each in said if each.line == line_of(text)]
    assert found.code == "xpm-launcher"
    assert WRONG[text] in found.message


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_or_known_at_run_time_is_not_told(said: list[Said], text: str) -> None:
    assert not [each for each in said if each.line == line_of(text)]
