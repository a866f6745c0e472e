"""Days as mail writes them: ``12.–15. lipca``, ``del 3 al 7 de diciembre``, ``October 9-11``, ``3–7/12``, ISO."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from crm_tui.rules.proposing.source import Source
from crm_tui.rules.proposing.words import MONTH, MONTHS, WEEKDAY, WEEKDAYS

FAR_DAYS = 305  # a day without a year that was here less than two months ago is that one, not the next
YEARS_AHEAD = 3
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|\.)?"
_LEAD = rf"(?:(?P<wd>{WEEKDAY})\b\.?,?\s{{1,2}})?(?:(?:the|el|le|dia)\s{{1,2}})?"
_YEAR = r"(?P<y>20\d\d)\b"
_ISO = re.compile(r"(?<![\w./-])(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\w/-])")
_TEXT = re.compile(
    rf"(?<![\w/,€$£]){_LEAD}(?<![\w,.])(?P<d>\d{{1,2}}){_ORDINAL}\s{{0,2}}(?:(?:of|de|del)\s{{1,2}}|d')?(?P<m>{MONTH})\b\.?"
    rf"(?:(?:,?\s{{1,2}}|\s(?:de|del|of)\s){_YEAR})?"
)
_ENGLISH = re.compile(
    rf"(?<!\w)(?:(?P<wd>{WEEKDAY})\b\.?,?\s{{1,2}})?(?P<m>{MONTH})\b\.?\s{{1,2}}(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%€$£]|[.,/]\d|\s?(?:am|pm|people|adults|nights)\b)"
    rf"(?:,?\s{{1,2}}{_YEAR})?"
)
_NUMERIC = re.compile(
    rf"(?<![\w.,/€$£]){_LEAD}(?<![.,/])(?P<d>\d{{1,2}})(?P<sep>[./-])\s?(?P<m>\d{{1,2}})(?:(?P=sep)\s?(?P<y>20\d\d|\d\d)\b)?\.?(?![\w/%€$£]|[.,:]\d|\s?(?:€|zl|eur|pln|usd|kg|h\b|am\b|pm\b))"
)
_SEPARATOR = r"(?:-|–|—|−|to|until|till|through|thru|hasta|al|a|au|jusqu'au|do|and|y|et|i|na)"
_JOIN = re.compile(
    rf"(?:\s?r\.)?\s{{0,2}},?\s{{0,2}}(?P<sep>{_SEPARATOR})(?![^\W\d_])\s{{0,2}}(?:(?:el|the|le|al|dia)\s{{1,2}})?(?:{WEEKDAY}\b,?\s{{0,2}})?(?:(?:el|the|le)\s{{1,2}})?"
)
_BARE_LEFT = re.compile(
    rf"(?<![\w.,/])(?:(?P<wd>{WEEKDAY})\b,?\s{{1,2}})?(?:(?:the|el|le|du|del)\s{{1,2}})?(?P<d>\d{{1,2}}){_ORDINAL}(?:\s?(?:{WEEKDAY})\b)?"
    rf"\s{{0,2}}(?P<sep>{_SEPARATOR}|or|o|ou|lub|albo)(?![^\W\d_])\s{{0,2}}(?:(?:el|the|le|al)\s{{1,2}})?\Z"
)
_BARE_RIGHT = re.compile(
    rf"\s{{0,2}}(?P<sep>-|–|—|to|until|till|through|and|or)\s{{0,2}}(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%€$£]|[.,/]\d)(?:,?\s{{1,2}}{_YEAR})?"
)
_CLOCK = re.compile(
    r"(?:\b(?:at|o|godz\.?|godzinie|a las|a|vers|sobre las|las|around|about|lands|@)\s{0,2}|\d\s?[x*+]\s?|[€$£]\s?)\Z"
)
_PAIRING = re.compile(
    r"\b(?:between|entre|miedzy|pomiedzy|z|noc z|from)\s{1,2}(?:(?:the|el|le|du|dniem)\s{1,2})?(?:\w{3,12},?\s{1,2})?\Z"
)
_JOINING_WORDS = frozenset(["and", "y", "et", "i", "na"])
_CHOICE = frozenset(["or", "o", "ou", "lub", "albo"])


class Kind(Enum):
    """What a mention is worth."""

    PLAIN = "plain"
    DOUBTFUL = "doubtful"  # no such day, a weekday that does not fit, day and month may be swapped
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Mention:
    """A day, or two that belong together, with their place in the folded mail."""

    start: int
    end: int
    first: date | None
    last: date | None = None
    kind: Kind = Kind.PLAIN
    between: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None = None
    swap: bool = False  # numbers whose order is open
    month_first: bool = False
    numeric: bool = False


def mentions(source: Source, *, english: bool) -> list[Mention]:
    """All days that the mail names, in order. ``english``: numbers may be month first (SPEC §4: never guessed)."""
    days = _settled(sorted(_atoms(source, english=english), key=lambda one: one.start))
    found: list[Mention] = []
    at = 0
    while at < len(days):
        following = days[at + 1] if at + 1 < len(days) else None
        pair = _joined(source, days[at], following) if following else None
        if pair:
            found.append(pair)
            at += 2
            continue
        found.append(_with_bare(source, days[at], days[at - 1].end if at else 0))
        at += 1
    return found


def _atoms(source: Source, *, english: bool) -> Iterator[_Day]:
    """Days that name their month, each place once."""
    taken: list[tuple[int, int]] = []
    free = source.folded
    for pattern in (_ISO, _TEXT, _ENGLISH, _NUMERIC):
        for found in pattern.finditer(free):
            one = _numeric(source, found, english=english) if pattern is _NUMERIC else _named(source, found)
            if one:
                taken.append(found.span())
                yield one
        free = _without(source.folded, taken)


def _without(text: str, taken: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in sorted(taken):
        parts += [text[at:start], "_" * (end - start)]
        at = end
    return "".join((*parts, text[at:]))


def _named(source: Source, found: re.Match[str]) -> _Day | None:
    groups = found.groupdict()
    month = groups["m"]
    if not month.isdecimal() and found.re is _ENGLISH and not source.whole[found.start("m")].isupper():
        return None
    year = int(groups["y"]) if groups.get("y") else None
    weekday = WEEKDAYS[groups["wd"]] if groups.get("wd") else None
    number = int(month) if month.isdecimal() else MONTHS[month]
    return _Day(found.start(), found.end(), int(groups["d"]), number, year, weekday)


def _numeric(source: Source, found: re.Match[str], *, english: bool) -> _Day | None:
    """Day and month in numbers: day first, but for English month first counts as well."""
    day, month, year = int(found["d"]), int(found["m"]), found["y"]
    separator = found["sep"]
    if separator == "-" and not (year and len(year) == 4):
        return None
    if not year and not _partner(source, found) and _no_day(source, found, english=english):
        return None
    swap = english and separator == "/" and day <= 12 and month <= 12 and day != month
    month_first = month > 12 and english and separator == "/" and 1 <= month <= 31
    if month_first:
        day, month = month, day
    if month > 12 or day > 31 or not month or not day:
        return None if not year else _Day(found.start(), found.end(), 0, 0, None)
    number = (int(year) if len(year) == 4 else 2000 + int(year)) if year else None
    weekday = WEEKDAYS[found["wd"]] if found["wd"] else None
    return _Day(found.start(), found.end(), day, month, number, weekday, swap, month_first, separator == "/")


def _no_day(source: Source, found: re.Match[str], *, english: bool) -> bool:
    """Whether ``24/7``, ``9.30`` or ``1.5`` is something else than a day."""
    if found.group() == "24/7" or _CLOCK.search(source.folded, max(0, found.start() - 12), found.start("d")):
        return True
    return found["sep"] == "." and (english or len(found["m"]) < 2)


def _partner(source: Source, found: re.Match[str]) -> bool:
    """Whether a bare ``3.7`` stands in a pair or after a word that announces a day."""
    before = source.before(found.start("d"), 16)
    return bool(
        re.search(r"(?:-|–|—|\b(?:od|do|dnia|dniach|the|el|le|du|au|al|del|from|to|terminie))\s{0,2}\Z", before)
        or re.match(r"\s?(?:-|–|—)\s?\d", source.after(found.end(), 5))
    )


def _settled(days: list[_Day]) -> list[_Day]:
    """One date that can only be day first, or only month first, settles the order of all; both leave it open."""
    month_first = any(one.month_first for one in days)
    day_first = any(one.numeric and not one.swap and not one.month_first and one.day > 12 for one in days)
    if month_first == day_first:
        return days
    return [_ordered(one, month_first=month_first) if one.swap else one for one in days]


def _ordered(one: _Day, *, month_first: bool) -> _Day:
    if month_first:
        return replace(one, day=one.month, month=one.day, swap=False)
    return replace(one, swap=False)


def resolve(source: Source, one: _Day, *, after: date | None = None) -> tuple[date | None, Kind]:
    """The date that a mention means: its year, or the next such day after the mail (or after ``after``)."""
    floor = after or source.written
    try:
        if one.swap:
            return None, Kind.DOUBTFUL
        if one.year:
            found = date(one.year, one.month, one.day)
        else:
            found = date(floor.year, one.month, one.day)
            if found < floor:
                found = date(floor.year + 1, one.month, one.day)
    except ValueError:
        return None, Kind.DOUBTFUL
    if found < source.written or found.year > source.written.year + YEARS_AHEAD:
        return found, Kind.PAST
    if not one.year and (found - source.written).days > FAR_DAYS:
        return found, Kind.PAST
    if one.weekday is not None and found.weekday() != one.weekday:
        return None, Kind.DOUBTFUL
    return found, Kind.PLAIN


def _stay(source: Source, first: _Day, last: _Day, *, between: bool) -> Mention:
    if last.year and not first.year:
        rolled = (first.month, first.day) > (last.month, last.day)
        first = replace(first, year=last.year - rolled)
    arrival, kind = resolve(source, first)
    start, end = min(first.start, last.start), max(first.end, last.end)
    if kind is not Kind.PLAIN or arrival is None:
        return Mention(start, end, None, None, kind, between)
    if first.year and not last.year:
        last = replace(last, year=first.year + ((last.month, last.day) < (first.month, first.day)))
    departure, kind = resolve(source, last, after=arrival)
    if kind is not Kind.PLAIN or departure is None or not 0 < (departure - arrival).days <= 90:
        return Mention(start, end, None, None, Kind.DOUBTFUL, between)
    return Mention(start, end, arrival, departure, Kind.PLAIN, between)


def _joined(source: Source, first: _Day, last: _Day) -> Mention | None:
    """Two days with their months that a dash or a word joins."""
    if not 0 <= last.start - first.end <= 40:
        return None
    joint = _JOIN.fullmatch(source.folded, first.end, last.start)
    if not joint:
        return None
    pairing = _PAIRING.search(source.before(first.start, 40))
    if joint["sep"] in _JOINING_WORDS and not pairing:
        return None
    return _stay(source, first, last, between=bool(pairing) and joint["sep"] in {"and", "y", "et", "a", "i"})


def _with_bare(source: Source, one: _Day, floor: int) -> Mention:
    """A day, or a pair of which only one part names the month: ``12-15.07``, ``July 3-5``."""
    low = max(floor, one.start - 40)
    left = _BARE_LEFT.search(source.folded, low, one.start)
    if left and 1 <= int(left["d"]) <= 31:
        separator = left["sep"]
        pairing = _PAIRING.search(source.before(left.start("d"), 40)) or _PAIRING.search(
            source.before(left.start(), 40)
        )
        if separator in _CHOICE:
            return Mention(left.start(), one.end, None, None, Kind.DOUBTFUL)
        if separator not in _JOINING_WORDS or pairing:
            weekday = WEEKDAYS[left["wd"]] if left["wd"] else None
            month, year = one.month, one.year
            first = _Day(left.start(), left.end("d"), int(left["d"]), month, year, weekday, one.swap)
            between = bool(pairing) and separator in {"and", "y", "et", "a", "i"}
            if first.day >= one.day:
                return Mention(left.start(), one.end, None, None, Kind.DOUBTFUL)
            return _stay(source, first, one, between=between)
    right = _BARE_RIGHT.match(source.folded, one.end) if source.folded[one.start].isalpha() else None
    if right and one.day:
        year = int(right["y"]) if right["y"] else one.year
        last = _Day(right.start("d"), right.end(), int(right["d"]), one.month, year)
        if right["sep"] in _CHOICE or last.day <= one.day or last.day > 31:
            return Mention(one.start, right.end(), None, None, Kind.DOUBTFUL)
        return _stay(source, replace(one, year=year), last, between=right["sep"] == "and")
    found, kind = resolve(source, one)
    return Mention(one.start, one.end, found if kind is Kind.PLAIN else None, None, kind)
