"""``tokens.yaml`` and ``connectors.yaml``: what users describe once, and launchers name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

import attrs
from attrs import frozen

from experimaestro.configuration.errors import unexpected
from experimaestro.configuration.loader import read_file
from experimaestro.configuration.tree import ConfigurationTree, MappingNode, ScalarNode
from experimaestro.connectors.base import Connector
from experimaestro.connectors.local import LocalConnector
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.structuring import structure
from experimaestro.workspace.counters import CounterToken

TOKENS_FILE: Final = "tokens.yaml"
CONNECTORS_FILE: Final = "connectors.yaml"

T = TypeVar("T")


class UnknownTokenError(HandledException, LookupError):
    """A token is not described."""

    def __init__(self, identifier: str, known: Iterable[str], path: Path) -> None:
        self.identifier = identifier
        super().__init__(_unknown("token", identifier, list(known), path))


class UnknownConnectorError(HandledException, LookupError):
    """A connector is not described."""

    def __init__(self, identifier: str, known: Iterable[str], path: Path) -> None:
        self.identifier = identifier
        super().__init__(_unknown("connector", identifier, ["local", *known], path))


class RemoteConnectorError(HandledException):
    """A connector leads to another machine."""

    def __init__(self, identifier: str, path: Path) -> None:
        super().__init__(f"{path}: connector {identifier!r} goes through ssh, which runs no jobs yet")


@frozen
class TokenDescription:
    tokens: int = attrs.field(validator=attrs.validators.ge(0))
    """How many units there are."""


@frozen
class Tokens:
    """What ``tokens.yaml`` holds."""

    countertoken: dict[str, TokenDescription] = attrs.field(factory=dict[str, TokenDescription])


@frozen
class LocalDescription:
    localpath: Path | None = None
    """Directory of what belongs to the machine, such as tokens."""


@frozen
class Connectors:
    """What ``connectors.yaml`` holds."""

    local: dict[str, LocalDescription] = attrs.field(factory=dict[str, LocalDescription])
    ssh: dict[str, object] = attrs.field(factory=dict[str, object])


@frozen
class Declared:
    """What the files of a directory describe; each is read when it is needed."""

    directory: Path

    def token(self, identifier: str) -> CounterToken:
        """Creates a token of this machine, or changes its number of units.

        Raises UnknownTokenError, ConfigurationError.
        """
        path = self.directory / TOKENS_FILE
        known = _read(path, Tokens).countertoken
        if identifier not in known:
            raise UnknownTokenError(identifier, known, path)
        directory = LocalConnector.instance().localpath / "tokens" / f"{identifier}.counter"
        return CounterToken.create(identifier, directory, known[identifier].tokens)

    def connector(self, identifier: str) -> Connector:
        """Makes a connector.

        Raises UnknownConnectorError, RemoteConnectorError, ConfigurationError.
        """
        path = self.directory / CONNECTORS_FILE
        known = _read(path, Connectors)
        if identifier in known.ssh:
            raise RemoteConnectorError(identifier, path)
        if identifier not in known.local:
            raise UnknownConnectorError(identifier, known.local, path)
        localpath = known.local[identifier].localpath
        return LocalConnector(None if localpath is None else localpath.expanduser())


def _read(path: Path, cls: type[T]) -> T:
    """Reads a file; what is missing, or empty, describes nothing."""
    if not path.exists():
        return cls()
    match read_file(path):
        case None | ScalarNode(value=None):
            return cls()
        case MappingNode() as root:
            return structure(ConfigurationTree(path, root), cls)
        case node:
            raise unexpected(node, "a mapping (key: value)")


def _unknown(kind: str, identifier: str, known: list[str], path: Path) -> str:
    listed = f"known: {', '.join(known)}" if known else "there is none"
    return f"{path}: unknown {kind} {identifier!r} ({listed}){did_you_mean(identifier, known)}"
