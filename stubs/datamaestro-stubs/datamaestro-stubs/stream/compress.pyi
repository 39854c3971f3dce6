from pathlib import Path
from typing import IO, Any

from datamaestro.stream import Transform

class Gunzip(Transform):
    def __call__(self, fileobj: IO[Any]) -> IO[Any]: ...  # Any: text or bytes
    def path(self, path: Path) -> Path: ...
