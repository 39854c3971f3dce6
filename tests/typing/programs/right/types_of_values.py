"""Value classes, generic classes, abstract classes, and classes that replace others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar, assert_type

from experimaestro import Config, Param, SubmitHook, deprecate, field, from_task_dir, load, save

T = TypeVar("T")


class Scorer(Config, ABC):
    bias: Param[float] = field(default=0.0)

    @abstractmethod
    def score(self, text: str) -> float: ...


class Length(Scorer):
    def score(self, text: str) -> float:
        return len(text) + self.bias


class Tensor(Config):
    size: Param[int]


@Tensor.value_class()
class TorchTensor(Tensor):
    def total(self) -> int:
        return self.size


class Box(Config, Generic[T]):
    label: Param[str]


class Holder(Config):
    box: Param[Box[int]]


class NewTensor(Config):
    size: Param[int]

    @deprecate
    def length(self, value: int) -> None:
        self.size = value


@deprecate(NewTensor, replace=True)
class OldTensor(Config):
    dimension: Param[int]

    def __convert__(self) -> NewTensor:
        return NewTensor.C(size=self.dimension)


class Gpu(SubmitHook):
    def spec(self) -> str:
        return "gpu"

    def process(self, job: object, launcher: object) -> None: ...


@Gpu()
class OnGpu(Config):
    memory: Param[int]


assert_type(Length.C(bias=1.0).instance().score("a"), float)
assert_type(Tensor.C(size=2), Tensor)
assert_type(TorchTensor.C(size=2).total(), int)
assert_type(OldTensor.C(dimension=3), OldTensor)
assert_type(OnGpu.C(memory=2), OnGpu)


def reload() -> tuple[Tensor, Length]:
    save(Tensor.C(size=2), Path("out"))
    tensor: Tensor = load(Path("out"))
    task: Length = from_task_dir(Path("job"), as_instance=True)
    return tensor, task
