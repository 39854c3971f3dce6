from collections.abc import Callable
from pathlib import Path
from typing import Any

class FileChecker:
    @property
    def write(self) -> Callable[[bytes], object] | None: ...
    def check(self, path: Path) -> None: ...
    def close(self) -> None: ...

class HashCheck(FileChecker):
    def __init__(self, hashstr: str, hasherfn: Callable[[], Any] = ...) -> None: ...  # Any: what hashlib makes
