"""The clocks of a leg (SPEC §8): times as people type them, hours that an airport's clock skips, the order of instants. Pure.

A local time is text, ``YYYY-MM-DDTHH:MM`` of the airport's clock, without offset.
"""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta, tzinfo
from enum import StrEnum

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.departures import LocalTime, moment
from crm_tui.rules.departures import read_local as read_stored

LONGEST = timedelta(hours=36)
"""A leg in the air for longer has a wrong day."""
_CLOCK = re.compile(r"(?:(?<=[\sT,])|^)(\d{1,2})\s?[:.h]\s?(\d{2})(?::00)?$")


class Doubt(StrEnum):
    """What may be wrong with a leg, and may be right all the same."""

    AIRPORT = "airport"
    """There is no airport of that code in the list."""
    BACKWARDS = "backwards"
    """It would arrive before it departs."""
    LONG = "long"
    CIRCLE = "circle"
    """It goes from an airport to the same."""
    AGAIN = "again"
    """There is such a leg already."""


def read_local(text: str, today: date, near: str = "", before: str = "") -> str:
    """A local time as typed: ``14 aug 6:35``, ``2026-08-14 06:35``, ``tomorrow 6.35``; empty stays empty.

    Args:
        near: another local time that it goes with; ``9:50`` is of its day, and ``+1 0:30`` of the day after.
        before: the local time that this one takes the place of; a lone ``6:20`` keeps its day.

    Raises:
        DayFault: of kind ``date`` or ``day`` as for days; ``hour``: there is no hour in it, or no such hour.
    """
    words = " ".join(text.replace("T", " ").split()) if re.match(r"\d{4}-", text.strip()) else " ".join(text.split())
    if not words:
        return ""
    clock = _CLOCK.search(words)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise DayFault("hour", text)
    rest = words[: clock.start()].strip().rstrip(",")
    base = date.fromisoformat(near[:10]) if near else today
    if not rest and not near and not before:
        raise DayFault("date", text)
    same = base if near else date.fromisoformat(before[:10] or base.isoformat())
    day = read_day_words(rest, base) if rest else same
    return f"{day.isoformat()}T{int(clock[1]):02}:{clock[2]}"


def _span(departs: str, arrives: str, zones: tuple[tzinfo | None, tzinfo | None]) -> timedelta | None:
    left, landed = read_stored(departs), read_stored(arrives)
    if left is None or landed is None or zones[0] is None or zones[1] is None:
        return None
    there = moment(landed, zones[1])
    late = landed.replace(tzinfo=zones[1], fold=1).astimezone(UTC) if there.clock is LocalTime.TWICE else there.at
    took = there.at - moment(left, zones[0]).at
    return took if took > timedelta(0) else late - moment(left, zones[0]).at


def doubts(departs: str, arrives: str, zones: tuple[tzinfo | None, tzinfo | None]) -> list[Doubt]:
    """What is odd about the times of a leg; nothing where one of them, or of the zones, is not known."""
    took = _span(departs, arrives, zones)
    if took is None:
        return []
    if took <= timedelta(0):
        return [Doubt.BACKWARDS]
    return [Doubt.LONG] if took > LONGEST else []


def duration(departs: str, arrives: str, zones: tuple[tzinfo | None, tzinfo | None]) -> timedelta | None:
    """How long a leg takes, an arrival that comes twice being the first that makes sense; None where that cannot be told."""
    return _span(departs, arrives, zones)
