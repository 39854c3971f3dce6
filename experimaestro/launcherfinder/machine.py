"""What this machine has."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from typing import Final, NamedTuple

from experimaestro.exceptions import HandledException
from experimaestro.launchers.direct import usable_cpus

MIB: Final = 2**20

_PATIENCE: Final = 60.0
"""Seconds: the first call of the tools of NVIDIA loads the driver."""

_QUERY: Final = ("--query-gpu=memory.total", "--format=csv,noheader,nounits")


class UnknownAcceleratorsError(HandledException):
    """The tool that tells the accelerators of a machine failed, or says something else."""


class Machine(NamedTuple):
    """Memory is in bytes."""

    memory: int
    cores: int
    cuda: tuple[int, ...] = ()
    """The memory of each accelerator."""
    is_unified: bool = False
    """Whether an accelerator shares the memory of the processors."""


def this_machine() -> Machine:
    """Looks at this machine: the processors are those that this process may use.

    Raises UnknownAcceleratorsError.
    """
    return Machine(
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        cores=usable_cpus(),
        cuda=_cuda(),
        is_unified=(platform.system(), platform.machine()) == ("Darwin", "arm64"),
    )


def parse_memories(output: str) -> tuple[int, ...]:
    """Reads what ``nvidia-smi`` says of the memory of each accelerator.

    Raises UnknownAcceleratorsError.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    wrong = next((line for line in lines if not line.isdecimal()), None)
    if wrong is not None:
        raise UnknownAcceleratorsError(f"nvidia-smi: found {wrong!r}, expected the memory of an accelerator in MiB")
    return tuple(int(line) * MIB for line in lines)


def _cuda() -> tuple[int, ...]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    try:
        told = subprocess.run([tool, *_QUERY], capture_output=True, text=True, timeout=_PATIENCE, check=True)
    except subprocess.CalledProcessError as error:
        raise UnknownAcceleratorsError(f"{tool} failed: {(error.stderr or error.stdout).strip()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnknownAcceleratorsError(f"{tool} failed: {error}") from error
    return parse_memories(told.stdout)
