"""Those who are to be told of what the job of a task does, before there is a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Followers:
    """The functions of users that wait for the submission of a task."""

    __slots__ = ("completion", "outputs")

    def __init__(self) -> None:
        self.completion: list[Callable[[], object]] = []
        """To be called when it succeeds."""
        self.outputs: list[tuple[Callable[..., Any], Callable[[Any], object]]] = []  # Any: the values of users
        """Methods that describe what it produces while it runs; what is to be called with each result."""
