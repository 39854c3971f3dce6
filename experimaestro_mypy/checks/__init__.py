"""The checks: functions from code to findings, one module for each concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from experimaestro_mypy.checks import (
    choices,
    classes,
    configured,
    containment,
    copies,
    fields,
    files,
    generics,
    identifiers,
    instances,
    jobs,
    kinds,
    launchers,
    outputs,
    outside,
    overrides,
    partials,
    plans,
    registered,
    run,
    submission,
    tags,
    tasks,
    unexpanded,
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
    configured.configured_requirements,
    files.yaml_files,
    generics.bounds,
    launchers.requirements,
    jobs.in_job,
    outside.outside,
    plans.plans,
    registered.arguments,
    run.signature,
    submission.initialization,
    outputs.outputs,
    tasks.submitted_without_execute,
    choices.choices,
    tags.inside,
    unexpanded.unexpanded_grids,
    values.constants,
    copies.copies,
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
    kinds.inside_kinds,
    kinds.parameter_kinds,
    overrides.bare_values,
    overrides.unsaid_overrides,
    partials.foreign_partials,
    partials.unused_groups,
    run.without_run,
    tasks.executes,
)
