"""The launchers of a user: ``launchers.py``, ``tokens.yaml`` and ``connectors.yaml`` of the configuration directory.

What reads files is imported when it is used: modules of tasks name `find_launcher`, and their jobs import them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from experimaestro.connectors.local import LocalConnector
from experimaestro.exceptions import HandledException
from experimaestro.launcherfinder.parser import parse
from experimaestro.launcherfinder.specs import HostRequirement, RequirementUnion
from experimaestro.launchers.base import Launcher
from experimaestro.launchers.direct import DirectLauncher

if TYPE_CHECKING:
    from experimaestro.connectors.base import Connector
    from experimaestro.launcherfinder.declared import Declared
    from experimaestro.launcherfinder.program import LaunchersFile
    from experimaestro.workspace.counters import CounterToken

LOGGER: Final = logging.getLogger("xpm.launchers")

LAUNCHERS_FILE: Final = "launchers.py"


class LauncherNotFoundError(HandledException):
    """No launcher has what is asked for."""

    def __init__(self, specs: Sequence[HostRequirement], tags: Iterable[str], path: Path) -> None:
        self.specs = tuple(specs)
        self.tags = frozenset(tags)
        self.path = path
        asked = ", nor for ".join(repr(str(spec)) for spec in self.specs)
        tagged = f" with tags {', '.join(sorted(self.tags))}" if self.tags else ""
        super().__init__(f"{path}: find_launcher found no launcher for {asked}{tagged}")


class EmptyRequestError(HandledException, TypeError):
    """A launcher is asked for, without saying what it must offer."""

    def __init__(self) -> None:
        super().__init__('find_launcher() asks for nothing, expected a requirement such as "duration=1h & gpu(mem=4G)"')


class InvalidTagsError(HandledException, TypeError):
    """A text stands where a set of texts is expected."""

    def __init__(self, tags: str) -> None:
        super().__init__(f"found tags={tags!r}, expected a set such as {{{tags!r}}}")


class LauncherRegistry:
    """The launchers, tokens and connectors that a configuration directory describes."""

    INSTANCES: ClassVar[dict[Path, LauncherRegistry]] = {}
    CURRENT_CONFIG_DIR: ClassVar[Path | None] = None

    def __init__(self, basepath: Path) -> None:
        self.basepath = basepath
        self._tokens: dict[str, CounterToken] = {}

    @staticmethod
    def set_config_dir(config_dir: Path | None) -> None:
        """Chooses the directory that `instance` describes from now on; None for the one of the user."""
        setattr(LauncherRegistry, "CURRENT_CONFIG_DIR", config_dir)  # noqa: B010  # a public name, like a constant

    @staticmethod
    def instance() -> LauncherRegistry:
        """Returns the registry of the directory chosen by `set_config_dir`, by default ``~/.config/experimaestro``."""
        directory = _configuration_directory(LauncherRegistry.CURRENT_CONFIG_DIR)
        return LauncherRegistry.INSTANCES.setdefault(directory, LauncherRegistry(directory))

    def find(self, *specs: str | HostRequirement, tags: Iterable[str] = ()) -> Launcher | None:
        """Returns a launcher for the first of these requirements that has one; None if none has.

        Without ``launchers.py``, this machine runs everything. Raises InvalidRequirementError, whether there is one or
        not, and LaunchersFileError.
        """
        requirements = requirements_of(specs)
        if self.launchers_file is None:
            LOGGER.debug("no %s in %s: tasks run on this machine", LAUNCHERS_FILE, self.basepath)
            return self._local
        found = (self.launchers_file.find(each, _checked(tags)) for each in requirements)
        return next((launcher for launcher in found if launcher is not None), None)

    def find_launcher(self, *specs: str | HostRequirement, tags: Iterable[str] = ()) -> Launcher:
        """Returns a launcher as `find` does.

        Raises LauncherNotFoundError, and what `find` raises.
        """
        launcher = self.find(*specs, tags=tags)
        if launcher is None:
            raise LauncherNotFoundError(requirements_of(specs), tags, self.basepath / LAUNCHERS_FILE)
        return launcher

    @cached_property
    def launchers_file(self) -> LaunchersFile | None:
        """The program of the user that chooses launchers, if there is one.

        Raises LaunchersFileError.
        """
        path = self.basepath / LAUNCHERS_FILE
        if not path.exists():
            return None
        from experimaestro.launcherfinder.program import load  # late, see above

        return load(path)

    @cached_property
    def _local(self) -> Launcher:
        return DirectLauncher()

    @cached_property
    def _declared(self) -> Declared:
        from experimaestro.launcherfinder.declared import Declared  # late, see above

        return Declared(self.basepath)

    def getToken(self, identifier: str) -> CounterToken:
        """Returns a token of ``tokens.yaml``: its units are shared by all experiments on this machine.

        Raises UnknownTokenError, ConfigurationError.
        """
        if identifier not in self._tokens:
            self._tokens[identifier] = self._declared.token(identifier)
        return self._tokens[identifier]

    def getConnector(self, identifier: str) -> Connector:
        """Returns a connector of ``connectors.yaml``; ``local`` is always there.

        Raises UnknownConnectorError, ConfigurationError.
        """
        return LocalConnector.instance() if identifier == "local" else self._declared.connector(identifier)


def requirements_of(specs: Sequence[str | HostRequirement]) -> list[RequirementUnion]:
    """Reads requirements that are texts.

    Raises InvalidRequirementError, EmptyRequestError.
    """
    if not specs:
        raise EmptyRequestError
    return [parse(spec) if isinstance(spec, str) else RequirementUnion(spec) for spec in specs]


def _checked(tags: Iterable[str]) -> set[str]:
    if isinstance(tags, str):
        raise InvalidTagsError(tags)
    return set(tags)


def _configuration_directory(chosen: Path | None) -> Path:
    if chosen is None:
        from experimaestro.settings import CONFIG_DIRECTORY  # late, see above

        chosen = CONFIG_DIRECTORY
    return chosen.expanduser().absolute()
