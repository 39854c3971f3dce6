"""Wrong declarations."""

from __future__ import annotations

from experimaestro import Config, Meta, Param, PathGenerator, field, partial


class Wrong(Config):
    size: Param[int] = field(default="3")  # mypy: assignment; pyright: reportAssignmentType
    name: Param[str] = field(default_factory=list)  # mypy: assignment; pyright: reportAssignmentType
    path: Meta[str] = field(default_factory=PathGenerator("a"))  # mypy: assignment; pyright: reportAssignmentType
    both: Param[int] = field(default=1, default_factory=int)  # mypy: call-overload; pyright: reportCallIssue
    group: Param[int] = field(default=1, groups=["group"])  # mypy: list-item; pyright: reportArgumentType
    bare: Param[int] = "3"  # mypy: assignment; pyright: reportAssignmentType
    typo: Param[int] = field(defualt=1)  # mypy: call-overload; pyright: reportCallIssue

    shared = partial(exclude_groups=["group"])  # mypy: list-item; pyright: reportArgumentType


class Base(Config):
    size: Param[int]


class Child(Base):
    size: Param[str]  # mypy: assignment; pyright: reportIncompatibleVariableOverride
