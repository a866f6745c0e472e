"""What was erased stays erased: after a restore, after the next sync of the same mail (SPEC §6, §15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.data.store import open_store
from crm_tui.data.tables import Guest, Location, Message
from crm_tui.desk.common.context import Context
from crm_tui.desk.privacy import erasing
from crm_tui.desk.upkeep import checking, maintenance
from tests.desk.erasable import everything, furnish, holding, person_mail
from tests.desk.house import NOW, add_account, come_in, mail


def restored(ctx: Context, file: Path) -> tuple[Context, list[int]]:
    path = ctx.store.path
    assert path is not None
    ctx.store.close()
    told: list[int] = []
    maintenance.restore(file, path, NOW, replace=True, erased=told.append)
    return Context(open_store(f"sqlite:///{path}"), ctx.home, ctx.settings, ctx.clock, ctx.actor), told


@pytest.fixture
def backs() -> Iterator[list[Context]]:
    found: list[Context] = []
    yield found
    for one in found:
        one.store.close()


def test_an_older_backup_is_erased_anew(ctx: Context, tmp_path: Path, backs: list[Context]) -> None:
    known = furnish(ctx, add_account(ctx))
    maintenance.backup(ctx, tmp_path / "before.db")
    assert "before.db" in holding(tmp_path)
    erasing.erase(ctx, known.guest, "on request")
    back, told = restored(ctx, tmp_path / "before.db")
    backs.append(back)
    assert told == [1]
    assert holding(ctx.home.data) == {}
    report = erasing.listed(back)[0]
    assert (report.guest, report.again, report.reason, report.swept) == (known.guest, True, "on request", True)
    assert [finding for finding in checking.check(back) if not finding.ok] == []
    assert desk.guests.get(back, known.other).remarks == "Marta's own remarks"


def test_a_backup_from_before_the_guest_was_known(ctx: Context, tmp_path: Path, backs: list[Context]) -> None:
    account = add_account(ctx)
    letter = come_in(ctx, person_mail(1, "Brzęczykowska wrote this"), account=account).message_ids[0]
    maintenance.backup(ctx, tmp_path / "early.db")
    guest = desk.guests.create(ctx, {"surname": "Brzęczykowska", "email": "zaneta.brz@poczta.example"})
    erasing.erase(ctx, guest)
    back, told = restored(ctx, tmp_path / "early.db")
    backs.append(back)
    assert told == []
    assert desk.reading.message(back, letter).text == "▒"
    assert holding(ctx.home.data) == {}


def test_a_backup_made_after_is_only_put_back(ctx: Context, tmp_path: Path, backs: list[Context]) -> None:
    known = furnish(ctx, add_account(ctx))
    erasing.erase(ctx, known.guest)
    maintenance.backup(ctx, tmp_path / "after.db")
    back, told = restored(ctx, tmp_path / "after.db")
    backs.append(back)
    assert told == []
    assert len(erasing.listed(back)) == 1


def test_mail_that_is_still_on_the_server_does_not_come_back(ctx: Context) -> None:
    account = add_account(ctx)
    known = furnish(ctx, account)
    erasing.erase(ctx, known.guest)
    before = len(everything(ctx, Message))
    found = come_in(ctx, person_mail(1, "Call me: 601 222 333. Brzęczykowska"), account=account)
    assert found.message_ids == [known.message]
    assert found.stored == frozenset()
    assert len(everything(ctx, Message)) == before
    assert everything(ctx, Location) == []
    assert holding(ctx.home.data) == {}


def test_new_mail_arrives_as_from_an_unknown_sender(ctx: Context) -> None:
    account = add_account(ctx)
    known = furnish(ctx, account)
    erasing.erase(ctx, known.guest)
    fresh = come_in(
        ctx, person_mail(4, "It is me again", In_Reply_To="<zb1.zaneta.brz@poczta.example>"), account=account
    ).message_ids[0]
    assert desk.reading.message(ctx, fresh).conversation != known.conversation
    assert desk.guests.by_address(ctx, "zaneta.brz@poczta.example") == []


def two(ctx: Context) -> tuple[int, int]:
    """Anna, and somebody who was taken for her, with mail."""
    anna = desk.guests.create(
        ctx, {"surname": "Alfa", "given": "Anna", "email": "anna@x.example", "remarks": "likes tea"}
    )
    values = {"surname": "Brzeczykowska", "given": "Anna", "email": "zaneta.brz@x.example", "passport": "AB7654321"}
    other = desk.guests.create(ctx, values)
    raw = mail(sender="Anna Brzeczykowska <zaneta.brz@x.example>", text="Brzeczykowska writes", message_id="b@x")
    come_in(ctx, raw, account=add_account(ctx))
    return anna, other


def test_a_backup_from_before_a_merge(ctx: Context, tmp_path: Path, backs: list[Context]) -> None:
    anna, other = two(ctx)
    maintenance.backup(ctx, tmp_path / "before.db")
    desk.guest_merging.merge(ctx, anna, [other], sure=True)
    erasing.erase(ctx, anna)
    back, told = restored(ctx, tmp_path / "before.db")
    backs.append(back)
    assert told == [1]
    assert [row["erased_at"] is None for row in everything(back, Guest)] == [False, False]
    assert holding(ctx.home.data) == {}


def test_a_backup_from_before_a_merge_was_taken_apart(ctx: Context, tmp_path: Path, backs: list[Context]) -> None:
    anna, other = two(ctx)
    desk.guest_merging.merge(ctx, anna, [other], sure=True)
    maintenance.backup(ctx, tmp_path / "before.db")
    desk.guest_merging.unmerge(ctx, desk.guest_merging.merge_of(ctx, other))
    erasing.erase(ctx, other)
    back, told = restored(ctx, tmp_path / "before.db")
    backs.append(back)
    assert told == [1]
    assert holding(ctx.home.data) == {}
    kept = desk.guests.get(back, anna)
    assert (kept.surname, kept.remarks, kept.emails) == ("Alfa", "likes tea", ("anna@x.example",))


def test_a_second_restore_lists_it_once_and_as_it_was(ctx: Context, tmp_path: Path, backs: list[Context]) -> None:
    known = furnish(ctx, add_account(ctx))
    maintenance.backup(ctx, tmp_path / "before.db")
    erasing.erase(ctx, known.guest, "on request")
    [was] = erasing.listed(ctx)
    once, _told = restored(ctx, tmp_path / "before.db")
    later = replace(once, clock=FixedClock(NOW + timedelta(days=2)))
    back, told = restored(later, tmp_path / "before.db")
    backs.append(back)
    assert told == [1]
    [row] = erasing.listed(back)
    assert (row.at, row.by, row.reason, row.guest) == (was.at, was.by, "on request", known.guest)
