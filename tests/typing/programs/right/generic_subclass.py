"""A subclass gives the type that its base leaves open."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Item(Config):
    name: Param[str]


class Image(Item):
    width: Param[int]


I = TypeVar("I", bound=Item)


class Encoder(Config, ABC, Generic[I]):
    size: Param[int]

    @abstractmethod
    def encode(self, item: I) -> list[float]: ...


class ImageEncoder(Encoder[Image]):
    channels: Param[int] = field(default=3)

    def encode(self, item: Image) -> list[float]:
        return [float(item.width * self.channels)] * self.size


class Embed(Task):
    encoder: Param[Encoder[Image]]
    image: Param[Image]

    def execute(self) -> None:
        print(self.encoder.encode(self.image))


@configuration
class Images(ConfigurationBase):
    size: int = 3


def run(helper: ExperimentHelper, cfg: Images) -> None:
    encoder = ImageEncoder.C(size=cfg.size)
    Embed.C(encoder=encoder, image=Image.C(name="cat", width=10)).submit()
