"""The configuration class of an experiment, found without a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from experimaestro.configuration.annotations import is_class
from experimaestro.configuration.loader import load
from experimaestro.configuration.source import ExperimentSource, experiment_source
from experimaestro.configuration.tree import ConfigurationTree, Entry, MappingNode, Position, ScalarNode
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.experiments.modules import import_code
from experimaestro.experiments.plan import plan_of

_SUFFIXES: Final = (".yaml", ".yml")


class ConfigurationClass(NamedTuple):
    """The class that describes files, and the file that it was found by."""

    cls: type
    file: Path | None


def configuration_class(source: str) -> ConfigurationClass:
    """Finds the class of a YAML file, of a Python file, of a module, or `module:Class`.

    The code is imported. Raises ConfigurationError, ExperimentCodeError.
    """
    file = Path(source)
    if file.suffix in _SUFFIXES or Path(f"{source}.yaml").is_file():
        tree = load(file)
        return ConfigurationClass(_class_of(experiment_source(tree), tree), tree.path)
    name, _, path = source.partition(":")
    return ConfigurationClass(_class_of(_source(name), _tree(name), path), None)


def _source(name: str) -> ExperimentSource:
    """The code that a name stands for: a Python file, or a module of the current directory or installed."""
    file = Path(name).absolute() if name.endswith(".py") else None
    module = name if file is None else None
    directory = Path.cwd() if file is None else file.parent
    return ExperimentSource(file=file, module=module, pythonpath=(directory,), pre_experiment=None)


def _tree(name: str) -> ConfigurationTree:
    """What messages need to say where the code was named: on the command line."""
    place = Position(name)
    named = Entry(place, ScalarNode(name, name, quoted=True, position=place))
    return ConfigurationTree(Path.cwd() / name, MappingNode({"file": named, "module": named}, place))


def _class_of(source: ExperimentSource, tree: ConfigurationTree, path: str = "") -> type:
    module = import_code(source, tree).module
    if not path:
        return plan_of(module).configuration_class
    found: object = module
    for part in path.split("."):
        found = getattr(found, part, None)
    if isinstance(found, type) and is_class(found):
        return found
    known = [name for name, value in vars(module).items() if isinstance(value, type) and is_class(value)]
    raise HandledException(f"{module.__name__} has no configuration class {path!r}{did_you_mean(path, known)}")
