"""Writes modules of configuration classes and plans for a type checker: ``plans_to_check.py FOLDER MODULES``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

CLASSES: Final = '''
class Part{k}_{m}({base}):
    """A part of a model."""

    size{k}_{m}: Param[int]{value}
    rate{k}_{m}: Param[float] = field(default=0.1, ignore_default=True)
    name{k}_{m}: Meta[str] = field(default="part")

'''

MODULE: Final = '''"""Module {m}."""

from pathlib import Path

from experimaestro import Config, Meta, Param, PathGenerator, Task, field, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

{imports}
{classes}
class Learn{m}(Task):
    part: Param[Part3_{m}]
    epochs: Param[int]
    result: Meta[Path] = field(default_factory=PathGenerator("result.txt"))

    def execute(self) -> None:
        self.result.write_text(f"{{self.part.size3_{m}}} {{self.epochs}}")


@configuration
class Settings{m}(ConfigurationBase):
    sizes: list[int]
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Settings{m}) -> None:
    learned = []
    for size in cfg.sizes:
        part = Part3_{m}.C(size3_{m}=tag(size), rate0_{m}=0.3)
        part.rate3_{m} = 0.2
        learn = Learn{m}.C(part=part, epochs=cfg.epochs)
        learned.append(learn.submit())
    helper.xp.wait()
    for task in learned:
        print(task.result.read_text())
'''


def main(folder: Path, modules: int) -> None:
    for m in range(modules):
        (folder / f"plans{m}.py").write_text(module(m))


def module(m: int) -> str:
    """A module with five configuration classes, the first derived from one of the module before."""
    before = f"Part0_{m - 1}" if m % 10 else "Config"
    imports = f"from plans{m - 1} import {before}\n" if m % 10 else ""
    bases = [before, *(f"Part{k}_{m}" for k in range(3))]
    values = [" = field(default=1)"] * 3 + [""]
    parts = zip(range(4), bases, values, strict=True)
    classes = "\n".join(CLASSES.format(k=k, m=m, base=base, value=value) for k, base, value in parts)
    return MODULE.format(m=m, imports=imports, classes=classes)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
