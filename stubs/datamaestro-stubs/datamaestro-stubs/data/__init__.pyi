from pathlib import Path
from typing import IO, Any

from experimaestro import Meta, Param, Prepare

class Base(Prepare):
    id: Param[str] = ...  # datamaestro gives the identifier of the data set: definitions leave it out
    def dataset_information(self) -> dict[str, Any]: ...  # Any: written by each data set
    def download(self) -> None: ...
    def is_prepared(self) -> bool: ...
    def prepare(self, *args: Any, **kwargs: Any) -> None: ...  # Any: what each data set takes

class Generic(Base):
    def __init__(self, **kwargs: Any) -> None: ...  # Any: keeps what it gets

class File(Base):
    path: Meta[Path]
    def open(self, mode: str) -> IO[Any]: ...  # Any: text or bytes, as `mode` says

class Folder(Base):
    path: Meta[Path]
    def open(self, mode: str) -> IO[Any]: ...  # Any: text or bytes, as `mode` says
