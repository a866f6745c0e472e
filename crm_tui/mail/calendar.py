"""Invitations: what a calendar part asks for (RFC 5545, 5546), read with icalendar, broken ones tolerated."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm_tui.mail.body import leaves
from crm_tui.mail.charset import decode
from crm_tui.mail.mime import Tree, body_bytes
from crm_tui.mail.model import Invitation
from crm_tui.mail.text import display_text

MAX_BYTES = 512 * 1024
_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")


def find_invitation(tree: Tree) -> Invitation | None:
    """The first event of the message's calendar parts, or None."""
    for part, _ in leaves(tree.root):
        if part.type in _TYPES and part.end - part.start <= MAX_BYTES:
            text = decode(body_bytes(tree.raw, part), part.params.get("charset", "utf-8"))
            found = read_invitation(text, part.params.get("method", ""))
            if found:
                return found
    return None


def read_invitation(text: str, method: str = "") -> Invitation | None:
    """The first event of a calendar; its fields one by one where the whole cannot be read; None if there is none."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(text)
        event = next(iter(calendar.walk("VEVENT")), None)
        return _invitation(calendar, event, method) if event is not None else _salvaged(text, method)
    except Exception:  # a foreign format through a foreign parser: any failure means that it is broken
        return _salvaged(text, method)


def _invitation(calendar: Any, event: Any, method: str) -> Invitation:
    start = _when(event, "DTSTART")
    end = _when(event, "DTEND")
    if end is None and start is not None and isinstance(getattr(event.get("DURATION"), "dt", None), timedelta):
        end = start + event.get("DURATION").dt
    organizer = event.get("ORGANIZER")
    return Invitation(
        _line(calendar.get("METHOD") or method).upper(),
        _line(event.get("SUMMARY")),
        start,
        end,
        _line(event.get("LOCATION")),
        _person(organizer, getattr(organizer, "params", {}).get("CN", "")) if organizer else "",
    )


def _when(event: Any, name: str) -> datetime | date | None:
    """The day, or the instant in UTC; a floating time counts as UTC."""
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return value if isinstance(value, date) else None


def _line(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return display_text(str(value or "")).strip()[:500]


def _person(address: object, name: object) -> str:
    mail = re.sub(r"(?i)^mailto:", "", _line(address))
    shown = _line(name).strip('"')
    return f"{shown} <{mail}>" if shown and shown.casefold() != mail.casefold() else mail


_FIELD = re.compile(r"^(METHOD|SUMMARY|LOCATION|ORGANIZER|DTSTART|DTEND)((?:;[^:\n]*)?):([^\n]*)", re.MULTILINE)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?")


def _salvaged(text: str, method: str) -> Invitation | None:
    """The plain fields of an event that icalendar refuses; times are taken as UTC."""
    text = re.sub(r"\r?\n[ \t]", "", text[:MAX_BYTES]).replace("\r", "")
    at = text.find("BEGIN:VEVENT")
    if at < 0:
        return None
    fields: dict[str, str] = {}
    for found in _FIELD.finditer(text):
        if found[1] == "METHOD" or found.start() > at:
            fields.setdefault(found[1], found[3].strip())
    return Invitation(
        _line(fields.get("METHOD") or method).upper(),
        _line(fields.get("SUMMARY")),
        _stamp(fields.get("DTSTART", "")),
        _stamp(fields.get("DTEND", "")),
        _line(fields.get("LOCATION")),
        _person(fields.get("ORGANIZER", ""), ""),
    )


def _stamp(text: str) -> datetime | date | None:
    found = _STAMP.match(text)
    if not found:
        return None
    numbers = [int(part) for part in found.groups() if part]
    try:
        return datetime(*numbers, tzinfo=UTC) if len(numbers) == 6 else date(*numbers[:3])  # type: ignore[misc, arg-type]
    except ValueError:
        return None
