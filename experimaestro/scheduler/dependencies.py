"""Kept for existing code: what a job can need."""

from __future__ import annotations

from typing import TypeAlias

from experimaestro.scheduler.job import JobDependency
from experimaestro.scheduler.tokens import TokenDependency

__all__ = ["Dependency", "JobDependency", "TokenDependency"]

Dependency: TypeAlias = JobDependency | TokenDependency
