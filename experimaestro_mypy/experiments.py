"""Experiments of the program: the modules with a function `run`, its configuration class, and its YAML files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import names
from experimaestro_mypy.files import search
from experimaestro_mypy.settings import Settings, settings_or_defaults
from experimaestro_mypy.unit import Module, Unit

RUN: Final = "run"

_LIBRARIES: Final = ("/site-packages/", "/typeshed/", "/dist-packages/")


class Run(NamedTuple):
    """The function of an experiment."""

    function: n.FuncDef
    decorator: n.Decorator | None
    is_named: bool
    """Whether a YAML file names its module."""


def run_of(module: Module, unit: Unit) -> Run | None:
    """The function of an experiment, if this is one: its annotations say so, or a YAML file does."""
    function = unit.function
    if function is None or function.info or function.name != RUN:
        return None
    found = _definition(module.file, function)
    if found is None:
        return None
    is_named = bool(near(module)) and _is_named(module)
    run = Run(function, found if isinstance(found, n.Decorator) else None, is_named)
    return run if is_named or _looks_like_one(run, module) else None


def _definition(file: n.MypyFile, function: n.FuncDef) -> n.FuncDef | n.Decorator | None:
    symbol = file.names.get(RUN)
    node = None if symbol is None else symbol.node
    if isinstance(node, n.Decorator):
        return node if node.func is function else None
    return function if node is function else None


def _looks_like_one(run: Run, module: Module) -> bool:
    if run.decorator is not None and any(map(is_helper_decorator, run.decorator.original_decorators)):
        return True
    kinds = [instance.type for instance in parameter_types(run.function) if isinstance(instance, t.Instance)]
    if any(info.has_base(names.EXPERIMENT_HELPER) for info in kinds):
        return True
    mine = [info for info in kinds if info.has_base(names.CONFIGURATION_BASE)]
    return bool(kinds) and kinds == mine and any(info.module_name == module.file.fullname for info in mine)


def is_helper_decorator(expression: n.Expression) -> bool:
    """Whether a decorator is ``@Helper.decorator``, or a call of it."""
    callee = expression.callee if isinstance(expression, n.CallExpr) else expression
    if not isinstance(callee, n.MemberExpr) or callee.name != "decorator" or not isinstance(callee.expr, n.RefExpr):
        return False
    info = callee.expr.node
    return isinstance(info, n.TypeInfo) and info.has_base(names.EXPERIMENT_HELPER)


def parameter_types(function: n.FuncDef) -> list[t.ProperType]:
    """The types of the parameters of a function, `Any` for those without annotation."""
    kind = function.type
    if isinstance(kind, t.CallableType):
        return list(t.get_proper_types(kind.arg_types))
    return [t.AnyType(t.TypeOfAny.unannotated) for _ in function.arguments]


def configuration_class(function: n.FuncDef) -> t.Instance | None:
    """The configuration class of an experiment."""
    kinds = parameter_types(function)
    kind = kinds[1] if len(kinds) == 2 else None
    is_one = isinstance(kind, t.Instance) and kind.type.has_base(names.CONFIGURATION_BASE)
    return kind if is_one and isinstance(kind, t.Instance) else None


def defined_in(file: n.MypyFile) -> n.FuncDef | None:
    """The function `run` at the top level of a module."""
    symbol = file.names.get(RUN)
    node = symbol.node if symbol is not None else None
    node = node.func if isinstance(node, n.Decorator) else node
    return node if isinstance(node, n.FuncDef) and node.fullname == f"{file.fullname}.{RUN}" else None


def near(module: Module) -> list[Path]:
    """The YAML files that may be of this module."""
    return search.yaml_near(Path(module.file.path).absolute(), settings_or_defaults(module.options))


def _is_named(module: Module) -> bool:
    from experimaestro_mypy.files import findings  # late: it imports the loader, which few modules need

    return findings.is_named(module)


def is_of_user(name: str, path: str) -> bool:
    """Whether a module is part of a project, and not of a library, nor of the package itself."""
    return path.endswith(".py") and not is_ours(name) and not any(library in path for library in _LIBRARIES)


def uses_package(file: n.MypyFile) -> bool:
    """Whether a module names anything of the package, or a class that derives from one of its classes."""
    nodes = (symbol.node for symbol in file.names.values())
    return any(node is not None and (is_ours(node.fullname) or _is_below_ours(node)) for node in nodes)


def _is_below_ours(node: n.SymbolNode) -> bool:
    return isinstance(node, n.TypeInfo) and any(is_ours(base.module_name) for base in node.mro)


def named_by(module: Module) -> str | None:
    """The YAML file that names a module as that of its experiment, as messages show it."""
    path = Path(module.file.path).absolute()
    if not search.may_be_named(path, settings_or_defaults(module.options)):
        return None
    from experimaestro_mypy.files import findings  # late: see above

    return findings.named_by(module)


def data(name: str, path: str, settings: Settings, near: dict[str, bool]) -> dict[str, object]:
    """What the findings of a module depend on, its YAML files first: a change drops what mypy kept of the module.

    :param near: whether there are YAML files near a directory, as far as it was looked at.
    """
    told = {code: severity.value for code, severity in settings.severity.items()}
    directory = path.rpartition(os.sep)[0]  # mypy has many modules: no `Path` for each
    if directory not in near:
        near[directory] = bool(search.yaml_near(Path(path).absolute(), settings))
    digest = _digest(name, Path(path).absolute(), settings) if near[directory] else None
    return {"severity": told, "files": digest}


def _digest(name: str, file: Path, settings: Settings) -> str | None:
    if not search.defines_run(file) and not (search.uses_package(file) and search.may_be_named(file, settings)):
        return None
    from experimaestro_mypy.files import findings  # late: see above

    return findings.digest(name, file, settings)


def is_ours(module: str) -> bool:
    """Whether a module is part of the package itself."""
    return module.startswith(names.PACKAGE) and module.partition(".")[0] in (names.PACKAGE, f"{names.PACKAGE}_mypy")


def dependencies(file: n.MypyFile) -> set[str]:
    """The modules of the classes that the configuration of an experiment holds, at any depth; tells the daemon too."""
    function = defined_in(file)
    kind = None if function is None else configuration_class(function)
    if kind is None:
        return set()
    from experimaestro_mypy.files import types  # late: few modules need it

    classes = [info for info in types.classes_of(kind) if info.module_name != file.fullname]
    for info in classes:  # of other modules: see `declaring` for those of this one
        for trigger in (f"<{info.fullname}>", f"<{info.fullname}.__init__>", f"<{info.fullname}[wildcard]>"):
            file.plugin_deps.setdefault(trigger, set()).add(f"{file.fullname}.{RUN}")
    return {info.module_name for info in classes}
