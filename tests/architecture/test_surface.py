"""What users may import: the reference page, the package and release 2.7 agree."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Final

import pytest

import experimaestro

REFERENCE: Final = Path(__file__).parents[2] / "docs/reference.md"

DOCUMENTED_PATHS: Final = """
    experimaestro.actions: Action Interaction CLIInteraction
    experimaestro.annotations: cache tags config_only initializer deprecate STDOUT STDERR
    experimaestro.checkers: Checker Choices
    experimaestro.cli: cli
    experimaestro.click: click forwardoption
    experimaestro.connectors: Process Redirect
    experimaestro.connectors.local: LocalConnector
    experimaestro.core.arguments: Argument Param Meta Constant field
    experimaestro.core.context: SerializationContext SerializedPath SerializedPathLoader
    experimaestro.core.objects: Config Task ConfigInformation ConfigMixin TaskStub ObjectStore copyconfig setmeta
    experimaestro.core.objects: sealed_set ConfigWalkContext
    experimaestro.core.objects.config: Config Task ConfigInformation ConfigMixin clone
    experimaestro.core.objects.config_walk: ConfigWalkContext
    experimaestro.core.types: ObjectType Type SubmitHook
    experimaestro.exceptions: HandledException FailedExperiment GracefulTimeout TaskCancelled
    experimaestro.experiments: configuration ConfigurationBase ExperimentHelper
    experimaestro.experiments.configuration: ConfigurationBase configuration
    experimaestro.experiments.mockmodule: mock_modules
    experimaestro.generators: PathGenerator STDOUT STDERR
    experimaestro.huggingface: ExperimaestroHFHub
    experimaestro.launcherfinder: find_launcher parse specs parser registry LauncherRegistry HostRequirement
    experimaestro.launcherfinder: HostSpecification CPUSpecification AcceleratorSpecification AcceleratorType
    experimaestro.launcherfinder: CudaSpecification MPSSpecification MatchRequirement cpu cuda_gpu gpu mps_gpu
    experimaestro.launcherfinder.parser: parse
    experimaestro.launcherfinder.registry: LauncherRegistry LauncherNotFoundError find_launcher
    experimaestro.launcherfinder.specs: HostRequirement HostSimpleRequirement RequirementUnion parse_memory duration
    experimaestro.launchers: Launcher DynamicLauncher
    experimaestro.launchers.direct: DirectLauncher
    experimaestro.mkdocs.base: Documentation
    experimaestro.mkdocs.metaloader: Module DependencyInjectorFinder
    experimaestro.scheduler: experiment JobState JobFailureStatus Job Listener RunMode FailedExperiment
    experimaestro.scheduler.dependencies: Dependency JobDependency
    experimaestro.scheduler.experiment: experiment cleanup_experiment_history
    experimaestro.scheduler.folders: FolderMode FolderSettings
    experimaestro.scheduler.jobs: Job JobDependency JobFailureStatus JobState JobStateDone JobStateError JobStateReady
    experimaestro.scheduler.jobs: JobStateRunning JobStateScheduled JobStateUnscheduled JobStateWaiting TransientMode
    experimaestro.scheduler.services: Service WebService ProcessWebService ServiceListener ServiceState
    experimaestro.scheduler.workspace: Workspace RunMode
    experimaestro.scheduler.workspace_state_provider: WorkspaceStateProvider
    experimaestro.settings: Settings WorkspaceSettings HistorySettings get_settings get_workspace find_workspace
    experimaestro.sphinx: setup
    experimaestro.taskglobals: Env
    experimaestro.tokens: CounterToken
    experimaestro.tools.documentation: DocumentationAnalyzer
    experimaestro.utils: cleanupdir
    experimaestro.utils.config: validate_attrs
    experimaestro.utils.environment: get_environment_info get_git_info
    experimaestro.utils.git: get_git_info
    experimaestro.utils.settings: JsonSettings PathField
    experimaestro.xpmutils: DirectoryContext EmptyContext
"""
"""Modules and names of release 2.7 that its documentation shows or that projects import, as far as they exist here."""

NEEDS: Final = {
    "experimaestro.huggingface": "huggingface_hub",
    "experimaestro.sphinx": "sphinx",
    "experimaestro.utils.settings": "marshmallow",
}
"""The libraries that are not always there."""


def documented_paths() -> list[tuple[str, str]]:
    lines = [line.split(":") for line in DOCUMENTED_PATHS.split("\n") if line.strip()]
    return [(module.strip(), name) for module, names in lines for name in names.split()]


def documented_names() -> list[str]:
    section = REFERENCE.read_text().split("## Names")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    names = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    return sorted(name for name in names if name[0] != "_")


def test_public_names_are_those_of_the_reference_page() -> None:
    assert sorted(name for name in experimaestro.__all__ if name != "__version__") == documented_names()


def test_public_names_are_sorted() -> None:
    assert list(experimaestro.__all__) == sorted(experimaestro.__all__)


@pytest.mark.parametrize("name", experimaestro.__all__)
def test_public_name_exists(name: str) -> None:
    assert getattr(experimaestro, name) is not None


def test_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="Confg"):
        experimaestro.Confg  # noqa: B018 (reading is the point)


def test_completion_sees_the_public_names() -> None:
    assert set(experimaestro.__all__) <= set(dir(experimaestro))


@pytest.mark.parametrize(("module", "name"), documented_paths())
def test_import_path_of_release_2_7_exists(module: str, name: str) -> None:
    if module in NEEDS:
        pytest.importorskip(NEEDS[module])
    assert hasattr(importlib.import_module(module), name)
