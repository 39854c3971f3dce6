"""What the package costs, beside what the operating system allows and beside release 2.7.0.

    python -m tests.bench
    python -m tests.bench --reference /path/to/python
    python -m tests.bench --install-reference DIRECTORY

Each figure is the median of runs that alternate between the contenders, each in new processes, on two processors.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NewType

Seconds = NewType("Seconds", float)
Contender = NewType("Contender", str)
Measure = Callable[[Contender], Seconds]

ROOT: Final = Path(__file__).parents[2]
PROGRAMS: Final = Path(__file__).parent / "programs"
REFERENCE_RELEASE: Final = "2.7.0"

OURS: Final = Contender("ours")
FLOOR: Final = Contender("floor")
REFERENCE: Final = Contender(REFERENCE_RELEASE)

PLAIN_IMPORTS: Final = "import typing, inspect, logging, json"
LIGHT_IMPORTS: Final = "from experimaestro import Config, Task, Param, field"
JOBS: Final = 100
FINISHED_JOBS: Final = 1_000
CHECKED_MODULES: Final = 200


class Bench:
    """Runs programs with the interpreter of a contender, in a folder of its own."""

    def __init__(self, folder: Path, interpreters: Mapping[Contender, Path]) -> None:
        self.folder = folder
        self.interpreters = interpreters
        self._workspaces = 0
        settings = folder / ".config/experimaestro/settings.yaml"
        settings.parent.mkdir(parents=True)
        # Release 2.7.0 sleeps three seconds when it can't measure carbon.
        settings.write_text("carbon: {enabled: false}\n")

    @property
    def contenders(self) -> list[Contender]:
        return list(self.interpreters)

    def python(self, contender: Contender, *arguments: str | Path) -> str:
        ours = [str(ROOT)] if contender == OURS else []
        environment = {**os.environ, "HOME": str(self.folder), "PYTHONPATH": os.pathsep.join([str(PROGRAMS), *ours])}
        command = [self.interpreters[contender], *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def program(self, contender: Contender, name: str, *arguments: str | Path) -> Seconds:
        """Returns the seconds that a program says it took."""
        return Seconds(float(self.python(contender, PROGRAMS / name, *arguments).split()[-1]))

    def process(self, contender: Contender, *arguments: str | Path) -> Seconds:
        """Returns the seconds from the start of an interpreter to its end."""
        return timed(lambda: self.python(contender, *arguments))

    def workspace(self) -> Path:
        self._workspaces += 1
        return self.folder / f"workspace{self._workspaces}"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    seconds: Mapping[Contender, Seconds]
    scale: float = 1
    """How many jobs share the seconds, when it is a cost per job."""
    budget: str = ""


def timed(action: Callable[[], object]) -> Seconds:
    start = time.perf_counter()
    action()
    return Seconds(time.perf_counter() - start)


def medians(measure: Measure, contenders: Sequence[Contender], *, runs: int) -> Mapping[Contender, Seconds]:
    """Measures each contender in turn, so that what else the machine does is shared by all."""
    figures = [{contender: measure(contender) for contender in contenders} for _ in range(runs)]
    return {contender: Seconds(statistics.median(run[contender] for run in figures)) for contender in contenders}


def imports(bench: Bench) -> Iterator[Row]:
    def measure(contender: Contender) -> Seconds:
        if contender == FLOOR:
            return bench.process(OURS, "-c", PLAIN_IMPORTS)
        return bench.process(contender, "-c", LIGHT_IMPORTS)

    seconds = medians(measure, [*bench.contenders, FLOOR], runs=15)
    yield Row("import of Config, Task, Param, field", seconds, budget="<= 3 x floor")


def trivial_jobs(bench: Bench) -> Iterator[Row]:
    xargs = f"seq {JOBS} | xargs -P2 -I{{}} '{bench.interpreters[OURS]}' -c '{PLAIN_IMPORTS}'"

    def measure(contender: Contender) -> Seconds:
        if contender == FLOOR:
            return timed(lambda: subprocess.run(["bash", "-c", xargs], check=True))
        return bench.process(contender, PROGRAMS / "submit.py", bench.workspace(), str(JOBS))

    seconds = medians(measure, [*bench.contenders, FLOOR], runs=3)
    yield Row(f"{JOBS} trivial jobs, two at a time", seconds, budget="<= 2 x floor")


def finished_jobs(bench: Bench) -> Iterator[Row]:
    workspaces = {contender: bench.workspace() for contender in bench.contenders}
    for contender, workspace in workspaces.items():
        bench.python(contender, PROGRAMS / "finished.py", workspace, str(FINISHED_JOBS))

    def measure(contender: Contender) -> Seconds:
        return bench.program(contender, "submit.py", workspaces[contender], str(FINISHED_JOBS))

    name = f"{FINISHED_JOBS:,} finished jobs again, per job"
    yield Row(name, medians(measure, bench.contenders, runs=3), scale=FINISHED_JOBS, budget="< 1 ms")


def shown_configuration(bench: Bench) -> Iterator[Row]:
    options = ["--workdir", str(bench.workspace()), "--show", str(PROGRAMS / "shown.yaml")]

    def measure(contender: Contender) -> Seconds:
        return bench.process(contender, "-m", "experimaestro", "run-experiment", *options)

    seconds = medians(measure, bench.contenders, runs=9)
    yield Row("run-experiment --show", seconds, budget=f"< 0.5 x {REFERENCE_RELEASE}")


def large_configuration(bench: Bench) -> Iterator[Row]:
    """Five imports and a thousand keys; the floor reads the same files with the C loader of PyYAML."""
    folder = bench.workspace()
    bench.python(OURS, PROGRAMS / "large.py", folder)
    read = f"import glob, yaml\nfor name in glob.glob({str(folder / '*.yaml')!r}):\n    yaml.load(open(name), yaml.CSafeLoader)"
    options = ["--workdir", str(bench.workspace()), "--show", str(folder / "large.yaml")]

    def measure(contender: Contender) -> Seconds:
        if contender == FLOOR:
            return bench.process(OURS, "-c", read)
        return bench.process(contender, "-m", "experimaestro", "run-experiment", *options)

    seconds = medians(measure, [*bench.contenders, FLOOR], runs=15)
    yield Row("--show of 5 imports and 1,000 keys", seconds, budget=f"<= 4 x floor, < 0.5 x {REFERENCE_RELEASE}")


def plan(bench: Bench, shape: str, count: int, contenders: Sequence[Contender]) -> Row:
    def measure(contender: Contender) -> Seconds:
        return bench.program(contender, "plan.py", bench.workspace(), shape, str(count))

    seconds = medians(measure, contenders, runs=3 if count < 10_000 else 1)
    return Row(f"plan of {count:,} tasks, {shape}, per task", seconds, scale=count, budget="constant")


def plans(bench: Bench) -> Iterator[Row]:
    """Planning is linear: a task costs the same in a large plan."""
    for count in (100, 1_000, 10_000):
        yield plan(bench, "wide", count, bench.contenders if count < 10_000 else [OURS])
    for count in (100, 200, 400, 1_000, 10_000):
        yield plan(bench, "chain", count, bench.contenders if count <= 400 else [OURS])


def identifiers(bench: Bench) -> Iterator[Row]:
    """Tasks of ten configurations each."""
    for count in (1_000, 10_000):

        def measure(contender: Contender, count: int = count) -> Seconds:
            return bench.program(contender, "identify.py", bench.workspace(), str(count))

        seconds = medians(measure, bench.contenders if count == 1_000 else [OURS], runs=3)
        budget = f"< 0.2 x {REFERENCE_RELEASE}, constant"
        yield Row(f"identifiers of {count:,} tasks of 10, per task", seconds, scale=count, budget=budget)


def information(bench: Bench) -> Iterator[Row]:
    for count in (1_000, 10_000):
        workspace = bench.workspace()
        bench.python(OURS, PROGRAMS / "finished.py", workspace, str(count))
        bench.python(OURS, PROGRAMS / "submit.py", workspace, str(count))

        def measure(contender: Contender, workspace: Path = workspace, count: int = count) -> Seconds:
            return bench.program(contender, "information.py", workspace, str(count))

        name = f"load_xp_info of {count:,} jobs, per job"
        yield Row(name, medians(measure, [OURS], runs=3), scale=count, budget="constant")


def checked_plans(bench: Bench) -> Iterator[Row]:
    """mypy with the plugin, beside mypy without: nothing known, and after an edit.

    A function that is added is another interface: mypy checks the modules again that import it.
    """
    projects = {OURS: bench.workspace(), FLOOR: bench.workspace()}
    for contender, folder in projects.items():
        folder.mkdir()
        bench.python(OURS, PROGRAMS / "plans_to_check.py", folder, str(CHECKED_MODULES))
        plugin = "plugins = experimaestro.mypy\n" if contender == OURS else ""
        (folder / "mypy.ini").write_text(f"[mypy]\nstrict = True\n{plugin}")

    def check(contender: Contender) -> None:
        folder = projects[contender]
        options = [f"--config-file={folder}/mypy.ini", f"--cache-dir={folder}/cache"]
        bench.python(OURS, "-m", "mypy", *options, folder)

    def cold(contender: Contender) -> Seconds:
        shutil.rmtree(projects[contender] / "cache", ignore_errors=True)
        return timed(lambda: check(contender))

    def after(edit: Callable[[str], str]) -> Measure:
        def warm(contender: Contender) -> Seconds:
            check(contender)
            edited = projects[contender] / f"plans{CHECKED_MODULES // 2}.py"
            edited.write_text(edit(edited.read_text()))
            return timed(lambda: check(contender))

        return warm

    def line(text: str) -> str:
        return text.replace("0.3)", "0.33)") if "0.3)" in text else text.replace("0.33)", "0.3)")

    def function(text: str) -> str:
        return f"{text}\n\ndef added{len(text)}() -> None: ...\n"

    title = f"mypy: {CHECKED_MODULES} modules, {5 * CHECKED_MODULES:,} classes"
    yield Row(title, medians(cold, [OURS, FLOOR], runs=3), budget="<= 1.3 x floor")
    yield Row(f"{title}, a line edited", medians(after(line), [OURS, FLOOR], runs=9), budget="<= 1.2 x floor")
    yield Row(f"{title}, a function added", medians(after(function), [OURS, FLOOR], runs=9))


BENCHMARKS: Final[Mapping[str, Callable[[Bench], Iterator[Row]]]] = {
    "imports": imports,
    "trivial-jobs": trivial_jobs,
    "finished-jobs": finished_jobs,
    "show": shown_configuration,
    "large": large_configuration,
    "plans": plans,
    "identifiers": identifiers,
    "information": information,
    "checked-plans": checked_plans,
}


def cells(row: Row) -> list[str]:
    def cost(contender: Contender) -> str:
        return f"{row.seconds[contender] / row.scale * 1000:.3g} ms" if contender in row.seconds else ""

    def ratio(contender: Contender) -> str:
        return f"{row.seconds[OURS] / row.seconds[contender]:.2f}" if contender in row.seconds else ""

    return [row.name, cost(OURS), cost(FLOOR), ratio(FLOOR), cost(REFERENCE), ratio(REFERENCE), row.budget]


HEADER: Final = ["", "ours", "floor", "ours/floor", REFERENCE_RELEASE, f"ours/{REFERENCE_RELEASE}", "budget"]
WIDTHS: Final = [46, 10, 10, 11, 10, 11, 14]


def print_line(texts: Sequence[str]) -> None:
    first, *others = (f"{text:{width}}" for text, width in zip(texts, WIDTHS, strict=True))
    print("  ".join([first, *others]).rstrip(), flush=True)


def install_reference(folder: Path) -> Path:
    """Installs the release to compare with, unless it is there; returns its interpreter."""
    interpreter = folder / "bin/python"
    if not interpreter.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        package = f"experimaestro=={REFERENCE_RELEASE}"
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", package], check=True)
    return interpreter


def on_two_processors() -> None:
    """Gives two processors to this process and to all those it starts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"among {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--reference", type=Path, help=f"a Python interpreter with release {REFERENCE_RELEASE}")
    parser.add_argument("--install-reference", type=Path, metavar="DIRECTORY", help="install that release there first")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(BENCHMARKS)):
        parser.error(f"unknown benchmarks {unknown} (known: {', '.join(BENCHMARKS)})")

    reference = options.reference
    if options.install_reference:
        reference = install_reference(options.install_reference.absolute())
    interpreters = {OURS: Path(sys.executable)}
    if reference is not None:
        interpreters[REFERENCE] = reference.absolute()

    on_two_processors()
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        print_line(HEADER)
        bench = Bench(folder, interpreters)
        for name in options.names or BENCHMARKS:
            for row in BENCHMARKS[name](bench):
                print_line(cells(row))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
