from datamaestro.download import FileResource
from datamaestro.stream import Transform
from datamaestro.utils import FileChecker

class SingleDownload(FileResource):
    def __init__(
        self,
        filename: str,
        url: str,
        size: int | None = None,
        transforms: Transform | None = None,
        checker: FileChecker | None = None,
        *,
        varname: str | None = None,
        transient: bool = False,
    ) -> None: ...

class FileDownloader(SingleDownload): ...

class ConcatDownloader(FileResource):
    def __init__(
        self,
        filename: str,
        url: str,
        transforms: Transform | None = None,
        *,
        varname: str | None = None,
        transient: bool = False,
    ) -> None: ...

filedownloader = FileDownloader.apply
