"""What a task asks for, against what a machine has."""

from __future__ import annotations

from typing import Final

import pytest

from experimaestro.launcherfinder import specs
from experimaestro.launcherfinder.amounts import InvalidAmountError
from experimaestro.launcherfinder.parser import parse
from experimaestro.launcherfinder.specs import (
    AcceleratorSpecification,
    ConflictingAcceleratorsError,
    CPUSpecification,
    CudaSpecification,
    HostSimpleRequirement,
    HostSpecification,
    MPSSpecification,
    cpu,
    cuda_gpu,
    duration,
    gpu,
    mps_gpu,
)

GB: Final = 10**9


def cuda(*gigabytes: int, least: int = 0) -> list[CudaSpecification]:
    return [CudaSpecification(memory=size * GB, min_memory=least * GB) for size in gigabytes]


SERVER: Final = HostSpecification(
    accelerators=cuda(24, 48), cpu=CPUSpecification(memory=64 * GB, cores=8), max_duration=24 * 3600
)
MAC: Final = HostSpecification(accelerators=[MPSSpecification(16 * GB)], cpu=CPUSpecification(memory=16 * GB, cores=8))


@pytest.mark.parametrize(
    ("requirement", "is_met"),
    [
        ("cpu(cores=8, mem=64G)", True),
        ("cpu(cores=9)", False),
        ("cpu(mem=65G)", False),
        ("duration=1d", True),
        ("duration=25h", False),
        ("gpu(mem=48G)", True),
        ("cuda(mem=49G)", False),
        ("cuda(mem=24G) * 2", True),
        ("cuda(mem=25G) * 2", False),
        ("cuda(mem=24G) & cuda(mem=48G)", True),
        ("gpu() * 3", False),
        ("mps()", False),
        ("mps() | cuda()", True),
    ],
)
def test_server_meets(requirement: str, is_met: bool) -> None:
    assert (parse(requirement).match(SERVER) is not None) is is_met


@pytest.mark.parametrize(
    ("requirement", "is_met"),
    [
        ("mps(mem=8G) & cpu(mem=8G)", True),
        ("mps(mem=8G) & cpu(mem=9G)", False),
        ("gpu(mem=8G) & cpu(mem=9G)", False),
        ("cuda()", False),
    ],
)
def test_memory_is_shared_where_it_is_unified(requirement: str, is_met: bool) -> None:
    assert (parse(requirement).match(MAC) is not None) is is_met


def test_machine_may_refuse_those_who_ask_for_little() -> None:
    host = HostSpecification(accelerators=cuda(80, least=40), min_gpu=1)
    assert cuda_gpu(mem="40G").match(host) is not None
    assert cuda_gpu(mem="8G").match(host) is None
    assert duration("1h").match(host) is None, "no accelerator is asked for"


def test_accelerators_are_given_to_those_who_can_have_no_other() -> None:
    host = HostSpecification(accelerators=[*cuda(80), *cuda(80, least=40)])
    assert (gpu(mem="40G") & gpu(mem="8G")).match(host) is not None


def test_machine_that_says_nothing_has_no_processor() -> None:
    assert cpu().match(HostSpecification()) is None
    assert duration("1h").match(HostSpecification()) is not None


def test_machine_may_give_memory_by_the_core() -> None:
    host = HostSpecification(cpu=CPUSpecification(cores=4, mem_per_cpu=2 * GB))
    assert cpu(mem="8G").match(host) is not None
    assert cpu(mem="9G").match(host) is None
    assert CPUSpecification(mem_per_cpu=10, cpu_per_gpu=3).total_memory(gpus=2) == 60


def test_best_alternative_is_the_first_of_those_with_the_best_score() -> None:
    requirement = cuda_gpu(mem="100G") | cuda_gpu(mem="20G") | cpu()
    found = requirement.match(HostSpecification(cuda=cuda(24), cpu=CPUSpecification(cores=1), priority=3))
    assert found is not None
    assert (found.score, found.requirement) == (3, cuda_gpu(mem="20G"))


def test_operators_change_nothing() -> None:
    first, second = cpu(cores=2), gpu(mem="4G")
    both = first & second & cpu(mem="1G") & duration("2h") & duration("1h")
    assert str(both) == "duration=2h & gpu(mem=4G) & cpu(mem=1G, cores=2)"
    assert (str(first), str(second)) == ("cpu(cores=2)", "gpu(mem=4G)")
    assert str((first | second) | both) == f"{first} | {second} | {both}"
    assert str(second * 2) == "gpu(mem=4G) * 2"


def test_requirements_are_compared_by_value() -> None:
    assert cpu(cores=2) & gpu() == HostSimpleRequirement(gpu(), cpu(cores=2))
    assert hash(gpu(mem="4G") * 2) == hash(gpu(mem="4G") & gpu(mem=4 * GB))
    assert cuda_gpu() != gpu()
    assert repr(gpu(mem="4G")) == "Req(gpu(mem=4G))"


def test_no_machine_has_both_makes() -> None:
    with pytest.raises(ConflictingAcceleratorsError, match="separate alternatives"):
        cuda_gpu() & mps_gpu()


def test_durations_are_rounded_up() -> None:
    assert duration("1h").multiply_duration(1.0001).duration == 3601
    assert str((duration("1h") | duration("2h")).multiply_duration(2)) == "duration=2h | duration=4h"
    assert duration(0.5).duration == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5h", 18000), ("1h30m", 5400), ("4 days", 345600), ("1.5 hours", 5400), ("90", 90), ("100 seconds", 100)],
)
def test_durations_are_texts(text: str, seconds: int) -> None:
    assert duration(text).duration == seconds


@pytest.mark.parametrize(
    ("text", "size"), [("4G", 4 * GB), ("4 GB", 4 * GB), ("4.5GiB", 9 * 2**29), ("4k", 4000), ("1TiB", 2**40)]
)
def test_memory_sizes_are_texts(text: str, size: int) -> None:
    assert specs.parse_memory(text) == size


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: cpu(mem="4"), r"found '4', expected a memory size with its unit \(such as '4G' or '4GiB'\)"),
        (lambda: gpu(mem="much"), "found 'much', expected a memory size such as '4G'"),
        (lambda: duration("-5h"), "found '-5h', expected a duration such as '5h'"),
        (lambda: duration("5 hous"), "did you mean 'hours'?"),
        (lambda: duration(-5), "found -5, expected a duration"),
        (lambda: gpu() * 0, "found 0, expected a number of accelerators: 1 or more"),
        (lambda: cpu(cores=-1), "found -1, expected 0 or more"),
        (lambda: duration("1h").multiply_duration(-1), "found -1, expected a positive number"),
    ],
)
def test_amounts_that_make_no_sense_are_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(InvalidAmountError, match=message):
        make()


def test_accelerators_of_a_machine_are_sorted() -> None:
    host = HostSpecification(accelerators=[AcceleratorSpecification(1), *cuda(24)], cuda=cuda(48))
    assert host.accelerators == (*cuda(48), *cuda(24), AcceleratorSpecification(1))
