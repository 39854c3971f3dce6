"""Configuration objects: what ``X.C`` builds.

The process of a job makes none, and does not import this module.
"""

from __future__ import annotations

import json
import logging
import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    TypeVar,
    cast,
)

from experimaestro._types import JobState, Need
from experimaestro.core.assignment import (
    DeprecatedAttribute,
    UnknownAttributeError,
    UnsetParameterError,
    assign,
    duplicate_configuration,
    fill,
)
from experimaestro.core.callers import SourceLine, caller
from experimaestro.core.checking import text_of
from experimaestro.core.composition import target_of
from experimaestro.core.containers import is_collection, is_dictionary
from experimaestro.core.context import ConfigWalkContext, SerializationContext
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.equality import is_equal, short_text
from experimaestro.core.identifier import ConfigIdentifier, conversion, identify
from experimaestro.core.information import ConfigInformation
from experimaestro.core.instance import ObjectStore, make_instance
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import ConfigState, Configuration, Declared, ObjectType
from experimaestro.core.submission import NotSubmittedError
from experimaestro.core.tags import TagDict, add_tag, check_tag_name, tags
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError, did_you_mean
from experimaestro.ports import JobHandle

if TYPE_CHECKING:
    from typing import Self

LOGGER: Final = logging.getLogger("xpm")

M = TypeVar("M", bound="ConfigMixin")


class PositionalArgumentError(ExperimaestroError, TypeError):
    """A configuration is built with arguments that have no name."""

    def __init__(self, objecttype: ObjectType, found: Sequence[object]) -> None:
        name = objecttype.originaltype.__qualname__
        example = next((name for name, known in objecttype.arguments.items() if known.required), "parameter")
        super().__init__(
            f"{name}.C(...) takes keywords only, found {', '.join(map(describe, found))}: write {name}.C({example}=...)"
        )


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


class UnknownReadError(ExperimaestroError, AttributeError):
    """A configuration is asked for an attribute that it does not have."""

    def __init__(self, objecttype: ObjectType, name: str) -> None:
        super().__init__(name)
        self._objecttype = objecttype

    def __str__(self) -> str:  # now: most are never shown, as `hasattr` asks
        objecttype, asked = self._objecttype, self.args[0]
        return f"{objecttype.name()} has no parameter nor attribute {asked!r}{_read_advice(objecttype, asked)}"


def _read_advice(objecttype: ObjectType, name: str) -> str:
    if name == "submit":
        return ": only tasks are submitted, and this is no Task"
    nearest = did_you_mean(name, objecttype.arguments)
    return nearest or " (what __post_init__ sets is known to instances, in the job)"


class PlannedExecutionError(ExperimaestroError, TypeError):
    """What a job does is asked of a configuration, in the plan."""

    def __init__(self, state: ConfigState) -> None:
        name = state.xpmtype.originaltype.__qualname__
        run = ".submit() has it run" if state.xpmtype.is_task else "submit(init_tasks=[...]) of a task has it run"
        super().__init__(
            f"{name}.execute() is called on a configuration (built at {state.where()}), which its job does: {run}; "
            ".instance().execute() does it here"
        )


class UnusableDependencyError(ExperimaestroError, TypeError):
    """A configuration is said to need something that no job can wait for."""

    def __init__(self, state: ConfigState, found: object) -> None:
        advice = ": write token.dependency(1)" if callable(getattr(found, "dependency", None)) else ""
        advice = advice or (f": write {type(found).__qualname__}.C(...)" if isinstance(found, Declared) else "")
        super().__init__(
            f"{state.xpmtype.name()} (built at {state.where()}) cannot depend on {describe(found)}, expected tasks, "
            f"outputs of tasks and units of tokens{advice}"
        )


def _check_need(state: ConfigState, found: object) -> None:
    is_container = is_collection(found) or is_dictionary(found)
    if not isinstance(found, Configuration | Need) and not is_container:
        raise UnusableDependencyError(state, found)


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

        def __getattr__(self, name: str) -> object:
            if hasattr(type(self), name):  # a property failed: it tells why
                return object.__getattribute__(self, name)
            raise UnknownReadError(type(self).__xpmtype__, name)

    def __matmul__(self, inner: Configuration) -> Self:
        """Sets the only parameter that accepts the configuration on the right, and returns the one on the left.

        Raises CompositionError (a ValueError).
        """
        own = getattr(self.__xpm__.xpmtype.originaltype, "__matmul__", None)  # what the class of the user defines
        if own is not None:
            return cast("Self", own(self, inner))  # whatever the user returns
        if not isinstance(cast("object", inner), Configuration):  # whatever the user wrote
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
        """Adds a tag, and returns the configuration.

        Raises TypeError when the name is no text.
        """
        check_tag_name(name, value)
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

    def copy_dependencies(self, other: Configuration) -> Self:
        """Adds the explicit dependencies of another configuration; returns this one."""
        self.__xpm__.dependencies.extend(other.__xpm__.dependencies)
        return self

    def add_dependencies(self, *dependencies: Configuration | Declared | Need | Iterable[object]) -> Self:
        """Adds what the job needs; returns the configuration.

        :param dependencies: tasks or outputs of tasks, also in lists and the like, and ``token.dependency(count)``.
        :raises TypeError: for what no job can need, such as a token without its number of units.
        """
        for dependency in dependencies:
            _check_need(self.__xpm__, dependency)
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

    def wait(self) -> JobState:
        """Blocks until the job ends, and tells how it ended: a failure is no exception.

        Raises NotSubmittedError.
        """
        return self.job.wait()

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
    replacement = conversion(config.__xpm__)
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


def _refuse_execution(config: Configuration, *_: object, **__: object) -> None:
    raise PlannedExecutionError(config.__xpm__)


def _is_annotated(configuration_class: type, name: str) -> bool:
    return any(name in getattr(base, "__annotations__", ()) for base in configuration_class.__mro__)


def configuration_class(objecttype: ObjectType) -> type[Configuration]:
    """The class of the configuration objects of a class: that of each base, then the class of the user."""
    declaration = objecttype.originaltype
    parents = tuple(parent.config_type for parent in objecttype.parents())
    name, holder = f"{declaration.__name__}.XPMConfig", declaration.__qualname__.rpartition(".")[0]
    namespace: dict[str, object] = {
        "__module__": declaration.__module__,
        "__qualname__": f"{holder}.{name}" if holder else name,
        "__doc__": declaration.__doc__,
        "__xpmtype__": objecttype,
    }
    reading: object = getattr(declaration, "__getattr__", None)
    if reading is not None:  # that of the user
        namespace["__getattr__"] = reading
    if objecttype.is_executable:
        namespace["execute"] = _refuse_execution
    return types.new_class(name, (*(parents or (ConfigMixin,)), declaration), {}, lambda body: body.update(namespace))
