"""``reminders`` and ``reminder``: the names of SPEC §15, and what is wrong said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from tests.cli.conftest import Crm
from tests.desk.colleagues import colleague


@pytest.fixture
def team(desk: Crm, home: Path) -> Crm:
    """Ana and, in the department Front, Leo."""
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    colleague(ctx, "Leo", department="Front")
    ctx.store.close()
    return lambda *argv: desk("--agent", "Ana", *argv)


def test_they_are_listed_by_day(team: Crm) -> None:
    made = team("reminder", "add", "Call", "the", "taxi", "--due", "in 3 days", "--json")
    assert made.code == 0, made.err
    one = made.lines[0]
    assert (one["id"], one["title"], one["due"], one["bucket"]) == (1, "Call the taxi", "2026-07-04", "later")
    assert (one["assignee"], one["department"], one["links"]) == ("Ana", None, [])
    team("reminder", "add", "Late", "--due", "2026-06-30", "--assignee", "leo")
    team("reminder", "add", "Today", "--due", "today", "--department", "front")
    team("reminder", "add", "Order linen", "--repeat", "every thursday")
    listed = team("reminders", "--json").lines
    assert [(row["title"], row["bucket"]) for row in listed] == [
        ("Late", "overdue"), ("Today", "today"), ("Order linen", "tomorrow"), ("Call the taxi", "later"),
    ]  # fmt: skip
    assert [row["id"] for row in team("reminders", "--mine", "--json").lines] == [4, 1]
    assert [row["id"] for row in team("reminders", "--department", "Front", "--json").lines] == [3]
    assert [row["id"] for row in team("reminders", "--of", "Leo", "--json").lines] == [2]
    assert [row["id"] for row in team("reminders", "--search", "LINEN", "--json").lines] == [4]
    board = team("reminders", "--board", "--json").lines
    assert [(row["kind"], row["id"]) for row in board] == [("reminder", 2), ("reminder", 3), ("reminder", 4)]
    assert "Overdue · 1" in team("reminders", "--board").out
    assert "! 2026-06-30" in team("reminders").out


def test_they_are_done_moved_changed_and_come_back(team: Crm, tmp_path: Path) -> None:
    team("reminder", "add", "Order linen", "--repeat", "every 2 weeks", "--due", "2026-07-01")
    assert team("reminder", "done", 1, "--json").lines[0]["done_by"] == "Ana"
    [after] = team("reminders", "--json").lines
    assert (after["id"], after["due"], after["repeats"]) == (2, "2026-07-15", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE")
    assert [row["id"] for row in team("reminders", "--done", "--json").lines] == [1]
    assert team("reminder", "move", 2, "--to", "fri", "--json").lines[0]["due"] == "2026-07-03"
    assert team("reminder", "move", 2, "--by", 2, "--json").lines[0]["due"] == "2026-07-05"
    changed = team(
        "reminder", "set", 2, "--title", "Towels", "--repeat", "never", "--department", "Front", "--json"
    ).lines[0]
    assert (changed["title"], changed["repeats"], changed["department"]) == ("Towels", None, "Front")
    assert team("reminder", "reopen", 1).code == 0
    file = tmp_path / "mine.ics"
    assert team("reminder", "export", file, "--json").lines == [{"file": str(file), "reminders": 1}]
    assert "BEGIN:VTODO" in team("reminder", "export", "-").out
    assert team("reminder", "remove", 1, 2).code == 0
    assert "no such reminders" in team("reminders").out


def test_without_a_day_it_says_how_to_name_one(team: Crm) -> None:
    refused = team("reminder", "add", "x", "--json")
    assert (refused.code, "tomorrow" in refused.complaint["error"]) == (2, True)


def test_wrong_use_is_told(team: Crm) -> None:
    for argv, code in (
        (("reminder", "add", "x"), 2),
        (("reminder", "add", "x", "--due", "someday"), 2),
        (("reminder", "add", "x", "--repeat", "sometimes"), 2),
        (("reminder", "add", "x", "--due", "fri", "--assignee", "Zoe"), 2),
        (("reminder", "add", "x", "--due", "fri", "--reservation", "R99"), 1),
        (("reminder", "move", 1), 2),
        (("reminder", "set", 1), 2),
        (("reminder", "done", 99), 1),
        (("reminders", "--department"), 2),
        (("reminders", "--mine", "--all"), 2),
        (("reminders", "--board", "--search", "x"), 2),
        (("reminders", "--board", "--limit", 5), 2),
    ):
        ran = team(*argv)
        assert ran.code == code, (argv, ran.err)
        assert ran.err.strip()
    assert team("--readonly", "reminder", "add", "x", "--due", "fri").code == 1
