"""A directory is not what gives paths to an instance."""

from pathlib import Path

from experimaestro import DirectoryContext, Meta, Param, PathGenerator, Task, field


class Plot(Task):
    title: Param[str]
    image: Meta[Path] = field(default_factory=PathGenerator("plot.png"))

    def execute(self) -> None:
        print(self.title, self.image)


def preview(title: str, directory: Path) -> None:
    plot = Plot.C(title=title)
    print(DirectoryContext(directory).path)
    plot.instance(DirectoryContext(directory)).execute()


if __name__ == "__main__":
    preview("loss", Path("preview"))
