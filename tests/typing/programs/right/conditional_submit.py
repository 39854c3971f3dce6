"""A task that is needed in one case only."""

from pathlib import Path

from experimaestro import Config, DependentMarker, LightweightTask, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class LoadModel(LightweightTask):
    model: Param[Model]
    path: Meta[Path]

    def execute(self) -> None:
        print(self.path.name)


class Pretrain(Task):
    model: Param[Model]
    path: Meta[Path] = field(default_factory=PathGenerator("model"))

    def task_outputs(self, dep: DependentMarker) -> LoadModel:
        return dep(LoadModel.C(model=self.model, path=self.path))

    def execute(self) -> None: ...


class Finetune(Task):
    model: Param[Model]

    def execute(self) -> None: ...


@configuration
class Finetuning(ConfigurationBase):
    pretrain: bool = True
    dry: bool = False


def run(helper: ExperimentHelper, cfg: Finetuning) -> None:
    model = Model.C(hidden=8)
    task = Finetune.C(model=model)
    if cfg.pretrain:
        task.submit(init_tasks=[Pretrain.C(model=model).submit()])
    else:
        task.submit()
    if cfg.dry:
        return
    other = Finetune.C(model=Model.C(hidden=16))
    learned = other.submit() if cfg.pretrain else other.submit(max_retries=1)
    print(learned.jobpath)
