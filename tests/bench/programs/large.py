"""The experiment of the files that `write` makes: five imports, a thousand keys. `python large.py DIRECTORY` writes them."""

import sys
from pathlib import Path

from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

IMPORTS = 5
SECTIONS = 20
KEYS = 9


@configuration
class Section:
    number: int = 0
    rate: float = 0.1
    name: str = ""
    verbose: bool = False
    sizes: list[int] = []  # noqa: RUF012  # copied for each object
    k0: int = 0
    k1: float = 0.0
    k2: str = ""
    k3: bool = False


@configuration
class Large(ConfigurationBase):
    f0: dict[str, Section]
    f1: dict[str, Section]
    f2: dict[str, Section]
    f3: dict[str, Section]
    f4: dict[str, Section]
    own: dict[str, Section]


def section(name: str) -> str:
    values = {"number": 3, "rate": 0.25, "name": f"section {name}", "verbose": "true", "sizes": "[1, 2, 3]"}
    values |= {"k0": 1, "k1": 0.5, "k2": "text", "k3": "false"}
    return f"  {name}:\n" + "".join(f"    {key}: {value}\n" for key, value in values.items())


def write(directory: Path) -> None:
    directory.mkdir()
    names = [f"f{index}" for index in range(IMPORTS)]
    for name in names:
        sections = "".join(section(f"s{index}") for index in range(SECTIONS - 3))
        (directory / f"{name}.yaml").write_text(f"{name}:\n{sections}")
    sections = "".join(section(f"s{index}") for index in range(SECTIONS - 3))
    head = f"id: large\nfile: large\nimports: [{', '.join(f'{name}.yaml' for name in names)}]\n"
    (directory / "large.yaml").write_text(f"{head}own:\n{sections}")
    (directory / "large.py").write_text(Path(__file__).read_text())


def run(helper: ExperimentHelper, cfg: Large) -> None:
    raise AssertionError("only shown")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
