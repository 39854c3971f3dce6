"""`config.__xpm__`: the state of a configuration, with the operations that existing code looks for there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experimaestro.core.assignment import assign_unchecked
from experimaestro.core.checking import text_of
from experimaestro.core.context import ConfigWalkContext
from experimaestro.core.identifier import ConfigIdentifier, identify, identify_partial
from experimaestro.core.partials import Partial
from experimaestro.core.sealing import seal, validate
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
