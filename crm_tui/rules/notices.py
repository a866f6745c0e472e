"""When a guest is reminded of a payment by itself (SPEC §8): its days, and the hours in which nothing goes out.

A line that is due on a day has *turns*: one some days before it, then one the day after it and every so many days, until it is
covered. A turn that was missed is made good once, on the next day on which reminders go out; all those missed before it are
gone. Days are those of the property's zone, so that neither a clock that is set nor a change to summer time repeats one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import NamedTuple

WRONG_CLOCK = 7
"""A reminder that was sent more than so many days from now was dated by a clock that went wrong, and counts for nothing."""


class Cadence(NamedTuple):
    """How many days before it is due the first reminder goes out, and how many days lie between those of what is overdue."""

    first: int = 3
    every: int = 2


def turn(today: date, due: date, cadence: Cadence) -> date | None:
    """The latest turn of a line up to today; None if its first is still to come."""
    if today > due:
        passed = (today - due).days - 1
        return due + timedelta(days=1 + passed - passed % cadence.every)
    first = due - timedelta(days=cadence.first)
    return first if today >= first else None


def next_turn(today: date, due: date, cadence: Cadence) -> date:
    """The first turn of a line after today."""
    first = due - timedelta(days=cadence.first)
    if today < first:
        return first
    latest = turn(today, due, cadence)
    if today <= due or latest is None:
        return due + timedelta(days=1)
    return latest + timedelta(days=cadence.every)


def is_due(today: date, due: date, reminded: Iterable[date], cadence: Cadence) -> bool:
    """Whether a line that is not covered is to be reminded of today.

    Args:
        reminded: the days on which it was, also by hand; one that lies ahead (the clock was set back) counts too.
    """
    latest = turn(today, due, cadence)
    horizon = today + timedelta(days=WRONG_CLOCK)
    return latest is not None and not any(latest <= day <= horizon for day in reminded)


def is_quiet(now: time, start: time, end: time) -> bool:
    """Whether nothing goes out at this time of day: from ``start`` on, until ``end``, over midnight where that is earlier.

    The same time twice means that there are no quiet hours.
    """
    if start <= end:
        return start <= now < end
    return now >= start or now < end


def read_time(text: str) -> time:
    """A time of day as the settings write it: ``HH:MM``.

    Raises:
        ValueError: it is none.
    """
    hours, colon, minutes = text.partition(":")
    if not (colon and len(hours) in (1, 2) and len(minutes) == 2 and (hours + minutes).isascii()):
        raise ValueError(text)
    if not (hours + minutes).isdigit():
        raise ValueError(text)
    return time(int(hours), int(minutes))
