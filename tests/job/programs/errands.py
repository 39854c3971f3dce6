"""A task that does what it is told."""

from experimaestro import Meta, Param, Path, Task


class Errand(Task):
    """Executes some code, in which `task` is the task."""

    code: Param[str]
    gate: Meta[Path | None] = None

    def execute(self) -> None:
        exec(self.code, {"task": self})
