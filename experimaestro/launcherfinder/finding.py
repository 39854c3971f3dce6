"""`find_launcher`. What it does is imported when it does it: modules of tasks name it, and their jobs import them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experimaestro.launcherfinder.specs import HostRequirement
    from experimaestro.launchers.base import Launcher


def find_launcher(*specs: str | HostRequirement, tags: Iterable[str] = ()) -> Launcher:
    """Returns a launcher for the first of these requirements that has one.

    :param specs: such as ``"duration=1h & gpu(mem=4G) * 2 & cpu(cores=4)"``; alternatives are separated by ``|``.
    :param tags: passed on to ``launchers.py``.

    Without ``launchers.py`` in the configuration directory, this machine runs everything. Raises
    LauncherNotFoundError, InvalidRequirementError for a text that is none, LaunchersFileError for what is wrong in
    ``launchers.py``.
    """
    from experimaestro.launcherfinder.directory import LauncherRegistry  # late: see above

    return LauncherRegistry.instance().find_launcher(*specs, tags=tags)
