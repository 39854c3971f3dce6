"""What the identifier of a job was computed from: `.experimaestro/identity.json`, which tells two jobs apart."""

from __future__ import annotations

import os
import re
from typing import Final, NamedTuple

from experimaestro import _files
from experimaestro.core.document import Document, Fingerprint
from experimaestro.workspace import plain
from experimaestro.workspace.layout import JobDirectory

VERSION: Final = 1

_HEAD: Final = re.compile(rb'\{"version":1,"fingerprint":"([0-9a-f]{64})"')
_HEAD_LENGTH: Final = 128


class Identity(NamedTuple):
    """The document of a task that was submitted."""

    fingerprint: Fingerprint
    document: Document
    built_at: str
    """File and line where the task was built."""


def write_identity(directory: JobDirectory, identity: Identity) -> None:
    """Raises OSError."""
    directory.state.mkdir(exist_ok=True)
    record: dict[str, object] = {
        "version": VERSION,
        "fingerprint": identity.fingerprint,
        "built_at": identity.built_at,
        "document": identity.document.to_json(),
    }
    _files.write_json(directory.document, record)


def read_fingerprint(directory: JobDirectory) -> Fingerprint | None:
    """The digest of the document, which is at the beginning of the file; None for a job of release 2.7."""
    try:
        descriptor = os.open(directory.document, os.O_RDONLY | os.O_CLOEXEC)  # once for each job: `open` is slower
    except OSError:
        return None
    try:
        head = _HEAD.match(os.read(descriptor, _HEAD_LENGTH))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return Fingerprint(head[1].decode()) if head is not None else None


def read_identity(directory: JobDirectory) -> Identity | None:
    """None when there is none that can be understood."""
    record = plain.load(directory.document) or {}
    fingerprint = plain.text(record, "fingerprint")
    if record.get("version") != VERSION or fingerprint is None:
        return None
    try:
        document = Document.from_json(plain.mappings(record, "document"))
    except (LookupError, TypeError, AttributeError):
        return None
    return Identity(Fingerprint(fingerprint), document, plain.text(record, "built_at") or "<unknown>")
