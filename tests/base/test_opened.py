"""Attachments that another program shows lie in a private place, and not longer than the desk runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crm_tui.base import opened
from crm_tui.base.paths import home_at


def test_the_folder_is_private_and_goes_at_the_end(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    folder = opened.folder(home)
    (folder / "offer.pdf").write_bytes(b"x")
    assert folder.is_relative_to(tmp_path)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    opened.clear(home)
    assert (folder / "offer.pdf").exists(), "this desk still runs"
    opened.clear(home, mine=True)
    assert not folder.exists()


def test_what_a_killed_desk_left_goes_at_the_next_start_but_not_that_of_a_running_one(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    home = home_at(tmp_path)
    left, running = tmp_path / "opened" / str(ended.pid), tmp_path / "opened" / str(os.getppid())
    for folder in (left, running):
        (folder / "x").mkdir(parents=True)
    opened.clear(home)
    assert not left.exists()
    assert running.exists()
