"""Pictures of reservations."""

from __future__ import annotations

from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from docs.scene import Hand


def booked(ctx: Context, _clock: FixedClock) -> None:
    """The guests of the sample hotel and what they booked."""
    from crm_tui.demo import bookings, guests

    guests.add(ctx, {})
    bookings.add(ctx)


async def reservation(hand: Hand, _place: Path) -> None:
    """A reservation of the guest's history is opened."""
    from crm_tui.screens.reservations.detail import ReservationScreen

    ctx = hand.app.ctx
    number = desk.reservations.listed(ctx, status="option")[0].id
    hand.app.open_guest(desk.reservations.get(ctx, number).guests[0].id)
    await hand.until(lambda: getattr(hand.app.screen, "source", None) is not None)
    await hand.press("f", "r", "enter")
    await hand.until(lambda: isinstance(hand.app.screen, ReservationScreen) and hand.app.screen.view is not None)


async def reservation_wide(hand: Hand, _place: Path) -> None:
    """A reservation with something to do."""
    from crm_tui.screens.reservations.detail import ReservationScreen

    hand.app.open_reservation(desk.reservations.find(hand.app.ctx, "M-25102"))
    await hand.until(lambda: isinstance(hand.app.screen, ReservationScreen) and hand.app.screen.view is not None)


async def flight(hand: Hand, place: Path) -> None:
    """A leg is added that would arrive before it departs."""
    await reservation_wide(hand, place)
    await hand.press("F", "plus")
    for field in ("ib 3172", "waw", "pmi", "3 dec 6:35", "3 dec 6:10"):
        await hand.write(field)
        await hand.press("tab")
