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
    Concatenate,
    Final,
    Literal,
    ParamSpec,
    Protocol,
    TypeVar,
    cast,
    dataclass_transform,
    overload,
)

from experimaestro._types import RunMode, TransientMode
from experimaestro.core.annotations import MISSING, FieldOptions, field
from experimaestro.core.callers import names_of_function
from experimaestro.core.declaration import FIELDS, check, collect
from experimaestro.core.environment import Env
from experimaestro.core.hints import NAMES, DeclarationError
from experimaestro.core.state import Configuration, Declared, ObjectType, Role
from experimaestro.exceptions import ExperimaestroError
from experimaestro.ports import LauncherHandle, SubmitOptions

if TYPE_CHECKING:
    from typing import Self

    from experimaestro.core.configured import ConfigMixin
    from experimaestro.core.context import SerializationContext
    from experimaestro.core.format import SerializedPath

T = TypeVar("T")
V = TypeVar("V", bound="type[Config]")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
P = ParamSpec("P")


class NoConfigurationError(ExperimaestroError, AttributeError):
    """An instance is asked for a configuration that it does not know."""

    def __init__(self, kind: type) -> None:
        super().__init__(f"this {kind.__qualname__} does not know its configuration: .instance(keep=True) tells it")


class _Output(Protocol):
    """What can be marked: configurations, but tasks."""

    @property
    def __xpm_output__(self) -> Literal[True]: ...


O = TypeVar("O", bound=_Output)  # noqa: E741  # an output


class DependentMarker(Protocol):
    """The `dep` of ``task_outputs(self, dep)``: marks what the task produces, and returns it.

    So is that of the methods which describe what a task produces while it runs: see `ResumableTask.watch_output`.
    """

    def __call__(self, config: O, /) -> O: ...


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

    if TYPE_CHECKING:  # tells outputs from tasks, which need no mark

        @property
        def __xpm_output__(self) -> Literal[True]: ...

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
            if Env.instance().taskpath is None:  # the plan did it for its jobs
                check(cls)

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

    if TYPE_CHECKING:

        @classmethod
        def value_class(cls) -> Callable[[V], V]:
            """Decorates the subclass that instances are made of: ``@Model.value_class()``."""
            ...

    else:  # type checkers refuse what is given to it

        @classmethod
        def value_class(cls, *given: object) -> Callable[[V], V]:
            """Decorates the subclass that instances are made of: ``@Model.value_class()``.

            It keeps heavy imports away from the plan: the configuration class is light, its value class is not.

            :raises TypeError: when it is no subclass, or there is a value class already.
            """
            from experimaestro.core import implementations  # late: few classes have another one

            if given:
                implementations.refuse_bare(cls)

            def register(value_type: V) -> V:
                implementations.implement(cls.__getxpmtype__(), value_type)
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

    def __xpm_output_valid__(self) -> bool | None:
        """Whether the output of the task is there; None, when its job finished or not is all that there is to know.

        Asked when the task is submitted: False runs it again although it is done, True takes it as done although it was
        not run. May be redefined by tasks that write outside of the directory of their job.
        """
        return None

    def register_task_output(
        self,
        method: Callable[Concatenate[DependentMarker, P], Any],  # Any: nobody uses the result here
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """In a running task: has ``method(dep, *args, **kwargs)`` called in the process of the experiment, at once.

        Those who watch the method there (`ResumableTask.watch_output`) are given the result. A task that goes on after
        an interruption may register an output again: it is not told twice.

        :param method: a method of the task, or of one of its parameters.
        :param args: plain data, as JSON knows them: numbers, texts, booleans, None, lists and dictionaries of them.
        :raises TypeError: when an argument, or the method, is something else.
        :raises RuntimeError: when no task is running in this process.
        :raises OSError: when the file of the outputs cannot be written.
        """
        from experimaestro.core.registration import register  # late: few tasks do

        register(method, args, kwargs)

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

        @property
        def __xpm_output__(  # type: ignore[override]  # so that no task is an output
            self,
        ) -> Literal[False]: ...  # pyright: ignore[reportIncompatibleVariableOverride]  # as above

    if TYPE_CHECKING:  # with the overloads alone: mypy joins them to what follows

        @overload
        def submit(
            self: _HasOutputs[R_co],
            *,
            workspace: object | None = None,
            launcher: LauncherHandle | None = None,
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
            launcher: LauncherHandle | None = None,
            run_mode: RunMode | None = None,
            init_tasks: Sequence[LightweightTask] = (),
            max_retries: int | None = None,
            transient: TransientMode | None = None,
        ) -> Self: ...

    def submit(
        self,
        *,
        workspace: object | None = None,
        launcher: LauncherHandle | None = None,
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
        :raises ValueError: when a required parameter is not set, the task was submitted already, or an option is wrong.
        :raises TypeError: when a job could not call `execute`.
        :raises HandledException: without current experiment.
        """
        from experimaestro.core.submission import submit  # late: the process of a job submits nothing

        options = SubmitOptions(workspace, run_mode, launcher, max_retries, transient)
        return submit(self, options, init_tasks)

    def on_completed(self, callback: Callable[[], object]) -> None:
        """Has a function called, once, when the task succeeds: at once if it did. Before or after `submit`.

        The experiment does not end before the function has returned, and fails if it raises. It may submit
        tasks; it runs in another thread, unless the task succeeded before.

        :raises TypeError: when the task was loaded from a file, or is no configuration.
        """
        from experimaestro.core.watching import follow_completion  # late, as above

        follow_completion(self, callback)

    if not TYPE_CHECKING:  # type checkers refuse it for what is no ResumableTask

        def watch_output(self, method: object, callback: object) -> None:
            from experimaestro.core.watching import follow_outputs  # late, as above

            follow_outputs(self, method, callback)


class ResumableTask(Task):
    """A task that can go on where it stopped, when it ran out of time: its directory is kept."""

    def remaining_time(self) -> float | None:
        """Seconds left before the launcher stops the task; None when there is no limit."""
        launcher = Env.instance().launcher_info
        return launcher.remaining_time() if launcher is not None else None

    def watch_output(
        self, method: Callable[Concatenate[DependentMarker, P], R], callback: Callable[[R], object]
    ) -> None:
        """Uses what the task produces while it runs: before or after `submit`.

        For each output that the task registers (``self.register_task_output(self.method, 3)``), calls
        ``method(dep, 3)`` once, then the callback with the result. What `dep` marks is an output of the task that
        can be used at once: tasks that have it as a parameter do not wait for the end of this one.

        Outputs that were registered before, by a former run too, are told as well. The experiment does not end
        before all of them are, and fails if the method or the callback raises. Both run in another thread; the
        callback may submit tasks.

        :param method: a method of the task or of one of its parameters: ``def method(self, dep, ...)``.
        :raises TypeError: when the method takes no `dep`, or the task is loaded or no ResumableTask.
        :raises ValueError: when the method belongs to something that the task does not have.
        """
        from experimaestro.core.watching import follow_outputs  # late: the process of a job watches nothing

        follow_outputs(self, method, callback)


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
