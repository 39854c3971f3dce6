from pathlib import Path

from datamaestro.data.huggingface import HuggingFaceDataset
from datamaestro.download import FolderResource, ValueResource

class HFDownloader(ValueResource):
    def __init__(
        self,
        varname: str,
        repo_id: str,
        *,
        name: str | None = None,
        data_files: str | None = None,
        split: str | None = None,
        revision: str | None = None,
        streaming: bool = False,
        local_path: Path | str | None = None,
        transient: bool = False,
    ) -> None: ...
    def download(self, force: bool = False) -> None: ...
    def prepare(self) -> HuggingFaceDataset: ...

class HFSnapshotDownloader(FolderResource):
    def __init__(
        self,
        varname: str,
        repo_id: str,
        *,
        repo_type: str = "dataset",
        allow_patterns: list[str] | None = None,
        ignore_patterns: list[str] | None = None,
        revision: str | None = None,
        transient: bool = False,
    ) -> None: ...
