"""Tokens and connectors that users describe once."""

from __future__ import annotations

from pathlib import Path

import pytest

from experimaestro import LauncherRegistry
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.connectors.local import LocalConnector
from experimaestro.exceptions import HandledException
from experimaestro.launcherfinder.declared import RemoteConnectorError, UnknownConnectorError, UnknownTokenError


def test_token_is_one_of_this_machine(directory: Path, tmp_path: Path) -> None:
    (directory / "tokens.yaml").write_text("countertoken:\n  gpu:\n    tokens: 2\n")
    registry = LauncherRegistry.instance()
    token = registry.getToken("gpu")
    assert (token.name, token.total, token.available) == ("gpu", 2, 2)
    assert token.path == tmp_path / "local/tokens/gpu.counter"
    assert registry.getToken("gpu") is token


@pytest.mark.parametrize("files", [{}, {"tokens.yaml": ""}])
def test_token_must_be_described(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (directory / name).write_text(text)
    with pytest.raises(UnknownTokenError, match=r"tokens.yaml: unknown token 'gpu' \(there is none\)"):
        LauncherRegistry.instance().getToken("gpu")


def test_nearest_token_is_named(directory: Path) -> None:
    (directory / "tokens.yaml").write_text("countertoken: {memory: {tokens: 2}}\n")
    with pytest.raises(UnknownTokenError, match=r"unknown token 'memry' \(known: memory\); did you mean 'memory'\?"):
        LauncherRegistry.instance().getToken("memry")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("countertoken: {gpu: {token: 2}}", r":1:22: countertoken.gpu.token: unknown key; did you mean 'tokens'\?"),
        ("countertoken: {gpu: 2}", r":1:21: countertoken.gpu: found 2, expected mapping"),
        ("countertoken: {gpu: {tokens: many}}", r":1:30: countertoken.gpu.tokens: found 'many', expected int"),
        ("countertokens: {}", r":1:1: countertokens: unknown key; did you mean 'countertoken'\?"),
        ("- gpu", r":1:1: found a list, expected a mapping"),
    ],
)
def test_mistake_in_the_tokens_is_told_with_its_place(directory: Path, text: str, message: str) -> None:
    (directory / "tokens.yaml").write_text(text)
    with pytest.raises(ConfigurationError, match=f"tokens.yaml{message}"):
        LauncherRegistry.instance().getToken("gpu")


def test_local_connector_is_always_there(directory: Path) -> None:
    (directory / "connectors.yaml").write_text("broken: [")
    assert LauncherRegistry.instance().getConnector("local") is LocalConnector.instance()


def test_connector_has_its_directory(directory: Path) -> None:
    (directory / "connectors.yaml").write_text("local: {scratch: {localpath: /scratch/me}}\n")
    assert LauncherRegistry.instance().getConnector("scratch").localpath == Path("/scratch/me")


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("skratch", UnknownConnectorError, r"unknown connector 'skratch' \(known: local, scratch\); did you mean"),
        ("far", RemoteConnectorError, "connector 'far' goes through ssh, which runs no jobs yet"),
    ],
)
def test_connector_that_cannot_be_used(directory: Path, name: str, kind: type[HandledException], message: str) -> None:
    (directory / "connectors.yaml").write_text("local: {scratch: {}}\nssh: {far: {hostname: far.org}}\n")
    with pytest.raises(kind, match=message):
        LauncherRegistry.instance().getConnector(name)
