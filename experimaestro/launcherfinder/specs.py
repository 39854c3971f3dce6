"""What a task asks for, what a machine has, and whether they match.

All are values: operators return new ones.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import InitVar, dataclass
from enum import Enum
from itertools import groupby
from typing import Final

from experimaestro.exceptions import HandledException
from experimaestro.launcherfinder.amounts import (
    InvalidAmountError,
    duration_text,
    memory_text,
    parse_memory,
    parse_timespan,
)
from experimaestro.launcherfinder.requirements import CONTRADICTION

__all__ = [
    "AcceleratorSpecification",
    "AcceleratorType",
    "CPUSpecification",
    "ConflictingAcceleratorsError",
    "CudaSpecification",
    "HostRequirement",
    "HostSimpleRequirement",
    "HostSpecification",
    "MPSSpecification",
    "MatchRequirement",
    "RequirementUnion",
    "assigned",
    "cpu",
    "cuda_gpu",
    "duration",
    "gpu",
    "mps_gpu",
    "parse_memory",
]

NOTHING: Final = "cpu(cores=0)"
"""The text of a requirement that asks for nothing."""


class ConflictingAcceleratorsError(HandledException, ValueError):
    """A requirement that no machine meets: CUDA and MPS accelerators at once."""

    def __init__(self) -> None:
        super().__init__(CONTRADICTION)


class AcceleratorType(Enum):
    """Makes of accelerators."""

    CUDA = "cuda"
    MPS = "mps"
    ROCM = "rocm"


@dataclass(frozen=True)
class AcceleratorSpecification:
    """An accelerator: of any make when it is asked for, of an unknown one when a machine has it."""

    memory: int = 0
    """In bytes: what is asked for, or what there is."""
    model: str = ""
    min_memory: int = 0
    """In bytes: the machine refuses those who ask for less."""

    @property
    def accelerator_type(self) -> AcceleratorType | None:
        """Its make; None for any."""
        return None

    @property
    def unified_memory(self) -> bool:
        """Whether its memory is that of the processors."""
        return False

    def match(self, spec: AcceleratorSpecification) -> bool:
        """Whether this accelerator of a machine is what `spec` asks for."""
        is_of_make = spec.accelerator_type in (None, self.accelerator_type)
        return is_of_make and self.min_memory <= spec.memory <= self.memory

    def __str__(self) -> str:
        name = "gpu" if self.accelerator_type is None else self.accelerator_type.value
        return f"{name}(mem={memory_text(self.memory)})" if self.memory else f"{name}()"


@dataclass(frozen=True)
class CudaSpecification(AcceleratorSpecification):
    """An accelerator of NVIDIA."""

    @property
    def accelerator_type(self) -> AcceleratorType:
        return AcceleratorType.CUDA


@dataclass(frozen=True)
class MPSSpecification(AcceleratorSpecification):
    """The accelerator of Apple processors."""

    @property
    def accelerator_type(self) -> AcceleratorType:
        return AcceleratorType.MPS

    @property
    def unified_memory(self) -> bool:
        return True


@dataclass(frozen=True)
class CPUSpecification:
    """Processors and their memory."""

    memory: int = 0
    """In bytes."""
    cores: int = 0
    mem_per_cpu: int = 0
    """In bytes: of a machine that gives memory by the core."""
    cpu_per_gpu: int = 0
    """Of a machine that gives cores by the accelerator."""

    def match(self, other: CPUSpecification) -> bool:
        """Whether the processors of a machine are what `other` asks for."""
        return self.cores >= other.cores and self.total_memory() >= other.memory

    def total_memory(self, gpus: int = 0) -> int:
        """The bytes of memory, given the number of accelerators."""
        return max(self.memory, self.mem_per_cpu * max(self.cores, self.cpu_per_gpu * gpus))

    def __str__(self) -> str:
        memory = [f"mem={memory_text(self.memory)}"] if self.memory else []
        return f"cpu({', '.join([*memory, f'cores={self.cores}'])})"


@dataclass(frozen=True, kw_only=True)
class HostSpecification:
    """A machine, or a kind of machine."""

    accelerators: Sequence[AcceleratorSpecification] = ()
    """Those with most memory first."""
    cuda: InitVar[Sequence[CudaSpecification]] = ()
    """Added to the accelerators."""
    cpu: CPUSpecification = CPUSpecification()
    priority: float = 0
    """The score of a match."""
    max_duration: int = 0
    """In seconds: what asks for more does not match; 0 if there is no limit."""
    min_gpu: int = 0
    """What asks for fewer accelerators does not match."""

    def __post_init__(self, cuda: Sequence[CudaSpecification]) -> None:
        object.__setattr__(self, "accelerators", _sorted([*self.accelerators, *cuda]))


@dataclass(frozen=True)
class MatchRequirement:
    """A machine meets a requirement."""

    score: float
    requirement: HostSimpleRequirement
    """The alternative that is met."""


class HostRequirement(ABC):
    """What a task asks of a machine: one conjunction, or several alternatives."""

    @property
    @abstractmethod
    def alternatives(self) -> tuple[HostSimpleRequirement, ...]:
        """What is asked for, the preferred one first."""

    @abstractmethod
    def match(self, host: HostSpecification) -> MatchRequirement | None:
        """Says which alternative a machine meets best (the first one among equals); None when it meets none."""

    @abstractmethod
    def multiply_duration(self, coefficient: float) -> HostRequirement:
        """Returns the same requirement for longer, or shorter: the duration is rounded up to seconds."""

    def __or__(self, other: HostRequirement) -> RequirementUnion:
        return RequirementUnion(self, other)


@dataclass(frozen=True, init=False)
class HostSimpleRequirement(HostRequirement):
    """All this at once."""

    cpu: CPUSpecification
    accelerators: tuple[AcceleratorSpecification, ...]
    """Those with most memory first."""
    duration: int
    """In seconds; 0 if nothing is asked for."""

    def __init__(
        self,
        *requirements: HostSimpleRequirement,
        cpu: CPUSpecification = CPUSpecification(),
        accelerators: Iterable[AcceleratorSpecification] = (),
        duration: int = 0,
    ) -> None:
        """Asks for all of `requirements` and what else is given: the most cores, memory and time, each accelerator.

        Raises ConflictingAcceleratorsError.
        """
        wanted = [*(accelerator for each in requirements for accelerator in each.accelerators), *accelerators]
        if {AcceleratorType.CUDA, AcceleratorType.MPS} <= {each.accelerator_type for each in wanted}:
            raise ConflictingAcceleratorsError
        processors = [cpu, *(each.cpu for each in requirements)]
        most = CPUSpecification(max(each.memory for each in processors), max(each.cores for each in processors))
        object.__setattr__(self, "cpu", most)
        object.__setattr__(self, "accelerators", _sorted(wanted))
        object.__setattr__(self, "duration", max(duration, *(each.duration for each in requirements), 0))

    @property
    def alternatives(self) -> tuple[HostSimpleRequirement, ...]:
        return (self,)

    @property
    def cuda_gpus(self) -> tuple[CudaSpecification, ...]:
        """The CUDA accelerators among those asked for."""
        return tuple(each for each in self.accelerators if isinstance(each, CudaSpecification))

    def match(self, host: HostSpecification) -> MatchRequirement | None:
        taken = assigned(self.accelerators, host.accelerators)
        is_met = (
            taken is not None
            and len(taken) >= host.min_gpu
            and host.cpu.match(self.cpu)
            and _share_memory(self, taken, host)
            and (not host.max_duration or self.duration <= host.max_duration)
        )
        return MatchRequirement(host.priority, self) if is_met else None

    def multiply_duration(self, coefficient: float) -> HostSimpleRequirement:
        if not 0 <= coefficient < math.inf:
            raise InvalidAmountError(coefficient, "a positive number")
        return HostSimpleRequirement(
            cpu=self.cpu, accelerators=self.accelerators, duration=math.ceil(self.duration * coefficient)
        )

    def __and__(self, other: HostSimpleRequirement) -> HostSimpleRequirement:
        return HostSimpleRequirement(self, other)

    def __mul__(self, count: int) -> HostSimpleRequirement:
        """Asks for so many times the accelerators."""
        if count < 1:
            raise InvalidAmountError(count, "a number of accelerators: 1 or more")
        return HostSimpleRequirement(cpu=self.cpu, accelerators=self.accelerators * count, duration=self.duration)

    def __str__(self) -> str:
        parts = [f"duration={duration_text(self.duration)}"] if self.duration else []
        for accelerator, equal in groupby(map(str, self.accelerators)):
            count = sum(1 for _ in equal)
            parts.append(accelerator if count == 1 else f"{accelerator} * {count}")
        if self.cpu != CPUSpecification():
            parts.append(str(self.cpu))
        return " & ".join(parts) or NOTHING

    def __repr__(self) -> str:
        return f"Req({self})"


@dataclass(frozen=True, init=False)
class RequirementUnion(HostRequirement):
    """One of these alternatives."""

    requirements: tuple[HostSimpleRequirement, ...]

    def __init__(self, *requirements: HostRequirement) -> None:
        flattened = tuple(alternative for each in requirements for alternative in each.alternatives)
        object.__setattr__(self, "requirements", flattened)

    @property
    def alternatives(self) -> tuple[HostSimpleRequirement, ...]:
        return self.requirements

    def match(self, host: HostSpecification) -> MatchRequirement | None:
        matches = [found for each in self.requirements if (found := each.match(host)) is not None]
        return max(matches, key=lambda found: found.score, default=None)

    def multiply_duration(self, coefficient: float) -> RequirementUnion:
        return RequirementUnion(*(each.multiply_duration(coefficient) for each in self.requirements))

    def __str__(self) -> str:
        return " | ".join(map(str, self.requirements))

    def __repr__(self) -> str:
        return f"Req({self})"


def cpu(*, mem: str | int | None = None, cores: int = 1) -> HostSimpleRequirement:
    """Asks for processors, with memory such as ``"4G"`` or in bytes.

    Raises InvalidAmountError.
    """
    return HostSimpleRequirement(cpu=CPUSpecification(_memory(mem), _not_negative(cores)))


def cuda_gpu(*, mem: str | int | None = None) -> HostSimpleRequirement:
    """Asks for a CUDA accelerator, with memory such as ``"4G"`` or in bytes; ``cuda_gpu() * 2`` asks for two.

    Raises InvalidAmountError.
    """
    return HostSimpleRequirement(accelerators=[CudaSpecification(_memory(mem))])


def mps_gpu(*, mem: str | int | None = None) -> HostSimpleRequirement:
    """Asks for an MPS accelerator, with memory such as ``"4G"`` or in bytes.

    Raises InvalidAmountError.
    """
    return HostSimpleRequirement(accelerators=[MPSSpecification(_memory(mem))])


def gpu(*, mem: str | int | None = None) -> HostSimpleRequirement:
    """Asks for an accelerator of any make, with memory such as ``"4G"`` or in bytes.

    Raises InvalidAmountError.
    """
    return HostSimpleRequirement(accelerators=[AcceleratorSpecification(_memory(mem))])


def duration(timespec: str | float) -> HostSimpleRequirement:
    """Asks for time: ``"5h"``, ``"1h30m"``, ``"4 days"``, or seconds, rounded up.

    Raises InvalidAmountError.
    """
    seconds = parse_timespan(timespec) if isinstance(timespec, str) else timespec
    if not 0 <= seconds < math.inf:
        raise InvalidAmountError(timespec, "a duration such as '5h', or seconds")
    return HostSimpleRequirement(duration=math.ceil(seconds))


def assigned(
    wanted: Sequence[AcceleratorSpecification], there: Sequence[AcceleratorSpecification]
) -> tuple[AcceleratorSpecification, ...] | None:
    """Returns one accelerator of a machine for each of those asked for, None if there are not enough.

    Who asks for most memory takes first, and takes what would be refused to those who ask for less.
    """
    free = list(there)
    taken: list[AcceleratorSpecification] = []
    for each in _sorted(wanted):
        fitting = [accelerator for accelerator in free if accelerator.match(each)]
        if not fitting:
            return None
        taken.append(max(fitting, key=lambda accelerator: accelerator.min_memory))
        free.remove(taken[-1])
    return tuple(taken)


def _share_memory(
    wanted: HostSimpleRequirement, taken: Sequence[AcceleratorSpecification], host: HostSpecification
) -> bool:
    """Whether memory is enough for processors and accelerators where it is the same."""
    unified = [each.memory for each in taken if each.unified_memory]
    if not unified:
        return True
    there = host.cpu.total_memory() or max(unified)
    return wanted.cpu.memory + sum(each.memory for each in wanted.accelerators) <= there


def _sorted(accelerators: Iterable[AcceleratorSpecification]) -> tuple[AcceleratorSpecification, ...]:
    return tuple(sorted(accelerators, key=lambda accelerator: accelerator.memory, reverse=True))


def _memory(mem: str | int | None) -> int:
    return parse_memory(mem) if isinstance(mem, str) else _not_negative(mem or 0)


def _not_negative(number: int) -> int:
    if number < 0:
        raise InvalidAmountError(number, "0 or more")
    return number
