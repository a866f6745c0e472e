"""The statuses of a reservation: their words, their letters, and how one is set."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from crm_tui import desk
from crm_tui.desk.reservation_views import STATUSES
from crm_tui.desk.words import said
from crm_tui.rules.vocabulary import ReservationStatus

if TYPE_CHECKING:
    from crm_tui.desk.context import Context

STATUS_KEYS = {
    "o": ReservationStatus.OPTION.value,
    "c": ReservationStatus.CONFIRMED.value,
    "x": ReservationStatus.CANCELLED.value,
    "d": ReservationStatus.COMPLETED.value,
    "n": ReservationStatus.NO_SHOW.value,
}
"""The letters of the status menu."""


def status_word(status: str) -> str:
    """A status in the agent's language."""
    return said(STATUSES, status)


def change_status(ctx: Context, number: int, version: int, status: str) -> None:
    """Set it, with its consequences."""
    if find_spec("crm_tui.desk.reservation_status") is not None:
        desk.reservation_status.set_status(ctx, [number], status)
    else:
        desk.reservations.set(ctx, number, version, {"status": status})
