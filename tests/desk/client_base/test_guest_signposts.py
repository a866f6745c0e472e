"""A merged guest's number leads to the guest who took it over, through any chain (SPEC §6)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import update

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest
from crm_tui.desk.common.context import Context
from crm_tui.desk.merges.guest_merging import absorbed_in, survivor_in

_G = columns(Guest)


def signpost(ctx: Context, number: int, into: int | None) -> None:
    with ctx.write() as tx:
        tx.connection.execute(update(Guest).where(_G.id == number).values(merged_into=into))


def chain(ctx: Context, length: int) -> list[int]:
    made = [desk.guests.create(ctx, {"surname": f"Nowak {n}"}) for n in range(length)]
    for one, other in pairwise(made):
        signpost(ctx, one, other)
    return made


def test_a_number_leads_along_the_signposts(ctx: Context) -> None:
    a, b, c, d = chain(ctx, 4)
    with ctx.store.connect() as connection:
        assert [survivor_in(connection, one) for one in (a, b, c, d, 99)] == [d, d, d, d, 99]
        assert absorbed_in(connection, [d]) == [c, b, a]
        assert absorbed_in(connection, [b, d]) == [a, c]
    assert desk.guests.get(ctx, a).id == d
    with pytest.raises(NotFound):
        desk.guests.get(ctx, 99)


def test_signposts_in_a_ring_end(ctx: Context) -> None:
    a, b, c = chain(ctx, 3)
    signpost(ctx, c, a)
    with ctx.store.connect() as connection:
        assert survivor_in(connection, a) in (a, b, c)
        assert set(absorbed_in(connection, [b])) == {a, c}


def test_what_is_done_with_a_merged_number_is_done_with_the_survivor(ctx: Context) -> None:
    a, _b, c = chain(ctx, 3)
    desk.memos.add(ctx, "Call", guest=a)
    desk.reminders.add(ctx, "Call", "2026-08-01", guest=a)
    desk.guests.set_consent(ctx, a, "mail", given=True, source="form")
    desk.attributes.tag(ctx, a, desk.attributes.add(ctx, "Sea"))
    inquiry = desk.inquiries.create(ctx, {}, guest=a)
    assert desk.guests.set(ctx, a, 1, {"city": "Palma"}).id == c
    desk.inquiry_guests.add(ctx, inquiry, a)
    assert [one.id for one in desk.inquiries.get(ctx, inquiry).guests] == [c]
    assert desk.attributes.of_guests(ctx, [a, c]) == {c: ("Sea",)}
    found = desk.guests.get(ctx, c)
    assert (found.city, found.consents["mail"].given, found.inquiries) == ("Palma", True, (inquiry,))
    assert [one.guest for one in desk.reminders.listed(ctx)] == [c]
    assert [one.text for one in desk.memos.listed(ctx, guest=c)] == ["Call"]
