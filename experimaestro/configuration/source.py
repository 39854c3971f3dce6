"""Which code an experiment runs, known before its configuration class is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import frozen

from experimaestro.configuration.errors import ConfigurationError, Problem, unexpected
from experimaestro.configuration.tree import ConfigurationTree, KeyPath, ListNode, Node, ScalarNode

DEFAULT_FILE: Final = "experiment"


@frozen(kw_only=True)
class ExperimentSource:
    file: Path | None
    """With its suffix `.py`; None when a module is named."""
    module: str | None
    pythonpath: tuple[Path, ...]
    """As written; the directory of the file when nothing was."""
    pre_experiment: str | None
    """An absolute file, or the name of a module."""


def experiment_source(tree: ConfigurationTree) -> ExperimentSource:
    """Reads the keys that say where `run` and its configuration class are.

    Without `file` and `module`, the file is `experiment.py` beside the main YAML file. Raises ConfigurationError.
    """
    file, module = _text(tree, "file"), _text(tree, "module")
    if file and module:
        message = "found a file and a module, expected one of them"
        raise ConfigurationError([Problem(message, path=("module",), position=tree.key_position(("module",)))])
    path = None if module else _python_file(file or str(tree.path.parent.absolute() / DEFAULT_FILE))
    return ExperimentSource(
        file=path,
        module=module,
        pythonpath=_python_path(tree) or (() if path is None else (path.parent,)),
        pre_experiment=_text(tree, "pre_experiment"),
    )


def _python_file(name: str) -> Path:
    return Path(name if name.endswith(".py") else f"{name}.py")


def _python_path(tree: ConfigurationTree) -> tuple[Path, ...]:
    match tree.node(("pythonpath",)):
        case None | ScalarNode(value=None):
            return ()
        case ListNode(items=items):
            return tuple(Path(_checked(item, ("pythonpath", index))) for index, item in enumerate(items))
        case node:
            raise unexpected(node, "a list of directories", ("pythonpath",))


def _text(tree: ConfigurationTree, key: str) -> str | None:
    match tree.node((key,)):
        case None | ScalarNode(value=None):
            return None
        case node:
            return _checked(node, (key,))


def _checked(node: Node, path: KeyPath) -> str:
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value:
        return node.value
    raise unexpected(node, "text that is not empty", path)
