"""Reading configurations back as instances: what the process of a job does.

Nothing is imported but the modules that hold the classes of the definitions; what is found there must derive from
`Config` (or be an enumeration, for the value of a parameter).
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from experimaestro.core.containers import is_dictionary, is_sequence, rebuilt
from experimaestro.core.environment import Env
from experimaestro.core.format import PARAMETERS_VERSION, TYPE, Definition, Json, PathLoader, SerializedPath
from experimaestro.core.names import ConfigIdentifier
from experimaestro.core.state import Configuration, Declared, ObjectType
from experimaestro.exceptions import HandledException, did_you_mean

SCRIPT_MODULE: Final = "_main_"
"""The name of a script when it is read again to find its classes."""


class LoadingError(HandledException):
    """Saved configurations cannot be read."""


class TaskStub:
    """A task known by its name only: the origin of something that was loaded."""

    def __init__(self, identifier: str, typename: str) -> None:
        self.identifier = identifier
        self.typename = typename

    def __repr__(self) -> str:
        return f"TaskStub({self.typename}/{self.identifier[:8]})"


def find_class(module_name: str, qualified_name: str, file: str | None) -> type[Any]:
    """Imports a class.

    Raises LoadingError.
    """
    module = _module(module_name, file)
    value: object = module
    for part in qualified_name.split("."):
        known: Mapping[str, object] = vars(value)
        if part not in known:
            raise LoadingError(
                f"{qualified_name} is not in module {module_name}{did_you_mean(part, known)} "
                "(was it moved or renamed since it was saved?)"
            )
        value = known[part]
    if not isinstance(value, type):
        raise LoadingError(f"{module_name}.{qualified_name} is no class")
    return value


def _module(name: str, file: str | None) -> ModuleType:
    loaded = sys.modules.get(name)
    if file is not None:
        if loaded is not None and _is_from(loaded, file):
            return loaded
        if name == "__main__":
            name, loaded = SCRIPT_MODULE, sys.modules.get(SCRIPT_MODULE)
        if loaded is not None and _is_from(loaded, file):
            return loaded
        if Path(file).exists():
            return _execute(name, Path(file))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise
        hint = f" (it was {file})" if file else ""
        raise LoadingError(f"no module named {error.name!r}{hint}: is it on the Python path?") from None


def _is_from(module: ModuleType, file: str) -> bool:
    found = getattr(module, "__file__", None)
    return found is not None and Path(found).absolute() == Path(file)


def _execute(name: str, file: Path) -> ModuleType:
    """Imports a file; the modules beside it can be imported too."""
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise LoadingError(f"{file} is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Definitions(ABC):
    """The objects of a list of definitions."""

    def __init__(
        self,
        definitions: Sequence[Definition],
        *,
        loader: PathLoader | None = None,
        partial_loading: bool,
        roots: Sequence[int] | None = None,
    ) -> None:
        """Reads all definitions.

        :param loader: gives the local path of saved data; their own path when it is missing.
        :param partial_loading: the tasks known only as the origin of something become `TaskStub`.
        :param roots: the objects that are wanted (by default, the last one): only matters with partial loading.

        Raises LoadingError.
        """
        self._definitions = {definition["id"]: definition for definition in definitions}
        self._loader: Final = loader or _where_it_is
        self._objects: dict[int, Any] = {}  # Any: configurations, instances or stubs
        wanted = roots if roots is not None else [definition["id"] for definition in definitions[-1:]]
        described = self._described(wanted) if partial_loading else set(self._definitions)
        for number, definition in self._definitions.items():
            is_stub = number not in described or definition.get("stub", False)
            self._objects[number] = _stub(definition) if is_stub else self._new(definition)
        for number, definition in self._definitions.items():
            if not isinstance(self._objects[number], TaskStub):
                self._fill(self._objects[number], definition)

    def __getitem__(self, number: int) -> Any:  # Any: a configuration, an instance or a stub
        return self._objects[number]

    def init_tasks(self, number: int) -> list[Any]:  # Any: as above
        """The initialization tasks of an object."""
        return [self._objects[task] for task in self._definitions[number].get("init-tasks", ())]

    def value(self, data: Json) -> Any:  # Any: the values of users
        """A structure of objects and plain values."""
        if is_sequence(data):
            return [self.value(item) for item in data]
        if not is_dictionary(data):
            return data
        return self._typed(data) if TYPE in data else {key: self.value(item) for key, item in data.items()}

    def _described(self, roots: Sequence[int]) -> set[int]:
        """What is reached from the roots, links from an output to its task left out."""
        reached: set[int] = set()
        pending = list(roots)
        while pending:
            number = pending.pop()
            if number in reached or number not in self._definitions:
                continue
            reached.add(number)
            definition = self._definitions[number]
            pending.extend(definition.get("init-tasks", ()))
            pending.extend(references(definition["fields"]))
        return reached

    @abstractmethod
    def _new(self, definition: Definition) -> Any:  # Any: a configuration or an instance
        """Makes an object, before what it holds is known."""

    @abstractmethod
    def _fill(self, target: Any, definition: Definition) -> None:  # Any: as above
        """Gives an object what it holds."""

    def _typed(self, data: Mapping[str, Json]) -> Any:  # Any: the values of users
        match data[TYPE]:
            case "python":
                return self._objects[data["value"]]
            case "path":
                return _path(data)
            case "path.serialized":
                return self._loader(SerializedPath(Path(data["value"]), bool(data["is_folder"])))
            case "set":
                return {_hashable(self.value(item)) for item in data["items"]}
            case "frozenset":
                return frozenset(_hashable(self.value(item)) for item in data["items"])
            case "tuple":
                return tuple(self.value(item) for item in data["items"])
            case "enum":
                return _enum_member(data)
            case "dict":
                return {_hashable(self.value(key)): self.value(item) for key, item in data["items"]}
            case unknown:
                raise LoadingError(f"found a value of type {unknown!r}, which this version cannot read")


class Instances(Definitions):
    """Definitions, read as instances."""

    def _new(self, definition: Definition) -> Any:  # Any: an instance
        return declaration_of(definition)()

    def _fill(self, target: Any, definition: Definition) -> None:  # Any: an instance
        _describe_instance(target, definition)
        fields = definition["fields"]
        arguments = objecttype_of(target.__class__).arguments
        for name, data in fields.items():
            value = self.value(data)
            argument = arguments.get(name)
            setattr(target, name, argument.type.restore(value) if argument is not None and value is not None else value)
        for name, argument in arguments.items():
            if name not in fields and not argument.required:
                setattr(target, name, rebuilt(argument.default, _instance_of_default))
        target.__post_init__()


def _instance_of_default(value: Any) -> Any:  # Any: the values of users
    """A configuration in a default becomes an instance."""
    return value.copy().instance() if issubclass(type(value), Configuration) else value


def declaration_of(definition: Definition) -> type[Any]:  # Any: a class of the user
    """The class of a definition.

    Raises LoadingError.
    """
    declaration = find_class(definition["module"], definition[TYPE], definition.get("file"))
    if not issubclass(declaration, Declared):
        name = f"{definition['module']}.{definition[TYPE]}"
        raise LoadingError(f"{name} does not derive from Config: it is not loaded")
    return declaration


def read_json(path: Path) -> Json:
    """Reads a JSON file.

    Raises OSError, LoadingError.
    """
    try:
        return json.loads(path.read_text())
    except json.JSONDecodeError as error:
        raise LoadingError(f"{path}:{error.lineno}:{error.colno}: this is no JSON: {error.msg}") from None


def load_parameters(path: Path) -> dict[str, Json]:
    """Reads `params.json`.

    Raises OSError, LoadingError (also for a version of the future).
    """
    read: dict[str, Json] = read_json(path)
    check_version(read, str(path))
    return read


def check_version(parameters: Mapping[str, Json], source: str) -> None:
    """Refuses what a newer version wrote.

    Raises LoadingError.
    """
    version = parameters.get("version", 0)
    if version > PARAMETERS_VERSION:
        raise LoadingError(
            f"{source} has version {version}, the newest known is {PARAMETERS_VERSION}: upgrade experimaestro"
        )


def _where_it_is(saved: SerializedPath) -> Path:
    return saved.path


def _hashable(key: Any) -> Any:  # Any: the keys of users
    """A key as Python can have it: JSON knows no tuples."""
    return tuple(map(_hashable, key)) if is_sequence(key) else key


def references(data: Json) -> list[int]:
    """The numbers of the objects that a value refers to."""
    if is_dictionary(data):
        return [data["value"]] if data.get(TYPE) == "python" else references(list(data.values()))
    return [number for item in data for number in references(item)] if is_sequence(data) else []


def objecttype_of(value_type: type[Any]) -> ObjectType:  # Any: a class that derives from Config
    """The configuration class that has a class for its instances: one that registered it, or itself."""
    bases = (base for base in value_type.__mro__ if issubclass(base, Declared) and base is not Declared)
    itself, *others = [base.__getxpmtype__() for base in bases]
    return next((objecttype for objecttype in others if objecttype.value_type is value_type), itself)


def _stub(definition: Definition) -> TaskStub:
    return TaskStub(definition["identifier"], definition["typename"])


def _describe_instance(target: Any, definition: Definition) -> None:  # Any: an instance
    target.__xpmtypename__ = definition["typename"]
    target.__xpmidentifier__ = ConfigIdentifier(bytes.fromhex(definition["identifier"]))
    workspace = Env.instance().wspath
    objecttype = objecttype_of(target.__class__)
    if workspace is not None and objecttype.is_task:
        task_id = objecttype.identifier.name
        stem = workspace / "jobs" / task_id / definition["identifier"] / task_id.rpartition(".")[2]
        target.__xpm_stdout__ = stem.with_name(stem.name + ".out")
        target.__xpm_stderr__ = stem.with_name(stem.name + ".err")


def _path(data: Mapping[str, Json]) -> Path:
    base = data.get("base")
    if base is None:
        return Path(data["value"])
    environment = Env.instance()
    directory = environment.taskpath if base == "job" else environment.wspath
    if directory is None:
        raise LoadingError(
            f"path {data['value']!r} is relative to the {base}, which is not known here: "
            "load the task with from_task_dir(directory)"
        )
    return directory / str(data["value"])


def _enum_member(data: Mapping[str, Json]) -> Enum:
    enum = find_class(data["module"], data["enum"], data.get("file"))
    if not issubclass(enum, Enum):
        raise LoadingError(f"{data['module']}.{data['enum']} is no enumeration: it is not loaded")
    members: Mapping[str, Enum] = enum.__members__
    if data["value"] not in members:
        raise LoadingError(
            f"{data['value']!r} is no member of {enum.__qualname__}{did_you_mean(data['value'], members)}"
        )
    return members[data["value"]]
