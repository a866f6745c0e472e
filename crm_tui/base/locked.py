"""Which desks stand locked: a file of the home notes each, so that killing a locked desk does not open the next one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from crm_tui.base.opened import runs
from crm_tui.base.paths import FILE_MODE, Home


def note(home: Home, agent_id: int) -> None:
    """The desk of this process is locked, in the hands of that agent."""
    with suppress(OSError):  # a disk that is full must not keep the curtain up
        _mine(home, agent_id).touch(mode=FILE_MODE)


def forget(home: Home, agent_id: int) -> None:
    """It is locked no more."""
    with suppress(OSError):
        _mine(home, agent_id).unlink(missing_ok=True)


def is_locked(home: Home, agent_id: int) -> bool:
    """Whether a desk of the agent stands locked, or was killed while it was."""
    return bool(_notes(home, agent_id))


def clear(home: Home, agent_id: int) -> None:
    """The agent has proved who they are: what killed desks left behind counts no more."""
    for path in _notes(home, agent_id):
        if not runs(path.suffix[1:]):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _mine(home: Home, agent_id: int) -> Path:
    return home.state / f"locked-{agent_id}.{os.getpid()}"


def _notes(home: Home, agent_id: int) -> list[Path]:
    return list(home.state.glob(f"locked-{agent_id}.*"))
