"""The file of the outputs of a job: whole lines, whatever happens to who writes them."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.job.outputs import OutputRecorder
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.outputs import (
    OutputReader,
    TaskOutput,
    append_line,
    complete_lines,
    output_line,
    parse_output,
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(Path("a/b")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "task-outputs.jsonl"


@given(st.lists(PLAIN, max_size=3), st.dictionaries(st.text(), PLAIN, max_size=3))
def test_what_is_written_is_read(args: list[object], kwargs: dict[str, object]) -> None:
    output = TaskOutput("key/method", args, kwargs)
    line = output_line(output)
    assert complete_lines(line) == [line]
    assert parse_output(line) == output


@given(st.lists(st.text()), st.integers(min_value=0))
def test_a_line_is_read_once_it_is_whole(texts: list[str], cut: int) -> None:
    lines = [output_line(TaskOutput(text, [text], {})) for text in texts]
    content = b"".join(lines)
    found = complete_lines(content[: cut % (len(content) + 1)])
    assert found == lines[: len(found)]


def test_a_reader_gives_each_line_once(path: Path) -> None:
    reader = OutputReader(path)
    assert reader.read() == []
    path.write_bytes(b"one\ntwo\nthr")
    assert reader.read() == [b"one\n", b"two\n"]
    assert reader.read() == []
    with path.open("ab") as file:
        file.write(b"ee\n")
    assert reader.read() == [b"three\n"]


def test_a_reader_begins_again_with_another_file(path: Path) -> None:
    reader = OutputReader(path)
    path.write_bytes(b"one\ntwo\n")
    reader.read()
    other = path.with_name("other")
    other.write_bytes(b"new\n")
    other.replace(path)
    assert reader.read() == [b"new\n"]


@pytest.mark.parametrize("torn", [b"", b"torn", b"x" * 10_000])
@pytest.mark.parametrize("before", [b"", b"one\n", b"y" * 9_000 + b"\none\n"])
def test_a_line_takes_the_place_of_one_that_a_killed_writer_left(path: Path, before: bytes, torn: bytes) -> None:
    path.write_bytes(before + torn)
    append_line(path, b"next\n")
    assert path.read_bytes() == before + b"next\n"


def test_a_full_disk_leaves_no_part_of_a_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def write_some(descriptor: int, content: bytes) -> int:
        if len(content) < 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[:2])

    path.write_bytes(b"one\n")
    monkeypatch.setattr(os, "write", write_some)
    with pytest.raises(OSError, match="No space left"):
        append_line(path, b"another\n")
    assert path.read_bytes() == b"one\n"


def test_threads_do_not_mix_their_lines(path: Path) -> None:
    lines = [b"%d" % number * 5_000 + b"\n" for number in range(8)]
    threads = [threading.Thread(target=append_line, args=(path, line)) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(complete_lines(path.read_bytes())) == sorted(lines)


def attempt(directory: JobDirectory, *numbers: int) -> list[object]:
    """What the file holds after an attempt that registers these numbers."""
    recorder = OutputRecorder(directory)
    for number in numbers:
        recorder.register("key/method", [number], {})
    outputs = map(parse_output, directory.task_outputs.read_bytes().splitlines())
    return [output.args[0] for output in outputs if output is not None]


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ([[1, 2, 3]], [1, 2, 3]),
        ([[1, 1]], [1, 1]),
        ([[1, 2], [2, 3]], [1, 2, 3]),
        ([[1, 2], [1, 2, 3]], [1, 2, 3]),
        ([[1, 1], [1, 1, 1]], [1, 1, 1]),
        ([[1], [1], [1, 2]], [1, 2]),
    ],
)
def test_what_a_former_attempt_registered_is_not_written_again(
    tmp_path: Path, attempts: list[list[int]], expected: list[int]
) -> None:
    directory = JobDirectory(tmp_path, "learn")
    directory.state.mkdir()
    for numbers in attempts:
        found = attempt(directory, *numbers)
    assert found == expected
