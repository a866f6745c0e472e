"""The pictures of the page on payments: how the desk gets there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import desk

if TYPE_CHECKING:
    from docs.scene import Hand

_STATEMENT = """2026-11-20;HELENE ROCHER M-26213 acompte;190,00
2026-11-20;Transferencia M-26170 resto;2.700,00
2026-11-20;ELECTRICIDAD MALLORCA;-184,20
2026-11-19;Wisniewska, pobyt w lipcu;1.390,00
"""


def _number(hand: Hand, code: str) -> int:
    found = desk.reservations.find(hand.app.ctx, code)
    assert found is not None
    return found


async def payment(hand: Hand, _place: Path) -> None:
    """The missing amount stands in the box."""
    from crm_tui.screens.money.payment import PaymentDialog

    hand.app.push_screen(PaymentDialog(_number(hand, "M-26211")))
    await hand.until(lambda: hand.app.screen.form.fields["amount"].value != "")


async def schedule(hand: Hand, _place: Path) -> None:
    """A schedule of which a part is paid."""
    from crm_tui.screens.money.schedule import ScheduleScreen

    hand.app.push_screen(ScheduleScreen(_number(hand, "M-26211")))
    await hand.until(lambda: hand.app.screen.list.total > 0)


async def terms(hand: Hand, _place: Path) -> None:
    """The terms of an operator."""
    await hand.press("g", "O", "down", "T")


async def statement(hand: Hand, _place: Path) -> None:
    """Bank lines with what they may pay for."""
    desk.statements.paste(hand.app.ctx, _STATEMENT)
    await hand.press("g", "S")
    await hand.until(lambda: hand.app.screen.list.total > 0)
