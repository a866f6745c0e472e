"""How many nights: ``na dwie noce``, ``7 noches``, ``une semaine``."""

from __future__ import annotations

import re

from crm_tui.rules.proposing.intent import aside
from crm_tui.rules.proposing.source import Found, Source
from crm_tui.rules.proposing.words import NUMBER, number

MAX_NIGHTS = 60
_NIGHTS = re.compile(
    rf"(?<![\w.,/+-])(?P<n>{NUMBER})\s{{1,2}}(?:(?!extra|more|addit|adicional|dodatk|kolejn)\w{{4,12}}\s)?(?:nights?|noches?|nuits?|nuitees?|noce|nocy|noc|noclegi|noclegow|nocleg|doby)\b"
)
_WEEKS = re.compile(
    r"\b(?:(?P<one>(?:a|one|1|una|une)\s(?:whole |full )?(?:week|semana|semaine)(?!end| end|day|\s(?:santa|before|later|ago|antes|despues|plus|avant))"
    r"|(?:na|w|na jeden|jeden|1)?\s?tydzien(?!\s(?:temu|przed|po|wczesniej|pozniej)))"
    r"|(?P<two>(?:two|2|dos|deux)\s(?:weeks|semanas|semaines)|(?:dwa|2)\stygodnie|a fortnight))\b"
)
_DOUBT = re.compile(
    r"(?:\b(?:or|o|ou|lub|albo|about|around|approx|circa|roughly|unas|unos|environ|okolo|ok\.|ze|at least|minimum|min|al menos|minimo|au moins|przynajmniej|conajmniej|co najmniej"
    r"|per|por|par|za|the|las|los|les|refund of|for the)|\d\s?[-–/])\s{0,2}\Z"
)
_PRICE = re.compile(
    r"(?:[€$£]\s?\d[\d.,]{0,8}|\d\s?(?:€|eur\w{0,2}|zl|pln|usd|gbp)\.?) (?:for|por|pour|za) (?:the |las |les |los )?\Z"
)
_VAGUE_AFTER = re.compile(
    r"\s{0,2}(?:mas o menos|aprox|or (?:so|more|\d|two|three|four)|o (?:\d|dos|tres|cuatro)|ou (?:\d|deux|trois)|lub \w|albo \w|minimum|au moins|ago|later|antes|temu|mas\b|more|extra|de plus|supplementaires?|wiecej|dluzej)"
)


def nights(source: Source) -> Found[int] | None:
    """The number of nights, if the mail gives exactly one."""
    found = list(_stated(source))
    if any(one is None for one in found):
        return None
    clear = [one for one in found if one]
    return clear[0] if clear and len({one.value for one in clear}) == 1 else None


def _stated(source: Source) -> list[Found[int] | None]:
    """Each number of nights; None where it is not certain."""
    stated: list[Found[int] | None] = []
    for found in (*_NIGHTS.finditer(source.folded), *_WEEKS.finditer(source.folded)):
        if aside(source, found.start()):
            continue
        value = number(found["n"]) if found.re is _NIGHTS else 7 if found["one"] else 14
        before = source.before(found.start(), 20)
        doubtful = _DOUBT.search(before) or _VAGUE_AFTER.match(source.folded, found.end())
        if _priced(before) or (re.search(r"\b(?:per|por|par|za|the|las|les)\s{0,2}\Z", before) and found.re is _NIGHTS):
            continue
        stated.append(None if doubtful or not 0 < value <= MAX_NIGHTS else source.found(value, *found.span()))
    return stated


def _priced(before: str) -> bool:
    """Whether a price for so many nights stands before: what was offered or paid, not what is wished."""
    return bool(_PRICE.search(before))
