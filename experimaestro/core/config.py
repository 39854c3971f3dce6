"""The classes that users derive from: `Config`, `Task` and their kin."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import PurePath
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
from experimaestro.core.annotations import MISSING, FieldOptions, field
from experimaestro.core.callers import names_of_function
from experimaestro.core.declaration import FIELDS, NAMES, DeclarationError, collect
from experimaestro.core.environment import Env
from experimaestro.core.state import Configuration, Declared, ObjectType, Role
from experimaestro.exceptions import ExperimaestroError
from experimaestro.ports import SubmitOptions

if TYPE_CHECKING:
    from typing import Self

    from experimaestro.core.configured import ConfigMixin
    from experimaestro.core.context import SerializationContext
    from experimaestro.core.format import SerializedPath

T = TypeVar("T")
C = TypeVar("C", bound=Configuration)
R_co = TypeVar("R_co", covariant=True)


class NoConfigurationError(ExperimaestroError, AttributeError):
    """An instance is asked for a configuration that it does not know."""

    def __init__(self, kind: type) -> None:
        super().__init__(f"this {kind.__qualname__} does not know its configuration: .instance(keep=True) tells it")


class DependentMarker(Protocol):
    """The `dep` of ``task_outputs(self, dep)``: marks what the task produces, and returns it."""

    def __call__(self, config: C, /) -> C: ...


class _HasOutputs(Protocol[R_co]):
    def task_outputs(self, dep: DependentMarker, /) -> R_co: ...


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
        created = ObjectType(cls, _role(cls), collect, _configuration_class, saves_more=saves_more)
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
        if options.default is not MISSING and isinstance(options.default, _IMMUTABLE):
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


def _configuration_class(objecttype: ObjectType) -> type[Configuration]:
    from experimaestro.core.configured import configuration_class  # late: the process of a job makes no configuration

    return configuration_class(objecttype)


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
        from experimaestro.core.submission import submit  # late: the process of a job submits nothing

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
