"""The snapshot that the first frame is painted from."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_tui.desk.common.views import AccountView, ConversationRow, Count, ListQuery, Person
from crm_tui.screens.snapshot import Snapshot, load, opener_key, save

ANA = opener_key("Ana", "reception")
NOON = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


def full_snapshot() -> Snapshot:
    row = ConversationRow(
        id=7,
        folder="Inbox",
        subject="Pokój [b]2+1[/b]",
        counterpart=Person("Łucja", "lucja@example.org"),
        preview="Dzień dobry",
        messages=2,
        unread=1,
        attachments=0,
        last_at=NOON,
        waiting_since=NOON,
        assignee="Ana",
        starred=True,
        snoozed_until=None,
        cursor=("2026-07-01 10:00:00.000000", 7),
    )
    return Snapshot(
        who=ANA,
        mode="mail",
        property="Hotel Miramar",
        zone="Europe/Madrid",
        agent="Ana",
        synced_at=NOON,
        counts={"Inbox": Count(3, 2, 1)},
        accounts=(AccountView(1, "reception@example.org", "Reception", "ok", "", NOON, 1),),
        query=ListQuery("Inbox", "unanswered"),
        total=3,
        index=0,
        rows=(row,),
    )


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    save(path, full_snapshot())
    assert load(path, ANA) == full_snapshot()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    save(path, full_snapshot())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"version": 2}', '{"version": 99}', '{"version": 2, "mode": 3}']
)
def test_a_broken_one_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text(content)
    assert load(path, ANA) is None


@pytest.mark.parametrize(
    "who",
    ["", opener_key("Leo", "reception"), opener_key("", "reception"), opener_key("Ana", "reception", "sqlite://x")],
)
def test_it_is_for_whoever_left_it(tmp_path: Path, who: str) -> None:
    path = tmp_path / "snapshot.json"
    save(path, full_snapshot())
    assert load(path, who) is None
    assert load(path, opener_key("ANA", "elsewhere")) is not None  # named by the command line: the user does not matter


def test_what_nobody_in_particular_left_is_for_nobody(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    save(path, replace(full_snapshot(), who=""))
    assert load(path, "") is None


def test_none_is_none(tmp_path: Path) -> None:
    assert load(tmp_path / "missing.json", ANA) is None
