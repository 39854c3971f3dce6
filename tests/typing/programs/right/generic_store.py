"""Generic configurations know what they hold."""

from typing import Generic, TypeVar

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Text(Config):
    language: Param[str]


T = TypeVar("T", bound=Config)


class Store(Config, Generic[T]):
    item: Param[T]
    capacity: Param[int]

    def first(self) -> T:
        return self.item


class Summarize(Task):
    store: Param[Store[Text]]

    def execute(self) -> None:
        print(self.store.first().language)


@configuration
class Summaries(ConfigurationBase):
    capacity: int = 10


def run(helper: ExperimentHelper, cfg: Summaries) -> None:
    store = Store.C(item=Text.C(language="en"), capacity=cfg.capacity)
    print(store.item.language)
    Summarize.C(store=store).submit()
