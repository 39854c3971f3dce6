"""What all tasks of the laboratory share."""

from experimaestro import Constant, Meta, Task, field


class Versioned(Task):
    version: Constant[int] = 1
    verbose: Meta[bool] = field(default=False)
