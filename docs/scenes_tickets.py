"""The scenes of docs/tickets.md: the queue was shared out, as the engine of a running desk does within a second."""

from __future__ import annotations

from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import ENGINE, Context
from docs.scene import Hand


def shared_out(ctx: Context, _clock: FixedClock) -> None:
    """Tickets go to those who take them."""
    engine = ctx.acting_as(ENGINE)
    desk.stages.heed(engine, None)
    while desk.ticket_routing.step(engine):
        pass


async def board(hand: Hand, _place: Path) -> None:
    """Everybody's tickets, and a look at the one that needs a manager."""
    await hand.press("9", "down", "up")
    await hand.until(lambda: hand.app.screen.preview.conversation is not None)


async def figures(hand: Hand, _place: Path) -> None:
    """The figures of the last weeks."""
    await hand.press("9", "V", "D", "d")
    await hand.write("28 d")
    await hand.press("enter")
    await hand.until(lambda: hand.app.screen.chart.settled)


async def profile(hand: Hand, _place: Path) -> None:
    """Which tickets the last of the team takes."""
    await hand.press("9", "shift+tab", "end", "T", "right", "space", "right", "space")


async def give(hand: Hand, _place: Path) -> None:
    """A ticket is given to a colleague."""
    await hand.press("9", "a")
