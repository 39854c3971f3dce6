"""What a task says of its output, where the files of its job are not the only truth."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from experimaestro._files import FileLock
from experimaestro.core.config import Config
from experimaestro.core.state import Configuration
from experimaestro.exceptions import HandledException
from experimaestro.scheduler.execution import find
from experimaestro.scheduler.messages import Found
from experimaestro.workspace import records
from experimaestro.workspace.layout import JobDirectory

LOGGER: Final = logging.getLogger("xpm")


class OutputValidityError(HandledException):
    """`__xpm_output_valid__` returns neither True, False nor None."""

    def __init__(self, config: Configuration, found: object) -> None:
        super().__init__(
            f"{config.__xpm__.xpmtype.name()}.__xpm_output_valid__() returned {found!r}, expected True (the output is "
            "there), False (it is missing) or None (the files of the job tell)"
        )


def found(config: Configuration, directory: JobDirectory) -> Found:
    """What is to be made of a task when it is submitted: what its files say, unless it knows better.

    Raises OutputValidityError, or what the method of the user raises.
    """
    marked = find(directory)
    valid = None if marked is Found.RUNNING else _validity(config)
    if valid is None:
        return marked
    return Found.DONE if valid else Found.ABSENT


def _validity(config: Configuration) -> bool | None:
    if type(config).__xpm_output_valid__ is Config.__xpm_output_valid__:
        return None
    valid = config.__xpm_output_valid__()
    if valid in (None, True, False):
        return valid
    raise OutputValidityError(config, valid)


def settled(config: Configuration, directory: JobDirectory, describe: Callable[[], None]) -> Found:
    """The same, once the files of the job agree with it.

    :param describe: writes the files that describe a job which this workspace did not run.
    """
    marked, wanted = find(directory), found(config, directory)
    if marked is Found.DONE and wanted is Found.ABSENT:
        LOGGER.warning("%s is run again: its __xpm_output_valid__ says that its output is missing", directory.path)
        _alone(directory, lambda: records.clear_outcome(directory))
    elif marked is Found.ABSENT and wanted is Found.DONE:
        LOGGER.info("%s is taken as done: its __xpm_output_valid__ says that its output is there", directory.path)
        directory.path.mkdir(parents=True, exist_ok=True)
        _alone(directory, lambda: _adopt(directory, describe))
    return wanted


def _adopt(directory: JobDirectory, describe: Callable[[], None]) -> None:
    describe()
    records.clear_outcome(directory)
    records.write_done(directory)


def _alone(directory: JobDirectory, change: Callable[[], None]) -> None:
    """Changes the files of a job, unless someone else runs it by now: it is then for them to say."""
    lock = FileLock(directory.lock)
    if lock.acquire(blocking=False):
        try:
            change()
        finally:
            lock.release()
