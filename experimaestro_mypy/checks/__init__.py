"""The checks: functions from code to findings, one module for each concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from experimaestro_mypy.checks import (
    classes,
    containment,
    fields,
    files,
    identifiers,
    instances,
    kinds,
    launchers,
    overrides,
    partials,
    phases,
    plans,
    run,
    submission,
    tasks,
    values,
)
from experimaestro_mypy.unit import Finding, Module, Unit

UnitCheck = Callable[[Module, Unit], Iterator[Finding]]
"""Looks at one function, or at the top level of a module."""

ModuleCheck = Callable[[Module], Iterator[Finding]]
"""Looks at a whole module, the classes it defines for instance."""

UNIT_CHECKS: Final[tuple[UnitCheck, ...]] = (
    instances.value_calls,
    classes.value_classes,
    files.yaml_files,
    launchers.requirements,
    phases.in_job,
    plans.plans,
    run.signature,
    submission.initialization,
    tasks.outputs,
    tasks.submitted_without_execute,
    values.choices,
    values.constants,
    values.copies,
)
MODULE_CHECKS: Final[tuple[ModuleCheck, ...]] = (
    classes.conversions,
    containment.endless,
    fields.choices,
    fields.constants,
    fields.generated_paths,
    fields.ignored_defaults,
    fields.mutable_defaults,
    identifiers.duplicates,
    kinds.parameter_kinds,
    overrides.bare_values,
    overrides.unsaid_overrides,
    partials.foreign_partials,
    partials.unused_groups,
    tasks.executes,
)
