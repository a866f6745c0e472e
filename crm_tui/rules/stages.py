"""Where a conversation's guest stands, and by which channel they came: what routing profiles tell apart (SPEC §10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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
    """What of a reservation decides the stage."""

    status: str
    arrival: date | None = None


def stage_of(bookings: Iterable[Booking], today: date, checkin_days: int) -> Stage:
    """The stage of a conversation with these reservations.

    Args:
        today: the property's day.
        checkin_days: how many days before its arrival a guest is taken for one who is about to come.
    """
    booked = [one for one in bookings if one.status in BOOKED]
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
