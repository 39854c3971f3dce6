"""Outputs are registered in a job, with a method of what the task has, and plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from experimaestro import Config, DependentMarker, Param
from experimaestro.core.environment import Env
from experimaestro.core.names import ConfigIdentifier


class Watched(Config):
    size: Param[int]

    def output(self, dep: DependentMarker, value: Any, **more: Any) -> Config:  # Any: what is registered
        return dep(Watched.C(size=value))


class Color(Enum):
    RED = 1


class Recorder:
    def __init__(self) -> None:
        self.found: list[tuple[str, Sequence[object], Mapping[str, object]]] = []

    def register(self, key: str, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
        self.found.append((key, args, kwargs))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    recorder = Recorder()
    monkeypatch.setattr(Env.instance(), "outputs", recorder)
    return recorder


@pytest.fixture
def watched() -> Watched:
    """An object as the process of a job reads it."""
    instance = Watched()
    vars(instance)["__xpmidentifier__"] = ConfigIdentifier(b"\x01" * 32)
    return instance


@pytest.mark.parametrize("value", [None, True, 3, 0.5, "text", [1, [2.5]], {"a": [None]}, (1, "b"), Path("here")])
def test_plain_data_are_registered(recorder: Recorder, watched: Watched, value: object) -> None:
    watched.register_task_output(watched.output, value, more=value)
    assert recorder.found == [(f"{'01' * 32}/output", (value,), {"more": value})]


@pytest.mark.parametrize("value", [b"bytes", {1}, Color.RED, {1: "a"}, [[object]], {"a": (b"x",)}, {"$path": "here"}])
def test_anything_else_is_refused(recorder: Recorder, watched: Watched, value: object) -> None:
    with pytest.raises(
        TypeError, match=r"register_task_output\(output, ...\): argument 2 is .*expected numbers, texts"
    ):
        watched.register_task_output(watched.output, 1, value)  # type: ignore[call-arg]  # pyright: ignore  # one too many
    with pytest.raises(TypeError, match=r"register_task_output\(output, ...\): more is "):
        watched.register_task_output(watched.output, 1, more=value)
    assert recorder.found == []


def test_the_method_belongs_to_something_that_the_task_has(recorder: Recorder, watched: Watched) -> None:
    for method in (Watched().output, Watched.output, print):
        with pytest.raises(TypeError, match="takes a method of the task or of one of its parameters, found <"):
            watched.register_task_output(method, 1)
    assert recorder.found == []


def test_there_must_be_a_running_task(watched: Watched) -> None:
    with pytest.raises(RuntimeError, match="no task is running in this process"):
        watched.register_task_output(watched.output, 1)
