"""A process that is killed: `killed.py archive|restore WORKSPACE FOLDER MODE INSTANT [renames]`.

It is killed just before it changes the disk for the INSTANT-th time. With `renames`, names cannot be exchanged in one step.
"""

import os
import signal
import sys
from pathlib import Path

from experimaestro._types import FolderMode, JobId, TaskId
from experimaestro.workspace import folders
from experimaestro.workspace.layout import WorkspaceLayout

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "shutil.copyfile", "exchange"}


def kill_at(instant: int) -> None:
    count = 0

    def listen(event: str, arguments: object) -> None:
        nonlocal count
        if event in CHANGES:
            count += 1
            if count == instant:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(listen)


if __name__ == "__main__":
    action, workspace, root, mode, instant = sys.argv[1:6]
    [path] = Path(root if action == "restore" else workspace).glob("jobs/*/*")
    job = WorkspaceLayout(Path(workspace)).job(TaskId(path.parent.name), JobId(path.name))
    folder = folders.Folder(WorkspaceLayout(Path(root)), FolderMode(mode))
    exchange = folders.exchange

    def listened(first: Path, second: Path) -> bool:
        sys.audit("exchange")
        return "renames" not in sys.argv and exchange(first, second)

    folders.exchange = listened
    kill_at(int(instant))
    if action == "archive":
        folders.archive(job, folder)
    else:
        folders.restore(job, folder, patience=0)
