"""A copy has the class of what is copied."""

from experimaestro import Config, Param, Task, copyconfig
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Teacher(Config):
    hidden: Param[int]


class Student(Config):
    hidden: Param[int]


class Distill(Task):
    teacher: Param[Teacher]
    student: Param[Student]

    def execute(self) -> None:
        print(self.teacher.hidden, self.student.hidden)


@configuration
class Distillation(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Distillation) -> None:
    teacher = Teacher.C(hidden=512)
    print(copyconfig(teacher, hidden=256))
    Distill.C(teacher=teacher, student=Student.C(hidden=cfg.hidden)).submit()
