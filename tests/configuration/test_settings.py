from __future__ import annotations

from pathlib import Path

import pytest

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.settings import (
    CarbonSettings,
    FolderMode,
    FolderSettings,
    HistorySettings,
    RemoteWorkspaceError,
    ServerSettings,
    Settings,
    SSHSettings,
    UnknownWorkspaceError,
    WorkspaceSettings,
    find_workspace,
    get_settings,
    get_workspace,
    get_workspace_by_path,
)

TWO = """\
workspaces:
  - {id: small, path: ~/small}
  - {id: big, path: /big, triggers: ["big-*", "[a-c]x"]}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home directory, which is the current one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str) -> None:
    path = Path.home() / ".config" / "experimaestro" / "settings.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def settings_of(text: str) -> Settings:
    write(text)
    return get_settings()


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}", "workspaces: []"])
def test_an_empty_file_means_no_settings(text: str) -> None:
    assert settings_of(text) == Settings()


def test_without_a_file_everything_has_its_default() -> None:
    assert get_settings() == Settings(
        server=ServerSettings(port=None, host=None, autohost=None, token=None),
        workspaces=[],
        env={},
        history=HistorySettings(max_done=5, max_failed=1),
        carbon=CarbonSettings(
            enabled=True,
            provider="codecarbon",
            country_iso_code=None,
            region=None,
            report_interval_s=60.0,
            warn_if_unavailable=True,
        ),
    )


def test_everything_can_be_set(home: Path) -> None:
    text = """\
server: {port: 8080, autohost: fqdn}
env: {A: a}
history: {max_done: 2}
carbon: {enabled: false}
workspaces:
  - id: full
    path: ~/full
    env: {B: b}
    alt_workspaces: [other]
    folders: [{path: /backup, mode: backup}]
    max_retries: 1
    lock_mode: "0660"
    triggers: [full*]
    history: {max_failed: 7}
  - id: far
    path: ~/far
    ssh: {host: cluster, options: [-v]}
"""
    assert settings_of(text) == Settings(
        server=ServerSettings(port=8080, autohost="fqdn"),
        env={"A": "a"},
        history=HistorySettings(max_done=2),
        carbon=CarbonSettings(enabled=False),
        workspaces=[
            WorkspaceSettings(
                "full",
                home / "full",
                env={"A": "a", "B": "b"},
                alt_workspaces=["other"],
                folders=[FolderSettings(Path("/backup"), FolderMode.BACKUP)],
                max_retries=1,
                lock_mode="0660",
                triggers=["full*"],
                history=HistorySettings(max_done=2, max_failed=7),
            ),
            WorkspaceSettings(
                "far",
                Path("~/far"),
                env={"A": "a"},
                history=HistorySettings(max_done=2),
                ssh=SSHSettings(host="cluster", options=["-v"]),
            ),
        ],
    )


def test_a_file_may_be_given(home: Path) -> None:
    (home / "mine.yaml").write_text("env: {A: a}")
    assert get_settings(home / "mine.yaml").env == {"A": "a"}


def test_a_file_that_is_given_must_exist(home: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"mine\.yaml: no such file"):
        get_settings(home / "mine.yaml")


def test_a_directory_may_be_given(home: Path) -> None:
    (home / "settings.yaml").write_text("env: {A: a}")
    assert get_settings(config_dir=home).env == {"A": "a"}
    assert get_settings(config_dir=home / "none").env == {}


def test_a_file_that_changed_is_read_again() -> None:
    assert settings_of("env: {A: 1}").env == {"A": "1"}
    assert settings_of("env: {A: 2}").env == {"A": "2"}


def test_scalars_of_the_environment_are_texts_as_written() -> None:
    text = "env: {A: 1, B: true, C: 1.50, D: 0x1f, E: 'x'}\nworkspaces: [{id: a, path: /a, env: {F: 1e3}}]\n"
    settings = settings_of(text)
    assert settings.env == {"A": "1", "B": "true", "C": "1.50", "D": "0x1f", "E": "x"}
    assert settings.workspaces[0].env["F"] == "1e3"


def test_a_workspace_has_the_environment_of_the_settings_and_the_last_word() -> None:
    settings = settings_of("env: {A: 1, B: 1}\nworkspaces: [{id: a, path: /a, env: {B: 2}}]\n")
    assert settings.workspaces[0].env == {"A": "1", "B": "2"}
    assert find_workspace(workdir=Path("/b"), settings=settings).env == {"A": "1", "B": "1"}


@pytest.mark.parametrize(
    "form", ["${env:WORK}", "${env.WORK}", "${oc.env:WORK}", "${oc.env.WORK}", "${oc.env:WORK,/w}"]
)
def test_environment_variables_are_replaced(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORK", "/plans")
    text = f"env: {{A: 'a {form} b'}}\nworkspaces: [{{id: x, path: '{form}/sub'}}]\n"
    settings = settings_of(text)
    assert settings.env == {"A": "a /plans b"}
    assert settings.workspaces[0].path == Path("/plans/sub")


def test_a_variable_may_have_a_default() -> None:
    assert settings_of('env: {A: "${oc.env:NOT_SET,some text}", B: "${env:NOT_SET,}"}').env == {
        "A": "some text",
        "B": "",
    }


def test_a_variable_without_quotes_may_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8080")
    assert settings_of("server:\n  port: ${env:PORT}\n  token: '${env:PORT}'\n").server == ServerSettings(
        port=8080, token="8080"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "1:1: found a list, expected a mapping (key: value)"),
        ("sever: {}\n", "1:1: sever: unknown key; did you mean 'server'?"),
        ("server:\n  port: http\n", "2:9: server.port: found 'http', expected int or null"),
        (
            "server: {autohost: fdqn}\n",
            "1:20: server.autohost: found 'fdqn', expected one of 'fqdn', 'name' or null; did you mean 'fqdn'?",
        ),
        ("env: {A: [1]}\n", "1:10: env.A: found a list, expected str"),
        ("env: {A: }\n", "1:10: env.A: found null, expected str"),
        ("env: {A: '${env:NOT_SET}'}\n", "1:10: env.A: the environment variable NOT_SET is not set"),
        ("workspaces:\n  - id: a\n", "2:5: workspaces.0.path: missing, expected path"),
        (
            "workspaces:\n  - {id: a, path: /a}\n  - {id: a, path: /b}\n",
            "2:10: workspaces.0.id: several workspaces have this identifier\n"
            "FILE:3:10: workspaces.1.id: several workspaces have this identifier",
        ),
        (
            "workspaces: [{id: a, path: /a, lock_mode: 0660}]\n",
            "1:43: workspaces.0.lock_mode: found 0660, write it without the leading 0, as 0o… if it is octal, or quote it",
        ),
        ("history: {max_done: -1}\n", "1:21: history.max_done: 'max_done' must be >= 0: -1"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, message: str, home: Path) -> None:
    file = home / ".config" / "experimaestro" / "settings.yaml"
    with pytest.raises(ConfigurationError) as caught:
        settings_of(text)
    assert str(caught.value) == f"{file}:{message.replace('FILE', str(file))}"


def test_the_path_of_a_workspace_is_absolute_unless_it_is_remote(home: Path) -> None:
    assert WorkspaceSettings("a", Path("~/a")).path == home / "a"
    assert WorkspaceSettings(id="a", path=Path("a")).path == home / "a"
    assert WorkspaceSettings("a", Path("~/a"), ssh=SSHSettings(host="far")).path == Path("~/a")


def test_a_relative_path_is_beside_the_settings(home: Path) -> None:
    text = """\
