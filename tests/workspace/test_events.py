"""The progress of a job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.workspace import events
from experimaestro.workspace.events import Level, ProgressWriter, clamp, is_change, read_progress
from experimaestro.workspace.layout import JobDirectory


def lines(job: JobDirectory, number: int = 0) -> list[dict[str, object]]:
    return [json.loads(line) for line in (job.events / f"event-{number}.jsonl").read_text().splitlines()]


def test_event_has_the_form_of_release_2_7(job: JobDirectory) -> None:
    writer = ProgressWriter(job, clock=lambda: 12.5)
    writer.report(0.25, desc="hello")
    writer.close()
    assert (job.events / "event-0.jsonl").read_text() == (
        f'{{"timestamp":12.5,"job_id":"{job.job_id}","task_id":"learn.train",'
        '"level":0,"progress":0.25,"desc":"hello","event_type":"JobProgressEvent"}\n'
    )


@pytest.mark.parametrize(
    ("previous", "new", "change"),
    [
        (None, Level(0, 0.0), True),
        (Level(0, 0.5), Level(0, 0.505), False),
        (Level(0, 0.5), Level(0, 0.52), True),
        (Level(0, 0.5), Level(0, 0.4), True),
        (Level(0, 0.5, "a"), Level(0, 0.5, "b"), True),
    ],
)
def test_small_changes_are_not_worth_a_line(previous: Level | None, new: Level, change: bool) -> None:
    assert is_change(previous, new) is change


def test_small_changes_add_up(job: JobDirectory) -> None:
    writer = ProgressWriter(job)
    for step in range(1001):
        writer.report(step / 1000)
    writer.close()
    assert 80 <= len(lines(job)) <= 101


def test_report_ends_deeper_levels(job: JobDirectory) -> None:
    writer = ProgressWriter(job)
    for level, progress in ((0, 0.1), (1, 0.5), (2, 0.9), (1, 0.6)):
        writer.report(progress, level=level)
    writer.close()
    assert read_progress(job) == [Level(0, 0.1), Level(1, 0.6)]


def test_level_that_starts_again_is_told_again(job: JobDirectory) -> None:
    writer = ProgressWriter(job)
    for level, progress in ((0, 0.1), (1, 0.5), (0, 0.2), (1, 0.5)):
        writer.report(progress, level=level)
    writer.close()
    assert read_progress(job) == [Level(0, 0.2), Level(1, 0.5)]


def test_full_file_is_followed_by_one_that_tells_all(job: JobDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 4)
    writer = ProgressWriter(job)
    writer.report(0.1, desc="outer")
    for step in range(5):
        writer.report(step / 5, level=1)
    writer.close()
    assert [len(lines(job, number)) for number in (0, 1)] == [4, 3]
    assert read_progress(job) == [Level(0, 0.1, "outer"), Level(1, 0.8)]


def test_each_process_starts_a_file(job: JobDirectory) -> None:
    for number in range(11):
        writer = ProgressWriter(job)
        writer.report(number / 20)
        writer.close()
    assert read_progress(job) == [Level(0, 0.5)], "event-10 comes after event-9"


def test_job_that_tells_nothing_has_no_progress(job: JobDirectory) -> None:
    assert read_progress(job) == []


def test_events_of_release_2_7_are_read(job: JobDirectory) -> None:
    job.events.mkdir(parents=True)
    state = {"timestamp": 1.0, "state": "running", "progress": [], "event_type": "JobStateChangedEvent"}
    progress = {"timestamp": 1.0, "level": 0, "progress": 1.5, "desc": None, "event_type": "JobProgressEvent"}
    content = f"{json.dumps(progress)}\n{json.dumps(state)}\n"
    (job.events / "event-0.jsonl").write_text(content)
    assert read_progress(job) == [Level(0, 1.0)]


@pytest.mark.parametrize("cut", ["", '{"level":', '{"level": 0, "progress": "\xe9'])
def test_line_being_written_is_left_out(job: JobDirectory, cut: str) -> None:
    writer = ProgressWriter(job)
    writer.report(0.5)
    writer.close()
    with (job.events / "event-0.jsonl").open("ab") as file:
        file.write(cut.encode("latin-1"))
    assert read_progress(job) == [Level(0, 0.5)]


def test_only_the_end_of_the_file_is_read(job: JobDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = ProgressWriter(job)
    for step in range(1000):
        writer.report(step / 1000, desc=str(step))
    writer.close()
    parsed: list[object] = []
    parse = events.plain.parse
    monkeypatch.setattr(events.plain, "parse", lambda line: parsed.append(line) or parse(line))
    assert read_progress(job) == [Level(0, 0.999, "999")]
    assert len(parsed) == 2, "the empty end of the file and the last line"


LEVELS = st.builds(Level, st.integers(0, 4), st.floats(0, 1), st.none() | st.text(max_size=60))


@given(st.lists(LEVELS, max_size=60), st.integers(1, 200))
def test_history_is_read_backwards_as_it_was_lived(
    tmp_path_factory: pytest.TempPathFactory, history: list[Level], block: int
) -> None:
    job = JobDirectory(tmp_path_factory.mktemp("job") / "task" / "id", "a")
    lived: dict[int, Level] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "EVENTS_PER_FILE", 10)
        patch.setattr(events, "_BLOCK", block)
        writer = ProgressWriter(job)
        for level in history:
            writer.report(level.progress, level=level.level, desc=level.desc)
            if is_change(lived.get(level.level), level):
                lived = {depth: known for depth, known in lived.items() if depth < level.level} | {level.level: level}
        writer.close()
        assert read_progress(job) == [lived[depth] for depth in sorted(lived)]


@given(st.floats())
def test_progress_is_between_0_and_1(progress: float) -> None:
    assert 0 <= clamp(progress) <= 1


def test_progress_that_cannot_be_written_is_an_error(job: JobDirectory) -> None:
    job.state.mkdir()
    Path(job.events).write_text("in the way")
    with pytest.raises(FileExistsError):
        ProgressWriter(job).report(0.5)
