"""``crm-tui ticket``: under the same permissions as the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from tests.cli.conftest import Crm
from tests.desk.colleagues import colleague
from tests.desk.worked import asks


@pytest.fixture
def team(desk: Crm, home: Path) -> Crm:
    """Ana, who is an administrator, Leo and Eva; three guests wait."""
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    colleague(ctx, "Leo")
    colleague(ctx, "Eva")
    for number in (1, 2, 3):
        asks(ctx, number, minutes_ago=100 - number)
    ctx.store.close()
    assert desk("agent", "set", "Ana", "--login", "").code == 0  # no system user is tied to anybody
    return desk


def test_the_queue_is_taken_given_kept_for_a_manager_and_put_back(team: Crm) -> None:
    ana, leo = ("--json", "--agent", "Ana", "ticket"), ("--json", "--agent", "Leo", "ticket")
    assert [(one["id"], one["state"], one["agent"]) for one in team(*leo, "list").lines] == [
        (1, "queued", None), (2, "queued", None), (3, "queued", None),
    ]  # fmt: skip
    [taken] = team(*leo, "take", 1).lines
    assert (taken["agent"], taken["how"], taken["pinned"], taken["why"]) == ("Leo", "claimed", True, "Taken by hand.")
    [given] = team(*ana, "give", 2, "--to", "leo").lines
    assert (given["agent"], given["how"]) == ("Leo", "manual")
    [waiting] = team(*leo, "pending", 2, "--note", "20 % off?").lines
    assert (waiting["state"], waiting["note"], waiting["pending_by"]) == ("pending", "20 % off?", "Leo")
    assert [one["id"] for one in team(*ana, "list", "--order", "pending").lines] == [2, 1, 3]
    assert [one["id"] for one in team(*ana, "list", "--state", "pending").lines] == [2]
    assert team(*ana, "resume", 2).lines[0]["state"] == "assigned"
    assert team(*leo, "release", 1, 2).code == 0
    assert [one["id"] for one in team(*ana, "list", "--of", "nobody", "--limit", 2).lines] == [1, 2]
    assert "nobody's timer runs" in team(*leo, "why", 1).lines[0]["why"]


def test_what_the_screen_refuses_is_refused_here_and_nothing_changes(team: Crm) -> None:
    eva = ("--json", "--agent", "Eva", "ticket")
    assert team("--agent", "Leo", "ticket", "take", 1).code == 0
    for words in (("take", 1), ("give", 1, "--to", "Eva"), ("release", 1), ("pending", 1)):
        refused = team(*eva, *words)
        assert (refused.code, refused.lines) == (1, [])
        assert "Ana" in str(refused.complaint) or "Leo has" in str(refused.complaint)
    assert [one["agent"] for one in team(*eva, "loads").lines[:-1]] == ["Eva"]
    assert [one["agent"] for one in team("--json", "--agent", "Ana", "ticket", "loads").lines[:-1]] == [
        "Ana",
        "Leo",
        "Eva",
    ]
    assert team("--readonly", "--agent", "Leo", "ticket", "release", 1).code == 1
    assert team("--json", "--agent", "Ana", "ticket", "show", 1).lines[0]["agent"] == "Leo"


def test_for_people(team: Crm) -> None:
    team("--agent", "Leo", "ticket", "pending", 3, "--note", "May I?")
    assert "3 of 3 tickets" in team("--agent", "Leo", "ticket", "list").out
    shown = team("--agent", "Ana", "ticket", "show", 3).out
    assert "says Leo: May I?" in shown
    assert "2 tickets in the queue" in team("--agent", "Ana", "ticket", "loads").out
    assert "no such tickets" in team("--agent", "Ana", "ticket", "list", "--stage", "after booking").out
    assert "1 ticket was changed" in team("--agent", "Leo", "ticket", "take", 1).out


def test_wrong_use_is_told(team: Crm) -> None:
    for argv, code in (
        (("ticket", "show", 99), 1),
        (("ticket", "take", "x"), 2),
        (("ticket", "give", 1), 2),
        (("ticket", "give", 1, "--to", "Zoe"), 2),
        (("ticket", "list", "--state", "lost"), 2),
        (("ticket", "list", "--channel", "pigeon"), 2),
        (("ticket", "pending", 1, "--note", "x" * 2000), 2),
    ):
        assert team("--agent", "Ana", *argv).code == code, argv
