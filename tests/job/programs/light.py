"""A module of tasks that imports what plans import."""

import sys

from experimaestro import Meta, Param, Path, PathGenerator, RunMode, Task, experiment, field, progress, tag

__all__ = ["Light", "RunMode", "experiment", "tag"]


class Light(Task):
    """Tells which modules its process has loaded."""

    number: Param[int]
    modules: Meta[Path] = field(default_factory=PathGenerator("modules.txt"))

    def execute(self) -> None:
        progress(0.5)
        self.modules.write_text("\n".join(sys.modules))
