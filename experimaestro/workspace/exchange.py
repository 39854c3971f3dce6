"""Two names of a directory that change places in one step."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Final

_HERE: Final = -100
"""AT_FDCWD: paths are relative to the current directory."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""
_IMPOSSIBLE: Final = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM)
"""What systems and file systems (NFS among them) say that cannot do it."""


def exchange(first: Path, second: Path) -> bool:
    """Gives each of two names to what the other one named; nobody sees either missing.

    Returns False, and nothing has changed, where that cannot be done in one step. Raises OSError.
    """
    code = _exchange(os.fsencode(first), os.fsencode(second))
    if code == 0:
        return True
    if code in _IMPOSSIBLE:
        return False
    raise OSError(code, os.strerror(code), str(first), None, str(second))


def _exchange(first: bytes, second: bytes) -> int:
    """Asks the system; returns the number of its error, or 0."""
    import ctypes  # late: 7 ms, which plans whose jobs stay where they are do without

    library = ctypes.CDLL(None, use_errno=True)
    name, here = ("renamex_np", ()) if sys.platform == "darwin" else ("renameat2", (_HERE,))
    rename = getattr(library, name, None)
    if rename is None:
        return errno.ENOSYS
    return 0 if rename(*here, first, *here, second, _EXCHANGE) == 0 else ctypes.get_errno()
