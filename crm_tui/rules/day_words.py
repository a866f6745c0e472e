"""A day as a person says it: ``12 jul``, ``fri``, ``+3``, ``mañana``, and all that is written in figures. Pure.

Forms, dialogs, commands and snoozing all read days here: what one of them takes, all take. A day without a year is the next such day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from crm_tui.rules.days import DayFault, read_day

_NAMED = re.compile(r"(\d{1,2})\.?\s*(?:de\s+|of\s+|er\s+)?([a-z]+)\.?(?:\s*(?:de\s+|r\.?\s*)?(\d{4}|\d{2}))?")
_NAME_FIRST = re.compile(r"([a-z]+)\.?\s*(\d{1,2})(?:\s*,?\s*(\d{4}))?")
_BETWEEN = frozenset(("de", "of", "er", "r"))
_LATER = re.compile(r"\+\s*(\d{1,4})")
_IN = re.compile(r"(?:in|en|dentro de|za|dans|within)\s+(\d{1,4}|[a-z]{1,4})\s*([a-z]+)")
_ONE = frozenset(("a", "an", "one", "un", "una", "une", "uno"))
_SPANS = {
    1: "day days d dia dias dzien dni jour jours tag tage tagen",
    7: "week weeks w semana semanas tydzien tygodnie tygodni semaine semaines woche wochen",
}
_COMING = re.compile(
    r"(?:next|this|on|by|el|este|esta|proximo|proxima|w|we|na|najblizszy|najblizsza|ten|ce|le|cette) ([a-z]+)"
    r"|([a-z]+) (?:prochain|prochaine|proximo|que viene)"
)

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
_WHOLE_MONTHS = (
    "january enero styczen stycznia janvier januar",
    "february febrero luty lutego fevrier februar",
    "march marzo marzec marca mars maerz marz",
    "april abril kwiecien kwietnia avril",
    "may mayo maj maja mai",
    "june junio czerwiec czerwca juin juni",
    "july julio lipiec lipca juillet juli",
    "august agosto sierpien sierpnia aout",
    "september sept septiembre setiembre wrzesien wrzesnia septembre",
    "october octubre pazdziernik pazdziernika octobre oktober",
    "november noviembre listopad listopada novembre",
    "december diciembre grudzien grudnia decembre dezember",
)
_WEEKDAYS = (
    "mondays lunes poniedzialek poniedzialku poniedzialki lundis",
    "tuesdays martes wtorek wtorku wtorki mardis",
    "wednesdays miercoles sroda srody srode mercredis",
    "thursdays jueves czwartek czwartku czwartki jeudis",
    "fridays viernes piatek piatku piatki vendredis",
    "saturdays sabados sobota soboty sobote samedis",
    "sundays domingos niedziela niedzieli niedziele dimanches",
)
_SHORT_WEEKDAYS = {"pn": 0, "wt": 1, "sr": 2, "cz": 3, "pt": 4, "sb": 5, "so": 5, "nd": 6, "tues": 1, "thurs": 3}
"""Those that are no beginning of three letters or more."""
_NEAR = (
    "today hoy dzis dzisiaj aujourd'hui aujourdhui heute",
    "tomorrow manana jutro demain morgen",
    "overmorrow pasado pasadomanana pojutrze apresdemain apres-demain ubermorgen",
)


def read_day_words(text: str, today: date) -> date:
    """The day that ``text`` means.

    Raises:
        DayFault: it is no day, or there is no such day.
    """
    plain = folded(text)
    word = plain.replace(" ", "").rstrip(".")
    for days, names in enumerate(_NEAR):
        if word in names.split():
            return today + timedelta(days=days)
    if later := _LATER.fullmatch(plain):
        return today + timedelta(days=int(later[1]))
    if span := _IN.fullmatch(plain):
        days = next((days for days, names in _SPANS.items() if span[2] in names.split()), 0)
        if days and (span[1].isdecimal() or span[1] in _ONE):
            return today + timedelta(days=days * (int(span[1]) if span[1].isdecimal() else 1))
    if named := _COMING.fullmatch(plain):
        weekday = weekday_word(named[1] or named[2])
        if weekday is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if plain.isdecimal() and len(plain) <= 2:
        return _next_of_month(int(plain), today, text)
    if (weekday := weekday_word(word)) is not None:
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


def named_day(text: str) -> str:
    """A day whose month is a word, as ``5.12.`` or ``5.12.1985``; empty for any other text.

    The word must be a month or at least three letters of one, so that *maria 5* is no day in March.
    """
    plain = folded(text)
    words = [word for word in re.findall("[a-z]+", plain) if word not in _BETWEEN]
    month = len(words) == 1 and len(words[0]) > 2
    whole = month and any(name.startswith(words[0]) for names in _WHOLE_MONTHS for name in names.split())
    return _in_figures(plain) if whole else ""


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


def weekday_word(word: str) -> int | None:
    """The weekday that a folded word means: its name, in Polish declined too, or three letters of it or more; 0 is Monday."""
    if word in _SHORT_WEEKDAYS:
        return _SHORT_WEEKDAYS[word]
    listed = enumerate(_WEEKDAYS) if len(word) > 2 else ()
    return next((day for day, names in listed if any(name.startswith(word) for name in names.split())), None)


def _of(names: tuple[tuple[str, ...], ...], word: str) -> int | None:
    """The place of the month that a word begins with; the longest beginning wins (``juil`` over ``jui``)."""
    found = [(len(stem), place) for place, stems in enumerate(names) for stem in stems if word.startswith(stem)]
    return max(found)[1] if found else None


def month_word(word: str) -> int | None:
    """The month, 1 to 12, that a folded word names whole or by three letters or more."""
    for month, names in enumerate(_WHOLE_MONTHS, start=1):
        if len(word) > 2 and any(name.startswith(word) for name in names.split()):
            return month
    return None


def folded(text: str) -> str:
    """Small letters without accents, one blank between words."""
    marks = unicodedata.normalize("NFKD", text.strip().casefold().replace("’", "'").replace("ł", "l"))
    return " ".join("".join(letter for letter in marks if not unicodedata.combining(letter)).split())
