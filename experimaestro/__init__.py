"""A typed experiment manager: parametrised jobs, each run exactly once.

Names are found when they are first used: importing the package imports nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path as Path
    from typing import Annotated as Annotated
    from typing import Any as Any

    from experimaestro._interaction import CLIInteraction as CLIInteraction
    from experimaestro._interaction import Interaction as Interaction
    from experimaestro._types import DirtyGitAction as DirtyGitAction
    from experimaestro._types import RunMode as RunMode
    from experimaestro._types import TransientMode as TransientMode
    from experimaestro._types import __version__ as __version__
    from experimaestro.core.actions import Action as Action
    from experimaestro.core.algebra import Array as Array
    from experimaestro.core.annotations import Choices as Choices
    from experimaestro.core.annotations import Constant as Constant
    from experimaestro.core.annotations import DataPath as DataPath
    from experimaestro.core.annotations import Meta as Meta
    from experimaestro.core.annotations import Option as Option
    from experimaestro.core.annotations import OptionalDataPath as OptionalDataPath
    from experimaestro.core.annotations import Param as Param
    from experimaestro.core.annotations import field as field
    from experimaestro.core.annotations import help as help
    from experimaestro.core.annotations import pathgenerator as pathgenerator
    from experimaestro.core.config import Config as Config
    from experimaestro.core.config import DependentMarker as DependentMarker
    from experimaestro.core.config import InstanceConfig as InstanceConfig
    from experimaestro.core.config import LightweightTask as LightweightTask
    from experimaestro.core.config import Prepare as Prepare
    from experimaestro.core.config import ResumableTask as ResumableTask
    from experimaestro.core.config import Task as Task
    from experimaestro.core.context import DirectoryContext as DirectoryContext
    from experimaestro.core.context import SerializationContext as SerializationContext
    from experimaestro.core.copies import copyconfig as copyconfig
    from experimaestro.core.copies import sealed_set as sealed_set
    from experimaestro.core.copies import setmeta as setmeta
    from experimaestro.core.decorators import cache as cache
    from experimaestro.core.decorators import config_only as config_only
    from experimaestro.core.decorators import documentation as documentation
    from experimaestro.core.decorators import initializer as initializer
    from experimaestro.core.deprecation import deprecate as deprecate
    from experimaestro.core.document import Document as Document
    from experimaestro.core.document import document as document
    from experimaestro.core.generators import STDERR as STDERR
    from experimaestro.core.generators import STDOUT as STDOUT
    from experimaestro.core.generators import PathGenerator as PathGenerator
    from experimaestro.core.hooks import SubmitHook as SubmitHook
    from experimaestro.core.instance import ObjectStore as ObjectStore
    from experimaestro.core.names import Identifier as Identifier
    from experimaestro.core.partials import ParameterGroup as ParameterGroup
    from experimaestro.core.partials import Partial as Partial
    from experimaestro.core.partials import param_group as param_group
    from experimaestro.core.partials import partial as partial
    from experimaestro.core.serialization import deserialize as deserialize
    from experimaestro.core.serialization import from_state_dict as from_state_dict
    from experimaestro.core.serialization import from_task_dir as from_task_dir
    from experimaestro.core.serialization import load as load
    from experimaestro.core.serialization import save as save
    from experimaestro.core.serialization import serialize as serialize
    from experimaestro.core.serialization import state_dict as state_dict
    from experimaestro.core.serializers import PathSerializationLWTask as PathSerializationLWTask
    from experimaestro.core.serializers import SerializationLWTask as SerializationLWTask
    from experimaestro.core.tags import TagDict as TagDict
    from experimaestro.core.tags import stop_tags as stop_tags
    from experimaestro.core.tags import tag as tag
    from experimaestro.core.tags import tags as tags
    from experimaestro.core.tags import tagspath as tagspath
    from experimaestro.exceptions import DirtyGitError as DirtyGitError
    from experimaestro.exceptions import FailedExperiment as FailedExperiment
    from experimaestro.exceptions import GracefulExperimentExit as GracefulExperimentExit
    from experimaestro.exceptions import GracefulTimeout as GracefulTimeout
    from experimaestro.exceptions import TaskCancelled as TaskCancelled
    from experimaestro.job.bars import tqdm as tqdm
    from experimaestro.job.progress import progress as progress
    from experimaestro.launcherfinder.directory import LauncherRegistry as LauncherRegistry
    from experimaestro.launchers.base import Launcher as Launcher
    from experimaestro.results import ExperimentInfo as ExperimentInfo
    from experimaestro.results import load_configs as load_configs
    from experimaestro.results import load_xp_info as load_xp_info
    from experimaestro.scheduler.experiment import experiment as experiment
    from experimaestro.scheduler.experiment import set_launcher as set_launcher
    from experimaestro.scheduler.job import Job as Job
    from experimaestro.scheduler.workspace import Workspace as Workspace

_HOMES = {
    "CLIInteraction": "experimaestro._interaction",
    "Interaction": "experimaestro._interaction",
    "DirtyGitAction": "experimaestro._types",
    "RunMode": "experimaestro._types",
    "TransientMode": "experimaestro._types",
    "__version__": "experimaestro._types",
    "Action": "experimaestro.core.actions",
    "Choices": "experimaestro.core.annotations",
    "Constant": "experimaestro.core.annotations",
    "DataPath": "experimaestro.core.annotations",
    "Meta": "experimaestro.core.annotations",
    "Option": "experimaestro.core.annotations",
    "OptionalDataPath": "experimaestro.core.annotations",
    "Param": "experimaestro.core.annotations",
    "field": "experimaestro.core.annotations",
    "help": "experimaestro.core.annotations",
    "pathgenerator": "experimaestro.core.annotations",
    "Config": "experimaestro.core.config",
    "DependentMarker": "experimaestro.core.config",
    "InstanceConfig": "experimaestro.core.config",
    "LightweightTask": "experimaestro.core.config",
    "Prepare": "experimaestro.core.config",
    "ResumableTask": "experimaestro.core.config",
    "Task": "experimaestro.core.config",
    "DirectoryContext": "experimaestro.core.context",
    "SerializationContext": "experimaestro.core.context",
    "copyconfig": "experimaestro.core.copies",
    "sealed_set": "experimaestro.core.copies",
    "setmeta": "experimaestro.core.copies",
    "cache": "experimaestro.core.decorators",
    "config_only": "experimaestro.core.decorators",
    "documentation": "experimaestro.core.decorators",
    "initializer": "experimaestro.core.decorators",
    "deprecate": "experimaestro.core.deprecation",
    "Document": "experimaestro.core.document",
    "document": "experimaestro.core.document",
    "PathGenerator": "experimaestro.core.generators",
    "STDERR": "experimaestro.core.generators",
    "STDOUT": "experimaestro.core.generators",
    "SubmitHook": "experimaestro.core.hooks",
    "ObjectStore": "experimaestro.core.instance",
    "Identifier": "experimaestro.core.names",
    "ParameterGroup": "experimaestro.core.partials",
    "Partial": "experimaestro.core.partials",
    "param_group": "experimaestro.core.partials",
    "partial": "experimaestro.core.partials",
    "deserialize": "experimaestro.core.serialization",
    "from_state_dict": "experimaestro.core.serialization",
    "from_task_dir": "experimaestro.core.serialization",
    "load": "experimaestro.core.serialization",
    "save": "experimaestro.core.serialization",
    "serialize": "experimaestro.core.serialization",
    "state_dict": "experimaestro.core.serialization",
    "PathSerializationLWTask": "experimaestro.core.serializers",
    "SerializationLWTask": "experimaestro.core.serializers",
    "TagDict": "experimaestro.core.tags",
    "stop_tags": "experimaestro.core.tags",
    "tag": "experimaestro.core.tags",
    "tags": "experimaestro.core.tags",
    "tagspath": "experimaestro.core.tags",
    "Array": "experimaestro.core.algebra",
    "DirtyGitError": "experimaestro.exceptions",
    "FailedExperiment": "experimaestro.exceptions",
    "GracefulExperimentExit": "experimaestro.exceptions",
    "GracefulTimeout": "experimaestro.exceptions",
    "TaskCancelled": "experimaestro.exceptions",
    "tqdm": "experimaestro.job.bars",
    "progress": "experimaestro.job.progress",
    "LauncherRegistry": "experimaestro.launcherfinder.directory",
    "Launcher": "experimaestro.launchers.base",
    "ExperimentInfo": "experimaestro.results",
    "load_configs": "experimaestro.results",
    "load_xp_info": "experimaestro.results",
    "experiment": "experimaestro.scheduler.experiment",
    "set_launcher": "experimaestro.scheduler.experiment",
    "Job": "experimaestro.scheduler.job",
    "Workspace": "experimaestro.scheduler.workspace",
    "Path": "pathlib",
    "Annotated": "typing",
    "Any": "typing",
}

__all__ = [  # noqa: RUF022  # constants are not set apart: a test checks the order
    "Action",
    "Annotated",
    "Any",
    "Array",
    "CLIInteraction",
    "Choices",
    "Config",
    "Constant",
    "DataPath",
    "DependentMarker",
    "DirectoryContext",
    "DirtyGitAction",
    "DirtyGitError",
    "Document",
    "ExperimentInfo",
    "FailedExperiment",
    "GracefulExperimentExit",
    "GracefulTimeout",
    "Identifier",
    "InstanceConfig",
    "Interaction",
    "Job",
    "Launcher",
    "LauncherRegistry",
    "LightweightTask",
    "Meta",
    "ObjectStore",
    "Option",
    "OptionalDataPath",
    "Param",
    "ParameterGroup",
    "Partial",
    "Path",
    "PathGenerator",
    "PathSerializationLWTask",
    "Prepare",
    "ResumableTask",
    "RunMode",
    "STDERR",
    "STDOUT",
    "SerializationContext",
    "SerializationLWTask",
    "SubmitHook",
    "TagDict",
    "Task",
    "TaskCancelled",
    "TransientMode",
    "Workspace",
    "__version__",
    "cache",
    "config_only",
    "copyconfig",
    "deprecate",
    "deserialize",
    "document",
    "documentation",
    "experiment",
    "field",
    "from_state_dict",
    "from_task_dir",
    "help",
    "initializer",
    "load",
    "load_configs",
    "load_xp_info",
    "param_group",
    "partial",
    "pathgenerator",
    "progress",
    "save",
    "sealed_set",
    "serialize",
    "set_launcher",
    "setmeta",
    "state_dict",
    "stop_tags",
    "tag",
    "tags",
    "tagspath",
    "tqdm",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
