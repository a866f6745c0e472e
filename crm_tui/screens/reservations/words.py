"""How a reservation is told in a few words: status, list, order."""

from __future__ import annotations

from datetime import date

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.words import said
from crm_tui.desk.stays.reservation_views import CURRENT, EVERY, OPEN, STATUSES, ReservationQuery
from crm_tui.rules.vocabulary import ReservationStatus
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.widgets.days import day

LOOKS: dict[str, tuple[str, str]] = {
    ReservationStatus.OPTION: ("○", "accent"),
    ReservationStatus.CONFIRMED: ("●", "good"),
    ReservationStatus.COMPLETED: ("✔", "muted"),
    ReservationStatus.CANCELLED: ("✕", "muted"),
    ReservationStatus.NO_SHOW: ("–", "warn"),
}
"""Sign and style of each status; the words stand beside them where there is room."""

STATUS_KEYS = {
    "o": ReservationStatus.OPTION,
    "c": ReservationStatus.CONFIRMED,
    "x": ReservationStatus.CANCELLED,
    "d": ReservationStatus.COMPLETED,
    "n": ReservationStatus.NO_SHOW,
}
"""The letters of the status menu."""

_WHICH = {
    CURRENT: N_("to come and in house"),
    OPEN: N_("options and confirmed"),
    EVERY: N_("all"),
}
_ORDERS = {
    "arrival": N_("next arrival first"),
    "latest": N_("last arrival first"),
    "departure": N_("next departure first"),
    "newest": N_("newest first"),
    "code": N_("by code"),
}


def status_word(status: str) -> str:
    """A status in the agent's language."""
    return said(STATUSES, status)


def which_word(status: str) -> str:
    """Which list it is: of a status, or one of those that hold several."""
    return _(_WHICH[status]) if status in _WHICH else _("only {status}").format(status=status_word(status))


def order_word(order: str) -> str:
    """How a list is sorted."""
    return _(_ORDERS[order])


def filter_words(query: ReservationQuery, today: date) -> str:
    """What a list shows, in words; what is typed is left out."""
    parts = [which_word(query.asked_status)]
    parts += [channel_word(query.channel)] if query.channel else []
    parts += [query.operator] if query.operator else []
    parts += [_("to {destination}").format(destination=query.destination.strip())] if query.destination.strip() else []
    parts += [_("unpaid")] if query.unpaid else []
    spans = (
        (_("arrival"), query.arrival_from, query.arrival_to),
        (_("departure"), query.departure_from, query.departure_to),
    )
    parts += [f"{name} {_between(first, last, today)}" for name, first, last in spans if first or last]
    return " · ".join(parts)


def _between(first: date | None, last: date | None, today: date) -> str:
    if first is not None and last is not None:
        return f"{day(first, today)} – {day(last, today)}"
    if first is not None:
        return _("from {day}").format(day=day(first, today))
    return _("until {day}").format(day=day(last, today)) if last is not None else ""
