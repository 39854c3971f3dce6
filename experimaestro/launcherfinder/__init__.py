"""From a requirement, such as ``duration=1h & gpu(mem=4G)``, to a launcher.

Names are found when they are first used: a type checker that reads requirements imports nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experimaestro.launcherfinder.directory import LauncherNotFoundError as LauncherNotFoundError
    from experimaestro.launcherfinder.directory import LauncherRegistry as LauncherRegistry
    from experimaestro.launcherfinder.finding import find_launcher as find_launcher
    from experimaestro.launcherfinder.parser import parse as parse
    from experimaestro.launcherfinder.requirements import InvalidRequirementError as InvalidRequirementError
    from experimaestro.launcherfinder.specs import AcceleratorSpecification as AcceleratorSpecification
    from experimaestro.launcherfinder.specs import AcceleratorType as AcceleratorType
    from experimaestro.launcherfinder.specs import CPUSpecification as CPUSpecification
    from experimaestro.launcherfinder.specs import CudaSpecification as CudaSpecification
    from experimaestro.launcherfinder.specs import HostRequirement as HostRequirement
    from experimaestro.launcherfinder.specs import HostSimpleRequirement as HostSimpleRequirement
    from experimaestro.launcherfinder.specs import HostSpecification as HostSpecification
    from experimaestro.launcherfinder.specs import MatchRequirement as MatchRequirement
    from experimaestro.launcherfinder.specs import MPSSpecification as MPSSpecification
    from experimaestro.launcherfinder.specs import RequirementUnion as RequirementUnion
    from experimaestro.launcherfinder.specs import cpu as cpu
    from experimaestro.launcherfinder.specs import cuda_gpu as cuda_gpu
    from experimaestro.launcherfinder.specs import duration as duration
    from experimaestro.launcherfinder.specs import gpu as gpu
    from experimaestro.launcherfinder.specs import mps_gpu as mps_gpu

__all__ = [  # constants are not set apart
    "AcceleratorSpecification",
    "AcceleratorType",
    "CPUSpecification",
    "CudaSpecification",
    "HostRequirement",
    "HostSimpleRequirement",
    "HostSpecification",
    "InvalidRequirementError",
    "LauncherNotFoundError",
    "LauncherRegistry",
    "MPSSpecification",
    "MatchRequirement",
    "RequirementUnion",
    "cpu",
    "cuda_gpu",
    "duration",
    "find_launcher",
    "gpu",
    "mps_gpu",
    "parse",
]

_HOMES = {
    "finding": ("find_launcher",),
    "parser": ("parse",),
    "directory": ("LauncherNotFoundError", "LauncherRegistry"),
    "requirements": ("InvalidRequirementError",),
}
"""The module of each name; the others are in `specs`."""


def __getattr__(name: str) -> object:
    if name not in __all__ and name not in ("parser", "registry", "requirements", "specs"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in __all__:
        return import_module(f"{__name__}.{name}")
    home = next((module for module, names in _HOMES.items() if name in names), "specs")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
