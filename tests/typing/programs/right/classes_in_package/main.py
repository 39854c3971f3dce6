"""A package with models, tasks and the plan."""

from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

from . import models
from .models import Model as BaseModel
from .tasks import Evaluate, Learn


class OurModel(models.Deep):
    pass


@configuration
class Packaged(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Packaged) -> None:
    all_models: list[BaseModel] = [models.Deep.C(hidden=cfg.hidden, layers=2), OurModel.C(hidden=2, layers=3)]
    for model in all_models:
        loader = Learn.C(model=model).submit()
        Evaluate.C(model=model).submit(init_tasks=[loader])
