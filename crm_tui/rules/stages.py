"""Where a conversation's guest stands, and by which channel they came: what routing profiles tell apart (SPEC §10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm_tui.rules.vocabulary import Channel, ReservationStatus, Stage

BOOKED = frozenset({ReservationStatus.CONFIRMED.value, ReservationStatus.COMPLETED.value})
"""The statuses of a reservation that count as a booking: an option is none yet, a cancelled one none any more."""

_SITES = (
    ("booking.com", Channel.BOOKING),
    ("airbnb.com", Channel.AIRBNB),
    ("expedia.com", Channel.EXPEDIA),
    ("expediapartnercentral.com", Channel.EXPEDIA),
)


@dataclass(frozen=True, slots=True)
class Booking:
    """What of a reservation decides the stage.

    Attributes:
        since: when it was confirmed; None: never, or nobody knows.
        until: when it was cancelled, or its guest did not come; None: it was not, or nobody knows when.
    """

    status: str
    arrival: date | None = None
    since: datetime | None = None
    until: datetime | None = None


def stage_of(bookings: Iterable[Booking], today: date, checkin_days: int) -> Stage:
    """The stage of a conversation with these reservations.

    Args:
        today: the property's day.
        checkin_days: how many days before its arrival a guest is taken for one who is about to come.
    """
    return _stage([one for one in bookings if one.status in BOOKED], today, checkin_days)


def stage_then(bookings: Iterable[Booking], at: datetime, day: date, checkin_days: int) -> Stage:
    """The stage at an instant that is past, as far as it is known when each was confirmed.

    One that does not stand any more counts only if it is known until when it stood.

    Args:
        day: the property's day of that instant.
    """
    return _stage([one for one in bookings if _stood(one, at)], day, checkin_days)


def _stood(booking: Booking, at: datetime) -> bool:
    if booking.since is None or at < booking.since:
        return False
    return booking.status in BOOKED if booking.until is None else at < booking.until


def confirmed_since(confirmed: datetime | None, entered: datetime, booked_over: datetime | None) -> datetime | None:
    """Since when a reservation is confirmed. What was entered as confirmed, as an import does, was so since it was booked.

    Args:
        confirmed: when it was first confirmed here; None: never.
        entered: when it was entered here.
        booked_over: the end of the day on which it was booked; None: unknown.
    """
    if confirmed is not None and confirmed == entered and booked_over is not None:
        return min(confirmed, booked_over)
    return confirmed


def _stage(booked: Sequence[Booking], today: date, checkin_days: int) -> Stage:
    window = timedelta(days=checkin_days)
    if any(one.arrival is not None and one.arrival - window <= today <= one.arrival for one in booked):
        return Stage.BEFORE_CHECKIN
    return Stage.AFTER_BOOKING if booked else Stage.BEFORE_BOOKING


def channel_of(address: str) -> Channel:
    """The channel that a counterpart's address tells: a booking site's, else direct."""
    domain = address.rpartition("@")[2].casefold()
    for site, channel in _SITES:
        if domain == site or domain.endswith(f".{site}"):
            return channel
    return Channel.DIRECT
