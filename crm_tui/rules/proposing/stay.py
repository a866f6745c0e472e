"""The stay that a mail asks for: arrival, departure, nights, or the time within which it may lie (SPEC §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from crm_tui.rules.proposing import intent
from crm_tui.rules.proposing.days import Kind, Mention, mentions
from crm_tui.rules.proposing.nights import nights as stated_nights
from crm_tui.rules.proposing.period import FLEXIBLE, months
from crm_tui.rules.proposing.source import Found, Source

_NEAR = r"(?:\s{0,2}[:,(-]?\s{0,2}(?:on|the|el|dia|le|w|we|dnia|date|fecha|data|is|es|del?|bedzie|sera|toujours|still|nadal|otra vez|at|um|:)?){0,3}(?:(?:w|we|en|the|le|la)\s\w{3,12}\s{1,2})?\s{0,2}\Z"
_ARRIVAL = re.compile(
    r"(?:\b(?:arriv(?:e|es|ing|al|ons|ez|erons|erais|ee|er)|check(?:ing)?[- ]?in|in|from|starting|beginning|commencing|coming|as of"
    r"|llegada|llegamos|llegaremos|llegariamos|llegaria|llegare|llegando|llegar|entrada|entrando|entrariamos|entraremos|entramos|desde|a partir|empezando|vendriamos|vendremos"
    r"|przyjazd|przyjedziemy|przyjade|przylot|przylatuje|przylatujemy|przylece|przylecimy|przyjezdzamy|przyjezdzam|przyjechac|zameldowanie|od|poczawszy|bedziemy"
    r"|ladujemy|landing|land|aterrizamos|atterrissons|a compter|a partir|des|du|arrivons|arriverions|arriverai|debut)\b)"
    + _NEAR
)
_BEGINNING = re.compile(
    r"\b(?:from|starting|beginning|commencing|as of|in|desde|a partir|empezando|od|poczawszy|a compter|des|du|debut)\b"
    + _NEAR
)
_DEPARTURE = re.compile(
    r"(?:\b(?:leav(?:e|es|ing)|depart(?:ing|ure|s)?|check(?:ing)?[- ]?out|out|until|till|through"
    r"|salida|salimos|saldriamos|saldremos|saliendo|salir|hasta|marchamos|nos vamos|volvemos|volviendo|regresamos"
    r"|wyjazd|wyjedziemy|wyjezdzamy|wyjechac|wyjade|wymeldowanie|do"
    r"|repart(?:ir|ons|irons|irions)|partirons|jusqu'au|fin)\b)" + _NEAR
)
_ABOUT = re.compile(
    r"\b(?:for|para|pour|na|on|the|el|le|night of|noche del|nuit du|noc z)\s{0,2}(?:the|el|le|del|du|noc|dzien|\w{3,12}day)?\s{0,2}\Z"
)
_ONE_NIGHT = re.compile(r"\b(?:(?:the )?night of(?: the)?|la noche del|la nuit du|noc z)\s{0,2}\Z")
_NIGHT_AND_NIGHT = re.compile(
    r"\d\s(?:y|and|et|i)\s(?:(?:the|la|w)\s)?(?:night of|noche del|nuit du|noc z)\s{0,2}(?:the\s)?\Z"
)
_CHOICE_WORDS = re.compile(
    r"\b(?:either|whichever|o bien|ya sea|badz|soit\b.{1,80}\bsoit|hesit\w{1,5}|o del|or from|ou du|cualquiera de|which weekend)\b"
)
_OR = r"(?:or|ou|lub|albo|o(?=\s(?:del|el|la|bien|los|las)\b))"
_CHOICE_AFTER = re.compile(rf"\s{{0,2}}[,(]?\s{{0,2}}{_OR}\s(?!so\b|two\b)")
_CHOICE_BEFORE = re.compile(rf"\b{_OR}\s(?:bien\s|from\s|del\s|du\s|od\s|the\s|le\s|el\s|for\s){{0,2}}\Z")
_INSTEAD = re.compile(r"\b(?:instead of|rather than|au lieu|en lugar|en vez|zamiast|et non|not)\s(?:\w{1,9}\s){0,2}\Z")
_CHANGE = re.compile(
    r"\b(?:move|chang\w{1,3}|switch|postpone|cambi\w{1,5}|mover\w{0,3}|aplaz\w{1,4}|przesun\w{1,3}|przenies\w{0,2}|zmien\w{1,3}|zmian\w|decaler|changer|deplacer|reporter|modifier)\b"
)
_SHIFT = re.compile(
    r"\b(?:\d|one|two|three|un|dos|tres|deux|trois|jeden|dwa|trzy|a) (?:days?|weeks?|dias?|semanas?|jours?|semaines?|dni|dzien|tygodn\w{1,2}) (?:later|earlier|despues|antes|mas tarde|plus tard|plus tot|pozniej|wczesniej)\b"
)
_CHANGED_TO = re.compile(r"(?:\bto|\bal?|\bna|\bau|\bpor el|->|→)\s(?:del\s|el\s|the\s|le\s)?\Z")
_OFFSET = re.compile(
    r"(?P<one>(?:\bfor tomorrow|\btomorrow night|\brooms? tomorrow|\btomorrow,? (?:for )?(?:one|two|1|2)|\bpara manana(?!\s(?:por|a las|al))|\bmanana (?:viernes|sabado|domingo|lunes|martes|miercoles|jueves)|\bna jutro|\bod jutra|\bpour demain|\bdemain soir|\bdes demain)\b)"
    r"|(?P<zero>\b(?:for tonight|room tonight|stay tonight|available tonight|free tonight|para esta noche|para hoy|na dzis|na dzisiaj|dzis na noc|na dzisiejsza noc|pour ce soir|pour cette nuit)\b)"
)


@dataclass(frozen=True, slots=True)
class Stay:
    """What is known of the stay; every part may be missing."""

    arrival: Found[date] | None = None
    departure: Found[date] | None = None
    nights: Found[int] | None = None
    period_from: Found[date] | None = None
    period_to: Found[date] | None = None
    unsettled: bool = False


OPEN = Stay(unsettled=True)


def stay(source: Source, language: str, *, known: bool = False) -> Stay:
    """Read the stay; nothing where two stays could be meant, or a day is impossible or over.

    Args:
        known: that people come is certain already; else the mail must speak of rooms, nights or coming.
    """
    if intent.cancels(source):
        return OPEN
    if not known and not intent.concerns_a_stay(source):
        return Stay()
    nights = stated_nights(source)
    back = intent.looks_back(source)
    days = [one for one in mentions(source, english=language not in {"es", "pl", "fr"}) if _of_a_stay(source, one)]
    if any(one.kind is Kind.DOUBTFUL for one in days):
        return OPEN
    days = [one for one in days if one.kind is Kind.PLAIN]
    ranges = _one_each([one for one in days if one.last], source)
    if len(ranges) > 1 or any(_chosen(source, one) for one in ranges):
        return OPEN
    if ranges:
        return _ranged(source, ranges[0], nights)
    singles = [one for one in days if one.first and not _INSTEAD.search(source.before(one.start, 40))]
    if _SHIFT.search(source.folded) and not ranges:
        return OPEN
    found = _single(source, singles, nights)
    if found.arrival or found.departure:
        return found
    if back or singles:
        return Stay(nights=None if back or len(singles) > 1 else nights)
    return _flexible(source, nights)


def _of_a_stay(source: Source, one: Mention) -> bool:
    """Whether a mention may name the stay at all: not what is over, not a day of something else."""
    if intent.aside(source, one.start):
        return False
    return not (
        one.last is None
        and intent.other_matter(source, one.start)
        and not _ARRIVAL.search(source.before(one.start, 40))
    )


def _one_each(ranges: list[Mention], source: Source) -> list[Mention]:
    """Ranges without repetitions, without those that are given up for another."""
    kept = [one for one in ranges if not _INSTEAD.search(source.before(one.start, 40))]
    unique = list({(one.first, one.last): one for one in reversed(kept)}.values())[::-1]
    if len(unique) == 2 and _CHANGE.search(source.folded) and _CHANGED_TO.search(source.before(unique[1].start, 12)):
        return unique[1:]
    return unique


def _chosen(source: Source, one: Mention) -> bool:
    """Whether the words around a mention offer a choice."""
    return bool(
        _CHOICE_WORDS.search(source.sentence_text(one.start))
        or _CHOICE_AFTER.match(source.folded, one.end)
        or _CHOICE_BEFORE.search(source.before(one.start, 24))
    )


def _ranged(source: Source, one: Mention, nights: Found[int] | None) -> Stay:
    if one.first is None or one.last is None:
        return Stay()
    length = (one.last - one.first).days
    flexible = one.between or FLEXIBLE.search(source.sentence_text(one.start))
    if flexible and nights and nights.value < length:
        first, last = source.found(one.first, one.start, one.end), source.found(one.last, one.start, one.end)
        return Stay(None, None, nights, first, last)
    if one.between or (nights and nights.value != length):
        return Stay()
    place = one.start, one.end
    return Stay(source.found(one.first, *place), source.found(one.last, *place), nights or source.found(length, *place))


def _single(source: Source, singles: list[Mention], nights: Found[int] | None) -> Stay:
    """Days that stand alone: by the words before them, else by what the sentence speaks of."""
    arrivals = _by_cue(source, singles, _ARRIVAL)
    departures = [one for one in _by_cue(source, singles, _DEPARTURE) if one not in arrivals]
    if not arrivals and not departures:
        return _relative(source, singles, nights) or _uncued(source, singles, nights)
    if len({one.first for one in arrivals}) != 1 or any(_chosen(source, one) for one in arrivals):
        return Stay()
    if not nights and not departures and not _plainly(source, arrivals[0]):
        return Stay()
    return _complete(source, arrivals[0], departures, nights)


def _plainly(source: Source, one: Mention) -> bool:
    """Whether it is coming that begins on a day: ``from 1 March`` may begin anything, so its sentence must speak of a stay."""
    return not _BEGINNING.search(source.before(one.start, 44)) or intent.about_staying(source, one.start)


def _by_cue(source: Source, singles: list[Mention], cue: re.Pattern[str]) -> list[Mention]:
    return [one for one in singles if cue.search(source.before(one.start, 44))]


def _complete(source: Source, arrival: Mention, departures: list[Mention], nights: Found[int] | None) -> Stay:
    if arrival.first is None:
        return Stay()
    came = source.found(arrival.first, arrival.start, arrival.end)
    kept = [one for one in departures if not _INSTEAD.search(source.before(one.start, 24))]
    ends = {one.first for one in kept if one.first}
    if len(ends) > 1:
        return Stay()
    if ends:
        length = (ends.copy().pop() - arrival.first).days
        if not 0 < length <= 90 or (nights and nights.value != length):
            return Stay()
        last = source.found(ends.pop(), kept[0].start, kept[0].end)
        return Stay(came, last, nights or source.found(length, kept[0].start, kept[0].end))
    if _NIGHT_AND_NIGHT.search(source.before(arrival.start, 40)):
        return OPEN
    if not nights and _ONE_NIGHT.search(source.before(arrival.start, 40)):
        nights = source.found(1, arrival.start, arrival.end)
    if nights:
        return Stay(came, source.found(_later(arrival.first, nights), nights.start, nights.end), nights)
    return Stay(came)


def _later(arrival: date, nights: Found[int]) -> date:
    return arrival + timedelta(days=nights.value)


def _relative(source: Source, singles: list[Mention], nights: Found[int] | None) -> Stay | None:
    """``for tonight``, ``na jutro``: only beside a room or a night, and not against a date."""
    found = next((one for one in _OFFSET.finditer(source.folded) if _asked_for(source, one.start())), None)
    if found is None:
        return None
    day = source.written + timedelta(days=1 if found["one"] else 0)
    if any(one.first != day for one in singles):
        return None
    return _complete(source, Mention(found.start(), found.end(), day), [], nights)


def _asked_for(source: Source, at: int) -> bool:
    return intent.about_staying(source, at) and not intent.aside(source, at)


def _uncued(source: Source, singles: list[Mention], nights: Found[int] | None) -> Stay:
    """The only day of a mail that speaks of a room: the arrival."""
    if len(singles) != 1 or not singles[0].first or _chosen(source, singles[0]):
        return Stay()
    one, _day = singles[0], singles[0].first
    before = source.before(one.start, 44)
    if not intent.about_staying(source, one.start) or not (_ABOUT.search(before) or nights):
        return Stay()
    return _complete(source, one, [], nights)


def _flexible(source: Source, nights: Found[int] | None) -> Stay:
    """``7 nights in September``, ``en juin, dates flexibles``."""
    if intent.about_a_bill(source):
        return Stay()
    found = months(source)
    if found and (nights or FLEXIBLE.search(source.folded)):
        (first, last), place = found
        return Stay(None, None, nights, source.found(first, *place), source.found(last, *place))
    return Stay(nights=nights)
