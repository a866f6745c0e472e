"""Dates of mail headers, impossible ones included (RFC 5322 §3.3, QUALITY R9)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from crm_tui.mail.headers import text_of

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene sty janv januar january enero",
            "feb lut fev fév févr february febrero",
            "mar mrz mär mars march marzo",
            "apr abr kwi avr avril april abril",
            "may maj mai mayo",
            "jun cze juin june junio",
            "jul lip juil juillet july julio",
            "aug ago sie aou aoû août august agosto",
            "sep wrz sept september septiembre",
            "oct paź paz okt october octubre",
            "nov lis november noviembre",
            "dec dic gru déc dez december diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_RFC = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})[\s-]+([^\W\d]+)\.?[\s-]+(\d{2,4}),?\s+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:\.\d+)?)?"
    r"\s*(?:\(?([A-Za-z]+)?\s*([+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
_ZONES = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "MET": 1,
    "MEST": 2,
    "BST": 1,
    "WEST": 1,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
}


def read_date(raw: bytes) -> datetime | None:
    """The instant of a ``Date`` header in UTC, or None if there is none to be read.

    Hour 24, second 60 and 31 February count over into the next unit; an impossible zone counts as UTC.
    """
    text = text_of(raw).strip()[:200]
    found = _RFC.match(text)
    if found:
        month = _MONTHS.get(found[2].lower()) or _MONTHS.get(found[2].lower()[:3])
        if month:
            numbers = (_year(found[3]), month, int(found[1]), int(found[4]), int(found[5]), int(found[6] or 0))
            return _instant(*numbers, _offset(found[8] or "", found[7] or ""))
    found = _ISO.match(text)
    if found:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        return _instant(year, month, day, hour, minute, second, _offset(found[7] or "", ""))
    try:
        parsed = parsedate_tz(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _instant(*parsed[:6], (parsed[9] or 0) // 60) if parsed else None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def _offset(digits: str, zone: str) -> int:
    """Minutes east of UTC."""
    digits = digits.replace(":", "")
    if not digits or digits == "Z":
        return _ZONES.get(zone.upper(), 0) * 60
    minutes = int(digits[1:3]) * 60 + int(digits[3:5])
    if minutes >= 24 * 60:
        return 0
    return -minutes if digits[0] == "-" else minutes


def _instant(year: int, month: int, day: int, hour: int, minute: int, second: int, offset: int) -> datetime | None:
    try:
        start = datetime(year, month, 1, tzinfo=UTC)
        return start + timedelta(days=max(day, 1) - 1, hours=hour, minutes=minute - offset, seconds=second)
    except (ValueError, OverflowError):
        return None
