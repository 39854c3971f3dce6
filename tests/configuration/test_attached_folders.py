"""Which folders a workspace has."""

from __future__ import annotations

from pathlib import Path

import pytest

from experimaestro.settings import (
    FolderMode,
    FolderSettings,
    OwnFolderError,
    RemoteWorkspaceError,
    Settings,
    SSHSettings,
    UnknownWorkspaceError,
    WorkspaceSettings,
    attached_folders,
    get_settings,
)

OLD = FolderSettings(Path("/old"))
SETTINGS = Settings(
    workspaces=[WorkspaceSettings("old", Path("/old")), WorkspaceSettings("far", Path("x"), ssh=SSHSettings("host"))]
)


def attached(*folders: FolderSettings, former: list[str] | None = None) -> list[FolderSettings]:
    workspace = WorkspaceSettings("here", Path("/here"), folders=list(folders), alt_workspaces=former or [])
    return attached_folders(workspace, settings=SETTINGS)


def test_a_path_is_absolute_and_may_begin_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert attached(FolderSettings(Path("~/old"), FolderMode.BACKUP)) == [
        FolderSettings(Path("/home/me/old"), FolderMode.BACKUP)
    ]


@pytest.mark.parametrize("name", ["old", "/old"])
def test_a_former_alternative_is_a_folder_to_use(name: str) -> None:
    assert attached(former=[name]) == [OLD]


def test_a_directory_is_attached_once_in_its_first_mode() -> None:
    backup = FolderSettings(Path("/old"), FolderMode.BACKUP)
    assert attached(backup, OLD, former=["old", "/older"]) == [backup, FolderSettings(Path("/older"))]


def test_a_workspace_looks_nothing_up_in_itself() -> None:
    assert attached(FolderSettings(Path("/here")), former=["/here", "old"]) == [OLD]


@pytest.mark.parametrize("mode", [FolderMode.BACKUP, FolderMode.MOVE])
def test_a_workspace_is_not_copied_to_itself(mode: FolderMode) -> None:
    with pytest.raises(OwnFolderError, match=r"workspace 'here': its folder /here is the workspace itself"):
        attached(FolderSettings(Path("/here"), mode))


def test_an_alternative_must_be_known_and_here() -> None:
    with pytest.raises(UnknownWorkspaceError, match=r"unknown workspace 'odl' .*did you mean 'old'"):
        attached(former=["odl"])
    with pytest.raises(RemoteWorkspaceError):
        attached(former=["far"])


def test_an_identifier_is_that_of_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text("workspaces: [{id: a, path: /a, alt_workspaces: [b, c]}, {id: b, path: /b}]\n")
    assert get_settings(file).workspaces[0].alt_workspaces == ["/b", "c"]
