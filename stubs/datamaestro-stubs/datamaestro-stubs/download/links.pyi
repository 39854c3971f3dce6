from collections.abc import Sequence
from pathlib import Path

from datamaestro.context import ResolvablePath
from datamaestro.definitions import AbstractDataset, Dataset
from datamaestro.download import LocalResourceMixin, Resource

class GlobChecker:
    def __init__(self, glob: str, md5: str | None = None) -> None: ...
    def check(self, path: Path) -> bool: ...
    def compute(self, path: Path) -> str | None: ...

class links(LocalResourceMixin, Resource):
    def __init__(
        self, varname: str, *, transient: bool = False, **link_targets: AbstractDataset | type[Dataset]
    ) -> None: ...
    def download(self, force: bool = False) -> None: ...
    def prepare(self) -> Path: ...

class linkpath(LocalResourceMixin, Resource):
    def __init__(
        self, varname: str, proposals: Sequence[ResolvablePath | Path | str], *, transient: bool = False
    ) -> None: ...
    def download(self, force: bool = False) -> None: ...
    def prepare(self) -> Path: ...

class linkfile(linkpath): ...

class linkfolder(linkpath):
    def __init__(
        self,
        varname: str,
        proposals: Sequence[ResolvablePath | Path | str],
        *,
        transient: bool = False,
        checker: GlobChecker | None = None,
    ) -> None: ...
