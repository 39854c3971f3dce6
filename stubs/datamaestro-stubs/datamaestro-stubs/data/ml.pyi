from pathlib import Path
from typing import Generic

from datamaestro.data import Base
from typing_extensions import TypeVar

from experimaestro import Meta, Param

Train = TypeVar("Train", bound=Base, default=Base)
Validation = TypeVar("Validation", bound=Base, default=Base)
Test = TypeVar("Test", bound=Base, default=Base)

class Supervised(Base, Generic[Train, Validation, Test]):
    train: Param[Base]
    validation: Param[Base | None] = ...
    test: Param[Base | None] = ...

class FolderBased(Base):
    classes: Param[list[str]]
    path: Meta[Path]
