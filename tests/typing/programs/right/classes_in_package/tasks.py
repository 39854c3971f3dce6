"""Tasks."""

from pathlib import Path

import experimaestro as xpm

from .models import Model


class LoadModel(xpm.LightweightTask):
    model: xpm.Param[Model]
    path: xpm.Meta[Path]

    def execute(self) -> None: ...


class Learn(xpm.Task):
    model: xpm.Param[Model]
    path: xpm.Meta[Path] = xpm.field(default_factory=xpm.PathGenerator("model"))

    def task_outputs(self, dep: xpm.DependentMarker) -> LoadModel:
        return dep(LoadModel.C(model=self.model, path=self.path))

    def execute(self) -> None: ...


class Evaluate(xpm.Task):
    model: xpm.Param[Model]

    def execute(self) -> None: ...
