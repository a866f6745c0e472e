"""Files that only their owner can read, which appear whole or not at all (QUALITY S16)."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Unwritable(Exception):
    """A file cannot be written. ``reason``: in the system's words; empty: there is one of that name already."""

    def __init__(self, path: Path, reason: str = "") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@contextmanager
def private_file(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """A stream to a new file; it takes its name when the block is left without an error.

    Raises:
        Unwritable: it exists (unless ``overwrite``), or the system refuses.
    """
    if path.exists() and (not overwrite or not path.is_file()):
        raise Unwritable(path)
    try:
        handle, name = tempfile.mkstemp(prefix=".crm-tui-", suffix=".part", dir=path.parent)  # 0600
    except OSError as error:
        raise _because(path, error) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        _put(part, path, overwrite)
    except OSError as error:
        raise _because(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _put(part: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        part.replace(path)
        return
    try:
        os.link(part, path)  # fails if somebody was quicker
    except PermissionError:  # file systems without links
        with contextlib.suppress(FileNotFoundError):
            part.rename(path)


def _because(path: Path, error: OSError) -> Unwritable:
    return Unwritable(path, error.strerror or type(error).__name__)
