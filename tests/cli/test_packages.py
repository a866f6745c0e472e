"""Packages, mailings and attributes on the command line (SPEC §6, §15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from crm_tui.desk.groups import attributes
from tests.cli.conftest import Crm
from tests.desk.house import add_account
from tests.desk.mailings import guest, template


@pytest.fixture
def base(desk: Crm, home: Path) -> Crm:
    """Three guests, two of whom agree to mail; two are tagged as Golf."""
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    add_account(ctx)
    template(ctx)
    golf = attributes.add(ctx, "Golf")
    for name, consent in (("Alba", "mail"), ("Bosch\x1b[2J", ""), ("{{7*7}}", "mail")):
        number = guest(ctx, name, email=f"g{len(name)}@example.org", consent=consent)
        if consent:
            attributes.tag(ctx, number, golf)
    ctx.store.close()
    return desk


def test_made_shown_changed_and_put_away(base: Crm) -> None:
    made = base("package", "create", "Golfers", "--attribute", "golf", "--json").lines[0]
    assert (made["guests"], made["search"], made["criteria"]) == (2, "Golf", {"attributes": [1]})
    assert base("list", "packages", "--json").lines == base("package", "list", "--json").lines
    shown = base("package", "show", "golfers", "--json").lines[0]
    assert {one["name"] for one in shown["members"]} == {"Ana Alba", "Ana {{7*7}}"}
    assert "\x1b[2J" not in base("package", "create", "All", "--guest", 2).out
    assert base("package", "add", "All", 1, 2, 3, "--json").lines[0]["came"] == 2
    assert "1 went" in base("package", "remove", "All", 3).out
    assert "\x1b[2J" not in base("package", "show", "All").out
    assert base("package", "rename", "All", "Everybody", "--json").lines[0]["name"] == "Everybody"
    assert base("package", "delete", "Everybody").code == 0
    assert base("package", "show", "Everybody").code == 1
    assert base("undo").code == 0
    assert base("package", "show", "Everybody").code == 0


def test_refreshed_as_it_was_shown(base: Crm) -> None:
    base("package", "create", "Golfers", "--attribute", "Golf")
    base("attribute", "tag", "Golf", 2)
    base("attribute", "tag", "Golf", 1, "--remove")
    shown = base("package", "refresh", "Golfers", "--dry-run", "--json").lines[0]
    assert ([one["id"] for one in shown["coming"]], [one["id"] for one in shown["going"]]) == ([2], [1])
    assert base("package", "refresh", "Golfers", "--only-comers", "--json").lines[0]["guests"] == 3
    assert base("package", "refresh", "Golfers", "--json").lines[0]["went"] == 1
    base("package", "create", "Hand", "--guest", 1)
    assert base("package", "refresh", "Hand").code == 2


@pytest.mark.parametrize("wrong", ["{", "[]", '{"nothing": 1}', '{"kind": "cat"}', '{"attributes": ["Golf"]}'])
def test_what_are_no_criteria_is_usage(base: Crm, wrong: str) -> None:
    ran = base("package", "create", "X", "--criteria", wrong, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint["error"]


def test_a_mailing_is_previewed_started_paused_resumed_and_stopped(base: Crm) -> None:
    base("package", "create", "All", "--guest", 1, "--guest", 2, "--guest", 3)
    ran = base("mailing", "preview", "All", "Season")
    assert (ran.code, "2 of 3 may be written to" in ran.out, "no consent" in ran.out) == (0, True, True)
    assert "\x1b[2J" not in ran.out
    told = {one["guest"]: one["reason"] for one in base("mailing", "preview", "All", "season", "--json").lines}
    assert told == {1: None, 2: "no consent", 3: None}
    letter = base("mailing", "preview", "All", "Season", "--guest", 3, "--json").lines[0]
    assert letter["subject"] == "News for {{7 7}}"  # Markdown is taken out, and nothing is reckoned
    assert "Dear Ana {{7 7}}," in letter["text"]
    assert base("mailing", "start", "All", "Season").code == 1  # nobody can be asked
    assert base("mailing", "status", "--json").lines == []
    started = base("mailing", "start", "All", "Season", "--json").lines[0]
    assert (started["state"], started["waiting"], started["left_out"], started["next"]) == (
        "running",
        2,
        1,
        "Ana Alba",
    )
    assert base("mailing", "pause", 1, "--json").lines[0]["state"] == "paused"
    assert base("mailing", "pause", 1).code == 1
    assert base("mailing", "resume", 1, "--json").lines[0]["state"] == "running"
    assert base("mailing", "retry", 1).code == 1
    assert "stopped" in base("mailing", "stop", 1).out
    shown = base("mailing", "status", 1, "--json").lines[0]
    assert [one["words"] for one in shown["items"]].count("the mailing was stopped") == 2
    assert base("mailing", "status", 9).code == 1
    assert base("mailing", "start", "All", "Season", "--account", "nobody@x.example").code == 2


def test_nobody_who_may_be_written_to_is_a_failure(base: Crm) -> None:
    base("package", "create", "One", "--guest", 2)
    assert base("mailing", "preview", "One", "Season").code == 1
    assert base("mailing", "start", "One", "Season", "--yes").code == 1
    assert base("mailing", "preview", "One", "Season", "--channel", "newsletter", "--json").lines[0]["ready"] is False


def test_two_attributes_become_one_and_are_parted_again(base: Crm) -> None:
    base("attribute", "add", "Golfer")
    base("attribute", "tag", "Golfer", 2)
    assert base("attribute", "merge", "Golf", "Golfer", "--json").lines[0]["guests"] == 3
    assert [one["name"] for one in base("attribute", "list", "--json").lines] == ["Golfer"]
    base("undo")
    assert {one["name"]: one["guests"] for one in base("attribute", "list", "--json").lines} == {"Golf": 2, "Golfer": 1}
    assert base("attribute", "remove", "Golf").code == 0
    assert base("attribute", "merge", "Golfer", "Golfer").code == 2
