"""Whatever a plan looks like, and whatever is wrong in the plugin: mypy goes on, and its exit code tells the truth."""

from __future__ import annotations

import ast
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.plugin.programs import programs

UNFINISHED: Final = 150
"""How many plans are broken at random."""
BROKEN_PLUGIN: Final = """\
from experimaestro.mypy import plugin as plugin
from experimaestro_mypy import session

def fail(module, unit):
    raise ZeroDivisionError(unit.function and unit.function.name)

session.UNIT_CHECKS = (fail, *session.UNIT_CHECKS)
"""
PLAN: Final = """\
from experimaestro import Param, Task

class Train(Task):
    epochs: Param[int]

Train.C(epochs="three")
"""


def checked(folder: Path, *files: str, plugin: str = "experimaestro.mypy") -> subprocess.CompletedProcess[str]:
    """Runs mypy with a plugin; with none if its name is empty."""
    (folder / "mypy.ini").write_text("[mypy]\nstrict = True\n" + (f"plugins = {plugin}\n" if plugin else ""))
    command = [sys.executable, "-m", "mypy", "--cache-dir", os.devnull, *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_class_that_mypy_cannot_analyse_has_the_error_of_mypy(tmp_path: Path) -> None:
    (tmp_path / "plan.py").write_text(
        "from typing import Generic\n"
        "from experimaestro import Config, Param\n\n"
        "class Model(Config): ...\n\n"
        "class Box(Config, Generic[Model]):\n"
        "    size: Param[int]\n\n"
        'Box.C(size="large")\n'
    )
    done = checked(tmp_path, "plan.py")
    assert re.findall(r"plan.py:(\d+): error: .*\[([\w-]+)\]", done.stdout) == [("6", "misc"), ("9", "xpm-param-type")]


def test_a_class_in_code_that_is_not_reached_is_no_class(tmp_path: Path) -> None:
    (tmp_path / "plan.py").write_text(
        "import sys\n"
        "from experimaestro import Param, Task\n\n"
        'if sys.platform == "none":\n\n'
        "    class Train(Task):\n"
        "        epochs: Param[int]\n\n"
        "        def execute(self) -> None: ...\n\n"
        "else:\n\n"
        "    class Train(Task):\n"
        "        rate: Param[float]\n\n"
        "        def execute(self) -> None: ...\n\n\n"
        "Train.C(rate=1)\n"
    )
    done = checked(tmp_path, "plan.py")
    assert (done.stdout, done.stderr, done.returncode) == ("Success: no issues found in 1 source file\n", "", 0)


def test_a_defect_of_the_plugin_hides_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN_PLUGIN)
    (tmp_path / "plan.py").write_text(PLAN)
    done = checked(tmp_path, "plan.py", plugin=str(tmp_path / "broken.py"))
    assert "defect of the plugin of experimaestro hides findings" in done.stdout
    assert "plan.py:6: error: parameter epochs of Train takes" in done.stdout
    assert done.returncode == 1


def broken(text: str, chance: random.Random) -> str:
    """A plan in which one or two lines are gone, doubled, elsewhere, or have another word."""
    lines = text.splitlines()
    words = sorted(set(re.findall(r"\b[A-Za-z_]\w*\b", text)))
    for _ in range(chance.randint(1, 2)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        found = list(re.finditer(r"\b\w+\b", lines[at]))
        match chance.choice(["gone", "doubled", "elsewhere", "word"]):
            case "gone":
                lines[at] = ""
            case "doubled":
                lines.insert(at, lines[other])
            case "elsewhere":
                lines[at], lines[other] = lines[other], lines[at]
            case _ if found:
                word = chance.choice(found)
                lines[at] = lines[at][: word.start()] + chance.choice(words) + lines[at][word.end() :]
    return "\n".join(lines) + "\n"


def is_parsed(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def test_plans_under_work_do_not_break_mypy(tmp_path: Path) -> None:
    chance = random.Random(0)  # the same ones in each run
    sources = [text for name, text in sorted(programs("right").items()) if name.endswith(".py") and "/" not in name]
    plans = filter(is_parsed, (broken(chance.choice(sources), chance) for _ in range(4 * UNFINISHED)))
    names = [f"plan{number}.py" for number in range(UNFINISHED)]
    for name, text in zip(names, plans, strict=False):
        (tmp_path / name).write_text(text)
    told = checked(tmp_path, *names)
    assert "defect" not in told.stdout + told.stderr
    assert told.returncode == 1 or checked(tmp_path, *names, plugin="").returncode == 2, told.stderr
