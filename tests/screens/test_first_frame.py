"""The first frame comes before the database library (ARCHITECTURE), and the kept one before everything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_tui.first_frame import fitting_lines, frame_text, keeper
from tests.screens.harness import Hotel

PROGRAM = """
import sys
from pathlib import Path
from crm_tui.app import DeskApp
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings

HEAVY = ("sqlmodel", "sqlalchemy", "alembic", "babel", "imapclient", "inscriptis", "icalendar", "keyring", "pymap")

class Looking(DeskApp):
    def on_ready(self):
        strips = self.screen._compositor.render_strips()
        print("PAINTED", sum(bool(strip.text.strip()) for strip in strips), file=sys.__stderr__)
        print("HEAVY", [name for name in HEAVY if name in sys.modules], file=sys.__stderr__)
        self.exit(0)

app = Looking(home_at(Path(sys.argv[1])), Settings(), lambda: None)
app.run(headless=True, size=(120, 40))
"""


def test_painting_the_first_frame_loads_no_database_library(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "HEAVY []" in done.stderr, done.stderr
    painted = int(done.stderr.split("PAINTED ")[1].split()[0])
    assert painted > 10


def test_a_kept_frame_fits_only_its_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    text = frame_text(["", "\x1b[1;38;5;75mInbox\x1b[0m ● Łucja"], 80, 24, keeper(settings))
    assert fitting_lines(text, 80, 24, settings) == ["", "\x1b[1;38;5;75mInbox\x1b[0m ● Łucja"]
    assert fitting_lines(text, 100, 24, settings) == []
    monkeypatch.setenv("TERM", "dumb-terminal")
    assert fitting_lines(text, 80, 24, settings) == []


def test_a_kept_frame_is_for_whom_it_was_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    text = frame_text(["Inbox"], 80, 24, keeper(settings))
    settings.write_text('agent = "Bob"')
    assert fitting_lines(text, 80, 24, settings) == []
    text = frame_text(["Inbox"], 80, 24, keeper(settings))
    assert fitting_lines(text, 80, 24, settings) == ["Inbox"]
    monkeypatch.setattr("crm_tui.base.person.system_user", lambda: "somebody-else")
    assert fitting_lines(text, 80, 24, settings) == []


@pytest.mark.parametrize("evil", ["\x1b]52;c;eA==\x07", "\x1b[2J", "a\nb", "\x9b31m", "\x07", "\x1b[6n", "\x1bc"])
def test_a_kept_frame_brings_text_and_colours_only(evil: str, tmp_path: Path) -> None:
    assert fitting_lines(frame_text(["ok"], 80, 24, keeper(tmp_path)), 80, 24, tmp_path) == ["ok"]
    assert fitting_lines(frame_text(["ok " + evil], 80, 24, keeper(tmp_path)), 80, 24, tmp_path) == []


@pytest.mark.parametrize("text", ["[]", "{}", '{"size": [80, 24]}', "null", '{"size": [80, 24], "lines": 3}'])
def test_another_document_is_no_frame(text: str, tmp_path: Path) -> None:
    assert fitting_lines(text, 80, 24, tmp_path) == []


@pytest.mark.pty
def test_the_last_screen_is_there_before_textual_is(morning: Hotel) -> None:
    from bench.pty import Terminal

    env = {
        "CRM_TUI_HOME": str(morning.home.data),
        "CRM_TUI_NOW": "2026-11-21T13:05:00+00:00",
        "PYTHONPATH": os.getcwd(),
    }
    command = [sys.executable, "-m", "crm_tui"]
    with Terminal(command, (120, 40), env) as first:
        first.wait_for("UNANSWERED · 4")
        first.press("2", "INBOX · 4")
        first.settle()
        assert first.close("q") == 0
    assert morning.home.frame.stat().st_mode & 0o777 == 0o600
    with Terminal(command, (120, 40), env) as again:
        again.wait_for("INBOX · 4 conversations")
        assert b"\x1b[?2004h" not in again.raw  # Textual has not set the terminal up yet
        again.wait_for("Hotel Miramar")
        again.settle()
        assert again.raw.count(b"\x1b[?1049h") == 1
        assert again.close("q") == 0
