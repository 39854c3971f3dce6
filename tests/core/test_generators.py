"""Generated paths that are named after the job."""

from __future__ import annotations

from pathlib import Path

import pytest

from experimaestro import STDERR, STDOUT, Config, DirectoryContext, Meta, Param, PathGenerator, RunMode, Task, field


class Part(Config):
    out: Meta[Path] = field(default_factory=PathGenerator(STDOUT))


class Work(Task):
    part: Param[Part]
    out: Meta[Path] = field(default_factory=PathGenerator(STDOUT))
    err: Meta[Path] = field(default_factory=PathGenerator(STDERR))


def test_logs_are_named_after_the_job(capsys: pytest.CaptureFixture[str]) -> None:
    work = Work.C(part=Part.C()).submit(run_mode=RunMode.DRY_RUN)

    assert (work.out, work.err) == (work.stdout(), work.stderr())
    assert work.part.out == work.jobpath / "out" / "part" / "work.out"


def test_outside_of_a_job_logs_are_named_after_the_configuration(tmp_path: Path) -> None:
    work = Work.C(part=Part.C()).instance(DirectoryContext(tmp_path))

    assert (work.out, work.err) == (tmp_path / "work.out", tmp_path / "work.err")
    assert work.part.out == tmp_path / "out" / "part" / "part.out"
