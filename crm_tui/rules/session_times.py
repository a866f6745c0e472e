"""When a session of working time began and ended, as a manager writes it: ``yesterday 22:00`` and ``6:30``. Pure.

An end that is only an hour is meant on the day of the start, or on the day after it if it would not come after the start.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from crm_tui.rules.days import DayFault
from crm_tui.rules.instants import read_instant

_HOUR = re.compile(r"(\d{1,2})\s?[:.h]\s?(\d{2})")


def read_start(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant a session began.

    Raises:
        DayFault: it is none (``date``, ``day``), or the clocks were put forward over it (``skipped``).
    """
    if not text.strip():
        raise DayFault("date", text)
    if (hour := _hour(text)) is not None:
        return read_instant(f"{hour:%H:%M}", now, zone)
    return read_instant(text, now, zone)


def read_end(text: str, start: datetime, now: datetime, zone: tzinfo) -> datetime:
    """The instant a session ended that began at ``start``.

    Raises:
        DayFault: as :func:`read_start`.
    """
    hour = _hour(text)
    if hour is None:
        return read_start(text, now, zone)
    day = start.astimezone(zone).date()
    found = _at(datetime.combine(day, hour), zone, text)
    return found if found > start else _at(datetime.combine(day + timedelta(days=1), hour), zone, text)


def _at(local: datetime, zone: tzinfo, text: str) -> datetime:
    try:
        return read_instant(f"{local:%Y-%m-%dT%H:%M}", local.replace(tzinfo=zone), zone)
    except DayFault as fault:
        raise DayFault(fault.kind, text) from None


def _hour(text: str) -> time | None:
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        return None
    if int(found[1]) > 23 or int(found[2]) > 59:
        raise DayFault("date", text)
    return time(int(found[1]), int(found[2]))
