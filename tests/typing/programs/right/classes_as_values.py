"""Configurations are built by class methods, and from classes that are values."""

from abc import ABC, abstractmethod
from typing import Generic, Optional, Self, TypeVar

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]
    comment: Param[Optional[str]]

    @classmethod
    def of(cls, hidden: int) -> Self:
        return cls.C(hidden=hidden)

    @classmethod
    def small(cls) -> Self:
        model = cls.C()
        model.hidden = 8
        return model


class Deep(Model): ...


M = TypeVar("M", bound=Model)


def built(kind: type[M]) -> M:
    return kind.C(hidden=16)


class Factory(Generic[M]):
    def __init__(self, kind: type[M]) -> None:
        self.kind = kind

    def make(self) -> M:
        return self.kind.C(hidden=32)


class Source(Task, ABC):
    model: Param[Model]

    @abstractmethod
    def text(self) -> str: ...

    def execute(self) -> None:
        print(self.text())


class Wikipedia(Source):
    def text(self) -> str:
        return f"wikipedia {self.model.hidden}"


class News(Source):
    def text(self) -> str:
        return f"news {self.model.hidden}"


@configuration
class Sources(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Sources) -> None:
    models = [Model.of(cfg.hidden), Deep.small(), built(Deep), Factory(Model).make()]
    kinds: list[type[Source]] = [Wikipedia, News]
    for model in models:
        for kind in kinds:
            kind.C(model=model).submit()
