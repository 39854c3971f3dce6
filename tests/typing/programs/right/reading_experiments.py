"""The tasks of a former experiment."""

from pathlib import Path

from experimaestro import Config, ExperimentInfo, Param, Task, from_task_dir, load, load_xp_info, save


class Model(Config):
    hidden: Param[int]


class Learn(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


def learned(info: ExperimentInfo) -> list[Learn]:
    return [job for job in info.jobs.values() if isinstance(job, Learn)]


def show(directory: Path) -> None:
    for learn in learned(load_xp_info(directory)):
        print(learn.model.hidden, learn.jobpath)
    one: Learn = from_task_dir(directory / "job", as_instance=True)
    print(one.model.hidden)


def keep(model: Model, directory: Path) -> Model:
    save(model, directory)
    again: Model = load(directory)
    return again


if __name__ == "__main__":
    show(Path("workspace/experiments/seeds/current"))
    keep(Model.C(hidden=3), Path("model"))
