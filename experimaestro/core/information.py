"""`config.__xpm__`: the state of a configuration, with the operations that existing code looks for there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from experimaestro._files import write_text
from experimaestro.core.assignment import assign_unchecked
from experimaestro.core.checking import text_of
from experimaestro.core.context import ConfigWalkContext, SerializationContext
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.format import Definition
from experimaestro.core.identifier import ConfigIdentifier, identify, identify_partial
from experimaestro.core.partials import Partial
from experimaestro.core.reloading import read_definitions
from experimaestro.core.sealing import seal, validate
from experimaestro.core.serialization import DEFINITION_FILE, Source, load
from experimaestro.core.state import Argument, ConfigState, SetInfo, ValueOrigin
from experimaestro.core.tags import TagDict, add_tag, collect_tags


class ConfigInformation(ConfigState):
    """The state of a configuration, and what can be asked of it."""

    __slots__ = ()

    @property
    def identifier(self) -> ConfigIdentifier:
        """The identifier, settled once the configuration is sealed."""
        return ConfigIdentifier(identify(self))

    def get_partial_identifier(self, partial: Partial) -> ConfigIdentifier:
        """The identifier without the parameters that the partial leaves out."""
        return ConfigIdentifier(identify_partial(self, partial))

    def xpmvalues(self) -> Iterator[tuple[Argument, Any]]:  # Any: the values of users
        """The parameters that have a value, with it."""
        return self.arguments()

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

    def serialize(self, save_directory: Path | str) -> None:
        """Saves the configuration in an existing directory, with a copy of its data, without anything around it."""
        context = SerializationContext(save_directory=Path(save_directory))
        write_text(Path(save_directory) / DEFINITION_FILE, json.dumps(DefinitionWriter(context).write(self)))

    @staticmethod
    def deserialize(
        path: Source,
        as_instance: bool = False,
        partial_loading: bool | None = None,
        definition_filename: str | None = None,
    ) -> Any:  # Any: what was saved
        """Loads what `serialize` saved."""
        return load(path, as_instance, partial_loading, definition_filename)

    @staticmethod
    def load_objects(
        definitions: Sequence[Definition], as_instance: bool = True, partial_loading: bool = False
    ) -> dict[int, Any]:  # Any: configurations, or instances
        """The objects of a list of definitions, by number."""
        loaded = read_definitions(definitions, as_instance=as_instance, partial_loading=partial_loading)
        return {definition["id"]: loaded[definition["id"]] for definition in definitions}
