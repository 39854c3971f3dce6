"""Requirement strings to requirements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from experimaestro.launcherfinder.requirements import Conjunction
from experimaestro.launcherfinder.requirements import parse as conjunctions
from experimaestro.launcherfinder.specs import (
    AcceleratorSpecification,
    CPUSpecification,
    CudaSpecification,
    HostSimpleRequirement,
    MPSSpecification,
    RequirementUnion,
)

MAKES: Final[Mapping[str, type[AcceleratorSpecification]]] = {
    "gpu": AcceleratorSpecification,
    "cuda": CudaSpecification,
    "mps": MPSSpecification,
}


def parse(expr: str) -> RequirementUnion:
    """Reads a requirement, and returns its alternatives, be there only one.

    Of several durations and processors in a conjunction, the largest count; accelerators add up. Raises
    InvalidRequirementError.
    """
    return RequirementUnion(*map(_requirement, conjunctions(expr)))


def _requirement(wanted: Conjunction) -> HostSimpleRequirement:
    accelerators = [MAKES[each.make](each.memory) for each in wanted.accelerators for _ in range(each.number)]
    return HostSimpleRequirement(
        cpu=CPUSpecification(wanted.memory, wanted.cores), accelerators=accelerators, duration=wanted.duration
    )
