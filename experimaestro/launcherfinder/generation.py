"""The files ``launchers.py`` and ``tokens.yaml`` for one machine that runs jobs itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from experimaestro.exceptions import HandledException
from experimaestro.launcherfinder.declared import TOKENS_FILE
from experimaestro.launcherfinder.directory import LAUNCHERS_FILE
from experimaestro.launcherfinder.machine import MIB, Machine

UNIT: Final = 256 * MIB
"""Bytes of memory that a unit of the token stands for."""

RESERVED: Final = 2 * 2**30
"""Bytes of memory that are left to everything else."""


class SmallMachineError(HandledException):
    """Nothing would be left for jobs."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(f"found {machine.memory // MIB} MiB of memory, expected {(RESERVED + UNIT) // MIB} or more")


def files_of(machine: Machine) -> Mapping[str, str]:
    """Writes the files: jobs that say what they need never take more of a machine than there is.

    Raises SmallMachineError.
    """
    units = (machine.memory - RESERVED) // UNIT
    if units < 1:
        raise SmallMachineError(machine)
    return {LAUNCHERS_FILE: _launchers(machine, units * UNIT), TOKENS_FILE: _tokens(machine, units)}


def _tokens(machine: Machine, units: int) -> str:
    lines = ["countertoken:", f"  memory:  # in units of {UNIT // MIB} MiB", f"    tokens: {units}"]
    if machine.cuda:
        lines += ["  gpu:  # accelerators", f"    tokens: {len(machine.cuda)}"]
    return "".join(f"{line}\n" for line in lines)


def _launchers(machine: Machine, memory: int) -> str:
    kinds = [*["CudaSpecification"] * bool(machine.cuda), *["MPSSpecification"] * machine.is_unified]
    accelerators = [f"CudaSpecification(memory={each})" for each in machine.cuda]
    accelerators += [f"MPSSpecification(memory={memory})"] * machine.is_unified
    unified = " + sum(each.memory for each in wanted.accelerators)" if machine.is_unified else ""
    return _TEMPLATE.format(
        names="".join(f"    {name},\n" for name in sorted([*_NAMES, *kinds], key=str.upper)),
        unit=UNIT,
        memory=memory,
        cores=machine.cores,
        accelerators="".join(f"        {each},\n" for each in accelerators),
        unified=unified,
        gpu=_GPU if machine.cuda else "",
    )


_NAMES: Final = ("CPUSpecification", "HostRequirement", "HostSpecification", "LauncherRegistry")

_TEMPLATE: Final = '''\
"""Which launcher tasks get. Made by `experimaestro launchers direct generate`: change it as you like."""

from experimaestro.launcherfinder import (
{names})
from experimaestro.launchers import DirectLauncher, Launcher

MEMORY_UNIT = {unit}
"""Bytes that a unit of the token `memory` stands for, see tokens.yaml."""

HOST = HostSpecification(
    cpu=CPUSpecification(memory={memory}, cores={cores}),
    accelerators=[
{accelerators}    ],
)


def find_launcher(requirements: HostRequirement, tags: set[str]) -> Launcher | None:
    match = requirements.match(HOST)
    if match is None:
        return None
    wanted = match.requirement
    launcher = DirectLauncher()
    memory = wanted.cpu.memory{unified}
    if memory > 0:
        units = -(-memory // MEMORY_UNIT)
        token = LauncherRegistry.instance().getToken("memory")
        launcher.add_listener(lambda job: job.dependencies.add(token.dependency(units)))
{gpu}    return launcher
'''

_GPU: Final = """\
    gpus = len(wanted.accelerators)
    if gpus > 0:  # counts the accelerators that are taken; which one a job uses is its own choice
        gpu = LauncherRegistry.instance().getToken("gpu")
        launcher.add_listener(lambda job: job.dependencies.add(gpu.dependency(gpus)))
"""
