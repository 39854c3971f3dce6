"""The classes that users derive from: `Config`, `Task` and their kin."""

from __future__ import annotations

import json
import logging
import re
import types
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path, PurePath
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Protocol,
    TypeVar,
    cast,
    dataclass_transform,
    overload,
)

from experimaestro._types import RunMode, TransientMode
from experimaestro.core.annotations import FieldOptions, field
from experimaestro.core.assignment import (
    DeprecatedAttribute,
    UnknownAttributeError,
    UnsetParameterError,
    assign,
    duplicate_configuration,
    fill,
)
from experimaestro.core.callers import SourceLine, caller, names_of_function
from experimaestro.core.checking import text_of
from experimaestro.core.composition import target_of
from experimaestro.core.context import ConfigWalkContext, SerializationContext, SerializedPath
from experimaestro.core.declaration import FIELDS, NAMES, DeclarationError, collect
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.environment import Env
from experimaestro.core.equality import is_equal, short_text
from experimaestro.core.identifier import ConfigIdentifier, identify
from experimaestro.core.information import ConfigInformation
from experimaestro.core.instance import ObjectStore, make_instance
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import Configuration, Declared, ObjectType, Role
from experimaestro.core.submission import NotSubmittedError, submit
from experimaestro.core.tags import TagDict, add_tag, tags
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError
from experimaestro.ports import JobHandle, SubmitOptions

if TYPE_CHECKING:
    from typing import Self

LOGGER: Final = logging.getLogger("xpm")

T = TypeVar("T")
C = TypeVar("C")
M = TypeVar("M", bound="ConfigMixin")
R_co = TypeVar("R_co", covariant=True)


class DependentMarker(Protocol):
    """The `dep` of ``task_outputs(self, dep)``: marks what the task produces, and returns it."""

    def __call__(self, config: C, /) -> C: ...


class _HasOutputs(Protocol[R_co]):
    def task_outputs(self, dep: DependentMarker, /) -> R_co: ...


class PositionalArgumentError(ExperimaestroError, TypeError):
    """A configuration is built with arguments that have no name."""

    def __init__(self, objecttype: ObjectType, found: Sequence[object]) -> None:
        name = objecttype.originaltype.__qualname__
        example = next((name for name, known in objecttype.arguments.items() if known.required), "parameter")
        super().__init__(
            f"{name}.C(...) takes keywords only, found {', '.join(map(describe, found))}: write {name}.C({example}=...)"
        )


class NoConfigurationError(ExperimaestroError, AttributeError):
    """An instance is asked for a configuration that it does not know."""

    def __init__(self, kind: type) -> None:
        super().__init__(f"this {kind.__qualname__} does not know its configuration: .instance(keep=True) tells it")


