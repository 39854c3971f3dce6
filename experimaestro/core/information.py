"""`config.__xpm__`: the state of a configuration, with the operations that existing code looks for there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from experimaestro._files import write_text
from experimaestro.core.assignment import assign_unchecked
from experimaestro.core.checking import text_of
from experimaestro.core.containers import is_dictionary
from experimaestro.core.context import ConfigWalkContext, SerializationContext
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.format import PARAMETERS_VERSION, Definition, Json, PathLoader
from experimaestro.core.identifier import ConfigIdentifier, identify, identify_partial
from experimaestro.core.loading import check_version, read_json
from experimaestro.core.partials import Partial
from experimaestro.core.reloading import read_definitions
from experimaestro.core.sealing import seal, unseal, validate
from experimaestro.core.serialization import DEFINITION_FILE, Source, definition_path, loader_of
from experimaestro.core.state import Argument, ConfigState, SetInfo, ValueOrigin
from experimaestro.core.tags import TagDict, add_tag, collect_tags


class ConfigInformation(ConfigState):
    """The state of a configuration, and what can be asked of it."""

    __slots__ = ()

    PARAMS_JSON_VERSION: ClassVar = PARAMETERS_VERSION

    @property
    def identifier(self) -> ConfigIdentifier:
        """The identifier, settled once the configuration is sealed."""
        return ConfigIdentifier(identify(self))

    def get_partial_identifier(self, partial: Partial) -> ConfigIdentifier:
        """The identifier without the parameters that the partial leaves out."""
        return ConfigIdentifier(identify_partial(self, partial))

    # Kept for existing code

    @property
    def _sealed(self) -> bool:
        return self.sealed

    @property
    def _tags(self) -> Mapping[str, object]:
        return {name: value for name, (value, _) in (self.own_tags or {}).items()}

    @property
    def is_dynamic_task(self) -> bool:
        """Whether this is the output of a task that may still be running."""
        return self.is_early

    def xpmvalues(self) -> Iterator[tuple[Argument, Any]]:  # Any: the values of users
        """The parameters that have a value, with it."""
        return self.arguments()

    def get(self, name: str) -> Any:  # Any: the values of users
        """The value of a parameter.

        Raises KeyError.
        """
        return getattr(self.pyobject, self.xpmtype.arguments[name].name)

    def set(self, name: str, value: Any, *, bypass: bool = False) -> None:  # Any: the values of users
        """Sets a parameter; with `bypass`, even one that is read-only.

        Raises KeyError for an unknown parameter.
        """
        if bypass:
            assign_unchecked(self, self.xpmtype.arguments[name], value, None)
        else:
            setattr(self.pyobject, name, value)

    def provenance_of(self, name: str) -> SetInfo | None:
        """Where the value of a parameter comes from; None when it has none."""
        if name not in self.values:
            return None
        origin = self.origins.get(name, ValueOrigin.EXPLICIT)
        if isinstance(origin, tuple):
            return SetInfo(text_of(origin), ValueOrigin.EXPLICIT)
        places = {ValueOrigin.GENERATED: "<generated>", ValueOrigin.DESERIALIZED: "<loaded>"}
        return SetInfo(places.get(origin, text_of(self.location)), origin)

    def tags(self) -> TagDict:
        """The tags, here and below."""
        return TagDict(collect_tags(self))

    def addtag(self, name: str, value: object) -> None:
        """Adds a tag."""
        add_tag(self, name, value, self.where())

    def set_meta(self, flag: bool | None) -> None:
        """Sets the flag that leaves the configuration out of identifiers (True), or keeps it in (False).

        Raises AssertionError when the configuration is sealed.
        """
        if self.sealed:
            raise AssertionError(f"{self.xpmtype.name()} (built at {self.where()}) is sealed: its meta flag is settled")
        self.meta = flag

    def validate(self) -> None:
        """Checks that all that is required is set, then calls `__validate__`, inner configurations first."""
        validate(self)

    def seal(self, context: ConfigWalkContext | None = None) -> None:
        """Makes the configuration read-only, and generates its paths."""
        seal(self, context)

    def __unseal__(self) -> None:
        """Makes the configuration, and what it holds, editable again: their identifiers are computed anew.

        Submitted tasks that it needs, and what these produced, stay as they are.
        """
        unseal(self)

    def serialize(
        self,
        save_directory: Path | str,
        definition_filename: str = DEFINITION_FILE,
        context: SerializationContext | None = None,
    ) -> None:
        """Saves the configuration in an existing directory, with a copy of its data, without anything around it."""
        context = context or SerializationContext(save_directory=Path(save_directory))
        write_text(Path(save_directory) / definition_filename, json.dumps(DefinitionWriter(context).write(self)))

    @staticmethod
    def deserialize(
        path: Source,
        as_instance: bool = False,  # a public signature, as those below
        return_tasks: bool = False,
        partial_loading: bool | None = None,
        definition_filename: str | None = None,
    ) -> Any:  # Any: what was saved
        """Loads what `serialize` saved; with the initialization tasks, or, for an instance, run.

        Raises OSError, LoadingError.
        """
        state: Json = read_json(definition_path(path, definition_filename))
        definitions: Sequence[Definition] = state["objects"] if is_dictionary(state) else state
        return ConfigInformation.fromParameters(
            definitions, as_instance, loader_of(path), False, return_tasks, partial_loading
        )

    @staticmethod
    def fromParameters(
        definitions: Sequence[Definition],
        as_instance: bool = True,
        data_loader: PathLoader | None = None,
        discard_id: bool = False,
        return_tasks: bool = False,
        partial_loading: bool | None = None,
    ) -> Any:  # Any: a configuration, or an instance
        """The last object of a list of definitions. For an instance, its initialization tasks are run.

        :param discard_id: computes the identifiers, rather than taking those of the file.
        :param return_tasks: returns the initialization tasks beside the configuration.
        :raises LoadingError: when a class cannot be found.
        """
        if as_instance and return_tasks:
            raise TypeError("return_tasks is for configurations: the initialization tasks of an instance are run")
        read = read_definitions(
            definitions,
            as_instance=as_instance,
            loader=data_loader,
            partial_loading=partial_loading,
            discard_id=discard_id,
        )
        number = definitions[-1]["id"]
        if as_instance:
            for task in read.init_tasks(number):
                task.execute()
        return (read[number], read.init_tasks(number)) if return_tasks else read[number]

    @staticmethod
    def load_objects(
        definitions: Sequence[Definition],
        as_instance: bool = True,
        data_loader: PathLoader | None = None,
        discard_id: bool = False,
        partial_loading: bool = False,
    ) -> dict[int, Any]:  # Any: configurations, or instances
        """The objects of a list of definitions, by number."""
        loaded = read_definitions(
            definitions,
            as_instance=as_instance,
            loader=data_loader,
            partial_loading=partial_loading,
            discard_id=discard_id,
        )
        return {definition["id"]: loaded[definition["id"]] for definition in definitions}

    @staticmethod
    def check_params_version(params: Mapping[str, Json], source: str = "params.json") -> None:
        """Refuses the parameters of a job that a newer version wrote.

        Raises LoadingError.
        """
        check_version(params, source)
