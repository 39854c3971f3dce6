from collections.abc import Collection

from datamaestro.download import FolderResource
from datamaestro.utils import FileChecker

class ArchiveDownloader(FolderResource):
    def __init__(
        self,
        varname: str,
        url: str,
        subpath: str | None = None,
        checker: FileChecker | None = None,
        files: Collection[str] | None = None,
        *,
        transient: bool = False,
    ) -> None: ...

class ZipDownloader(ArchiveDownloader): ...
class TarDownloader(ArchiveDownloader): ...

zipdownloader = ZipDownloader.apply
tardownloader = TarDownloader.apply
