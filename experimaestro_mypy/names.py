"""The dotted names that the plugin knows. A test holds them against the package itself."""

from __future__ import annotations

from typing import Final

PACKAGE: Final = "experimaestro"

ANNOTATIONS: Final = f"{PACKAGE}.core.annotations"
PARAM: Final = f"{ANNOTATIONS}.Param"
META: Final = f"{ANNOTATIONS}.Meta"
OPTION: Final = f"{ANNOTATIONS}.Option"
CONSTANT: Final = f"{ANNOTATIONS}.Constant"
DATA_PATH: Final = f"{ANNOTATIONS}.DataPath"
OPTIONAL_DATA_PATH: Final = f"{ANNOTATIONS}.OptionalDataPath"
FIELD: Final = f"{ANNOTATIONS}.field"
HELP: Final = f"{ANNOTATIONS}.help"
PATHGENERATOR: Final = f"{ANNOTATIONS}.pathgenerator"
CHOICES: Final = f"{PACKAGE}.core.checkers.Choices"

PATH_GENERATOR: Final = f"{PACKAGE}.core.generators.PathGenerator"
PARTIAL: Final = f"{PACKAGE}.core.partials.partial"
PARAM_GROUP: Final = f"{PACKAGE}.core.partials.param_group"
PARAMETER_GROUP: Final = f"{PACKAGE}.core.partials.ParameterGroup"

CONFIG: Final = f"{PACKAGE}.core.config.Config"
LIGHTWEIGHT_TASK: Final = f"{PACKAGE}.core.config.LightweightTask"
TASK: Final = f"{PACKAGE}.core.config.Task"
RESUMABLE_TASK: Final = f"{PACKAGE}.core.config.ResumableTask"
INSTANCE_CONFIG: Final = f"{PACKAGE}.core.config.InstanceConfig"
PREPARE: Final = f"{PACKAGE}.core.config.Prepare"
DEPENDENT_MARKER: Final = f"{PACKAGE}.core.config.DependentMarker"

TAG: Final = f"{PACKAGE}.core.tags.tag"
STOP_TAGS: Final = f"{PACKAGE}.core.tags.stop_tags"
COPYCONFIG: Final = f"{PACKAGE}.core.copies.copyconfig"
SETMETA: Final = f"{PACKAGE}.core.copies.setmeta"
SEALED_SET: Final = f"{PACKAGE}.core.copies.sealed_set"
LOAD: Final = f"{PACKAGE}.core.serialization.load"
FROM_TASK_DIR: Final = f"{PACKAGE}.core.serialization.from_task_dir"
DEPRECATE: Final = f"{PACKAGE}.core.deprecation.deprecate"

TRANSIENT_MODE: Final = f"{PACKAGE}._types.TransientMode"
RUN_MODE: Final = f"{PACKAGE}._types.RunMode"
EXPERIMENT: Final = f"{PACKAGE}.scheduler.experiment.experiment"
SET_LAUNCHER: Final = f"{PACKAGE}.scheduler.experiment.set_launcher"
FIND_LAUNCHER: Final = f"{PACKAGE}.launcherfinder.find_launcher"

CONFIGURATION_BASE: Final = f"{PACKAGE}.configuration.base.ConfigurationBase"
EXPERIMENT_HELPER: Final = f"{PACKAGE}.experiments.helper.ExperimentHelper"

REGISTER: Final = "register_task_output"
"""The method of tasks that tells of an output while they run."""

LAUNCHER_FINDER: Final = f"{PACKAGE}.launcherfinder"
REQUIREMENT_READERS: Final = ("find_launcher", "parse")
"""The functions of the launcher finder that read requirements."""
REQUIREMENT_PARTS: Final = ("duration", "cpu", "gpu", "cuda_gpu", "mps_gpu")
"""Those that make them."""

FILLED: Final = frozenset({"datamaestro.data.Base.id"})
"""Required parameters of other libraries that these give when a plan does not."""

METADATA: Final = "experimaestro"
"""The key of what the plugin keeps in `TypeInfo.metadata`."""
