"""The nouns of this room: types, parameters, configuration classes, and the state of configuration objects."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, NamedTuple, Protocol, TypeVar, get_type_hints

from experimaestro.core.callers import SourceLine
from experimaestro.core.checkers import Checker
from experimaestro.core.containers import is_collection, is_dictionary
from experimaestro.core.names import Identifier, type_identifier
from experimaestro.core.partials import ParameterGroup, Partial
from experimaestro.exceptions import did_you_mean
from experimaestro.ports import JobHandle

if TYPE_CHECKING:
    from experimaestro.core.docstrings import Documentation
    from experimaestro.core.followers import Followers

LOGGER: Final = logging.getLogger("xpm")

T_co = TypeVar("T_co", covariant=True)


class Type(ABC):
    """The type of a parameter: the values that it accepts."""

    plain: bool = True
    """A scalar, which can hold no configuration and is read back as it was written."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How a message names the type."""

    @abstractmethod
    def convert(self, value: Any) -> Any:  # Any: the values of users
        """Returns the value to keep: the given one, or its copy for a container.

        Raises InvalidValueError.
        """

    def restore(self, value: Any) -> Any:  # Any: the values of users
        """Gives a value read from a file the type it had when it was written."""
        return value

    def matches(self, value: object) -> bool:
        """Whether the value is exactly of this type: such a member of a union comes first."""
        return False

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Type({self.name})"


class GenerationContext(Protocol):
    """Where a configuration is, when its generated values are computed."""

    @property
    def name(self) -> str | None:
        """What the files of the job are named after; None outside of a job."""
        ...

    def currentpath(self) -> Path:
        """The directory of the configuration."""
        ...

    def partial_path(self, partial: Partial, config: Configuration) -> Path:
        """The directory that the configuration shares with those of the same partial identifier."""
        ...


class Generator(Generic[T_co]):
    """Computes the value of a parameter from the place of its configuration."""

    def __call__(self, context: GenerationContext | None = None, config: Configuration | None = None) -> T_co:
        """Returns the value; the system gives both arguments.

        They are optional for type checkers only: so that a generator is a valid `default_factory`.
        """
        raise NotImplementedError(f"{type(self).__name__} computes no value")

    def isoutput(self) -> bool:
        """Whether the value is something that the task produces."""
        return False


class Argument:
    """A parameter of a configuration class."""

    __slots__ = (
        "_help",
        "checker",
        "constant",
        "default",
        "default_when_none",
        "factory",
        "generator",
        "groups",
        "ignore_default_in_identifier",
        "ignore_generated",
        "ignored",
        "is_data",
        "name",
        "objecttype",
        "overrides",
        "prefix",
        "required",
        "type",
    )

    def __init__(
        self,
        objecttype: ObjectType,
        name: str,
        type: Type,
        *,
        required: bool,
        constant: bool,
        ignored: bool,
        is_data: bool,
        overrides: bool,
        ignore_default_in_identifier: bool,
        ignore_generated: bool,
        groups: frozenset[ParameterGroup],
        help: str | None,
        checker: Checker | None,
        generator: Generator[object] | None,
        factory: Callable[[], object] | None,
        default: Any,  # Any: the values of users
        default_when_none: Any,  # Any: the values of users
    ) -> None:
        self.objecttype: Final = objecttype
        self.name: Final = name
        self.type: Final = type
        self.required: Final = required
        self.constant: Final = constant
        self.ignored: Final = ignored
        """Left out of identifiers."""
        self.is_data: Final = is_data
        self.overrides: Final = overrides
        self.ignore_default_in_identifier: Final = ignore_default_in_identifier
        self.ignore_generated: Final = ignore_generated
        self.groups: Final = groups
        self._help: Final = help
        self.checker: Final = checker
        self.generator: Final = generator
        self.factory: Final = factory
        """Computes the value at sealing, when it is not set."""
        self.default: Final[Any] = default
        """The default, None when there is none: the identifier does not tell them apart."""
        self.default_when_none: Final[Any] = default_when_none
        """What the identifier takes for None: a default that a function computes."""
        self.prefix: Final = b"\x03" + name.encode() + b"\x05"
        """What precedes the value in the bytes of an identifier."""

    @property
    def help(self) -> str | None:
        """What is said of it: after its declaration, in the docstring of its class, or by its annotation."""
        return self.objecttype.documentation.parameters.get(self.name, self._help)

    def __repr__(self) -> str:
        return f"Argument({self.name}: {self.type.name})"


class Role(Enum):
    """What the objects of a configuration class are for the system."""

    VALUE = "value"
    EXECUTABLE = "executable"
    TASK = "task"
    RESUMABLE = "resumable"
    PREPARATION = "preparation"
    INSTANCE = "instance"


