from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Self, TypeVar, overload

from datamaestro.definitions import AbstractDataset, Dataset, DatasetWrapper
from datamaestro.settings import Settings, UserSettings

from experimaestro import Config

_ConfigT = TypeVar("_ConfigT", bound=Config)

class Context:
    INSTANCE: ClassVar[Context | None]
    MAINDIR: ClassVar[Path]
    keep_downloads: bool
    traceback: bool
    settings: Settings
    user_settings: UserSettings
    def __init__(self, path: Path | None = None) -> None: ...
    @staticmethod
    def instance() -> Context: ...
    @staticmethod
    def frompath(path: Path) -> Context: ...
    @property
    def datapath(self) -> Path: ...
    @property
    def cachepath(self) -> Path: ...
    @property
    def running_test(self) -> bool: ...
    @cached_property
    def repositorymap(self) -> dict[str, Repository]: ...
    def repositories(self) -> Iterable[Repository]: ...
    def repository(self, repositoryid: str) -> Repository | None: ...
    def datasets(self) -> Iterable[AbstractDataset]: ...
    def dataset(self, datasetid: str) -> AbstractDataset: ...
    def ask(self, question: str, options: dict[str, str]) -> str: ...

class BaseRepository(ABC):
    context: Context
    def __init__(self, context: Context) -> None: ...
    @abstractmethod
    def __iter__(self) -> Iterator[AbstractDataset]: ...
    @classmethod
    def basemodule(cls) -> ModuleType: ...
    @classmethod
    def instance(cls, context: Context | None = None) -> Self: ...
    def search(self, name: str) -> AbstractDataset | None: ...
    @property
    def datapath(self) -> Path: ...
    @property
    def extrapath(self) -> Path: ...
    @property
    def generatedpath(self) -> Path: ...

class Repository(BaseRepository):
    def __iter__(self) -> Iterator[AbstractDataset]: ...
    @classmethod
    def version(cls) -> str: ...

class ResolvablePath:
    @staticmethod
    def resolve(context: Context, path: ResolvablePath | Path | str) -> Path: ...
    def __call__(self, context: Context) -> Path: ...

class DatafolderPath(ResolvablePath):
    def __init__(self, folderid: str, path: str | Path) -> None: ...

def find_dataset(dataset_id: str) -> AbstractDataset: ...
def get_dataset(
    dataset_id: str, *, variant: Mapping[str, Any] | None = None
) -> Any: ...  # Any: a data set of the class that its definition says
@overload
def prepare_dataset(
    dataset_id: _ConfigT,
    context: Context | Path | None = None,
    *,
    variant: Mapping[str, Any] | None = None,  # Any: the axes of the data set say
    download: bool | None = None,
) -> _ConfigT: ...
@overload
def prepare_dataset(
    dataset_id: str | DatasetWrapper | type[Dataset],
    context: Context | Path | None = None,
    *,
    variant: Mapping[str, Any] | None = None,  # Any: the axes of the data set say
    download: bool | None = None,
) -> Any: ...  # Any: a data set of the class that its definition says
