"""A store of vectors is given to who wants a store of texts."""

from typing import Generic, TypeVar

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Text(Config):
    language: Param[str]


class Vector(Config):
    size: Param[int]


T = TypeVar("T", bound=Config)


class Store(Config, Generic[T]):
    item: Param[T]
    capacity: Param[int]


class Summarize(Task):
    store: Param[Store[Text]]

    def execute(self) -> None:
        print(self.store.item.language)


@configuration
class Summaries(ConfigurationBase):
    capacity: int = 10


def run(helper: ExperimentHelper, cfg: Summaries) -> None:
    texts = Store.C(item=Text.C(language="en"), capacity=cfg.capacity)
    vectors = Store.C(item=Vector.C(size=3), capacity=cfg.capacity)
    print(texts.item.language, vectors.item.size)
    Summarize.C(store=vectors).submit()  # E: xpm-param-type
