"""Where attachments lie while another program shows them: private, below the home, and gone with the desk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from crm_tui.base.paths import DIRECTORY_MODE, Home


def folder(home: Home) -> Path:
    """A new folder of mode 0700 for one attachment that this process opens."""
    mine = _root(home) / str(os.getpid())
    mine.mkdir(parents=True, exist_ok=True, mode=DIRECTORY_MODE)
    return Path(tempfile.mkdtemp(dir=mine))


def clear(home: Home, *, mine: bool = False) -> None:
    """Remove what desks that run no more have left behind; with ``mine`` what this process opened, too."""
    root = _root(home)
    try:
        left = [entry for entry in root.iterdir() if entry.is_dir() and not entry.is_symlink()]
    except OSError:
        return
    for entry in left:
        gone = mine if entry.name == str(os.getpid()) else not runs(entry.name)
        if gone:
            shutil.rmtree(entry, ignore_errors=True)


def _root(home: Home) -> Path:
    return home.state / "opened"


def runs(name: str) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(int(name), 0)
    except (ValueError, ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
