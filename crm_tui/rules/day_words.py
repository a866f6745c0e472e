"""A day as a person says it in a form: ``12 jul``, ``fri``, ``+3``, ``mañana``, and all that is written in figures. Pure.

A day without a year is the next such day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from crm_tui.rules.days import DayFault, read_day

_NAMED = re.compile(r"(\d{1,2})\.?\s*(?:de\s+|of\s+|er\s+)?([a-z]+)\.?(?:\s*(?:de\s+|r\.?\s*)?(\d{4}|\d{2}))?")
_NAME_FIRST = re.compile(r"([a-z]+)\.?\s*(\d{1,2})(?:\s*,?\s*(\d{4}))?")
_LATER = re.compile(r"\+\s*(\d{1,4})")

_MONTHS = (
    ("jan", "ene", "sty"),
    ("feb", "fev", "lut"),
    ("mar",),
    ("apr", "abr", "avr", "kwi"),
    ("may", "mai", "maj"),
    ("jun", "juin", "cze"),
    ("jul", "juil", "lip"),
    ("aug", "ago", "aou", "sie"),
    ("sep", "set", "wrz"),
    ("oct", "paz", "okt"),
    ("nov", "lis"),
    ("dec", "dic", "gru"),
)
_WEEKDAYS = (
    ("mon", "lun", "pon"),
    ("tue", "mar", "wto"),
    ("wed", "mie", "mer", "sro"),
    ("thu", "jue", "jeu", "czw"),
    ("fri", "vie", "ven", "pia"),
    ("sat", "sab", "sam", "sob"),
    ("sun", "dom", "dim", "nie"),
)
_NEAR = {
    "today": 0, "hoy": 0, "dzis": 0, "dzisiaj": 0, "aujourd'hui": 0,
    "tomorrow": 1, "manana": 1, "jutro": 1, "demain": 1,
}  # fmt: skip


def read_day_words(text: str, today: date) -> date:
    """The day that ``text`` means.

    Raises:
        DayFault: it is no day, or there is no such day.
    """
    plain = _folded(text)
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    if later := _LATER.fullmatch(plain):
        return today + timedelta(days=int(later[1]))
    if plain.isdecimal() and len(plain) <= 2:
        return _next_of_month(int(plain), today, text)
    if (weekday := _of(_WEEKDAYS, plain)) is not None and plain.isalpha():
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return read_day(_in_figures(plain) or text, today)


def _in_figures(text: str) -> str:
    """A day whose month is a word, in figures; empty if it is none."""
    for pattern, day, name in ((_NAMED, 1, 2), (_NAME_FIRST, 2, 1)):
        found = pattern.fullmatch(text)
        month = _of(_MONTHS, found[name]) if found else None
        if found and month is not None:
            return f"{found[day]}.{month + 1}.{found[3] or ''}"
    return ""


def _next_of_month(day: int, today: date, text: str) -> date:
    for months in range(13):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            found = date(year, month + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise DayFault("day", text)


def _of(names: tuple[tuple[str, ...], ...], word: str) -> int | None:
    """The place of the month or weekday that a word begins with; the longest beginning wins (``juil`` over ``jui``)."""
    found = [(len(stem), place) for place, stems in enumerate(names) for stem in stems if word.startswith(stem)]
    return max(found)[1] if found else None


def _folded(text: str) -> str:
    marks = unicodedata.normalize("NFKD", text.strip().casefold().replace("’", "'").replace("ł", "l"))
    return " ".join("".join(letter for letter in marks if not unicodedata.combining(letter)).split())