class ObjectType:
    """A configuration class: its identifier, its parameters, the classes of its objects."""

    REGISTERED: ClassVar[dict[str, ObjectType]] = {}
    """Kept for existing code, which empties it: a class holds its own type."""

    def __init__(
        self,
        declaration: type[Declared],
        role: Role,
        collect: Callable[[ObjectType], Mapping[str, Argument]],
        configure: Callable[[ObjectType], type[Configuration]],
        *,
        saves_more: bool,
    ) -> None:
        self.originaltype: Final = declaration
        self.value_type: type[Declared] = declaration
        """The class of the instances."""
        self.identifier: Identifier = type_identifier(declaration)
        self.original_identifier: Final = self.identifier
        self.is_executable: Final = role in (Role.EXECUTABLE, Role.TASK, Role.RESUMABLE)
        """A lightweight task, or a task."""
        self.is_task: Final = role in (Role.TASK, Role.RESUMABLE)
        self.is_resumable: Final = role is Role.RESUMABLE
        self.is_preparation: Final = role is Role.PREPARATION
        self.is_instance: Final = role is Role.INSTANCE
        """The identity of its objects counts in identifiers."""
        self.deprecated = False
        self.converts = False
        """Deprecated, and identified through the configuration that `__convert__` returns."""
        self.replaces = False
        """Deprecated, and built as the configuration that `__convert__` returns."""
        self.replacement: type[Declared] | None = None
        """The class that replaces this one, when it is deprecated."""
        self.submit_hooks: set[object] = set()
        self.saves_more: Final = saves_more
        """Redefines how its data are saved."""
        self._collect: Final = collect
        self._configure: Final = configure

    @cached_property
    def config_type(self) -> type[Configuration]:
        """The class of the configuration objects."""
        return self._configure(self)

    def __reduce__(self) -> tuple[Callable[[], ObjectType], tuple[()]]:
        """Copies and pickles of configurations share their type."""
        return self.originaltype.__getxpmtype__, ()

    @cached_property
    def arguments(self) -> Mapping[str, Argument]:
        """The parameters by name: those of the last base first, those of the class itself last.

        Raises DeclarationError when one is declared wrongly, each time: a class is usable whole or not at all.
        """
        return self._collect(self)

    @cached_property
    def identified(self) -> tuple[Argument, ...]:
        """The parameters in the order in which identifiers take them, but for generated ones."""
        kept = [argument for argument in self.arguments.values() if argument.generator is None]
        return tuple(sorted(kept, key=lambda argument: argument.name))

    @cached_property
    def required(self) -> tuple[Argument, ...]:
        """The parameters that users must give."""
        return tuple(known for known in self.arguments.values() if known.required and known.generator is None)

    @cached_property
    def holding(self) -> tuple[Argument, ...]:
        """The parameters that can hold configurations, or other containers."""
        return tuple(argument for argument in self.arguments.values() if not argument.type.plain)

    @cached_property
    def computed(self) -> tuple[Argument, ...]:
        """The parameters whose default is computed at sealing."""
        return tuple(argument for argument in self.arguments.values() if argument.factory is not None)

    @cached_property
    def generated(self) -> tuple[Argument, ...]:
        """The parameters whose value depends on the place of the configuration."""
        return tuple(argument for argument in self.arguments.values() if argument.generator is not None)

    @cached_property
    def data(self) -> tuple[Argument, ...]:
        """The paths to data that are copied when the configuration is saved."""
        return tuple(argument for argument in self.arguments.values() if argument.is_data)

    @property
    def is_local(self) -> bool:
        """Whether the class is defined inside a function, where another process cannot find it."""
        return "<locals>" in self.originaltype.__qualname__

    @property
    def partials(self) -> dict[str, Partial]:
        """The partial identifiers declared by the class itself."""
        return {name: value for name, value in vars(self.originaltype).items() if isinstance(value, Partial)}

    @property
    def field_names(self) -> list[str]:
        """The names of the parameters that the class itself declares."""
        return [argument.name for argument in self.own_arguments()]

    @property
    def returntype(self) -> Any:  # Any: type hints have no type
        """What `task_outputs` says that it returns; by default, the class of the instances."""
        outputs = getattr(self.value_type, "task_outputs", None)
        hints: Mapping[str, Any] = get_type_hints(outputs) if outputs is not None else {}  # Any: as above
        return hints.get("return", self.value_type)

    def name(self) -> str:
        """The qualified name of the class of the instances, with its module."""
        return f"{self.value_type.__module__}.{self.value_type.__qualname__}"

    @cached_property
    def documentation(self) -> Documentation:
        """What the source of the class says of it, and of the parameters that it documents."""
        from experimaestro.core.docstrings import documentation_of  # late: few read documentation, and `ast` is slow

        found = documentation_of(self.originaltype)
        known = {*self.arguments, *self.originaltype.__annotations__, *dir(self.originaltype)}
        for name in found.parameters:
            if name not in known:
                LOGGER.warning(
                    "%s documents %r, which is no parameter%s", self.name(), name, did_you_mean(name, self.arguments)
                )
        return found

    @property
    def title(self) -> str:
        """The first line of the docstring, or the identifier."""
        return self.documentation.title or str(self.identifier)

    @property
    def description(self) -> str | None:
        """The docstring below its first line, without what documents the parameters."""
        return self.documentation.description or None

    def help(self, name: str) -> str | None:
        """What this class says of a parameter, or the class that it inherits it from.

        Raises KeyError.
        """
        return self.documentation.parameters.get(name) or self.arguments[name].help

    def getArgument(self, name: str) -> Argument:
        """Returns a parameter.

        Raises KeyError.
        """
        return self.arguments[name]

    def parents(self) -> Iterator[ObjectType]:
        """The types of the direct bases that are configuration classes."""
        for base in self.originaltype.__bases__:
            if issubclass(base, Declared) and base is not Declared:
                yield base.__getxpmtype__()

    def own_arguments(self) -> Iterator[Argument]:
        """The parameters that the class itself declares."""
        return (argument for argument in self.arguments.values() if argument.objecttype is self)


