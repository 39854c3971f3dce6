"""Modules that stand for others, so that code which imports heavy libraries can be read without them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

FakeResult = Any
"""Whatever the code expects."""


class FakeBase:
    """What a fake is when a class derives from it."""

    @classmethod
    def apply(cls, *arguments: object, **values: object) -> None:
        """Does nothing (functions of torch are called through it)."""


class Fake:
    """What is found in a fake module: a class, a function, a decorator, or a module, as it is used."""

    __sphinx_mock__ = True  # what Sphinx says of its own: such a type of a parameter is not looked at

    def __init__(self, path: str) -> None:
        self.__name__ = self.__qualname__ = path.rpartition(".")[2]
        self.__module__ = path.rpartition(".")[0]
        self._path = path

    def __getattr__(self, name: str) -> Fake:
        return _inside(self._path, name)

    def __call__(self, *arguments: FakeResult, **values: object) -> FakeResult:
        """Returns what is decorated, or a fake."""
        decorates = len(arguments) == 1 and not values and callable(arguments[0])
        return arguments[0] if decorates else self

    def __getitem__(self, item: object) -> Fake:
        return self

    def __or__(self, other: object) -> Fake:
        return self

    __ror__ = __or__

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        taken = any(isinstance(base, Fake) for base in bases[: bases.index(self)])
        return () if taken else (FakeBase,)

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __repr__(self) -> str:
        return self._path


class FakeModule(ModuleType):
    """A module in which everything is found."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Fake:
        found = _inside(self.__name__, name)
        setattr(self, name, found)  # the same one each time
        return found

    def __repr__(self) -> str:
        return f"<fake module {self.__name__!r}>"


def _inside(path: str, name: str) -> Fake:
    if name.startswith("_"):
        raise AttributeError(f"{path} has no attribute {name!r}: it is a fake")
    return Fake(f"{path}.{name}")


class FakeFinder(MetaPathFinder, Loader):
    """Finds fakes for some modules."""

    def __init__(self, is_fake: Callable[[str], object]) -> None:
        self._is_fake = is_fake

    def install(self) -> None:
        """Has its modules found before those that are installed."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if self._is_fake(fullname) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return FakeModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""