workspaces:
  - {id: near, path: work, folders: [{path: ../old}, {path: ~/older}]}
  - {id: far, path: work, folders: [{path: old}], ssh: {host: cluster}}
  - {id: also near, path: more, ssh: {host: ""}}
"""
    near, far, also_near = settings_of(text).workspaces
    settings = home / ".config" / "experimaestro"
    assert (near.path, also_near.path) == (settings / "work", settings / "more")
    assert [folder.path for folder in near.folders] == [home / ".config" / "old", home / "older"]
    assert (far.path, far.folders) == (Path("work"), [FolderSettings(Path("old"))])


def test_a_named_workspace_is_found(home: Path) -> None:
    write(TWO)
    assert find_workspace(workspace="small", experiment_id="big-1") == WorkspaceSettings("small", home / "small")


def test_a_named_workspace_may_be_elsewhere_for_once() -> None:
    settings = settings_of(TWO)
    assert find_workspace(workspace="big", workdir=Path("/else"), settings=settings).path == Path("/else")
    assert find_workspace(workspace="big", settings=settings).path == Path("/big")


def test_an_unknown_workspace_is_refused() -> None:
    write(TWO)
    with pytest.raises(UnknownWorkspaceError) as caught:
        find_workspace(workspace="bigg")
    assert str(caught.value) == "unknown workspace 'bigg' (known: small, big); did you mean 'big'?"


def test_a_directory_is_a_workspace() -> None:
    write(TWO)
    assert find_workspace(workdir=Path("~/new"), experiment_id="big-1") == WorkspaceSettings("", Path("~/new"))


def test_the_directory_of_a_known_workspace_is_that_workspace() -> None:
    write(TWO)
    assert find_workspace(workdir=Path("/big")).id == "big"


@pytest.mark.parametrize(
    ("experiment", "workspace"), [("big-1", "big"), ("bx", "big"), ("BIG-1", "small"), (None, "small")]
)
def test_the_first_triggered_workspace_is_chosen_or_else_the_first(experiment: str | None, workspace: str) -> None:
    write(TWO)
    assert find_workspace(experiment_id=experiment).id == workspace


def test_a_remote_workspace_is_not_chosen() -> None:
    write("workspaces: [{id: far, path: /far, triggers: ['*'], ssh: {host: far}}, {id: near, path: /near}]")
    assert find_workspace(experiment_id="x").id == "near"
    with pytest.raises(RemoteWorkspaceError, match="'far' is on far"):
        find_workspace(workspace="far")


def test_without_settings_there_is_a_default_workspace(home: Path) -> None:
    workspace = find_workspace()
    assert workspace.id == "default"
    assert workspace.path.is_relative_to(home)
    assert workspace.path.parts[-2:] == ("experimaestro", "workspace")


def test_workspaces_are_looked_up_by_identifier_and_by_path() -> None:
    write(TWO + "  - {id: far, path: /far, ssh: {host: far}}\n")
    assert get_workspace("big") == get_workspace_by_path(Path("/big")) == get_settings().workspaces[1]
    assert get_workspace() == get_settings().workspaces[0]
    assert get_workspace("none") is None
    assert get_workspace("far") is None
    assert get_workspace("far", include_remote=True) is not None
