"""What is done with configurations keeps their type."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from experimaestro import (
    Config,
    DirectoryContext,
    InstanceConfig,
    ObjectStore,
    Param,
    TagDict,
    copyconfig,
    field,
    sealed_set,
    setmeta,
    stop_tags,
    tag,
    tags,
    tagspath,
)


class Optimizer(Config):
    lr: Param[float]


class Adam(Optimizer):
    beta: Param[float] = field(default=0.9)


class Learner(Config):
    optimizer: Param[Optimizer | None] = field(default=None)
    steps: Param[int] = field(default=1)


class Shared(InstanceConfig):
    size: Param[int]


def tagged(rate: float) -> None:
    assert_type(tag(rate), float)


assert_type(stop_tags(Adam.C(lr=0.1)), Adam)

adam = Adam.C(lr=tag(1e-3))
learner = Learner.C(optimizer=adam, steps=tag(3))
assert_type(Learner.C() @ adam, Learner)
assert_type(adam.tag("name", "value"), Adam)
assert_type(adam.tags(), TagDict)
assert_type(tags(learner), TagDict)
assert_type(tagspath(learner), str)
assert_type(adam.copy(), Adam)
assert_type(copyconfig(adam, lr=0.2), Adam)
assert_type(setmeta(adam, True), Adam)
assert_type(sealed_set(adam, Adam.C(lr=0.2)), set[Adam])
assert_type(adam.add_dependencies(learner), Adam)
assert_type(adam.copy_dependencies(learner), Adam)
assert_type(adam.seal(), Adam)
assert_type(adam.instance(), Adam)
assert_type(adam.instance(DirectoryContext(Path("out")), objects=ObjectStore(), keep=False), Adam)
assert_type(adam.instance().xpmconfig, Adam)
assert_type(adam.__identifier__().hex(), str)
assert_type(Shared.C(size=2), Shared)
assert_type(adam == learner, bool)


def build(kind: type[Optimizer], lr: float) -> Optimizer:
    return kind.C(lr=lr)
