"""``crm-tui undo`` and ``crm-tui history``."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


def test_a_command_is_taken_back_in_another_process(desk: Crm) -> None:
    one = desk("template", "list", "--language", "en", "--json").lines[0]
    desk("template", "archive", one["id"])
    planned = desk("undo", "--dry-run", "--json").lines[0]
    assert (planned["undone"], one["name"] in planned["text"]) == (False, True)
    assert "would be taken back" in desk("undo", "--dry-run").out
    done = desk("undo")
    assert (done.code, done.out.strip()) == (0, f"“{one['name']}” is in use again.")
    again = desk("undo", "--json")
    assert (again.code, again.complaint["error"]) == (1, "There is nothing to take back.")
    assert desk("undo", "--dry-run").code == 1


def test_readonly_takes_nothing_back(desk: Crm) -> None:
    desk("template", "archive", 1)
    assert desk("undo", "--readonly").code == 1
    assert desk("undo", "--dry-run", "--readonly").code == 0
    assert desk("undo").code == 0


def test_the_history_of_a_conversation(mailed: Crm) -> None:
    found = mailed("history", "conversation", 1, "--json").lines
    assert [(line["kind"], line["undone"]) for line in found] == [("mail", False)]
    assert "wrote" in mailed("history", "conversation", 1).out
    assert mailed("history", "conversation", 1, "--only", "comments").out.strip() == "Nothing has happened yet."
    for kind in ("conversation", "inquiry", "guest"):
        missing = mailed("history", kind, 99, "--json")
        assert (missing.code, "99" in missing.complaint["error"]) == (1, True)
    assert mailed("history", "guest", "x1").code == 2
    assert mailed("history", "reservation", "M-99").code == 1


def test_the_history_of_a_reservation_tells_what_was_taken_back(desk: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    desk("reservation", "new", "--code", "M-1", "--arrival", "2026-08-01", "--departure", "2026-08-08")
    monkeypatch.setenv("CRM_TUI_NOW", "2026-07-01T08:01:00+00:00")  # each command's clock starts there
    desk("reservation", "status", "cancelled", "M-1")
    desk("undo")
    found = desk("history", "reservation", "M-1", "--json").lines
    assert [(line["undone"], "cancelled" in line["text"]) for line in found] == [(False, False), (True, True)]
    whole = desk("show", "reservation", "M-1", "--json").lines[0]["history"]
    assert [one["undone"] for one in whole] == [False, True]
    shown = desk("show", "reservation", "M-1").out.splitlines()
    told = desk("history", "reservation", "M-1").out.splitlines()
    assert "(taken back)" in shown[-1]
    assert shown[-1][:16] == told[-1][:16], "both by the clock of the property"