class Parameter:
    """Access to a parameter of a configuration object."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, config: Configuration | None, owner: type) -> Any:  # Any: the values of users
        if config is None:
            return self
        try:
            return config.__xpm__.values[self.name]
        except KeyError:
            raise UnsetParameterError(config.__xpm__, self.name) from None

    def __set__(self, config: Configuration, value: Any) -> None:  # Any: the values of users
        state = config.__xpm__
        assign(state, state.xpmtype.arguments[self.name], value, caller(2))  # beyond ConfigMixin.__setattr__


class ConfigMixin(Configuration):
    """What configuration objects have, and instances have not.

    It comes first among the bases of configuration classes: these methods hide those that the user's class declares
    under the same names. Parameters hide them.
    """

    __xpmtype__: ClassVar[ObjectType]

    if TYPE_CHECKING:

        @property
        def __xpm__(self) -> ConfigInformation: ...

    if not TYPE_CHECKING:  # type checkers derive the constructor from the parameters

        def __new__(cls, *positional: object, **values: object) -> Configuration:
            if positional:
                raise PositionalArgumentError(cls.__xpmtype__, positional)
            self = _new(cls)
            return _replacement(self, caller(1), values) if cls.__xpmtype__.replaces else self

        def __init__(self, **values: object) -> None:
            _initialize(self, caller(1), values)

    @classmethod
    def __xpmnew__(cls) -> Self:
        """A configuration with the defaults: of the class itself, even if another one replaces it."""
        config = _new(cls)
        _initialize(config, None, {})
        return config

    if not TYPE_CHECKING:  # a setter would let type checkers accept any attribute

        def __setattr__(self, name: str, value: object) -> None:
            known = getattr(type(self), name, None)
            if isinstance(known, Parameter):
                known.__set__(self, value)
            elif isinstance(known, DeprecatedAttribute):
                known.convert(self, value)
            elif known is not None or name.startswith("_") or _is_annotated(type(self), name):
                object.__setattr__(self, name, value)
            elif not _is_former_parameter(self, name):
                raise UnknownAttributeError(type(self).__xpmtype__, name)

    def __matmul__(self, inner: Config) -> Self:
        """Sets the only parameter that accepts the configuration on the right, and returns the one on the left.

        Raises CompositionError (a ValueError).
        """
        if not _is_configuration_class(type(inner)):
            return NotImplemented
        setattr(self, target_of(self, inner).name, inner)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Configuration) and is_equal(self.__xpm__, other.__xpm__)

    def __hash__(self) -> int:
        if not self.__xpm__.sealed:
            raise TypeError(
                f"{self.__xpm__.xpmtype.name()} is not sealed: it can be no element of a set nor key of a dictionary; "
                "use sealed_set(...)"
            )
        return hash(identify(self.__xpm__))

    def __repr__(self) -> str:
        return f"Config[{self.__xpm__.xpmtype.identifier}]"

    def __str__(self) -> str:
        return self.to_str()

    def to_str(self, max_depth: int = 3) -> str:
        """The class and values, nested at most so many levels."""
        return short_text(self, max_depth)

    def tag(self, name: str, value: object) -> Self:
        """Adds a tag, and returns the configuration."""
        add_tag(self.__xpm__, name, value, text_of(caller(1)))
        return self

    def tags(self) -> TagDict:
        """The tags of the configuration and of all that it is made from."""
        return tags(self)

    def seal(self) -> Self:
        """Validates the configuration and makes it read-only, with all that it holds; returns it."""
        validate(self.__xpm__)
        seal(self.__xpm__)
        return self

    def instance(
        self,
        context: ConfigWalkContext | None = None,
        *,
        objects: ObjectStore | None = None,
        keep: bool = True,
    ) -> Self:
        """Returns the object that tasks work with. The configuration, and all that it holds, is sealed.

        :param context: gives a directory to generated paths.
        :param objects: shares instances with other calls.
        :param keep: lets the instances know their configuration (`xpmconfig`).
        :raises ValueError: when a required parameter is not set.
        """
        return cast("Self", make_instance(self, context, objects, keep=keep))  # the class of the configuration

    def copy(self) -> Self:
        """A deep copy, unsealed, without tags nor flags."""
        return cast("Self", duplicate_configuration(self))  # the same class

    def copy_dependencies(self, other: Config) -> Self:
        """Adds the explicit dependencies of another configuration; returns this one."""
        self.__xpm__.dependencies.extend(other.__xpm__.dependencies)
        return self

    def add_dependencies(self, *dependencies: object) -> Self:
        """Adds tasks, outputs of tasks or tokens that the job needs; returns the configuration."""
        self.__xpm__.dependencies.extend(dependencies)
        return self

    @property
    def job(self) -> JobHandle:
        """The job of a submitted task, or of the task that this is the output of.

        Raises NotSubmittedError.
        """
        state = self.__xpm__
        handle = state.task.__xpm__.job if state.task is not None else state.job
        if handle is None:
            raise NotSubmittedError(state)
        return handle

    @property
    def jobpath(self) -> Path:
        """The directory of the job.

        Raises NotSubmittedError (an AssertionError).
        """
        return self.job.path

    def stdout(self) -> Path:
        """The file with the standard output of the job."""
        return self.job.stdout

    def stderr(self) -> Path:
        """The file with the standard error output of the job."""
        return self.job.stderr

    def __arguments__(self) -> dict[str, Any]:  # Any: the values of users
        """The values of the parameters, by name."""
        return dict(self.__xpm__.values)

    def __json__(self) -> str:
        """The definitions of the configuration and of all that it is made from, in JSON."""
        return json.dumps(DefinitionWriter(SerializationContext()).write(self.__xpm__))

    def __identifier__(self) -> ConfigIdentifier:
        """The identifier: the same for all configurations with the same parameters."""
        return self.__xpm__.identifier


def _new(configuration_class: type[M]) -> M:
    if PARAMETERS not in configuration_class.__dict__:
        _install_parameters(configuration_class)
    return object.__new__(configuration_class)


def _initialize(config: ConfigMixin, location: SourceLine | None, values: Mapping[str, object]) -> None:
    state = ConfigInformation(config, type(config).__xpmtype__, location)
    object.__setattr__(config, "__xpm__", state)
    fill(state, values)


def _replacement(config: ConfigMixin, location: SourceLine, values: Mapping[str, object]) -> Configuration:
    """What a configuration of a deprecated class is replaced with."""
    _initialize(config, location, values)
    replacement = config.__convert__()
    object.__setattr__(replacement, REPLACED, config)
    return replacement


def _is_former_parameter(config: ConfigMixin, name: str) -> bool:
    """Whether a name is a parameter of the deprecated class only: what is assigned to it is dropped."""
    former: object = vars(config).get(REPLACED)
    known = isinstance(former, Configuration) and name in former.__xpm__.xpmtype.arguments
    if known:
        LOGGER.warning("%s has no parameter %r any more: its value is left out", config.__xpm__.xpmtype.name(), name)
    return known


REPLACED: Final = "_deprecated_from"
"""Where a configuration has the one, of a deprecated class, that it replaces."""

PARAMETERS: Final = "__xpm_parameters__"
"""Says that a configuration class has its parameters: they are not known before the names of their types are."""


def _install_parameters(configuration_class: type[ConfigMixin]) -> None:
    for name in configuration_class.__xpmtype__.arguments:
        setattr(configuration_class, name, Parameter(name))
    setattr(configuration_class, PARAMETERS, True)


def _is_annotated(configuration_class: type, name: str) -> bool:
    return any(name in getattr(base, "__annotations__", ()) for base in configuration_class.__mro__)


if TYPE_CHECKING:
    _Base = ConfigMixin
else:
    _Base = object


class _ConfigurationClass:
    """``X.C``: the class of the configuration objects of X."""

    def __get__(self, instance: object, owner: type[T]) -> type[T]:
        declaration = cast("type[Config]", owner)  # the attribute belongs to Config
        return cast("type[T]", declaration.__getxpmtype__().config_type)  # for type checkers, X itself


class _ValueClass:
    """``X.XPMValue``: the class of the instances of X."""

    def __get__(self, instance: object, owner: type[T]) -> type[T]:
        declaration = cast("type[Config]", owner)  # the attribute belongs to Config
        return cast("type[T]", declaration.__getxpmtype__().value_type)  # X, or a subclass of it


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field,))
class Config(Declared, _Base):
    """Base of all that has parameters: annotations such as ``layers: Param[int]`` declare them.

    ``X.C(...)`` builds a configuration: it is checked, compared, identified, and describes what a task works with.
    ``.instance()``, or the task in its job, gives the object itself.
    """

    C: ClassVar[_ConfigurationClass] = _ConfigurationClass()
    """The class of configuration objects."""
    XPMConfig: ClassVar[_ConfigurationClass] = C
    XPMValue: ClassVar[_ValueClass] = _ValueClass()

    if not TYPE_CHECKING:  # type checkers derive the constructor from the parameters

        def __init__(self, *arguments: object, **values: object) -> None:
            if arguments or values:
                name = type(self).__qualname__
                raise TypeError(f"{name}(...) makes an instance without parameters: write {name}.C(...)")
            super().__init__()

    def __init_subclass__(cls, **options: Any) -> None:  # Any: keywords of the other bases
        super().__init_subclass__(**options)
        if not _is_configuration_class(cls):
            _keep_fields(cls)
            _keep_names(cls)

    @classmethod
    def __getxpmtype__(cls) -> ObjectType:
        """The type object: identifier and parameters of the class."""
        known: object = cls.__xpmtype__ if _is_configuration_class(cls) else cls.__dict__.get("__xpmtype__")
        if isinstance(known, ObjectType):
            return known
        saves_more = cls.__xpm_serialize__ is not Config.__xpm_serialize__
        created = ObjectType(cls, _role(cls), collect, saves_more=saves_more)
        created.config_type = _configuration_class(cls, created)
        cls.__xpmtype__ = created
        return created

    @classmethod
    def value_class(cls) -> Callable[[type[T]], type[T]]:
        """Decorates the subclass that instances are made of: ``@Model.value_class()``.

        It keeps heavy imports away from the plan: the configuration class is light, its value class is not.
        """

        def register(value_type: type[T]) -> type[T]:
            _register_value_class(cls.__getxpmtype__(), value_type)
            return value_type

        return register

    @property
    def xpmconfig(self) -> Self:
        """The configuration of an instance; the configuration itself otherwise."""
        known: object = self if _is_configuration_class(type(self)) else vars(self).get("__config__")
        if known is None:
            raise NoConfigurationError(type(self))
        return cast("Self", known)  # of the same class

    def __validate__(self) -> None:
        """Checks the values together; raise ValueError to refuse them. Called before sealing."""

    def __post_init__(self) -> None:
        """Completes an instance, once its parameters are set."""

    def __xpm_serialize__(self, context: SerializationContext) -> dict[str, SerializedPath]:
        """Saves the data of the configuration, and says where they are: those of its `DataPath` parameters.

        May be redefined to save more, or under other names.
        """
        state = self.__xpm__
        return {
            argument.name: context.serialize([*context.var_path, argument.name], value, self)
            for argument, value in state.arguments()
            if argument.is_data and value is not None
        }


def _is_configuration_class(kind: type) -> bool:
    """Whether a class is an ``X.C``: type checkers do not know it from ``X``."""
    return issubclass(kind, Configuration)


def _keep_fields(declaration: type[Config]) -> None:
    """Puts aside what `field` says, and leaves the defaults that cannot change, as the values of class attributes."""
    fields = {name: value for name, value in vars(declaration).items() if isinstance(value, FieldOptions)}
    for name, options in fields.items():
        if name not in declaration.__annotations__:
            raise DeclarationError(declaration, name, f"field(...) needs an annotation: write {name}: Param[...]")
        if isinstance(options.default, _IMMUTABLE):
            setattr(declaration, name, options.default)
        else:
            delattr(declaration, name)
    setattr(declaration, FIELDS, fields)


_IMMUTABLE: Final = (bool, int, float, str, PurePath, Enum, type(None))


def _keep_names(declaration: type[Config]) -> None:
    """Puts aside what the annotations of a class use of the function that defines it."""
    function = declaration.__qualname__.rpartition(".<locals>.")[0]
    annotations = [text for text in declaration.__annotations__.values() if isinstance(text, str)]
    if function and annotations:
        words = set(re.findall(r"\w+", " ".join(annotations)))
        setattr(declaration, NAMES, {k: v for k, v in names_of_function(function).items() if k in words})


def _register_value_class(objecttype: ObjectType, value_type: type) -> None:
    expected = [objecttype.originaltype, *(parent.value_type for parent in objecttype.parents())]
    for base in expected:
        if not issubclass(value_type, base):
            raise TypeError(f"{value_type.__qualname__} must be a subclass of {base.__qualname__}")
    objecttype.value_type = value_type


def _configuration_class(declaration: type[Config], objecttype: ObjectType) -> type[Configuration]:
    """The class of the configuration objects: that of each base, then the class of the user."""
    parents = tuple(parent.config_type for parent in objecttype.parents())
    name, holder = f"{declaration.__name__}.XPMConfig", declaration.__qualname__.rpartition(".")[0]
    namespace = {
        "__module__": declaration.__module__,
        "__qualname__": f"{holder}.{name}" if holder else name,
        "__doc__": declaration.__doc__,
        "__xpmtype__": objecttype,
    }
    return types.new_class(name, (*(parents or (ConfigMixin,)), declaration), {}, lambda body: body.update(namespace))


class LightweightTask(Config):
    """A small step, run before a task in its job: ``task.submit(init_tasks=[step])``."""

    def execute(self) -> None:
        """Does the work."""
        raise NotImplementedError(f"{type(self).__qualname__} defines no execute(self)")


class Task(LightweightTask):
    """Something to run: each distinct task runs once, in its own process and directory."""

    if TYPE_CHECKING:

        @overload
        def submit(
            self: _HasOutputs[R_co],
            *,
            workspace: object | None = None,
            launcher: object | None = None,
            run_mode: RunMode | None = None,
            init_tasks: Sequence[LightweightTask] = (),
            max_retries: int | None = None,
            transient: TransientMode | None = None,
        ) -> R_co: ...
        @overload
        def submit(
            self,
            *,
            workspace: object | None = None,
            launcher: object | None = None,
            run_mode: RunMode | None = None,
            init_tasks: Sequence[LightweightTask] = (),
            max_retries: int | None = None,
            transient: TransientMode | None = None,
        ) -> Self: ...

    def submit(
        self,
        *,
        workspace: object | None = None,
        launcher: object | None = None,
        run_mode: RunMode | None = None,
        init_tasks: Sequence[LightweightTask] = (),
        max_retries: int | None = None,
        transient: TransientMode | None = None,
    ) -> Any:  # Any: what the task returns, see the overloads
        """Gives the task to the current experiment, and returns its output: what `task_outputs` returns, or the task.

        :param launcher: where to run it, when not with the launcher of the experiment.
        :param run_mode: what to do, when not what the experiment does.
        :param init_tasks: steps run before the task, in its process; they are part of its identifier.
        :param max_retries: how many times a resumable task that ran out of time is started again.
        :param transient: when the result is wanted.
        :raises ValueError: when a required parameter is not set, or the task was submitted already.
        :raises HandledException: without current experiment.
        """
        options = SubmitOptions(workspace, run_mode, launcher, max_retries, transient)
        return submit(self, options, init_tasks)


class ResumableTask(Task):
    """A task that can go on where it stopped, when it ran out of time: its directory is kept."""

    def remaining_time(self) -> float | None:
        """Seconds left before the launcher stops the task; None when there is no limit."""
        launcher = Env.instance().launcher_info
        return launcher.remaining_time() if launcher is not None else None


class InstanceConfig(Config):
    """A configuration whose identity counts: two equal ones in one structure are two different things."""


class Prepare(Config):
    """A step run in the process of the experiment before the tasks that have it as a parameter, such as a download."""

    def prepare(self) -> None:
        """Does the work. Called once for equal configurations."""
        raise NotImplementedError(f"{type(self).__qualname__} defines no prepare(self)")

    def is_prepared(self) -> bool:
        """Whether there is nothing to do."""
        return False


_ROLES: Final = (
    (ResumableTask, Role.RESUMABLE),
    (Task, Role.TASK),
    (LightweightTask, Role.EXECUTABLE),
    (Prepare, Role.PREPARATION),
    (InstanceConfig, Role.INSTANCE),
)


def _role(declaration: type[Config]) -> Role:
    return next((role for base, role in _ROLES if issubclass(declaration, base)), Role.VALUE)
