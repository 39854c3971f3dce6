"""Tasks written, submitted or used wrongly."""

from __future__ import annotations

from experimaestro import Config, DependentMarker, LightweightTask, Param, Task


class Model(Config):
    size: Param[int]


class Loader(LightweightTask):
    model: Param[Model]

    def execute(self) -> None: ...


class Learn(Task):
    size: Param[int]

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(self.size)  # mypy: return-value,type-var; pyright: reportArgumentType

    def execute(self) -> int:  # mypy: override; pyright: reportIncompatibleMethodOverride
        return 3


class Late(Task):
    async def execute(self) -> None: ...  # mypy: override; pyright: reportIncompatibleMethodOverride


class Arguments(Task):
    def execute(self, steps: int) -> None: ...  # mypy: override; pyright: reportIncompatibleMethodOverride


model = Learn.C(size=3).submit()
print(model.epochs)  # mypy: attr-defined; pyright: reportAttributeAccessIssue
learn: Learn = model  # mypy: assignment; pyright: reportAssignmentType

loader = Loader.C(model=model)
loader.submit()  # mypy: attr-defined; pyright: reportAttributeAccessIssue
Late.C().submit(init_tasks=[model])  # mypy: list-item; pyright: reportArgumentType
Late.C().submit(init_tasks=loader)  # mypy: arg-type; pyright: reportArgumentType
Late.C().submit(transient=True)  # mypy: arg-type; pyright: reportArgumentType
Late.C().submit(launchr=None)  # mypy: call-arg; pyright: reportCallIssue
Late.C().remaining_time()  # mypy: attr-defined; pyright: reportAttributeAccessIssue
