"""Pictures of folios."""

from __future__ import annotations

from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from docs.scene import Hand
from docs.scenes_guests import booked


def billed(ctx: Context, clock: FixedClock) -> None:
    """What was booked, and what was posted on it."""
    from crm_tui.demo import bills

    booked(ctx, clock)
    bills.add(ctx)


async def folios(hand: Hand, _place: Path) -> None:
    """A company pays the lodging."""
    from crm_tui.screens.folios.screen import FoliosScreen

    number = desk.reservations.find(hand.app.ctx, "M-26009")
    assert number is not None
    screen = FoliosScreen(number)
    hand.app.push_screen(screen)
    await hand.until(lambda: screen.focused is not None and screen.found is not None)


async def split(hand: Hand, place: Path) -> None:
    """The lodging in three parts."""
    await folios(hand, place)
    await hand.press("tab", "y", "3")