class Declared:
    """Root of the classes that declare parameters."""

    @classmethod
    def __getxpmtype__(cls) -> ObjectType:
        """The type object of the class."""
        raise NotImplementedError(f"{cls.__qualname__} is not a configuration class")


class Configuration:
    """Root of configuration objects: what `X.C(...)` returns."""

    if TYPE_CHECKING:  # configuration objects set the first, and derive from classes that define the others

        @property
        def __xpm__(self) -> ConfigState: ...
        def __validate__(self) -> None: ...
        def __convert__(self) -> Configuration: ...
        @classmethod
        def __xpmnew__(cls) -> Configuration: ...
        def __xpm_output_valid__(self) -> bool | None: ...
        def __xpm_serialize__(self, context: Any) -> Mapping[str, Any]: ...  # Any: see Config


class ValueOrigin(StrEnum):
    """Who gave a parameter its value."""

    EXPLICIT = "explicit"
    DEFAULT = "default"
    GENERATED = "generated"
    DESERIALIZED = "deserialized"


class SetInfo(NamedTuple):
    """Where the value of a parameter comes from."""

    location: str
    """``<absolute path>:<line>``, ``<generated>`` or ``<loaded>``."""
    kind: ValueOrigin


class ConfigState:
    """The state of one configuration object."""

    __slots__ = (
        "contextual",
        "dependencies",
        "followers",
        "generated",
        "identity",
        "init_tasks",
        "is_early",
        "job",
        "loaded",
        "location",
        "meta",
        "origins",
        "own_tags",
        "pyobject",
        "sealed",
        "shared_tags",
        "stopped",
        "task",
        "validated",
        "values",
        "xpmtype",
    )

    def __init__(self, pyobject: Configuration, xpmtype: ObjectType, location: SourceLine | None) -> None:
        self.pyobject = pyobject
        self.xpmtype = xpmtype
        self.location = location
        """Where it was built."""
        self.values: dict[str, Any] = {}  # Any: the values of users
        self.origins: dict[str, SourceLine | ValueOrigin] = {}
        """For each explicit value set after the construction, where; for the others, how."""
        self.meta: bool | None = None
        self.sealed = False
        self.validated = False
        self.loaded = False
        """Read from a file: it keeps the identifier written there."""
        self.generated = False
        """Holds generated values, here or below."""
        self.task: Configuration | None = None
        """The task that produces this object: itself, for a submitted task."""
        self.is_early = False
        """Produced while the task runs: whoever uses this object does not wait for the end of the task."""
        self.job: JobHandle | None = None
        self.followers: Followers | None = None
        """Who is to be told of what the job does, until there is one."""
        self.init_tasks: list[Configuration] = []
        self.dependencies: list[object] = []
        self.identity: bytes | None = None
        """The digest, when it is settled."""
        self.contextual = False
        """The digest depends on the objects around: it is only valid for this object as a root."""
        self.own_tags: dict[str, tuple[object, str]] | None = None
        self.stopped: set[str | int] | None = None
        """Parameters (names) and initialization tasks (positions) whose tags are not collected."""
        self.shared_tags: dict[str, tuple[object, str]] | None = None
        """All tags collected here and below, once sealed."""

    def arguments(self) -> Iterator[tuple[Argument, Any]]:  # Any: the values of users
        """The parameters that have a value, in the order of declaration."""
        values = self.values
        for name, argument in self.xpmtype.arguments.items():
            if name in values:
                yield argument, values[name]

    @property
    def produced(self) -> bool:
        """Whether this is the output of a task, other than the task itself."""
        return self.task is not None and self.task is not self.pyobject

    @property
    def is_job(self) -> bool:
        """Whether this is a submitted task."""
        return self.task is self.pyobject

    def where(self) -> str:
        """The place of the construction, for messages."""
        return f"{self.location[0]}:{self.location[1]}" if self.location else "<loaded>"


def configurations(value: object) -> Iterator[ConfigState]:
    """The configurations in a value, not looking inside them: in lists, tuples, sets, and dictionaries."""
    if isinstance(value, Configuration):
        yield value.__xpm__
    elif is_collection(value):
        for item in value:
            yield from configurations(item)
    elif is_dictionary(value):
        for key, item in value.items():
            yield from configurations(key)
            yield from configurations(item)
