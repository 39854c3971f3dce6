"""Paths in the directories of tasks: what is made of them, and what reads the file."""

from __future__ import annotations

from typing import Final

from mypy import nodes as n

from experimaestro_mypy.flow.events import Opened
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.values import UNKNOWN, File, Value

_READS: Final = ("read_text", "read_bytes", "iterdir", "glob", "rglob", "stat", "walk")
_DERIVES: Final = ("with_suffix", "with_name", "with_stem", "joinpath", "resolve", "absolute", "expanduser", "as_posix")
_KEEPS: Final = ("relative_to", "is_absolute", "match", "samefile", "as_uri", "is_relative_to")

_ALIASES: Final = {"np": "numpy", "pd": "pandas", "pl": "polars", "plt": "matplotlib"}
_READERS: Final = {
    "numpy": ("load", "loadtxt", "genfromtxt", "fromfile", "memmap"),
    "torch": ("load",),
    "pandas": ("read_csv", "read_json", "read_parquet", "read_pickle", "read_table", "read_excel", "read_hdf"),
    "polars": ("read_csv", "read_json", "read_parquet", "read_ndjson", "scan_csv", "scan_parquet"),
    "joblib": ("load",),
    "io": ("open",),
    "gzip": ("open",),
    "bz2": ("open",),
    "lzma": ("open",),
    "tarfile": ("open",),
    "zipfile": ("ZipFile",),
    "shutil": ("copy", "copy2", "copyfile", "copytree"),
    "os": ("listdir", "scandir", "stat"),
    "matplotlib": ("imread",),
    "h5py": ("File",),
    "linecache": ("getlines",),
}


def method(machine: Machine, file: File, call: n.CallExpr, name: str) -> Value:
    """The call of a method of a path."""
    for argument in call.args:
        machine.evaluate(argument)
    if name in _DERIVES:
        return file
    if name in _READS or (name == "open" and is_reading(call, 0)):
        read(machine, file, call)
    elif name not in _KEEPS:  # a test that the file is there; or the plan writes it
        machine.doubt(file)
    return UNKNOWN


def read(machine: Machine, value: Value, where: n.Context) -> None:
    """A file is read."""
    if isinstance(value, File):
        machine.emit(Opened(value, machine.state.life(value.task), where))


def is_reading(call: n.CallExpr, position: int) -> bool:
    """Whether `open` reads; `position` is that of the mode."""
    given = dict(zip(call.arg_names, call.args, strict=True)).get("mode")
    if given is None and len(call.args) > position and call.arg_names[position] is None:
        given = call.args[position]
    return given is None or (isinstance(given, n.StrExpr) and not set(given.value) & set("wax+"))


def is_reader(callee: n.Expression) -> bool:
    """Whether a function of a library reads the file that its first argument names."""
    if not isinstance(callee, n.MemberExpr) or not isinstance(callee.expr, n.NameExpr):
        return False
    module = callee.expr.node
    root = module.fullname if isinstance(module, n.MypyFile) else callee.expr.name
    return callee.name in _READERS.get(_ALIASES.get(root, root.partition(".")[0]), ())
