from re import Pattern
from typing import IO, Any

from datamaestro.stream import Transform

class Filter(Transform):
    def __init__(self, pattern: str | Pattern[str]) -> None: ...
    def __call__(self, fileobj: IO[Any]) -> IO[Any]: ...  # Any: text or bytes

class Replace(Transform):
    def __init__(self, pattern: str | Pattern[str], replacement: str) -> None: ...
    def __call__(self, fileobj: IO[Any]) -> IO[Any]: ...  # Any: text or bytes
