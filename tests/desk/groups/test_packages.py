"""Packages: named sets of guests, put together, refreshed, and taken back (SPEC §6)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, PackageGuest
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.groups import packages
from crm_tui.desk.groups.package_search import Members, survivors
from crm_tui.desk.undoing import undo
from tests.desk.mailings import guest


def people(ctx: Context, *names: str) -> list[int]:
    return [guest(ctx, name) for name in names]


def inside(ctx: Context, package: int) -> list[int]:
    return Members(package).ids(ctx)


def merge(ctx: Context, gone: int, into: int) -> None:
    with ctx.write() as tx:
        tx.connection.execute(update(Guest).where(columns(Guest).id == gone).values(merged_into=into))


def test_made_by_hand_it_holds_who_was_put_in_once(ctx: Context) -> None:
    ana, leo = people(ctx, "Alba", "Bosch")
    number = packages.create(ctx, "  Golf   friends ", ids=[leo, ana, leo])
    view = packages.get(ctx, number)
    assert (view.name, view.size, view.by_hand, view.words) == ("Golf friends", 2, True, "")
    assert inside(ctx, number) == [ana, leo]
    with pytest.raises(InvalidInput):
        packages.create(ctx, "GOLF friends", ids=[])
    with pytest.raises(InvalidInput):
        packages.create(ctx, "  ", ids=[])
    assert packages.named(ctx, "golf FRIENDS").id == number


def test_guests_are_put_in_and_taken_out_and_both_are_taken_back(ctx: Context) -> None:
    one, two, three = people(ctx, "Alba", "Bosch", "Costa")
    number = packages.create(ctx, "Set", ids=[one])
    assert packages.add(ctx, number, [one, two, three, 999]) == 2
    assert packages.take_out(ctx, number, [one, 999]) == 1
    assert inside(ctx, number) == [two, three]
    undo.undo(ctx)
    assert inside(ctx, number) == [one, two, three]
    undo.undo(ctx)
    assert inside(ctx, number) == [one]
    undo.undo(ctx)
    with pytest.raises(NotFound):
        packages.get(ctx, number)


def test_renamed_and_put_away_it_can_be_had_back(ctx: Context) -> None:
    number = packages.create(ctx, "Set", ids=people(ctx, "Alba"))
    packages.rename(ctx, number, packages.get(ctx, number).version, "Łódź")
    with pytest.raises(Conflict):
        packages.rename(ctx, number, 1, "Other")
    assert packages.named(ctx, "lodz").id == number
    packages.remove(ctx, number, packages.get(ctx, number).version)
    assert packages.listed(ctx) == []
    undo.undo(ctx)
    assert packages.get(ctx, number).name == "Łódź"
    packages.remove(ctx, number, packages.get(ctx, number).version)
    packages.create(ctx.acting_as(ENGINE), "Łódź", ids=[])
    with pytest.raises(Conflict, match="taken the place"):
        undo.undo(ctx)


def test_a_merged_guest_counts_once_and_as_the_survivor(ctx: Context) -> None:
    one, two, three = people(ctx, "Alba", "Bosch", "Costa")
    number = packages.create(ctx, "Set", ids=[one, three])
    merge(ctx, two, one)
    merge(ctx, one, three)
    assert (packages.get(ctx, number).size, inside(ctx, number)) == (1, [three])
    assert packages.add(ctx, number, [two]) == 0  # two is three by now, who is in already
    with ctx.store.connect() as connection:
        assert survivors(connection, [one, two, three, 999]) == [three]
        p = columns(PackageGuest)
        assert connection.execute(select(p.guest_id).where(p.package_id == number)).scalars().all() == [one, three]


def test_pages_go_by_name_both_ways_whatever_the_names(ctx: Context) -> None:
    names = ["Alba", "alba", "Ålba", "Bosch", "Żak", "Zak", "Ó", "Alba"]
    ids = [guest(ctx, name, email=f"g{place}@example.org") for place, name in enumerate(names)]
    list_ = Members(packages.create(ctx, "Set", ids=ids))
    every = list_.page(ctx)
    assert [row.id for row in every] == list_.ids(ctx)
    assert list_.total(ctx) == len(names)
    for place, row in enumerate(every):
        assert list_.position(ctx, row) == place
        assert list_.page(ctx, after=row, limit=3) == every[place + 1 : place + 4]
        assert list_.page(ctx, before=row, limit=3) == every[max(0, place - 3) : place]
        assert list_.page(ctx, at=place, limit=2) == every[place : place + 2]
        assert list_.find(ctx, row.id) == row
    assert list_.page(ctx, last=True, limit=2) == every[-2:]
    assert {row.id for row in Members(list_.package_id, "zak").page(ctx)} == {ids[4], ids[5]}


def test_its_history_is_told(ctx: Context) -> None:
    one, two = people(ctx, "Alba", "Bosch")
    number = packages.create(ctx, "Set", ids=[one])
    packages.add(ctx, number, [two])
    view = undo.last(ctx)
    assert view is not None
    assert "1 guest put in" in view.text
