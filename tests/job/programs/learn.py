"""A module that has the name of its task: the script of the job is called `learn.py` too."""

from experimaestro import Param, Task


class Learn(Task):
    number: Param[int]

    def execute(self) -> None:
        print("learnt", self.number)
