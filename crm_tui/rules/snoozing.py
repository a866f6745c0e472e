"""When a snoozed conversation wakes (SPEC §3), and how a day is typed. Pure: instants in, instants out.

A day begins for a reception at :data:`MORNING` of the property's zone. A time of day that the clocks skip (summer time
begins) is the first one after the gap; of one that comes twice, the first is meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault

MORNING = time(8)
EVENING = time(18)
LATER = timedelta(hours=3)
LONGEST = timedelta(days=5 * 366)
"""Nothing is snoozed for longer: such a day is a slip."""

CHOICES = ("later", "evening", "tomorrow", "days", "monday")
"""What :func:`choices` may offer, in order."""

_MONDAY = 0
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|\s*h)")


class BadDay(ValueError):
    """What was typed is no instant to wake at.

    Attributes:
        reason: ``unknown`` (not understood), ``no such day`` (31 February), ``no such time``, ``past`` or ``far``.
        meant: the instant that was understood, where there is one.
    """

    def __init__(self, reason: str, meant: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.meant = meant


def at_local(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant (UTC) at which the clocks of a zone show a time on a day."""
    naive = datetime.combine(day, clock.replace(fold=0, tzinfo=None))
    instant = naive.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    # The clocks skip it. Before the gap they were behind, so that it is counted from there; after it, they are ahead.
    skipped = instant.astimezone(zone).utcoffset() or timedelta(0)
    before = naive.replace(tzinfo=zone).utcoffset() or timedelta(0)
    gap = abs(skipped - before)
    return _first_after(naive, instant - gap, instant + gap, zone)


def _first_after(naive: datetime, low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The first whole minute at which the clocks show at least a time; ``low`` is before it, ``high`` is not."""
    minutes = int((high - low).total_seconds() // 60)
    early, late = 0, minutes
    while late - early > 1:
        middle = (early + late) // 2
        if (low + timedelta(minutes=middle)).astimezone(zone).replace(tzinfo=None) >= naive:
            late = middle
        else:
            early = middle
    return low + timedelta(minutes=late)


def choices(now: datetime, zone: tzinfo) -> dict[str, datetime]:
    """The usual instants to wake at, by name; this evening only while it lies ahead."""
    today = now.astimezone(zone).date()
    evening = at_local(today, EVENING, zone)
    days = {"later": now + LATER}
    if evening > now:
        days["evening"] = evening
    days["tomorrow"] = at_local(today + timedelta(days=1), MORNING, zone)
    days["days"] = at_local(today + timedelta(days=3), MORNING, zone)
    days["monday"] = at_local(today + timedelta(days=7 - (today.weekday() - _MONDAY) % 7), MORNING, zone)
    return days


def again(began: datetime, until: datetime, now: datetime, zone: tzinfo) -> datetime:
    """The same snooze once more, from now on.

    One over days keeps their number and the time of day; one to the evening means the next evening; a shorter one keeps
    its length.

    Args:
        began, until: of the last snooze.
    """
    first, last, here = (instant.astimezone(zone) for instant in (began, until, now))
    days = (last.date() - first.date()).days
    if days <= 0:
        if last.time() != EVENING:
            return now + max(until - began, timedelta(minutes=1))
        evening = at_local(here.date(), EVENING, zone)
        return evening if evening > now else at_local(here.date() + timedelta(days=1), EVENING, zone)
    if until - began <= LATER:  # three hours that went past midnight
        return now + (until - began)
    return at_local(here.date() + timedelta(days=days), last.time(), zone)


def read(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant that was typed: a day (as :mod:`crm_tui.rules.day_words` reads it) and perhaps a time.

    Without a year the next such day is meant, without a time :data:`MORNING`; a time alone is the next such time.

    Raises:
        BadDay: no such day or time, or not in the future.
    """
    words, clock = _split_time(_plain(text))
    here = now.astimezone(zone)
    if not words:
        if clock is None:
            raise BadDay("unknown")
        instant = at_local(here.date(), clock, zone)
        return instant if instant > now else at_local(here.date() + timedelta(days=1), clock, zone)
    instant = at_local(_day(words, here.date()), clock or MORNING, zone)
    if instant <= now:
        raise BadDay("past", instant)
    if instant - now > LONGEST:
        raise BadDay("far", instant)
    return instant


def _plain(text: str) -> str:
    """Lower case without marks: ``Mañana`` as ``manana``, ``środa`` as ``sroda``."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).strip()


def _split_time(text: str) -> tuple[str, time | None]:
    """The part that names a day, and the time of day behind it."""
    day, _space, last = text.rpartition(" ")
    found = _TIME.fullmatch(last)
    if found is None:
        return text, None
    if not day and "." in last:  # "24.12" alone is a day
        return text, None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise BadDay("no such time")
    return day.strip().removesuffix(" a las").removesuffix(" o").removesuffix(" a").removesuffix(" at"), time(
        hour, minute
    )


def _day(words: str, today: date) -> date:
    try:
        return read_day_words(words, today)
    except DayFault as fault:
        raise BadDay("no such day" if fault.kind == "day" else "unknown") from None
    except OverflowError:
        raise BadDay("far") from None
