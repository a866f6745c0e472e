"""Times as people at a reception read them: relative while recent, a day when older, exact on demand."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from crm_tui.base.i18n import N_, _
from crm_tui.base.sizes import size as size

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


def duration(span: timedelta) -> str:
    """A length of time in its largest fitting unit or two: ``45 s``, ``12 min``, ``3 h 10 m``, ``4 d``."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return _("{n} s").format(n=seconds)
    minutes = seconds // 60
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("{h} h {m} m").format(h=hours, m=minutes) if minutes else _("{n} h").format(n=hours)
    return _("{n} d").format(n=hours // 24)


def hours_minutes(seconds: int) -> str:
    """A length of time as timesheets write it: ``3:12``, ``38:05``."""
    minutes = max(0, seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def age(at: datetime, now: datetime, zone: tzinfo, dates_from_days: int = 1) -> str:
    """When something happened, in at most 7 cells: ``now``, ``5 min``, ``3 h``, then ``20 Nov``, then ``11/2025``."""
    span = now - at
    if timedelta(0) <= span < timedelta(minutes=1):
        return _("now")
    if timedelta(0) <= span < timedelta(hours=1):
        return _("{n} min").format(n=int(span.total_seconds() // 60))
    if timedelta(0) <= span < timedelta(days=1):
        return _("{n} h").format(n=int(span.total_seconds() // 3600))
    if timedelta(0) <= span < timedelta(days=dates_from_days):
        return _("{n} d").format(n=span.days)
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.year == today.year:
        return _("{day} {month}").format(day=local.day, month=_(MONTHS[local.month - 1]))
    return f"{local.month:02}/{local.year}"


def synced(at: datetime, now: datetime) -> str:
    """How long ago the mail was fetched; in steps of ten seconds, so that the header is not repainted every second."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 10:
        return _("synced just now")
    span = timedelta(seconds=seconds // 10 * 10 if seconds < 60 else seconds)
    return _("synced {ago} ago").format(ago=duration(span))


def clock(now: datetime, zone: tzinfo) -> str:
    """The header's clock: ``Sat 21 Nov 14:05``."""
    local = now.astimezone(zone)
    return f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])} {local:%H:%M}"


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Weekday and time within a week, else day and time; the year if it is another one."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if timedelta(0) <= now - at < timedelta(days=6):
        return f"{_(DAYS[local.weekday()])} {local:%H:%M}"
    day = f"{local.day} {_(MONTHS[local.month - 1])}"
    return f"{day} {local:%H:%M}" if local.year == today.year else f"{day} {local.year} {local:%H:%M}"


def day_heading(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The day of a group of entries: ``today``, ``yesterday``, ``Sat 21 Nov``; the year if it is another one."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    if days in (0, 1):
        return _("yesterday") if days else _("today")
    if local.year != today.year:
        return f"{local.day} {_(MONTHS[local.month - 1])} {local.year}"
    return f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])}"


def minute(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Exact to the minute: ``Sat 21 Nov 10:55``, with its year if it is another one than now."""
    local = at.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])}{year} {local:%H:%M}"


def exact(at: datetime, zone: tzinfo) -> str:
    """The whole of it: ``Sat 21 Nov 2026 10:55:03 +01:00``."""
    local = at.astimezone(zone)
    offset = local.strftime("%z")
    day = f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])} {local.year}"
    return f"{day} {local:%H:%M:%S} {offset[:3]}:{offset[3:]}"


def ahead(at: datetime, now: datetime, zone: tzinfo) -> str:
    """An instant to come: ``17:05`` today, ``Mon 08:00`` within a week, ``24 Dec 08:00`` after that, with another year named."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if timedelta(0) <= local.date() - today.date() < timedelta(days=7):
        return f"{_(DAYS[local.weekday()])} {local:%H:%M}"
    day = f"{local.day} {_(MONTHS[local.month - 1])}"
    return f"{day} {local:%H:%M}" if local.year == today.year else f"{day} {local.year}"


def weekday(number: int) -> str:
    """The short name of a weekday; 0 is Monday."""
    return _(DAYS[number])


def day_of(day: date) -> str:
    """A day without its year: ``3 Dec``."""
    return _("{day} {month}").format(day=day.day, month=_(MONTHS[day.month - 1]))


def month_of(day: date) -> str:
    """A month with its year: ``Dec 2026``."""
    return f"{_(MONTHS[day.month - 1])} {day.year}"


def days_of(first: date, last: date) -> str:
    """A span of days, as short as it is clear: ``3–7 Dec``, ``28 Dec – 2 Jan``; the year where the two differ."""
    if first == last:
        return day_of(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_of(last)}"
    if first.year == last.year:
        return f"{day_of(first)} – {day_of(last)}"
    return f"{day_of(first)} {first.year} – {day_of(last)} {last.year}"
