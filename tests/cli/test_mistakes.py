"""Every mistake gets one error, which says what was found, where, and what would be right; nothing is written.

The experiment is the one of `conftest.py`; `@` stands for what its file declares before `run`, 30 lines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.conftest import Place

Files = Mapping[str, str]

SIGNATURE: Final = "run(helper: ExperimentHelper, cfg: MyConfiguration)"
EXPECTED: Final = "expected a subclass of ConfigurationBase decorated with @configuration"
KNOWN: Final = (
    "id, file, module, pythonpath, parent, imports, pre_experiment, title, subtitle, paper, description, "
    "add_timestamp, dirty_git, grid_search, xs, lr, model"
)


def experiment(code: str) -> Files:
    return {"experiment.py": code}


def yaml(text: str) -> Files:
    return {"exp.yaml": text}


def settings(text: str) -> Files:
    return {"home/.config/experimaestro/settings.yaml": text}


IN_YAML_FILES: Final = {
    "empty": (yaml(""), "exp.yaml:1:1: the file is empty, expected a mapping"),
    "syntax": (yaml("id: a: b\n"), "exp.yaml:1:6: invalid YAML: found a second ':' in this value, quote the value"),
    "key": (yaml("id: x\nLR: 1\n"), "exp.yaml:2:1: LR: unknown key; did you mean 'lr'?"),
    "strange key": (yaml("id: x\nzzz: 1\n"), f"exp.yaml:2:1: zzz: unknown key (known: {KNOWN})"),
    "type": (yaml("id: x\nlr: fast\n"), "exp.yaml:2:5: lr: found 'fast', expected float"),
    "no id": (yaml("lr: 1\n"), "exp.yaml:1:1: id: missing, expected str"),
    "two ids": (yaml("id: x\nid: y\n"), "exp.yaml:2:1: id: duplicate key, first written in line 1"),
    "number as id": (yaml("id: 3\n"), "exp.yaml:1:5: id: found 3, expected str (quote it)"),
    "path as id": (
        yaml("id: a/b\n"),
        "exp.yaml:1:5: id: found 'a/b', expected the name of a directory: 1 to 200 characters, no '/', no '.' at the "
        "beginning",
    ),
    "hidden id": (
        yaml("id: .a\n"),
        "exp.yaml:1:5: id: found '.a', expected the name of a directory: 1 to 200 characters, no '/', no '.' at the "
        "beginning",
    ),
    "long id": (
        yaml(f"id: {'a' * 201}\n"),
        f"exp.yaml:1:5: id: found '{'a' * 59}…', expected the name of a directory: 1 to 200 characters, no '/', no "
        "'.' at the beginning",
    ),
    "several": (
        yaml("lr: fast\nmodel: {dimm: 3}\n"),
        "3 mistakes in the configuration\n"
        "exp.yaml:1:1: id: missing, expected str\n"
        "exp.yaml:1:5: lr: found 'fast', expected float\n"
        "exp.yaml:2:9: model.dimm: unknown key; did you mean 'dim'?",
    ),
    "missing import": (
        {**yaml("id: x\nimports: [bas.yaml]\n"), "base.yaml": ""},
        "exp.yaml:2:11: imports.0: bas.yaml: no such file; did you mean 'base.yaml'?",
    ),
    "import cycle": (
        {**yaml("id: x\nimports: [a.yaml]\n"), "a.yaml": "imports: [b.yaml]\n", "b.yaml": "imports: [a]\n"},
        "b.yaml:1:11: import cycle: a.yaml -> b.yaml -> a.yaml",
    ),
}

ABOUT_CODE: Final = {
    "no file": (
        yaml("id: x\nfile: exprmnt\n"),
        "exp.yaml:2:7: file: no such file: ./exprmnt.py; did you mean 'experiment.py'?",
    ),
    "directory as file": (
        {**yaml("id: x\nfile: code\n"), "code.py/a": ""},
        "exp.yaml:2:7: file: this is a directory: ./code.py",
    ),
    "list as file": (yaml("id: x\nfile: [a]\n"), "exp.yaml:2:7: file: found a list, expected text that is not empty"),
    "no module": (
        yaml("id: x\nmodule: experimnt\n"),
        "exp.yaml:2:9: module: no module 'experimnt'; did you mean 'experiment'?",
    ),
    "no submodule": (
        {**yaml("id: x\nmodule: lab.plann\n"), "lab/plan.py": "", "lab/__init__.py": ""},
        "exp.yaml:2:9: module: no module 'lab.plann'; did you mean 'lab.plan'?",
    ),
    "file and module": (
        yaml("id: x\nfile: experiment\nmodule: experiment\n"),
        "exp.yaml:3:1: module: found a file and a module, expected one of them",
    ),
    "dots in the name": (
        {**yaml("id: x\nfile: v1.5\n"), "v1.5.py": ""},
        "./v1.5.py cannot be imported: a module has no '.' in its name; rename the file",
    ),
    "name of a standard module": (
        {**yaml("id: x\nfile: statistics\n"), "statistics.py": "@"},
        "./statistics.py cannot be imported as 'statistics': another module has this name (of Python itself); rename "
        "the file",
    ),
    "pythonpath": (
        {**yaml("id: x\npythonpath: [scr, .]\n"), "src/a": ""},
        "exp.yaml:2:14: pythonpath.0: no such directory: ./scr; did you mean 'src'?",
    ),
    "text as pythonpath": (
        yaml("id: x\npythonpath: src\n"),
        "exp.yaml:2:13: pythonpath: found 'src', expected a list of directories",
    ),
    "no pre_experiment file": (
        {**yaml("id: x\npre_experiment: befor.py\n"), "before.py": ""},
        "exp.yaml:2:17: pre_experiment: no such file: ./befor.py; did you mean 'before.py'?",
    ),
    "no pre_experiment module": (
        {**yaml("id: x\npre_experiment: befor\n"), "before.py": ""},
        "exp.yaml:2:17: pre_experiment: no module 'befor'; did you mean 'before'?",
    ),
    "pre_experiment raises": (
        {**yaml("id: x\npre_experiment: before.py\n"), "before.py": "1 / 0\n"},
        "cannot import ./before.py: ./before.py:1: ZeroDivisionError: division by zero",
    ),
    "raises": (
        {**experiment("import lab\n"), "lab.py": "def open_lab():\n    raise KeyError('key')\nopen_lab()\n"},
        "cannot import ./experiment.py: ./lab.py:2: KeyError: 'key'",
    ),
    "raises in a library": (
        experiment("import json\n\njson.loads('{')\n"),
        "cannot import ./experiment.py: ./experiment.py:3: json.decoder.JSONDecodeError: Expecting property name "
        "enclosed in double quotes: line 1 column 2 (char 1)",
    ),
    "syntax": (
        experiment("def run(:\n"),
        "cannot import ./experiment.py: ./experiment.py:1: SyntaxError: invalid syntax",
    ),
    "import": (
        {**experiment("import laab\n"), "lab.py": ""},
        "cannot import ./experiment.py: ./experiment.py:1: ModuleNotFoundError: No module named 'laab'; did you mean "
        "'lab'?",
    ),
    "relative import": (
        experiment("from . import lab\n"),
        "cannot import ./experiment.py: ./experiment.py:1: ImportError: attempted relative import with no known parent "
        "package (name the module of its package with `module:` instead of `file:`)",
    ),
    "script": (
        experiment("import sys\nsys.exit(0)\n"),
        "cannot import ./experiment.py: ./experiment.py:2: SystemExit: 0 (an experiment is imported; what a script "
        'does stands under `if __name__ == "__main__":`)',
    ),
    "handled": (
        experiment("from experimaestro.exceptions import HandledException\nraise HandledException('no GPU')\n"),
        "no GPU\n  raised at ./experiment.py:2",
    ),
    "no run": (experiment("@"), f"./experiment.py: no function {SIGNATURE}"),
    "misspelt run": (
        experiment("@def runn(helper, cfg: Exp): pass\n"),
        f"./experiment.py: no function {SIGNATURE}; did you mean 'runn'?",
    ),
    "run is no function": (experiment("@run = 3\n"), f"./experiment.py: `run` is 3, expected a function {SIGNATURE}"),
    "one parameter": (
        experiment("@def run(helper): pass\n"),
        f"./experiment.py:31: found run(helper), expected {SIGNATURE}",
    ),
    "three parameters": (
        experiment("@def run(helper, cfg: Exp, x=3): pass\n"),
        f"./experiment.py:31: found run(helper, cfg: experiment.Exp, x=3), expected {SIGNATURE}",
    ),
    "keyword parameter": (
        experiment("@def run(helper, *, cfg: Exp): pass\n"),
        f"./experiment.py:31: found run(helper, *, cfg: experiment.Exp), expected {SIGNATURE}",
    ),
    "asynchronous": (
        experiment("@async def run(helper, cfg: Exp): pass\n"),
        "./experiment.py:31: `run` is asynchronous or a generator, expected a plain function: nothing would run it",
    ),
    "generator": (
        experiment("@def run(helper, cfg: Exp): yield\n"),
        "./experiment.py:31: `run` is asynchronous or a generator, expected a plain function: nothing would run it",
    ),
    "no annotation": (
        experiment("@def run(helper, cfg): pass\n"),
        f"./experiment.py:31: found 'cfg' without annotation as second parameter of `run`, {EXPECTED}",
    ),
    "annotated with another type": (
        experiment("@def run(helper, cfg: int): pass\n"),
        f"./experiment.py:31: found 'cfg: int' as second parameter of `run`, {EXPECTED}",
    ),
    "annotated with a part": (
        experiment("@def run(helper, cfg: Model): pass\n"),
        "./experiment.py:31: found 'cfg: Model', which does not derive from ConfigurationBase, as second parameter of "
        f"`run`, {EXPECTED}",
    ),
    "swapped": (
        experiment("@def run(cfg: Exp, helper: ExperimentHelper): pass\n"),
        "./experiment.py:31: found 'helper: ExperimentHelper' as second parameter of `run`: write run(helper: "
        "ExperimentHelper, cfg: MyConfiguration)",
    ),
    "another helper": (
        experiment("@def run(xp: Model, cfg: Exp): pass\n"),
        "./experiment.py:31: found 'xp: Model' as first parameter of `run`, expected ExperimentHelper or a subclass",
    ),
    "unknown annotation": (
        experiment("@def run(helper, cfg: 'Expp'): pass\n"),
        "./experiment.py:31: the annotation 'Expp' of 'cfg' has no meaning: name 'Expp' is not defined; did you mean "
        "'Exp'?",
    ),
    "annotation for type checkers": (
        experiment("@def run(helper, cfg: 'Digits'): pass\n"),
        "./experiment.py:31: the annotation 'Digits' of 'cfg' has no meaning: name 'Digits' is not defined (imports "
        "under TYPE_CHECKING do not count)",
    ),
    "helper with another constructor": (
        experiment("@class H(ExperimentHelper):\n    def __init__(self): pass\n\ndef run(helper: H, cfg: Exp): pass\n"),
        "./experiment.py:34: H(run) fails, a helper is made with the function alone: TypeError: H.__init__() takes 1 "
        "positional argument but 2 were given",
    ),
}

ON_THE_COMMAND_LINE: Final = {
    "no file": (["expp.yaml"], "expp.yaml: no such file; did you mean 'exp.yaml'?"),
    "no file without suffix": (["ex"], "ex: no such file; did you mean 'exp'?"),
    "no directory": (["a/exp.yaml"], "a/exp.yaml: no such file, nor its directory"),
    "directory": (["home"], "home: cannot be read (Is a directory)"),
    "python file": (
        ["experiment.py"],
        "experiment.py: found a Python file, expected the YAML file that names it (file: ...)",
    ),
    "arguments": (
        ["exp", "fast", "slow"],
        "unexpected arguments after the YAML file: fast slow (to change the configuration write -c KEY=VALUE; a "
        "subclass of ExperimentHelper with its own `run` can take arguments)",
    ),
    "-c without value": (
        ["exp", "-c", "lr"],
        "-c lr: expected KEY=VALUE, where KEY may have several parts (model.layers.0.size)",
    ),
    "-c of an unknown key": (
        ["exp", "-c", "model.dimm=3"],
        "-c model.dimm=3: model.dimm: unknown key; did you mean 'dim'?",
    ),
    "-c of a wrong type": (["exp", "-c", "lr=fast"], "-c lr=fast: lr: found 'fast', expected float"),
    "-c below a value": (
        ["exp", "-c", "xs.0.a=1"],
        "-c xs.0.a=1: xs.0: cannot set 'a' in it: it is '1' (exp.yaml:2:6)",
    ),
    "-c outside of a list": (
        ["exp", "-c", "xs.7=1"],
        "-c xs.7=1: xs: found the index '7', expected 0 to 0 (list of exp.yaml:2:5)",
    ),
    "several -c": (
        ["exp", "-c", "=1", "-c", "lr"],
        "2 mistakes in the configuration\n"
        "-c =1: expected KEY=VALUE, where KEY may have several parts (model.layers.0.size)\n"
        "-c lr: expected KEY=VALUE, where KEY may have several parts (model.layers.0.size)",
    ),
    "-c imports": (
        ["exp", "-c", "imports=[a]"],
        "-c imports=[a]: imports: files are read before options; use --pre-yaml or --post-yaml",
    ),
    "--pre-yaml": (["exp", "--pre-yaml", "exq"], "exq: no such file; did you mean 'exp'?"),
    "--post-yaml": (["exp", "--post-yaml", "exq.yaml"], "exq.yaml: no such file; did you mean 'exp.yaml'?"),
    "--file": (
        ["exp", "--file", "experimen.py"],
        "--file experimen.py: no such file: ./experimen.py; did you mean 'experiment.py'?",
    ),
    "--module-name": (
        ["exp", "--module-name", "experimnt"],
        "--module-name experimnt: no module 'experimnt'; did you mean 'experiment'?",
    ),
    "--show": (["exp", "--show", "-c", "lr=fast"], "-c lr=fast: lr: found 'fast', expected float"),
    "--workspace": (["exp", "--workspace", "mian"], "unknown workspace 'mian' (the settings have none)"),
    "--workdir is a file": (
        ["exp", "--workdir", "exp.yaml"],
        "cannot use ./exp.yaml as a workspace: ./exp.yaml is no directory",
    ),
    "--workdir below a file": (
        ["exp", "--workdir", "exp.yaml/ws", "--run-mode", "dry-run"],
        "cannot use ./exp.yaml/ws as a workspace: ./exp.yaml is no directory",
    ),
}

AGAINST_THE_USAGE: Final = {
    "no file": ([], "Missing argument 'FILE'."),
    "unknown option": (["exp", "--workdr", "ws"], "No such option"),
    "empty --workdir": (
        ["exp", "--workdir", ""],
        "Invalid value for '--workdir': found an empty text, expected a path",
    ),
    "--file and --module-name": (
        ["exp", "--file", "a", "--module-name", "b"],
        "--file and --module-name exclude each other",
    ),
    "--run-mode": (
        ["exp", "--run-mode", "dryrun"],
        "Invalid value for '--run-mode': found 'dryrun', expected one of normal, generate_only, dry_run, prepare; did "
        "you mean 'dry_run'?",
    ),
    "--env": (
        ["--env", "A=1", "exp", "exp"],
        "Invalid value for '--env': found 'A=1' as a name, write --env NAME VALUE",
    ),
    "--env without value": (["exp", "--env", "A"], "Option '--env' requires 2 arguments."),
    "--xpm-config-dir": (
        ["exp", "--xpm-config-dir", "nowhere"],
        "Invalid value for '--xpm-config-dir': Directory 'nowhere' does not exist.",
    ),
}

IN_SETTINGS: Final = {
    "workspace": (
        settings("workspaces: [{id: main, path: ~/main}]\n"),
        ["--workspace", "mian"],
        "unknown workspace 'mian' (known: main); did you mean 'main'?",
    ),
    "remote workspace": (
        settings("workspaces: [{id: far, path: /far, ssh: {host: cluster}}]\n"),
        ["--workspace", "far"],
        "workspace 'far' is on cluster: experiments of this machine cannot run in it",
    ),
    "key": (
        settings("workspace: []\n"),
        [],
        "./home/.config/experimaestro/settings.yaml:1:1: workspace: unknown key; did you mean 'workspaces'?",
    ),
    "syntax": (
        settings("a: b: c\n"),
        [],
        "./home/.config/experimaestro/settings.yaml:1:5: invalid YAML: found a second ':' in this value, quote the value",
    ),
    "other directory": (
        {"conf/settings.yaml": "env: 3\n"},
        ["--xpm-config-dir", "conf"],
        "conf/settings.yaml:1:6: env: found 3, expected mapping of str to str",
    ),
}


def check(place: Place, arguments: list[str], message: str) -> None:
    """Runs the experiment, and expects this error and nothing else at all."""
    before = place.files()
    outcome = place.run("run-experiment", *arguments)
    assert outcome.err == f"Error: {message}\n"
    assert (outcome.code, outcome.out) == (1, "")
    assert place.files() == before


@pytest.mark.parametrize(
    ("changed", "message"), [*IN_YAML_FILES.values(), *ABOUT_CODE.values()], ids=[*IN_YAML_FILES, *ABOUT_CODE]
)
def test_mistake_in_the_files(place: Place, files: Files, declarations: str, changed: Files, message: str) -> None:
    place.write({name: text.replace("@", declarations) for name, text in {**files, **changed}.items()})
    check(place, ["--workdir", "ws", "exp.yaml"], message)


def test_file_that_is_not_named_is_experiment_py(place: Place) -> None:
    place.write({"exp.yaml": "id: x\n", "experiments.py": ""})
    message = "exp.yaml: file: missing, and there is no ./experiment.py; did you mean 'experiments.py'?"
    check(place, ["exp.yaml"], message)


def test_file_named_after_a_library_in_use(place: Place) -> None:
    place.write({"attr.py": "", "exp.yaml": "id: x\nfile: attr\n"})
    outcome = place.run("run-experiment", "exp.yaml")
    assert outcome.err.startswith("Error: ./attr.py cannot be imported as 'attr': another module has this name (")


def test_file_named_after_a_library_that_it_imports(place: Place) -> None:
    place.write({"paint.py": "import paint\n\npaint.red()\n", "exp.yaml": "id: x\nfile: paint\n", "lib/paint.py": ""})
    path = f"{place.environment['PYTHONPATH']}{os.pathsep}{place.directory / 'lib'}"
    outcome = place.run("run-experiment", "exp.yaml", PYTHONPATH=path)
    assert outcome.err == (
        "Error: cannot import ./paint.py: ./paint.py:3: AttributeError: module 'paint' has no attribute 'red' (it "
        "hides ./lib/paint.py: rename the file)\n"
    )


@pytest.mark.parametrize(("arguments", "message"), ON_THE_COMMAND_LINE.values(), ids=ON_THE_COMMAND_LINE)
def test_mistake_on_the_command_line(place: Place, files: Files, arguments: list[str], message: str) -> None:
    place.write(files)
    check(place, arguments, message)


@pytest.mark.parametrize(("arguments", "message"), AGAINST_THE_USAGE.values(), ids=AGAINST_THE_USAGE)
def test_mistake_against_the_usage(place: Place, files: Files, arguments: list[str], message: str) -> None:
    place.write(files)
    before = place.files()
    outcome = place.run("run-experiment", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[-1].startswith(f"Error: {message}")
    assert place.files() == before


@pytest.mark.parametrize(("changed", "arguments", "message"), IN_SETTINGS.values(), ids=IN_SETTINGS)
def test_mistake_in_the_settings(
    place: Place, files: Files, changed: Files, arguments: list[str], message: str
) -> None:
    place.write({**files, **changed})
    check(place, ["exp", *arguments], message)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a directory where root cannot write either")
@pytest.mark.parametrize("mode", ["normal", "generate"])
def test_directory_where_nothing_can_be_written(place: Place, files: Files, mode: str) -> None:
    place.write(files)
    outcome = place.run("run-experiment", "exp", "--run-mode", mode, "--workdir", "/proc/ws")
    assert (outcome.code, Path("/proc/ws").exists()) == (1, False)
    assert "/proc/ws" in outcome.err.splitlines()[-1]
