"""Children and their ages: ``dwoje dzieci (4 i 7 lat)``, ``un niño de 5 años``, ``our 3-year-old daughter``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from crm_tui.rules.proposing.intent import aside
from crm_tui.rules.proposing.source import Found, Source
from crm_tui.rules.proposing.words import NUMBER, number

Ages = tuple[int | None, ...]
ADULT_AGE, MOST = 18, 12
_BABY = r"(?:bebes?|bebe|baby|babies|infants?|toddlers?|niemowle|niemowlak\w?|niemowleciem|nourrissons?)"
_KIDS = (
    r"(?:nin[oa]s?|hij[oa]s?|peques|pequen[oa]s|gemel[oa]s|mellizos|niet[oa]s?|adolescentes?"
    r"|child|children|kids?|sons?|daughters?|teenagers?|teens?|grandsons?|granddaughters?|grandchildren|boys?|girls?|(?<=\bour )twins|(?<=\bmy )twins|(?<=\bold )twins|twins(?= aged)"
    r"|enfants?|fils|filles?|ados?|petits?-fils|petits?-enfants|garcons?|jumeaux"
    r"|dzieci|dziecko|dziecka|dzieckiem|dziecmi|syn|synem|syna|synow|synami|corka|corki|corke|corek|corkami|wnuk|wnukiem|wnuka|wnukow|wnukami|wnuczka|wnuczke|maluch\w{0,3}|nastolat\w{1,4})"
)
_OLD = rf"{NUMBER}[- ](?:year|yr|month)s?[- ]olds?(?=\s?(?:[.,;:!?)\n]|and\b|\Z))"
KID = re.compile(rf"(?<!\w)(?:{_KIDS}|{_BABY}|{_OLD})(?!\w)")
_UNIT = r"(?:anos?|anitos|ans?|lat|lata|latka|roku|rok|years?(?:[- ]olds?)?|yrs?|y\.?o\.?)"
_MONTHS = r"(?:mes(?:es)?|mois|months?(?:[- ]old)?|miesiecy|miesiace|mies\.?)"
_ITEM = rf"(?:(?:an?\s|une?\s)?{_BABY}|{NUMBER}(?!\s(?:{_KIDS}|{_BABY})(?!\w))(?:\s?{_MONTHS}|\s?{_UNIT})?)"
_LIST = rf"(?P<ages>{_ITEM}(?:\s?(?:,|;|/|&|\by\b|\be\b|\bi\b|\band\b|\bet\b|\boraz\b)\s?(?:(?:and|y|et|i|de|of)\s)?{_ITEM}){{0,7}})"
_AGES = re.compile(
    rf"(?:\s?,?\s?(?P<lead>\(|\bde edades?|\bde|\bd'|\bof|\baged?|\bages|\bage de|\bages de|\bw wieku lat|\bw wieku|\blat|\bare|\btienen|\bson|\bont|\bmaja|\b[:,]|,|\s)\s?){{1,3}}{_LIST}"
    rf"(?P<unit>\s?{_MONTHS}|\s?{_UNIT})?(?P<close>\s?\))?(?!\w)"
)
_ONE_ITEM = re.compile(rf"(?<!\w){_ITEM}(?!\w)")
_UNITED = re.compile(rf"\b{NUMBER}\s?(?:{_UNIT}|{_MONTHS})|{_BABY}")
_NAMED = re.compile(r"\b(?:aged?|ages|w wieku|lat|are|tienen|ont|maja|edades?)\b|\(")
_BEFORE = re.compile(
    rf"(?<![\w.,/+-])(?P<n>{NUMBER}|an?|our|my|mi|nuestr[oa]s?|mon|ma|notre|nos|mis|the|el|la|los|las|le|les|l'|nasz\w{{0,3}}|moj\w{{0,3}})"
    rf"\s{{0,2}}(?P<two>{NUMBER}\s)?(?P<adj>(?:young|small|little|older|adult|grown-up|nuestros|pequen[oa]s?|jeunes?|petits?|petites?|male|malych|mlody\w{{0,2}})\s)?\Z"
)
_AGED_BEFORE = re.compile(rf"(?<![\w.,/+-])(?P<age>\d{{1,2}}|{NUMBER})[- ](?:year|yr|month)s?[- ]olds?\s\Z")
_PL_AGED = re.compile(
    r"(?<!\w)(?P<age>rocz|roczn|dwu|dwulet|trzy|cztero|piecio|szescio|siedmio|osmio|dziewiecio|dziesiecio|jedenasto|dwunasto)(?:letni|na|n)\w{0,4}\s\Z"
)
_PL_AGES = {
    "rocz": 1,
    "roczn": 1,
    "dwu": 2,
    "dwulet": 2,
    "trzy": 3,
    "cztero": 4,
    "piecio": 5,
    "szescio": 6,
    "siedmio": 7,
    "osmio": 8,
    "dziewiecio": 9,
    "dziesiecio": 10,
    "jedenasto": 11,
    "dwunasto": 12,
}
_NONE = re.compile(r"\b(?:sin nin[oa]s|no children|no kids|without (?:children|kids)|bez dzieci|sans enfants?)\b")
_GENERIC = re.compile(
    r"\s?(?:'s?\s|menor(?:es)?|under|ponizej|do lat|de moins|pool|club|menu|gratis|pay|no pagan|beds?|cots?|seats?|chairs?|portions?|tickets?|meals?|tarif|rate)|\s?-?friendly"
)
_GENERIC_BEFORE = re.compile(
    r"\b(?:menus?|plac zabaw dla|club|piscina|para|pour les|pour|for|aux|dla|per|extra|cumple\w{0,6} de|comunion de|boda de)\s(?:los\s|las\s|the\s|mi\s|my\s)?\Z"
)
_BY_AGE = re.compile(r"(?:boys?|girls?|filles|garcons)\Z")  # with ages they are children, else often friends
_SINGULAR = re.compile(
    rf"(?:{_BABY}|nin[oa]|hij[oa]|niet[oa]|adolescente|child|kid|son|daughter|teenager|teen|grandson|granddaughter|boy|girl|enfant|fils|fille|ado|garcon|dziecko|dziecka|dzieckiem|syn|synem|syna|corka|corki|corke|wnuk|wnukiem|wnuka|wnuczka|wnuczke)\Z"
)
_TWINS = frozenset(["gemelos", "gemelas", "mellizos", "twins", "jumeaux"])
_DOUBT = re.compile(
    r"(?:\b(?:or|o|ou|lub|albo|about|unos|unas|environ|okolo|maybe|some|up to|max|over|over \d\d)|\d\s?[-–/])\s{0,2}\Z"
)


@dataclass(frozen=True, slots=True)
class Children:
    """The children of a mail, or that it speaks of some and leaves open how many."""

    found: Found[Ages] | None = None
    uncertain: bool = False


class _Doubt(Enum):
    """Why a word for children tells no number."""

    SOME = "some come, how many is open"
    CLASH = "numbers that do not fit"


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    ages: Ages
    sentence: int
    baby: bool = False


def children(source: Source) -> Children:
    """The children that come along, with their ages where they are given."""
    groups: list[_Group] = []
    doubts: set[_Doubt] = set()
    at = 0
    for one in KID.finditer(source.folded):
        if one.start() < at or aside(source, one.start()):
            continue
        group = _group(source, one)
        if isinstance(group, _Group):
            groups.append(group)
            at = group.end
        elif group:
            doubts.add(group)
    none = _NONE.search(source.folded)
    if groups and _Doubt.CLASH not in doubts and not none:
        return _summed(source, groups)
    if none and not groups:
        nobody: Ages = ()
        return Children(source.found(nobody, *none.span()))
    return Children(None, bool(doubts))


def _summed(source: Source, groups: list[_Group]) -> Children:
    """Groups of one sentence add up; those of several must be the same children."""
    by_sentence: dict[int, list[_Group]] = {}
    for one in groups:
        by_sentence.setdefault(one.sentence, []).append(one)
    totals = [_total(some) for some in by_sentence.values()]
    if () in totals:
        return Children(None, True)
    known = [total for total in totals if None not in total]
    best = known[0] if known else totals[0]
    if len({len(total) for total in totals}) > 1 or len({tuple(sorted(filter(None, one))) for one in known}) > 1:
        return Children(None, True)
    chosen = next(some for some, total in zip(by_sentence.values(), totals, strict=True) if total == best)
    if len(best) > MOST:
        return Children(None, True)
    return Children(source.found(best, chosen[0].start, chosen[-1].end), False)


def _total(some: list[_Group]) -> Ages:
    """The children of one sentence; a number without ages beside as many ages means the same ones. Empty: they do not fit."""
    bare = [age for one in some if not one.baby and set(one.ages) == {None} for age in one.ages]
    others = tuple(age for one in some if one.baby or set(one.ages) != {None} for age in one.ages)
    if bare and any(age is not None for age in others):
        return others if len(bare) == len(others) else ()
    return (*others, *bare)


def _group(source: Source, one: re.Match[str]) -> _Group | _Doubt | None:
    """The children that a word speaks of; None where it speaks of none that come."""
    word = one.group()
    before = source.before(one.start(), 60)
    if word.endswith(("old", "olds")):
        return _lone(one, source.sentence(one.start())[0])
    singular = bool(_SINGULAR.match(word))
    sentence = source.sentence(one.start())[0]
    aged = _AGED_BEFORE.search(before) or _PL_AGED.search(before)
    if aged:
        return _aged(aged, one.start() - len(before) + aged.start(), one.end(), sentence)
    count, offset = _count(before, word, singular)
    start = one.start() - len(before) + offset if offset is not None else one.start()
    if count is not None and count < 0:
        return _Doubt.CLASH
    ages, end = _ages(source, one.end(), count, word)
    if any(age is not None and age >= ADULT_AGE for age in ages):
        return None
    if ages:
        return _Group(start, end, ages, sentence) if count in (None, len(ages)) else _Doubt.CLASH
    if _GENERIC.match(source.folded, one.end()) or _BY_AGE.match(word):
        return None
    if count is None or (count == 1 and not _one_comes(before)):
        return None if _GENERIC_BEFORE.search(before) else _Doubt.SOME
    return _Group(start, one.end(), (None,) * count, sentence, bool(re.fullmatch(_BABY, word)))


def _lone(one: re.Match[str], sentence: int) -> _Group | None:
    """``a four year old``."""
    digits = re.match(NUMBER, one.group())
    age = 0 if "month" in one.group() else number(digits.group()) if digits else ADULT_AGE
    return _Group(one.start(), one.end(), (age,), sentence) if age < ADULT_AGE else None


def _one_comes(before: str) -> bool:
    return bool(
        re.search(r"\b(?:1|un|una|une|one|jedno|jeden|jednym|a|an|avec|with|con|z)\s{0,2}(?:\w{3,7}\s)?\Z", before)
    )


def _aged(found: re.Match[str], start: int, end: int, sentence: int) -> _Group | None:
    """``3-year-old daughter``, ``ośmioletni syn``."""
    age = 0 if "month" in found.group() else _PL_AGES.get(found["age"]) or number(found["age"])
    return _Group(start, end, (age,), sentence) if age < ADULT_AGE else None


def _count(before: str, word: str, singular: bool) -> tuple[int | None, int | None]:
    """How many a word speaks of by what stands before it (None: unknown, -1: doubtful), and where that begins."""
    if word in _TWINS:
        return 2, None
    found = _BEFORE.search(before)
    if found and found["adj"] and "adult" in found["adj"]:
        return None, None
    if found:
        lead = (found["two"] or found["n"]).strip()
        start = found.start()
        if _DOUBT.search(before[:start]):
            return -1, None
        if re.fullmatch(NUMBER, lead):
            value = number(lead)
            return (value, start) if 0 < value <= MOST else (-1, None)
        if singular:
            return 1, start
        return None, start
    return (1, None) if singular else (None, None)


def _ages(source: Source, at: int, count: int | None, word: str) -> tuple[Ages, int]:
    """The ages that follow a word for children, and where they end; empty if none do."""
    found = _AGES.match(source.folded, at, at + 160)
    if not found:
        return (), at
    spans = [(item.start(), item.end()) for item in _ONE_ITEM.finditer(found["ages"])]
    if count is not None and 0 < count < len(spans):
        spans = spans[:count]
    items = [found["ages"][low:high] for low, high in spans]
    whole = len(spans) == len(_ONE_ITEM.findall(found["ages"]))
    ages = tuple(_age(item, (found["unit"] or "") if whole else "") for item in items)
    if -1 in ages or not _are_ages(found, items, count):
        return (), at
    if word in _TWINS and len(ages) == 1:
        ages *= 2
    return ages, found.end() if whole else found.start("ages") + spans[-1][1]


def _are_ages(found: re.Match[str], items: list[str], count: int | None) -> bool:
    """Whether numbers after a word for children are ages: by their unit, ``aged``, brackets, or as many as the children."""
    united = found["unit"] or any(_UNITED.search(item) for item in items)
    if united:
        return True
    lead = found.group()[: found.start("ages") - found.start()]
    named = _NAMED.search(lead) and ("(" not in lead or found["close"])
    listed = count is not None and count > 1 and lead.lstrip().startswith((",", ":", "d")) and len(items) == count
    return bool(named and (count is None or count == len(items))) or listed


def _age(item: str, unit: str) -> int | None:
    """One age in years; None for a baby without one; -1 for what is no age."""
    item = item.strip()
    if re.fullmatch(_BABY, item):
        return None
    digits = re.match(NUMBER, item)
    if not digits:
        return -1
    value = number(digits.group())
    if re.search(_MONTHS, item[digits.end() :] or unit):
        return value // 12
    return value if value < 100 else -1
