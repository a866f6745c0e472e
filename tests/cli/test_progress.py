"""How far long work is: a bar on a terminal, plain lines elsewhere, nothing between a program and its JSON."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from crm_tui.cli import progress
from crm_tui.cli.progress import Belated, LineProgress
from crm_tui.desk.reports.asking import Asked
from tests.cli.conftest import Crm
from tests.cli.test_installed import SCRIPT, environment, in_terminal


def test_lines_begin_with_the_step_and_come_at_most_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter([0.0, 1.0, 10.5, 10.5, 11.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    lines = LineProgress()
    lines.step("Fetching", 300)
    lines.count(10)
    lines.count(200)
    lines.count(201)
    lines.error("one failed")
    lines.done()
    assert capsys.readouterr().err.splitlines() == ["Fetching (300)", "Fetching: 200/300", "one failed"]


def test_a_pipe_gets_lines_and_json_gets_none(desk: Crm, letters: Path) -> None:
    assert desk("import", "mail", letters).err == "Importing mail\n"
    assert desk("import", "mail", letters, "--json").err == ""


@pytest.mark.pty
def test_a_terminal_gets_a_bar_that_goes_away(desk: Crm, home: Path, letters: Path) -> None:
    (letters / "bad.eml").write_bytes(b"\x89PNG\0\0\0")
    argv = [str(SCRIPT), "--home", str(home), "import", "mail", str(letters)]
    shown = in_terminal(argv, environment(TERM="xterm-256color"))
    assert "Importing mail" in shown
    assert "━" in shown
    assert "This is not a mail." in shown
    assert "3 stored" in shown.splitlines()[-1]


@pytest.mark.pty
def test_a_dumb_terminal_gets_no_escape_sequences(desk: Crm, home: Path, letters: Path) -> None:
    argv = [str(SCRIPT), "--home", str(home), "import", "mail", str(letters)]
    assert "\x1b" not in in_terminal(argv, environment(TERM="dumb"))


def test_what_is_over_at_once_shows_nothing_and_what_goes_on_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    quick = Belated(LineProgress(), after=60)
    quick.step("Reading")
    quick.count(3)
    quick.done()
    assert capsys.readouterr().err == ""
    begun, told = threading.Event(), []

    class Shown(LineProgress):
        def step(self, title: str, total: int | None = None) -> None:
            told.append((title, total))
            begun.set()

    slow = Belated(Shown(), after=0.01)
    slow.step("Reading")
    slow.step("Reservations", 7)
    assert begun.wait(10)
    slow.step("Adding up")
    slow.done()
    assert told[-1] == ("Adding up", None)
    assert ("Reservations", 7) in told


def test_long_reports_tell_how_far_they_are(desk: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_BELATED", 0.0)
    given = Asked.resolve

    def slowly(asked: Asked) -> None:
        shown = asked.progress
        assert isinstance(shown, Belated)
        assert shown.begun.wait(10)
        given(asked)

    monkeypatch.setattr(Asked, "resolve", slowly)
    for name in ("payments-due", "departures", "productivity"):
        said = desk("report", name, "--period", "2026-06").err.splitlines()
        assert said[0] == "Reading"
        assert said[-1] == "Adding up"
    assert desk("report", "departures", "--json").err == ""
