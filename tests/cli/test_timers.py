"""``crm-tui timer`` and ``crm-tui property``."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm

MORNING, NOON, EVENING = "2026-07-01T06:00:00+00:00", "2026-07-01T12:00:30+00:00", "2026-07-01T18:01:30+00:00"


@pytest.fixture
def team(desk: Crm) -> Crm:
    """Ana, an administrator, and Leo; no system user is tied to either."""
    assert desk("agent", "add", "Leo").code == 0
    assert desk("agent", "set", "Ana", "--login", "").code == 0
    return desk


def test_start_pause_resume_stop(team: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    leo = ("--json", "--agent", "Leo", "timer")
    assert team(*leo, "pause").code == 1
    assert team(*leo, "start").lines[0]["running"]
    monkeypatch.setenv("CRM_TUI_NOW", NOON)
    [paused] = team(*leo, "pause").lines
    assert (paused["intake"], paused["working_seconds"] // 3600) == (False, 4)
    monkeypatch.setenv("CRM_TUI_NOW", EVENING)
    [resumed] = team(*leo, "resume").lines
    assert (resumed["intake"], resumed["invisible_seconds"] // 3600) == (True, 6)
    assert resumed["since"].startswith("2026-07-01T08:00")
    [stopped] = team(*leo, "stop").lines
    assert (stopped["running"], stopped["sessions"]) == (False, 0)
    assert "did not run" in team("--agent", "Leo", "timer", "stop").out
    [row] = team(*leo, "list", "today").lines
    assert (row["agent"], row["ended"], row["at_desk"], row["seconds"] // 3600) == ("Leo", "stopped", False, 10)
    assert "Your timer does not run. Today: 10:01." in team("--agent", "Leo", "timer", "show").out


def test_a_forgotten_one_ends_with_its_last_sign_of_life_in_every_answer(
    team: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    leo = ("--json", "--agent", "Leo")
    team(*leo, "timer", "start")
    monkeypatch.setenv("CRM_TUI_NOW", NOON)
    assert team(*leo, "memo", "--text", "x").code == 2  # nothing was done: no sign of life
    assert team(*leo, "guest", "new", "--surname", "Nowak").code == 0
    monkeypatch.setenv("CRM_TUI_NOW", "2026-07-02T00:00:00+00:00")
    assert team(*leo, "timer", "show").lines[0]["running"], "within twelve hours"
    monkeypatch.setenv("CRM_TUI_NOW", "2026-07-02T00:10:00+00:00")
    assert not team(*leo, "timer", "show").lines[0]["running"]
    [row] = team(*leo, "timer", "list", "2026-07-01").lines
    assert (row["ended"], row["stopped"][:16]) == ("capped", "2026-07-01T12:00")
    [day] = team(*leo, "timer", "sheet", "2026-07-01").lines
    assert (day["capped"], day["working_seconds"]) == (True, row["seconds"])
    day_of = ("--from", "2026-07-01", "--to", "2026-07-01")
    report = team(*leo, "report", "productivity", "--of", "me", *day_of).lines
    assert {one["working_seconds"] for one in report} == {row["seconds"]}


def test_the_words_for_people(team: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Your timer runs since 2026-07-01 10:00" in team("--agent", "Leo", "timer", "start").out
    monkeypatch.setenv("CRM_TUI_NOW", NOON)
    assert "New tickets are paused since 2026-07-01 14:00" in team("--agent", "Leo", "timer", "pause").out
    assert "1 session" in team("--agent", "Leo", "timer", "list").out
    sheet = team("--agent", "Leo", "timer", "sheet").out
    assert "2026-07-01" in sheet
    assert "4:00" in sheet


def test_a_manager_corrects_adds_and_removes(team: Crm) -> None:
    ana = ("--json", "--agent", "Ana", "timer")
    times = ("--started", "yesterday 22:00", "--stopped", "6:30")
    [added] = team(*ana, "add", "leo", *times, "--reason", "Night shift").lines
    assert (added["agent"], added["seconds"], added["corrected_by"]) == ("Leo", int(8.5 * 3600), "Ana")
    assert added["started"] == "2026-06-30T20:00:00+00:00"
    [fixed] = team(*ana, "correct", added["id"], "--stopped", "6:00", "--reason", "Earlier").lines
    assert (fixed["seconds"], fixed["reason"]) == (8 * 3600, "Earlier")
    days = {row["day"]: row for row in team(*ana, "sheet", "--from", "2026-06-30", "--of", "Leo").lines}
    assert {day: row["working_seconds"] for day, row in days.items()} == {"2026-06-30": 7200, "2026-07-01": 21600}
    assert days["2026-07-01"]["corrected"]
    assert team(*ana, "remove", added["id"], "--reason", "It was Mia").lines[0]["id"] == added["id"]
    assert team(*ana, "list", "--of", "Leo").lines == []
    assert team("--agent", "Ana", "undo").code == 0
    assert len(team(*ana, "list", "--of", "Leo").lines) == 1


def test_an_agent_does_not_do_by_command_what_the_screen_hides(team: Crm) -> None:
    times = ("--started", "5:00", "--stopped", "9:00", "--reason", "Because")
    [added] = team("--json", "--agent", "Ana", "timer", "add", "Ana", *times).lines
    leo = ("--json", "--agent", "Leo")
    for words in (
        ("timer", "add", "Leo", *times),
        ("timer", "correct", added["id"], "--started", "4:00", "--reason", "More"),
        ("timer", "remove", added["id"], "--reason", "Less"),
        ("timer", "list", "--of", "Ana"),
        ("timer", "sheet", "--of", "Ana"),
        ("property", "set", "--checkin-days", "9"),
    ):
        refused = team(*leo, *words)
        assert refused.code == 1, words
        assert refused.out == ""
    assert team(*leo, "timer", "list").lines == []
    assert team("--json", "--agent", "Ana", "timer", "list", "--of", "Leo").lines == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "Leo", "--started", "9:00", "--stopped", "2026-07-01T08:00", "--reason", "x"), "end before it starts"),
        (("add", "Leo", "--started", "9:00", "--stopped", "11:30", "--reason", "x"), "still to come"),
        (("add", "Leo", "--started", "soon", "--stopped", "9:00", "--reason", "x"), "is no time"),
        (("add", "Leo", "--started", "8:00", "--stopped", "9:00", "--reason", " "), "needs a reason"),
        (("add", "Nobody", "--started", "8:00", "--stopped", "9:00", "--reason", "x"), "no agent called"),
        (("correct", "1", "--reason", "x"), "Nothing was said to change"),
        (("list", "never"), "is no period"),
        (("list", "--from", "2026-07-02", "--to", "2026-07-01"), "ends before it begins"),
        (("list", "--to", "2026-07-01"), "Say --from"),
        (("list", "today", "--from", "2026-07-01"), "either a period"),
    ],
)
def test_what_is_wrong_is_usage(team: Crm, words: tuple[str, ...], said: str) -> None:
    ran = team("--agent", "Ana", "timer", *words)
    assert ran.code == 2
    assert said in ran.err


def test_the_property_is_shown_and_changed(team: Crm) -> None:
    hours = "Mon-Fri 08:00-20:00; Sat 09:00-14:00"
    [found] = team(
        "--json", "--agent", "Ana", "property", "set", "--hours", hours, "--checkin-days", 0, "--resolved-days", -1
    ).lines
    assert (found["checkin_days"], found["resolved_days"]) == (0, -1)
    assert found["hours"].startswith("08:00-20:00;")
    shown = team("--agent", "Leo", "property", "show").out
    assert "Mon–Fri 08:00–20:00; Sat 09:00–14:00" in shown
    assert "for ever" in shown
    assert team("--agent", "Ana", "property", "set").code == 2
    assert team("--agent", "Ana", "property", "set", "--hours", "Xyz 9-12").code == 2
    assert "around the clock" in team("--agent", "Ana", "property", "set", "--hours", "always").out


def test_a_manager_corrects_adds_and_removes_pauses(team: Crm) -> None:
    ana = ("--json", "--agent", "Ana", "timer")
    times = ("--started", "yesterday 22:00", "--stopped", "23:30")
    [added] = team(*ana, "add-pause", "leo", *times, "--reason", "Meeting").lines
    assert (added["agent"], added["seconds"], added["corrected_by"]) == ("Leo", 5400, "Ana")
    [fixed] = team(*ana, "correct-pause", added["id"], "--stopped", "23:00", "--reason", "Shorter").lines
    assert (fixed["seconds"], fixed["reason"]) == (3600, "Shorter")
    [listed] = team(*ana, "pauses", "--from", "2026-06-30", "--of", "Leo").lines
    assert listed == fixed
    assert "Shorter" in team("--agent", "Ana", "timer", "pauses", "--from", "2026-06-30").out
    assert team("--agent", "Leo", "timer", "remove-pause", added["id"], "--reason", "Mine").code == 1
    assert team(*ana, "remove-pause", added["id"], "--reason", "It was Mia").lines[0]["id"] == added["id"]
    assert team(*ana, "pauses", "--from", "2026-06-30").lines == []
    assert team(*ana, "correct-pause", added["id"], "--reason", "x").code == 2
