"""The YAML files of an experiment: each mistake is told at its function `run`, with its own place in the message."""

from __future__ import annotations

from collections.abc import Iterator

from experimaestro_mypy import experiments
from experimaestro_mypy.unit import Finding, Module, Unit


def yaml_files(module: Module, unit: Unit) -> Iterator[Finding]:
    """Mistakes in the YAML files that name a module, in what they name, and in the options of scripts near it."""
    run = experiments.run_of(module, unit)
    if run is None or not run.is_named:
        return
    from experimaestro_mypy.files import findings  # late: it imports the loader, which few modules need

    kind = experiments.configuration_class(run.function)
    for code, location in findings.told(module, kind):
        yield Finding(run.function, code, str(location))
