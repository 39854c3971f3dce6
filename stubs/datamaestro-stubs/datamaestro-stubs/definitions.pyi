from abc import ABC
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar, overload

from datamaestro.context import Context, Repository
from datamaestro.data import Base
from datamaestro.download import Resource
from datamaestro.variants import Variants

from experimaestro import Config
from experimaestro import Meta as Meta
from experimaestro import Option as Option
from experimaestro import Param as Param

_C = TypeVar("_C", bound=type)

class DownloadError(RuntimeError): ...

class AbstractData(ABC):
    id: str
    tags: set[str]
    tasks: set[str]
    def __init__(self) -> None: ...
    def ancestors(self) -> Iterable[AbstractData]: ...

class DataDefinition(AbstractData):
    def __init__(self, t: type, base: type[Config] | None = None) -> None: ...
    @property
    def description(self) -> str: ...
    @staticmethod
    def repository_relpath(t: type) -> tuple[Repository, list[str]]: ...

class AbstractDataset(AbstractData):
    name: str | None
    url: str | None
    doi: str | None
    repository: Repository | None
    resources: dict[str, Resource]
    ordered_resources: list[Resource]
    timestamp: str | bool | None
    aliases: set[str]
    def __init__(self, repository: Repository | None) -> None: ...
    @property
    def configtype(self) -> type[Base]: ...
    @property
    def context(self) -> Context: ...
    @property
    def description(self) -> str: ...
    def download(self, force: bool = False) -> bool: ...
    @staticmethod
    def find(name: str, context: Context | None = None) -> DataDefinition: ...
    def format(self, encoder: str) -> str: ...
    def is_prepared(self) -> bool: ...
    def prepare(
        self, download: bool = False, variant_kwargs: Mapping[str, Any] | None = None
    ) -> Any: ...  # Any: a data set of the class that its definition says
    def register_hook(self, hookname: str, hook: Callable[..., object]) -> None: ...
    def setDataIDs(self, data: Config, id: str) -> None: ...

class DatasetWrapper(AbstractDataset):
    config: Callable[..., Any]
    base: type[Base] | None
    variants: Variants | None
    @property
    def name(self) -> str: ...  # type: ignore[override]  # computed: it can't be set, unlike that of the base
    def __init__(self, annotation: dataset, t: type) -> None: ...
    def __call__(self, variant_kwargs: Mapping[str, Any] | None = None) -> Any: ...  # Any: as `prepare`
    @property
    def datapath(self) -> Path: ...
    def has_files(self) -> bool: ...
    def hasfiles(self) -> bool: ...

class Dataset(ABC):
    __dataset__: ClassVar[DatasetWrapper]  # set by @dataset
    data_path: Path
    # what a definition returns, and takes if it has variants, is its own
    config: Callable[..., Base]

class FutureAttr:
    def __init__(self, dataset: AbstractDataset, keys: list[str]) -> None: ...
    def __call__(self) -> Any: ...  # Any: what the attribute is
    def download(self, force: bool = False) -> bool: ...

class DataAnnotation:
    def __call__(self, object: _C) -> _C: ...
    def annotate(self, data: AbstractData) -> None: ...

class DatasetAnnotation:
    def __call__(self, dataset: _C) -> _C: ...
    def annotate(self, dataset: AbstractDataset) -> None: ...

class datatags(DataAnnotation):
    def __init__(self, *tags: str) -> None: ...
    def annotate(self, metadata: AbstractData) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]  # as it is

class datatasks(DataAnnotation):
    def __init__(self, *tags: str) -> None: ...
    def annotate(self, metadata: AbstractData) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]  # as it is

class metadata:
    def __init__(self, tags: str | list[str] | None = None, tasks: str | list[str] | None = None) -> None: ...
    def __call__(self, object: _C) -> _C: ...

class dataset:
    def __init__(
        self,
        base: type[Config] | None = None,
        *,
        timestamp: str | bool | None = None,
        id: str | None = None,
        url: str | None = None,
        size: int | str | None = None,
        doi: str | None = None,
        as_prepare: bool = False,
        variants: Variants | type[Variants] | None = None,
    ) -> None: ...
    @overload
    def __call__(self, t: _C) -> _C: ...  # type: ignore[overload-overlap]  # a class is callable: the first that fits counts
    @overload
    def __call__(self, t: Callable[..., object]) -> DatasetWrapper: ...

class metadataset(AbstractDataset):
    def __init__(self, base: type[Config]) -> None: ...
    def __call__(self, t: _C) -> _C: ...

def hook(name: str) -> Callable[..., Any]: ...  # Any: makes the decorator that `name` says
