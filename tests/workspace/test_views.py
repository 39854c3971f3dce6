"""What a workspace holds, read from its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from experimaestro._processes import ProcessIdentity
from experimaestro._types import ExperimentId, JobFailureStatus, JobId, JobState, RunId, TaskId
from experimaestro.exceptions import HandledException
from experimaestro.workspace import records, views
from experimaestro.workspace.layout import JobDirectory, RunDirectory, WorkspaceLayout
from experimaestro.workspace.records import Failure, JobStatus, LocalTime
from experimaestro.workspace.runs import RunState, Tags
from experimaestro.workspace.summaries import RunSummary, write_summary
from experimaestro.workspace.views import ExperimentView

AddRun = Callable[..., RunDirectory]

DONE, ERROR, UNSCHEDULED, RUNNING = JobState.DONE, JobState.ERROR, JobState.UNSCHEDULED, JobState.RUNNING
A, B, C = "a1" * 32, "b2" * 32, "c3" * 32
XP1, TRAIN = ExperimentId("xp1"), TaskId("learn.train")


def add_job(layout: WorkspaceLayout, task: str, job: str, *, done: bool = True) -> JobDirectory:
    directory = layout.job(TaskId(task), JobId(job))
    directory.path.mkdir(parents=True)
    if done:
        records.write_done(directory)
    return directory


def test_job_without_directory_is_not_to_be_run(layout: WorkspaceLayout) -> None:
    assert views.job_state(layout.job(TRAIN, JobId(A))) is UNSCHEDULED


def test_markers_tell_that_a_job_ended(job: JobDirectory) -> None:
    records.write_process(job, ProcessIdentity.current().to_record())
    records.write_failure(job, Failure(JobFailureStatus.FAILED, 1))
    assert views.job_state(job) is ERROR
    records.write_done(job)
    assert views.job_state(job) is DONE


CURRENT = ProcessIdentity.current()


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (CURRENT.to_record(), RUNNING),
        (CURRENT._replace(start="another boot:12").to_record(), UNSCHEDULED),
        (CURRENT._replace(host="elsewhere").to_record(), RUNNING),
        ({"type": "slurm", "pid": "12"}, RUNNING),
    ],
)
def test_job_runs_if_its_process_may(job: JobDirectory, record: dict[str, object], state: JobState) -> None:
    records.write_process(job, record)
    assert views.job_state(job) is state


def test_job_that_a_batch_system_has_not_started_is_scheduled(job: JobDirectory) -> None:
    records.write_process(job, {"type": "slurm", "pid": "12"})
    records.write_job_status(job, JobStatus(job.job_id, job.task_id, job.path, JobState.SCHEDULED))
    assert views.job_state(job) is JobState.SCHEDULED


def test_workspace_of_release_2_7_is_listed(release_2_7: WorkspaceLayout) -> None:
    started = LocalTime("2026-11-21T01:47:45.386900")
    assert views.list_experiments(release_2_7) == [
        ExperimentView(XP1, "vm", RunId("20261121_014745"), RunState.COMPLETED, 1, 1, 2, started)
    ]
    assert [(job.state, job.tags) for job in views.list_jobs(release_2_7, XP1)] == [(DONE, {"x": 0}), (ERROR, {"x": 1})]
    assert [job.state for job in views.list_jobs(release_2_7)] == [ERROR, DONE], "by task, then identifier"


def test_workspace_of_release_1_is_listed(layout: WorkspaceLayout) -> None:
    job = add_job(layout, "learn.train", A)
    links = layout.summary(XP1).jobs / "learn.train"
    links.mkdir(parents=True)
    (links / A).symlink_to(job.path)
    assert views.list_experiments(layout) == [ExperimentView(XP1, None, None, None, 1, 0, 1, None)]
    assert [view.job_id for view in views.list_jobs(layout, XP1)] == [A]


@pytest.mark.parametrize(("status", "done"), [(RunState.COMPLETED, 0), (RunState.RUNNING, 1), (RunState.DETACHED, 1)])
def test_jobs_of_a_run_that_has_not_ended_are_counted_now(
    layout: WorkspaceLayout, add_run: AddRun, status: RunState, done: int
) -> None:
    add_job(layout, "learn.train", A)
    add_run("xp1", "20260101_000000", {("learn.train", A): JobState.WAITING}, status=status)
    (view,) = views.list_experiments(layout)
    assert (view.status, view.done, view.total) == (status, done, 1)


def test_experiment_is_its_newest_run(layout: WorkspaceLayout, add_run: AddRun) -> None:
    add_run("xp1", "20260102_000000", {("learn.train", A): DONE})
    add_run("xp1", "20260101_000000", {("learn.train", A): DONE, ("learn.train", B): DONE})
    (view,) = views.list_experiments(layout)
    assert (view.run_id, view.total) == ("20260102_000000", 1)
    assert [job.job_id for job in views.list_jobs(layout, XP1)] == [A]


def test_summary_of_an_older_run_is_not_believed(layout: WorkspaceLayout, add_run: AddRun) -> None:
    add_run("xp1", "20260102_000000", {("learn.train", A): DONE})
    summary = RunSummary(RunId("20260101_000000"), "old", RunState.FAILED)
    write_summary(layout.summary(XP1), summary)
    assert views.list_experiments(layout)[0].host == "vm"
    write_summary(layout.summary(XP1), summary._replace(run_id=RunId("20260102_000000")))
    assert views.list_experiments(layout)[0].host == "old"


def test_experiment_that_never_ran_is_listed(layout: WorkspaceLayout) -> None:
    layout.experiment(XP1).path.mkdir(parents=True)
    assert views.list_experiments(layout) == [ExperimentView(XP1, None, None, None, 0, 0, 0, None)]


def test_empty_directory_holds_nothing(layout: WorkspaceLayout) -> None:
    assert views.list_experiments(layout) == []
    assert list(views.list_jobs(layout)) == []


def test_directories_that_are_no_jobs_are_not_listed(layout: WorkspaceLayout) -> None:
    add_job(layout, "learn.train", A)
    for name in ("notes", f".tmp.{A}", A[:-1]):
        (layout.jobs / "learn.train" / name).mkdir()
    assert [job.job_id for job in views.list_jobs(layout)] == [A]


def test_job_moved_elsewhere_is_listed(layout: WorkspaceLayout, tmp_path: Path) -> None:
    moved = add_job(WorkspaceLayout(tmp_path / "archive"), "learn.train", A)
    (layout.jobs / "learn.train").mkdir(parents=True)
    (layout.jobs / "learn.train" / A).symlink_to(moved.path)
    assert [job.state for job in views.list_jobs(layout)] == [DONE]


def test_tags_of_a_job_are_those_of_the_newest_run_that_has_it(layout: WorkspaceLayout, add_run: AddRun) -> None:
    add_job(layout, "learn.train", A)
    tags: dict[str, Tags] = {"20260101_000000": {"x": 1}, "20260102_000000": {"x": 2}}
    add_run("xp2", "20260102_000000", {("learn.train", A): DONE}, tags=tags["20260102_000000"])
    add_run("xp3", "20260101_000000", {("learn.train", A): DONE}, tags=tags["20260101_000000"])
    assert [job.tags for job in views.list_jobs(layout)] == [{"x": 2}]


def test_unknown_experiment_is_refused_before_anything_is_listed(layout: WorkspaceLayout, add_run: AddRun) -> None:
    add_run("baseline", "20260101_000000", {})
    with pytest.raises(views.UnknownExperimentError) as error:
        views.list_jobs(layout, ExperimentId("baselin"))
    assert str(error.value) == f"no experiment 'baselin' among the 1 of {layout.root}; did you mean 'baseline'?"


def test_runs_are_listed_by_age(layout: WorkspaceLayout, add_run: AddRun) -> None:
    add_run("xp1", "20260102_000000", {})
    add_run("xp1", "20260101_000000", {}, status=RunState.FAILED)
    assert [(run.run_id, run.status) for run in views.list_runs(layout, XP1)] == [
        ("20260101_000000", RunState.FAILED),
        ("20260102_000000", RunState.COMPLETED),
    ]
    with pytest.raises(views.UnknownExperimentError):
        views.list_runs(layout, ExperimentId("absent"))


@pytest.fixture
def jobs(layout: WorkspaceLayout) -> WorkspaceLayout:
    for task, job in (("learn.train", A), ("learn.train", B), ("other.train", B), ("train", C)):
        add_job(layout, task, job)
    return layout


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        (f"learn.train/{A}", f"learn.train/{A}"),
        ("learn.train/a", f"learn.train/{A}"),
        ("Learn.Train/A1", f"learn.train/{A}"),
        ("a1a1", f"learn.train/{A}"),
        ("c3c3c3", f"train/{C}"),
        ("other.train/b2", f"other.train/{B}"),
        ("train/c3", f"train/{C}"),
    ],
)
def test_job_is_found_by_a_part_of_its_name(jobs: WorkspaceLayout, reference: str, found: str) -> None:
    job = views.find_job(jobs, reference)
    assert f"{job.task_id}/{job.job_id}" == found
    assert job.state is DONE


@pytest.mark.parametrize(
    ("name", "tasks"),
    [
        ("train", ["train"]),
        ("learn.train", ["learn.train"]),
        ("ain", []),
        ("pre", ["a.pre", "b.pre"]),
    ],
)
def test_end_of_a_task_identifier_is_made_of_whole_components(name: str, tasks: list[str]) -> None:
    known = [TaskId(task) for task in ("a.pre", "b.pre", "learn.train", "train")]
    assert views.meant_tasks(name, known) == tasks


def test_ambiguous_reference_lists_the_candidates(jobs: WorkspaceLayout) -> None:
    with pytest.raises(views.AmbiguousJobError) as error:
        views.find_job(jobs, "b2b2")
    assert str(error.value) == f"'b2b2' refers to 2 jobs:\n  learn.train/{B}\n  other.train/{B}"


def test_long_list_of_candidates_is_cut(layout: WorkspaceLayout) -> None:
    for number in range(12):
        add_job(layout, "learn.train", f"abcd{number:060}")
    with pytest.raises(views.AmbiguousJobError, match=r"(?s)refers to 12 jobs:.*and 2 more"):
        views.find_job(layout, "abcd")


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("dddd", "no job 'dddd' among the 3 tasks in {root}"),
        ("learn.train/dd", "no job 'learn.train/dd' among the jobs of learn.train in {root}"),
        ("lern.train/a1", "no job 'lern.train/a1' among the 3 tasks in {root}; did you mean 'learn.train'?"),
    ],
)
def test_unknown_job_says_what_was_searched(jobs: WorkspaceLayout, reference: str, message: str) -> None:
    with pytest.raises(views.UnknownJobError) as error:
        views.find_job(jobs, reference)
    assert str(error.value) == message.format(root=jobs.root)


@pytest.mark.parametrize("reference", ["", "abc", "learn.train", "learn.train/", "a/b/c", "train/xyz", "a" * 65])
def test_reference_that_means_no_job_is_refused(jobs: WorkspaceLayout, reference: str) -> None:
    with pytest.raises(views.InvalidJobReferenceError, match="expected TASK/ID"):
        views.find_job(jobs, reference)


def test_mistakes_in_references_need_no_traceback() -> None:
    for error in (views.InvalidJobReferenceError, views.UnknownJobError, views.AmbiguousJobError):
        assert issubclass(error, HandledException)


def test_listing_reads_each_job_once(layout: WorkspaceLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        add_job(layout, "learn.train", f"{number:064}")
    asked: list[JobDirectory] = []
    monkeypatch.setattr(views, "job_outcome", lambda job: asked.append(job) or DONE)
    assert len(list(views.list_jobs(layout))) == 50
    assert len(asked) == 50
