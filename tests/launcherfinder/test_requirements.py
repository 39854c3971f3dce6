"""Requirement strings: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.launcherfinder.parser import parse
from experimaestro.launcherfinder.requirements import (
    ITEMS,
    InvalidRequirementError,
    UnsatisfiableRequirementError,
)
from experimaestro.launcherfinder.specs import (
    AcceleratorSpecification,
    CPUSpecification,
    CudaSpecification,
    HostSimpleRequirement,
    MPSSpecification,
    RequirementUnion,
)

GB: Final = 10**9

ACCEPTED: Final = {
    "duration=1h & gpu(mem=4G)*1 & cpu(cores=4)": "duration=1h & gpu(mem=4G) & cpu(cores=4)",
    "duration=4 days & cuda(mem=4G) * 2 & cpu(mem=400M, cores=4)": "duration=4d & cuda(mem=4G) * 2 & cpu(mem=400M, cores=4)",
    "cuda(mem=4G) | gpu(mem=1GiB)": "cuda(mem=4G) | gpu(mem=1GiB)",
    "duration=10mins": "duration=10m",
    "duration=2hour": "duration=2h",
    "duration=3day": "duration=3d",
    "duration = 60 min": "duration=1h",
    "duration=1h&duration=2h": "duration=2h",
    "cpu(cores=2) & cpu(mem=4G)": "cpu(mem=4G, cores=2)",
    "cuda(mem=1G) & gpu(mem=2G) * 2": "gpu(mem=2G) * 2 & cuda(mem=1G)",
    "cpu ( mem = 1024MiB )": "cpu(mem=1GiB, cores=1)",
    "cpu()": "cpu(cores=1)",
    "gpu()": "gpu()",
    "mps() * 1": "mps()",
    "cuda()|mps()": "cuda() | mps()",
    " cpu(cores=2)\n": "cpu(cores=2)",
    "duration=1h & cpu() | cpu(cores=0)": "duration=1h & cpu(cores=1) | cpu(cores=0)",
}

NUMBER: Final = "a number from 1 to 1000000000"
UNITS: Final = "h, hour, hours, d, day, days, m, min or mins"
AFTER: Final = "'&', '|' or the end"
KNOWN: Final = "duration, cpu, gpu, cuda or mps"

REFUSED: Final = {
    "": (0, f"found the end, expected {KNOWN}"),
    "gpus(mem=4G)": (0, f"found 'gpus', expected {KNOWN}; did you mean 'gpu'?"),
    "cpu() & durations=1h": (8, f"found 'durations', expected {KNOWN}; did you mean 'duration'?"),
    "DURATION=1h": (0, f"found 'DURATION', expected {KNOWN}; did you mean 'duration'?"),
    "duration=1h | ": (14, f"found the end, expected {KNOWN}"),
    "(duration=1h)": (0, f"found '(', expected {KNOWN}"),
    "duration:1h": (8, "found ':', expected '='"),
    "duration=30": (11, f"found the end, expected {UNITS}; did you mean duration=30m?"),
    "duration=30s": (11, f"found 's', expected {UNITS}; did you mean duration=1m?"),
    "duration=90 minutes": (12, f"found 'minutes', expected {UNITS}; did you mean duration=90m?"),
    "duration=1.5h": (9, "found '1.5', expected a whole number; did you mean duration=90m?"),
    "duration=-1h": (9, "found '-', expected a whole number"),
    "duration=²h": (9, "found '²', expected a whole number"),
    "duration=0h": (9, f"found '0', expected {NUMBER}"),
    "duration=1000000001m": (9, f"found '1000000001', expected {NUMBER}"),
    "duration=1hx": (10, f"found 'hx', expected {UNITS}; did you mean 'h'?"),
    "duration=1h30m": (11, f"found '30', expected {AFTER} (a duration has one number: write 1h30m as 90m)"),
    "cpu(memory=4G)": (4, "found 'memory', expected mem, cores or ')'; did you mean 'mem'?"),
    "cuda(cores=1)": (5, "found 'cores', expected mem or ')'"),
    "cpu(mem=4)": (9, "found ')', expected G, GiB, M or MiB; did you mean mem=4G?"),
    "cpu(mem=1T)": (9, "found 'T', expected G, GiB, M or MiB; did you mean mem=1000G?"),
    "gpu(mem=4gib)": (9, "found 'gib', expected G, GiB, M or MiB; did you mean mem=4GiB?"),
    "gpu(mem=1.5G)": (8, "found '1.5', expected a whole number; did you mean mem=1500M?"),
    "cpu(mem=4G, mem=5G)": (12, "found 'mem', expected cores ('mem' is given twice)"),
    "gpu(mem=4G, mem=5G)": (12, "found 'mem', expected ')' ('mem' is given twice)"),
    "cpu(mem=4G,)": (11, "found ')', expected mem or cores"),
    "cpu(mem=4G cores=3)": (11, "found 'cores', expected ',' or ')'"),
    "cpu(cores=4": (11, "found the end, expected ',' or ')'"),
    "gpu & cpu()": (4, "found '&', expected '('"),
    "gpu() * 0": (8, "found '0', expected a number from 1 to 1000"),
    "cpu() * 2": (6, f"found '*', expected {AFTER} (only accelerators are multiplied)"),
    "gpu() cpu()": (
        6,
        f"found 'cpu', expected {AFTER} (put '&' between what is asked for together, '|' between alternatives)",
    ),
}


@pytest.mark.parametrize(("text", "meaning"), ACCEPTED.items())
def test_requirement_has_a_canonical_text(text: str, meaning: str) -> None:
    assert str(parse(text)) == meaning
    assert parse(meaning) == parse(text)


@pytest.mark.parametrize(("text", "offset", "problem"), [(text, *found) for text, found in REFUSED.items()])
def test_mistake_is_told_with_its_place(text: str, offset: int, problem: str) -> None:
    with pytest.raises(InvalidRequirementError) as caught:
        parse(text)
    assert (caught.value.offset, caught.value.problem) == (offset, problem)
    assert str(caught.value) == f"requirement {text!r}, character {offset + 1}: {problem}"
    assert text.startswith(caught.value.found, offset)


@pytest.mark.parametrize(
    ("text", "offset", "problem"),
    [
        ("duration=1h & cuda() & mps(mem=1G)", 23, "no machine has both cuda and mps accelerators"),
        ("gpu() * 600 & gpu() * 600", 14, "found more than 1000 accelerators"),
    ],
)
def test_what_no_machine_has_is_refused(text: str, offset: int, problem: str) -> None:
    with pytest.raises(UnsatisfiableRequirementError, match=problem) as caught:
        parse(text)
    assert (caught.value.offset, caught.value.found) == (offset, text[offset:])


def test_requirement_is_values() -> None:
    [wanted] = parse("duration=2h & cuda(mem=8G) & gpu(mem=9G) * 2 & cpu(mem=1GiB, cores=4)").requirements
    assert wanted.duration == 7200
    assert wanted.cpu == CPUSpecification(memory=2**30, cores=4)
    assert wanted.accelerators == (*[AcceleratorSpecification(9 * GB)] * 2, CudaSpecification(8 * GB))
    assert wanted.cuda_gpus == (CudaSpecification(8 * GB),)


memories = st.integers(0, 10**6).flatmap(lambda count: st.sampled_from([count * 10**6, count * 2**20]))
makes = st.sampled_from([[AcceleratorSpecification, CudaSpecification], [AcceleratorSpecification, MPSSpecification]])
accelerators = makes.flatmap(
    lambda kinds: st.lists(st.builds(lambda kind, memory: kind(memory), st.sampled_from(kinds), memories), max_size=4)
)
conjunctions = st.builds(
    HostSimpleRequirement,
    cpu=st.builds(CPUSpecification, memories, st.integers(0, 1000)),
    accelerators=accelerators,
    duration=st.integers(0, 10**6).map(lambda minutes: 60 * minutes),
)


@given(st.lists(conjunctions, min_size=1, max_size=3).map(lambda each: RequirementUnion(*each)))
def test_text_of_a_requirement_means_the_requirement(requirement: RequirementUnion) -> None:
    assert parse(str(requirement)) == requirement


words = st.sampled_from([*ITEMS, *"()=,*&|", "mem", "cores", "4", "1.5", "G", "GiB", "h", "days", " ", "²", "x"])


def mistake(text: str) -> InvalidRequirementError | None:
    try:
        return None if parse(str(parse(text))) == parse(text) else pytest.fail(f"{text!r} and its text are two")
    except InvalidRequirementError as error:
        return error


@given(st.lists(words, max_size=12).map("".join) | st.text(max_size=30))
def test_any_text_is_a_requirement_or_a_mistake_within_its_bounds(text: str) -> None:
    found = mistake(text)
    if found is not None:
        assert 0 <= found.offset <= len(text)
        assert text.startswith(found.found, found.offset)


def test_requirements_are_read_without_anything_else_of_ours() -> None:
    """A type checker reads them in its own process."""
    program = (
        "import sys, experimaestro.launcherfinder.requirements as r; "
        "print(*sorted(name for name in sys.modules if name.startswith('experimaestro')))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    room = "experimaestro.launcherfinder"
    assert shown.stdout.split() == [
        *("experimaestro", "experimaestro.exceptions"),
        *(room, f"{room}.amounts", f"{room}.requirements"),
    ]


def test_digits_beyond_what_python_converts_are_a_mistake() -> None:
    with pytest.raises(InvalidRequirementError, match="expected a number from 0 to"):
        parse(f"cpu(cores={'9' * 10_000})")
    assert parse(f"cpu(cores={'0' * 10_000}4)") == parse("cpu(cores=4)")
