"""Months in which a stay may lie: ``in July``, ``w lipcu``, ``en août``."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from crm_tui.rules.proposing.intent import aside
from crm_tui.rules.proposing.source import Source
from crm_tui.rules.proposing.words import MONTH, MONTHS

_IN = re.compile(
    rf"\b(?:in|during|in the month of|en|en el mes de|durante|w|we|na|au mois de?|courant|pendant|d|para|pour|for)\s{{1,2}}(?:d')?(?P<m>{MONTH})\b"
    rf"(?!\s?\d{{1,2}}\b(?!\d))(?:(?:,?\s| de | del ){{1,2}}(?P<y>20\d\d)\b)?"
)
_ANY = re.compile(rf"(?<![\w'])(?P<m>{MONTH})(?!\w)")
_VAGUE = re.compile(
    r"\b(?:early|mid|late|beginning of|end of|principios de|mediados de|finales de|primera \w{1,9} de|segunda \w{1,9} de|poczatek|poczatku|polowa|polowie|koniec|koncu"
    r"|debut|mi|fin|courant|or|o|ou|lub|albo|and|y|et|i)[\s-]{0,2}(?:en\s|in\s|w\s|we\s|d')?\Z"
)
SHORTEST = 2  # days of the present month that must be left for a stay in it
_LONG = frozenset(word for word in MONTHS if len(word) > 3) - {"mars", "lut", "marzo"} | {"maj", "mai", "may", "lutym"}
FLEXIBLE = re.compile(
    r"\b(?:flexible|flexibles|any (?:dates?|time|days?|\d|two|three|four|five)|whenever|don't mind when|cheapest|da igual|nos da lo mismo|cualquier\w{0,3}|cuando (?:este|sea|haya|salga)|fechas? (?:abiertas?|exactas?)"
    r"|termin (?:dowolny|elastyczny|obojetny)|obojetnie|dowolny|elastyczn\w{1,3}|kiedy najtaniej|peu importe|indifferent\w{0,3}|n'importe quand|souples?)\b"
)


def months(source: Source) -> tuple[tuple[date, date], tuple[int, int]] | None:
    """The one month that a stay may lie in, as its first and last day, and where it is named.

    None if several months are named, a part of a month, or one that is over. Of the present month only what is left counts.
    """
    found = [one for one in _IN.finditer(source.folded) if not aside(source, one.start())]
    if not found or any(_VAGUE.search(source.before(one.start(), 24)) for one in found):
        return None
    named = {MONTHS[one["m"]] for one in found}
    others = {MONTHS[one["m"]] for one in _ANY.finditer(source.folded) if one["m"] in _LONG and _alone(source, one)}
    if len(named) != 1 or others - named:
        return None
    place = found[0]
    bounds = _bounds(named.pop(), int(place["y"]) if place["y"] else None, source.written)
    return (bounds, place.span()) if bounds else None


def _alone(source: Source, one: re.Match[str]) -> bool:
    """Whether no day stands before a month's name; ``may`` is a month only with a capital."""
    if one["m"] == "may" and not source.whole[one.start()].isupper():
        return False
    return not re.search(
        r"\d(?:st|nd|rd|th|er|\.)?\s{0,2}(?:of |de )?\Z", source.folded[max(0, one.start() - 8) : one.start()]
    )


def _bounds(month: int, year: int | None, written: date) -> tuple[date, date] | None:
    if year is None:
        year = written.year + (month < written.month)
        if (year - written.year) * 12 + month - written.month > 10:
            return None
    last = date(year, month, monthrange(year, month)[1])
    if (last - written).days < SHORTEST or year > written.year + 3:
        return None
    return max(date(year, month, 1), written), last
