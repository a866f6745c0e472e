"""What follows when a reservation's status changes (SPEC §7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from crm_tui import desk
from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Reminder, ReservationDue, ScheduleLine
from crm_tui.desk.common.context import Context
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation
from tests.desk.colleagues import colleague

_M = columns(Reminder)


def remind(ctx: Context, reservation: int, title: str, **more: Any) -> int:
    with ctx.write() as tx:
        row = {"title": title, "due": date(2026, 7, 3), "created_at": tx.now, "reservation_id": reservation}
        return int(tx.connection.execute(insert(Reminder).values(**(row | more))).inserted_primary_key[0])  # type: ignore[index]


def open_titles(ctx: Context) -> list[str]:
    with ctx.store.connect() as connection:
        query = select(_M.title).where(_M.done_at.is_(None), _M.removed_at.is_(None)).order_by(_M.id)
        return list(connection.execute(query).scalars())


def owing(ctx: Context, code: str = "M-1", *guests: int) -> int:
    number = add_reservation(ctx, code, *guests, value=9000, currency="EUR", status="confirmed")
    with ctx.write() as tx:
        row = {"reservation_id": number, "kind": "deposit", "due": date(2026, 7, 2), "amount": 3000}
        tx.connection.execute(insert(ScheduleLine).values(**row))
    return number


def due(ctx: Context, number: int) -> date | None:
    names = columns(ReservationDue)
    with ctx.store.connect() as connection:
        found: date | None = connection.execute(select(names.due).where(names.reservation_id == number)).scalar()
        return found


def test_a_cancelled_one_owes_nothing_and_its_reminders_are_closed_on_request(ctx: Context) -> None:
    number, other = owing(ctx), owing(ctx, "M-2")
    remind(ctx, number, "Call about the cot")
    remind(ctx, other, "Stays open")
    assert desk.reservation_status.consequences(ctx, [number], "cancelled").reminders == ("Call about the cot",)
    did = desk.reservation_status.set_status(ctx, [number], "cancelled", close_reminders=True)
    assert (did.changed, did.closed, did.asked) == ((number,), 1, 0)
    assert due(ctx, number) is None
    assert due(ctx, other) == date(2026, 7, 2)
    assert open_titles(ctx) == ["Stays open"]
    assert desk.undo.undo(ctx).text == "Reservation M-1 is confirmed again."
    assert due(ctx, number) == date(2026, 7, 2)
    assert open_titles(ctx) == ["Call about the cot", "Stays open"]
    assert desk.reservations.get(ctx, number).status == "confirmed"


def test_undo_says_how_several_stand_again(ctx: Context) -> None:
    first, second = owing(ctx), owing(ctx, "M-2")
    desk.reservation_status.set_status(ctx, [first, second], "no-show")
    assert desk.undo.undo(ctx).text == "2 reservations are confirmed again."
    desk.reservation_status.set_status(ctx, [first], "option")
    desk.reservation_status.set_status(ctx, [first, second], "cancelled")
    assert desk.undo.undo(ctx).text == "2 reservations are as they were."


def test_nobody_is_forced_to_close_reminders(ctx: Context) -> None:
    number = owing(ctx)
    remind(ctx, number, "Send the invoice")
    assert desk.reservation_status.set_status(ctx, [number], "cancelled").closed == 0
    assert open_titles(ctx) == ["Send the invoice"]


def test_a_reminder_on_what_the_agent_may_not_see_is_neither_told_nor_closed(ctx: Context) -> None:
    number = owing(ctx)
    inquiry = desk.inquiries.create(ctx, {"scope": "me"}, guest={"surname": "Nowak"})
    remind(ctx, number, "Ana's own", inquiry_id=inquiry)
    leo = colleague(ctx, "Leo")
    assert desk.reservation_status.consequences(leo, [number], "cancelled").reminders == ()
    assert desk.reservation_status.set_status(leo, [number], "cancelled", close_reminders=True).closed == 0
    assert open_titles(ctx) == ["Ana's own"]


def test_a_completed_one_offers_to_ask_its_holder_once(ctx: Context) -> None:
    holder = add_guest(ctx, "Nowak", "Łucja")
    number, nobody = owing(ctx, "M-1", holder), owing(ctx, "M-2")
    assert desk.reservation_status.consequences(ctx, [number, nobody], "completed").holders == 1
    assert desk.reservation_status.set_status(ctx, [number], "completed").asked == 0
    desk.reservation_status.set_status(ctx, [number], "confirmed")
    did = desk.reservation_status.set_status(ctx, [number, nobody], "completed", ask_feedback=True)
    assert (did.changed, did.asked) == ((number, nobody), 1)
    assert open_titles(ctx) == ["Ask Łucja Nowak how it was (M-1)"]
    with ctx.store.connect() as connection:
        row = connection.execute(select(_M)).one()
    assert (row.reservation_id, row.guest_id, row.assignee_id) == (number, holder, None)
    assert row.due == ctx.clock.now().date() + timedelta(days=1)
    desk.reservation_status.set_status(ctx, [number], "confirmed")
    assert desk.reservation_status.set_status(ctx, [number], "completed", ask_feedback=True).asked == 0
    for _time in range(3):
        desk.undo.undo(ctx)
    assert open_titles(ctx) == []


@pytest.mark.parametrize(("typed", "status"), [("no show", "no-show"), ("NO_SHOW", "no-show"), (" Option ", "option")])
def test_a_status_is_taken_as_one_types_it(ctx: Context, typed: str, status: str) -> None:
    number = owing(ctx)
    assert desk.reservation_status.set_status(ctx, [number], typed).changed == (number,)
    assert desk.reservations.get(ctx, number).status == status
    assert desk.reservation_status.set_status(ctx, [number], typed).changed == ()


def test_an_option_is_confirmed(ctx: Context) -> None:
    number = add_reservation(ctx, "M-9", status="option")
    desk.reservation_status.set_status(ctx, [number], "confirmed")
    assert desk.reservations.get(ctx, number).status == "confirmed"


def test_all_or_nothing(ctx: Context) -> None:
    number = owing(ctx)
    with pytest.raises(NotFound):
        desk.reservation_status.set_status(ctx, [number, 999], "cancelled")
    with pytest.raises(InvalidInput):
        desk.reservation_status.set_status(ctx, [number], "gone")
    assert desk.reservations.get(ctx, number).status == "confirmed"
