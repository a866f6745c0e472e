"""``crm-tui demo``: the desk of the sample hotel."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Crm, _surroundings, crm, home  # noqa: F401 -- fixtures

FOLDERS = ("Inbox", "Inquiries", "Waitlist", "Booked", "Done", "Spam")


@pytest.fixture
def sample(crm: Crm) -> Crm:  # noqa: F811
    done = crm("demo", "--no-desk")
    assert done.code == 0, done.err
    return crm


def test_the_sample_hotel_is_synced_and_placed(sample: Crm, home: Path) -> None:  # noqa: F811
    counts = {name: len(sample("list", name, "--json").lines) for name in FOLDERS}
    assert 280 <= sum(counts.values()) <= 310
    assert min(counts.values()) >= 5
    waiting = {name: len(sample("list", name, "--json", "--unanswered").lines) for name in FOLDERS}
    assert waiting["Booked"] == waiting["Done"] == waiting["Spam"] == 0
    assert 10 <= waiting["Inquiries"] <= 30
    assert waiting["Waitlist"] == 4
    assert waiting["Inbox"] == 40
    assert len(sample("list", "Inbox", "--json", "--unread").lines) == counts["Inbox"]
    assert {row["assignee"] for row in sample("list", "Inquiries", "--json").lines} >= {"Ana", "Leo", "Łucja"}
    assert [row["name"] for row in sample("list", "agents", "--json").lines] == ["Ana", "Leo", "Łucja"]
    assert sample("check").code == 0
    statuses = [row["status"] for row in sample("inquiry", "list", "--status", "all", "--json").lines]
    assert 22 <= len(statuses) <= 28
    assert len(set(statuses)) >= 6
    assert len(sample("list", "guests", "--json").lines) >= 20
    with closing(sqlite3.connect(home / "desk.db")) as store:
        query = "SELECT count(*) FROM journal WHERE undoable AND command NOT IN (SELECT command FROM undone)"
        assert store.execute(query).fetchone() == (0,)  # nothing for the first `z` to take back
    assert stat.S_IMODE((home / "demo-secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "mail-server.db").stat().st_mode) == 0o600


def test_a_second_start_continues_and_reset_begins_anew(sample: Crm) -> None:
    before = sample("list", "All", "--json").out
    noted = sample("inquiry", "list", "--status", "all", "--json").out
    (waiting, *_rest) = sample("list", "Inquiries", "--json").lines
    assert sample("demo", "--no-desk").code == 0
    assert sample("list", "All", "--json").out == before
    assert sample("inquiry", "list", "--status", "all", "--json").out == noted
    assert sample("list", "accounts", "--json").lines[0]["address"] == "reception@hotel-miramar.example"
    assert sample("demo", "--no-desk", "--reset").code == 0
    assert waiting["subject"] in {row["subject"] for row in sample("list", "Inquiries", "--json").lines}


def test_a_real_desk_is_left_alone(crm: Crm) -> None:  # noqa: F811
    assert (
        crm("init", "--property", "X", "--timezone", "Europe/Madrid", "--currency", "EUR", "--agent", "Eva").code == 0
    )
    done = crm("demo", "--no-desk")
    assert done.code == 1
    assert "is a real desk" in done.err
    assert crm("demo", "--no-desk", "--reset").code == 1
    assert [row["name"] for row in crm("list", "agents", "--json").lines] == ["Eva"]


def test_one_sample_hotel_a_home(crm: Crm, home: Path) -> None:  # noqa: F811
    from crm_tui.base.paths import home_at
    from crm_tui.demo import sample

    place = home_at(home)
    place.ensure()
    with sample.alone(place):
        done = crm("demo", "--no-desk")
    assert done.code == 1
    assert "another window" in done.err


def test_the_sample_hotel_is_not_opened_readonly(crm: Crm, home: Path) -> None:  # noqa: F811
    assert crm("--readonly", "demo", "--no-desk").code == 1
    assert not home.exists()


def test_many_messages_wait_on_the_server(crm: Crm) -> None:  # noqa: F811
    assert NOW
    assert crm("demo", "--no-desk", "--messages", "6000").code == 0
    assert crm("list", "accounts", "--json").lines[0]["state"] == "new"


def test_a_start_that_was_interrupted_is_made_up_for(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from crm_tui.demo import sample

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sample, "place", interrupted)
        assert crm("demo", "--no-desk").code == 130
    assert crm("list", "Booked", "--json").lines == []
    assert crm("demo", "--no-desk").code == 0
    assert len(crm("list", "Booked", "--json").lines) > 20
