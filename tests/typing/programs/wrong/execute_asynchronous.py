"""Nobody would await it."""

import asyncio

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Fetch(Task):
    urls: Param[list[str]]

    async def execute(self) -> None:  # E: xpm-execute
        for url in self.urls:
            await self.fetch(url)

    async def fetch(self, url: str) -> None:
        await asyncio.sleep(0)
        print(url)


@configuration
class Urls(ConfigurationBase):
    urls: list[str] = ["https://example.org"]


def run(helper: ExperimentHelper, cfg: Urls) -> None:
    Fetch.C(urls=cfg.urls).submit()
