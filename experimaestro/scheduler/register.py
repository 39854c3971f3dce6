"""The tasks of an experiment by identifier: two different ones with the same identifier are refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro._types import JobId, JobState
from experimaestro.core.confusions import are_twins, is_redeclaration
from experimaestro.core.context import job_identifier, task_identifier
from experimaestro.core.difference import Change, Difference, differences
from experimaestro.core.document import Documents, Fingerprint
from experimaestro.core.state import Configuration
from experimaestro.exceptions import HandledException
from experimaestro.workspace.identity import Identity, read_fingerprint, read_identity, write_identity
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.views import job_state

_TRUSTED: Final = (JobState.DONE, JobState.RUNNING, JobState.SCHEDULED)
"""States of the jobs whose results are used, or will be."""


class IdentityCollisionError(HandledException):
    """Two different configurations have the same identifier: one would be given the results of the other."""

    def __init__(
        self, task: Configuration, other: str, found: Sequence[Difference], *, stored: Path | None = None
    ) -> None:
        """`other` says where the other one was built; `stored`, where it is recorded, if it is not of this plan."""
        first = f"recorded in {stored} (built at {other})" if stored else f"built at {other}"
        cure = "; or remove that file, if the results of that job are right for both" if stored else ""
        super().__init__(
            f"two different configurations have the identifier {task_identifier(task)}/{job_identifier(task)}:\n"
            f"  the first one is {first}\n"
            f"  the second one is built at {task.__xpm__.where()}\n"
            + "".join(f"  {difference}\n    {_reason(difference)}\n" for difference in found)
            + f"change one of them, so that their jobs are not confused{cure}"
        )
        self.differences = tuple(found)


def _reason(difference: Difference) -> str:
    match difference.change:
        case Change.TYPE:
            return "identifiers ignore the case of the names of classes"
        case Change.ORIGIN:
            return "identifiers ignore the task that produced a configuration of a deprecated class"
        case Change.VALUE if are_twins(*difference.values):
            return "identifiers do not tell these values apart: Python says that they are equal"
        case Change.VALUE if None in difference.values:
            return "identifiers take the default of the parameter for None"
        case Change.VALUE | Change.ADDED | Change.REMOVED | Change.TASK:
            return "identifiers do not tell these values apart: they do not mark where a text ends"


class _Admitted(NamedTuple):
    fingerprint: Fingerprint
    built_at: str


class Register:
    """The tasks that were submitted."""

    def __init__(self) -> None:
        self._documents = Documents()
        self._admitted: dict[JobId, _Admitted] = {}

    def admit(self, task: Configuration, directory: JobDirectory | None) -> None:
        """Takes a task, unless its identifier is that of another one, of this plan or with results on disk.

        What was submitted without being described (by release 2.7) is trusted. There is no directory for what is not
        run as a job.

        Raises IdentityCollisionError.
        """
        fingerprint = self._documents.fingerprint(task)
        known = self._admitted.setdefault(job_identifier(task), _Admitted(fingerprint, task.__xpm__.where()))
        if known.fingerprint != fingerprint:
            raise IdentityCollisionError(task, known.built_at, self._differences(known.fingerprint, fingerprint))
        if directory is not None:
            self.check_stored(task, directory)

    def check_stored(self, task: Configuration, directory: JobDirectory) -> None:
        """Compares a task that was admitted with what its directory says, when it has results or will have some.

        Raises IdentityCollisionError.
        """
        fingerprint = self._admitted[job_identifier(task)].fingerprint
        if read_fingerprint(directory) in (None, fingerprint) or job_state(directory) not in _TRUSTED:
            return
        identity = read_identity(directory)
        if identity is None:
            return
        found = differences(identity.document, self._documents.document(fingerprint))
        real = [difference for difference in found if not is_redeclaration(difference, task.__xpm__)]
        if real:
            raise IdentityCollisionError(task, identity.built_at, real, stored=directory.document)

    def write(self, directory: JobDirectory) -> None:
        """Describes a task that was admitted in the directory of its job.

        Raises OSError.
        """
        fingerprint, built_at = self._admitted[directory.job_id]
        write_identity(directory, Identity(fingerprint, self._documents.document(fingerprint), built_at))

    def _differences(self, before: Fingerprint, after: Fingerprint) -> list[Difference]:
        return differences(self._documents.document(before), self._documents.document(after))
