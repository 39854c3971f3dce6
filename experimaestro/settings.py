"""The settings of a user: workspaces, and what holds for all experiments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal

import attrs
import platformdirs
from attrs import evolve, frozen

from experimaestro._types import FolderMode as FolderMode  # part of the settings for those who import them
from experimaestro.configuration.errors import ConfigurationError, Problem, unexpected
from experimaestro.configuration.interpolation import interpolated
from experimaestro.configuration.loader import read_file
from experimaestro.configuration.tree import (
    ConfigurationTree,
    KeyPath,
    MappingNode,
    Node,
    ScalarNode,
    beside,
    mapped,
)
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.structuring import structure

CONFIG_DIRECTORY: Final = Path("~/.config/experimaestro")
SETTINGS_FILE: Final = "settings.yaml"


class UnknownWorkspaceError(HandledException):
    """No workspace of the settings has this identifier."""

    def __init__(self, id: str, known: Sequence[str]) -> None:
        self.id = id
        self.known = known
        listed = f"known: {', '.join(known)}" if known else "the settings have none"
        super().__init__(f"unknown workspace {id!r} ({listed}){did_you_mean(id, known)}")


class RemoteWorkspaceError(HandledException):
    """The workspace is on another machine."""

    def __init__(self, id: str, host: str) -> None:
        self.id = id
        self.host = host
        super().__init__(f"workspace {id!r} is on {host}: experiments of this machine cannot run in it")


class OwnFolderError(HandledException):
    """A workspace is told to copy its results to itself."""

    def __init__(self, workspace: WorkspaceSettings) -> None:
        super().__init__(
            f"workspace {workspace.id!r}: its folder {workspace.path} is the workspace itself; name another directory"
        )


@frozen
class ServerSettings:
    port: int | None = None
    host: str | None = None
    autohost: Literal["fqdn", "name"] | None = None
    """Which name of this machine is shown when `host` is not given."""
    token: str | None = None


@frozen
class HistorySettings:
    """How many former runs of an experiment are kept."""

    max_done: int = attrs.field(default=5, validator=attrs.validators.ge(0))
    max_failed: int = attrs.field(default=1, validator=attrs.validators.ge(0))


@frozen
class CarbonSettings:
    enabled: bool = True
    provider: str = "codecarbon"
    country_iso_code: str | None = None
    region: str | None = None
    report_interval_s: float = attrs.field(default=60.0, validator=attrs.validators.gt(0))
    warn_if_unavailable: bool = True


@frozen
class FolderSettings:
    path: Path
    mode: FolderMode = FolderMode.USE


@frozen
class SSHSettings:
    """How a workspace on another machine is reached."""

    host: str = ""
    shell_init: str | None = None
    uv_offline: bool = False
    python: str | None = None
    xpm_path: str | None = None
    options: list[str] = attrs.field(factory=list[str])


@frozen
class WorkspaceSettings:
    id: str
    path: Path
    """Absolute, unless the workspace is on another machine; a settings file writes it relative to itself."""
    env: dict[str, str] = attrs.field(factory=dict[str, str])
    """Environment variables of its jobs; those of the settings are among them."""
    alt_workspaces: list[str] = attrs.field(factory=list[str])
    """Deprecated: identifiers or paths of workspaces to use as folders."""
    folders: list[FolderSettings] = attrs.field(factory=list[FolderSettings])
    max_retries: int = attrs.field(default=3, validator=attrs.validators.ge(0))
    lock_mode: str = "inherit"
    """Permissions of lock files: `inherit`, `umask`, or in octal (in quotes)."""
    triggers: list[str] = attrs.field(factory=list[str])
    """Patterns of the identifiers of the experiments that use this workspace by default."""
    history: HistorySettings = HistorySettings()
    """What this workspace does not say is as in the settings."""
    ssh: SSHSettings | None = None

    def __attrs_post_init__(self) -> None:
        if not self.is_remote:
            object.__setattr__(self, "path", _absolute(self.path))

    @property
    def is_remote(self) -> bool:
        return self.ssh is not None and bool(self.ssh.host)


@frozen
class Settings:
    server: ServerSettings = ServerSettings()
    workspaces: list[WorkspaceSettings] = attrs.field(factory=list[WorkspaceSettings])
    env: dict[str, str] = attrs.field(factory=dict[str, str])
    """Environment variables of all jobs."""
    history: HistorySettings = HistorySettings()
    carbon: CarbonSettings = CarbonSettings()


def get_settings(path: Path | None = None, *, config_dir: Path | None = None) -> Settings:
    """Reads the settings: from this file, or from `settings.yaml` of the directory of the user's configuration.

    A file is read again at each call. Without a file in the directory, or with an empty one, everything has its
    default. Raises ConfigurationError.
    """
    file = path or (config_dir or CONFIG_DIRECTORY).expanduser() / SETTINGS_FILE
    if path is None and not file.exists():
        return Settings()
    match read_file(file):
        case None | ScalarNode(value=None):
            return Settings()
        case MappingNode() as root:
            return _structured(root, file)
        case node:
            raise unexpected(node, "a mapping (key: value)")


def get_workspace(id: str | None = None, *, include_remote: bool = False) -> WorkspaceSettings | None:
    """Returns the workspace with this identifier, or the first one, if there is one."""
    candidates = [workspace for workspace in get_settings().workspaces if include_remote or not workspace.is_remote]
    return next((workspace for workspace in candidates if id in (None, workspace.id)), None)


def get_workspace_by_path(path: Path) -> WorkspaceSettings | None:
    """Returns the workspace in this directory, if the settings have it."""
    return _at(_absolute(path), get_settings())


def find_workspace(
    *,
    workspace: str | None = None,
    workdir: Path | None = None,
    experiment_id: str | None = None,
    settings: Settings | None = None,
) -> WorkspaceSettings:
    """Chooses the workspace of an experiment.

    The one named, its directory replaced by `workdir` if both are given; the one in `workdir`; the first with a
    trigger that matches the experiment; the first; and without settings a workspace `default` in the user's data
    directory. Workspaces on other machines are never chosen. Raises UnknownWorkspaceError or RemoteWorkspaceError.
    """
    settings = get_settings() if settings is None else settings
    if workspace is not None:
        named = _named(workspace, settings)
        return named if workdir is None else evolve(named, path=_absolute(workdir))
    if workdir is not None:
        path = _absolute(workdir)
        return _at(path, settings) or WorkspaceSettings("", path, env=dict(settings.env), history=settings.history)
    local = [candidate for candidate in settings.workspaces if not candidate.is_remote]
    triggered = [candidate for candidate in local if _is_triggered(candidate, experiment_id)]
    return next(iter([*triggered, *local]), _default_workspace(settings))


def attached_folders(workspace: WorkspaceSettings, *, settings: Settings | None = None) -> list[FolderSettings]:
    """The folders of a workspace, with absolute paths, each directory once; former `alt_workspaces` come last.

    Raises UnknownWorkspaceError, RemoteWorkspaceError or OwnFolderError.
    """
    own = [FolderSettings(_absolute(folder.path), folder.mode) for folder in workspace.folders]
    if any(folder.path == workspace.path and folder.mode is not FolderMode.USE for folder in own):
        raise OwnFolderError(workspace)
    former = [FolderSettings(path) for path in _alternatives(workspace, settings)]
    found = {folder.path: folder for folder in (*reversed(former), *reversed(own)) if folder.path != workspace.path}
    return list(reversed(found.values()))


def _alternatives(workspace: WorkspaceSettings, settings: Settings | None) -> list[Path]:
    if not workspace.alt_workspaces:
        return []
    settings = get_settings() if settings is None else settings
    return [_alternative(name, settings) for name in workspace.alt_workspaces]


def _alternative(name: str, settings: Settings) -> Path:
    """The directory that an identifier of a workspace, or a path, means."""
    is_path = "/" in name or name.startswith("~")
    is_known = any(workspace.id == name for workspace in settings.workspaces)
    return _absolute(Path(name)) if is_path and not is_known else _named(name, settings).path


def _resolved(name: str, settings: Settings) -> str:
    """The directory of a workspace of this machine, for its identifier; anything else as it is."""
    known = (workspace for workspace in settings.workspaces if workspace.id == name and not workspace.is_remote)
    return next((str(workspace.path) for workspace in known), name)


def _named(id: str, settings: Settings) -> WorkspaceSettings:
    workspace = next((workspace for workspace in settings.workspaces if workspace.id == id), None)
    if workspace is None:
        raise UnknownWorkspaceError(id, [workspace.id for workspace in settings.workspaces])
    if workspace.ssh is not None and workspace.ssh.host:
        raise RemoteWorkspaceError(id, workspace.ssh.host)
    return workspace


def _at(path: Path, settings: Settings) -> WorkspaceSettings | None:
    local = (workspace for workspace in settings.workspaces if not workspace.is_remote)
    return next((workspace for workspace in local if workspace.path == path), None)


def _is_triggered(workspace: WorkspaceSettings, experiment_id: str | None) -> bool:
    return experiment_id is not None and any(fnmatchcase(experiment_id, pattern) for pattern in workspace.triggers)


def _default_workspace(settings: Settings) -> WorkspaceSettings:
    path = platformdirs.user_data_path("experimaestro") / "workspace"
    return WorkspaceSettings("default", path, env=dict(settings.env), history=settings.history)


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _structured(root: MappingNode, file: Path) -> Settings:
    tree = _with_absolute_paths(ConfigurationTree(file, _interpolated(root)))
    settings = structure(tree, Settings, keep_paths=True)
    _check_identifiers(settings, tree)
    written = [tree.node(("workspaces", index, "history")) for index in range(len(settings.workspaces))]
    workspaces = [
        evolve(
            workspace,
            env={**settings.env, **workspace.env},
            alt_workspaces=[_resolved(name, settings) for name in workspace.alt_workspaces],
            history=_history(workspace.history, settings.history, node),
        )
        for workspace, node in zip(settings.workspaces, written, strict=True)
    ]
    return evolve(settings, workspaces=workspaces)


def _check_identifiers(settings: Settings, tree: ConfigurationTree) -> None:
    uses = Counter(workspace.id for workspace in settings.workspaces)
    repeated = [index for index, workspace in enumerate(settings.workspaces) if uses[workspace.id] > 1]
    if repeated:
        paths: list[KeyPath] = [("workspaces", index, "id") for index in repeated]
        message = "several workspaces have this identifier"
        raise ConfigurationError(Problem(message, path=path, position=tree.position(path)) for path in paths)


def _history(own: HistorySettings, common: HistorySettings, written: Node | None) -> HistorySettings:
    """The history of a workspace, with the one of the settings where its own says nothing."""
    names = list(written.entries) if isinstance(written, MappingNode) else []
    return evolve(common, **{str(name): getattr(own, str(name)) for name in names})


def _interpolated(root: MappingNode) -> MappingNode:
    """The tree with the values of variables, and text for the environment of jobs."""
    return mapped(interpolated(root), lambda path, scalar: _as_text(scalar) if _is_of_environment(path) else scalar)


def _with_absolute_paths(tree: ConfigurationTree) -> ConfigurationTree:
    """The tree with the directories of this machine, each relative to the file: experiments start anywhere."""

    def change(path: KeyPath, scalar: ScalarNode) -> ScalarNode:
        text = scalar.value
        if not (isinstance(text, str) and text and "\0" not in text and _is_local_directory(path, tree)):
            return scalar
        return scalar._replace(value=beside(scalar.position, text, tree.directory))

    return evolve(tree, root=mapped(tree.root, change))


def _is_local_directory(path: KeyPath, tree: ConfigurationTree) -> bool:
    is_directory = path[:1] == ("workspaces",) and path[-1] == "path" and len(path) in (3, 5)
    host = tree.node((*path[:2], "ssh", "host")) if is_directory else None
    return is_directory and not (isinstance(host, ScalarNode) and host.value)


def _is_of_environment(path: KeyPath) -> bool:
    return path[-2:-1] == ("env",) and len(path) in (2, 4)


def _as_text(scalar: ScalarNode) -> ScalarNode:
    return scalar if scalar.value is None else scalar._replace(value=scalar.text)
