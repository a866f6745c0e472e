"""How many adults come: ``dwoje dorosłych``, ``my wife and I``, ``2+1``, ``somos cuatro``."""

from __future__ import annotations

import re
from typing import Any

from crm_tui.rules.proposing.children import KID, Ages, Children, children
from crm_tui.rules.proposing.intent import aside, cancels, looks_back
from crm_tui.rules.proposing.source import SUBJECT, Found, Source
from crm_tui.rules.proposing.words import NUMBER, number

MAX_ADULTS, MAX_PEOPLE = 60, 12
_PERSON = (
    r"(?:personas?|people|persons?|personnes?|osob(?:y|a|ami|om)?|os\.|pers\.?|pax|guests?|huespedes|gosci|goscie)"
)
_ADULT = r"(?:adultos?|adultas?|adults?|adultes?|dorosl(?:y|ych|a|e|ego|ej|ymi)|grown-?ups?|ad\b)"
_ADULTS = re.compile(
    rf"(?<![\w.,/+-])(?P<n>{NUMBER})\s{{1,2}}(?:{_PERSON}\s{{1,2}})?{_ADULT}(?!\w)"
    rf"|\b(?:adultos|adults|adultes|dorosli)\s?:\s?(?P<field>\d{{1,2}})\b"
    rf"|(?<![\w.,/+-])(?P<all>{NUMBER})\s(?:\w{{1,9}}\s){{0,2}}?(?:\w{{1,12}}[,(]{{1,2}}|{_PERSON}[,(]{{0,2}})?\s?[,(]?\s?(?:all|todos|todas|tous|toutes|sami|same)\s{_ADULT}"
    rf"|(?<![\w.,/+-])(?P<mid>{NUMBER})\s{_ADULT}\s{_PERSON}"
)
_GROUP_ADULTS = re.compile(
    rf"(?<![\w.,/+-])(?P<n>{NUMBER})(?:\sof us)?\s?(?:\w{{3,12}}\s?)?[,(]\s?(?:all (?:over \d\d|adults)|(?:both|todos|todas|tous|toutes|wszyscy)\s{_ADULT}|(?:adults|adultes|adultos) (?:bien sur|of course))"
)
_PEOPLE = re.compile(
    rf"(?<![\w.,/+-])(?P<n>{NUMBER})\s{{1,2}}{_PERSON}(?!\w)"
    rf"|\b(?:somos|seremos|seriamos|we are|we're|there (?:are|will be|would be)|jest nas|byloby nas|bedzie nas|nous sommes|nous serons|nous serions|on est|on sera|nous venons a|pour|para|for|dla)\s(?P<we>{NUMBER})(?=\s?(?:[.,;:?!)\n]|$|of us|svp|please|por favor|prosze))"
    rf"|\b(?:somos|seremos|on est|nous sommes|we are) (?P<friends>{NUMBER})\s(?:ciclistas|amig[oa]s|companer[oa]s|moteros|motards|copains|copines|ami[es]s?|friends|cyclists|golfers|bikers|colleagues|collegues)\b"
    rf"|\b(?P<us>two|three|four|five|six|seven|eight|\d)\sof us\b"
)
_ONE = re.compile(
    r"\b(?:viaj[oa] sol[oa]|voy sol[oa]|para mi sol[oa]|travel{1,2}ing (?:alone|solo|on my own)|on my own|just (?:me|myself)|only me|for myself|by myself"
    r"|podrozuj\w{1,2} sam\w?|dla siebie|for me(?= only|[,.])|przyjade sam\w?|pour moi seule?|je voyage seule?|je viens seule?|je serai seule?)\b"
)
_SPOUSE = (
    r"(?:marido|mujer|espos[oa]|novi[oa]|pareja|herman[oa]|madre|padre|amig[oa]|companer[oa]|wife|husband|partner|girlfriend|boyfriend|fiancee?|sister|brother|mate|mother|mum|father|dad|friend|daughter-in-law"
    r"|mari|femme|epouse|conjointe?|compagnon|compagne|copine?|copain|amie?|soeur|frere|mere)"
)
_PL_SPOUSE = r"(?:zona|zone|maz|mezem|partner(?:em|ka)?|partnerka|chlopakiem|chlopak|dziewczyna|narzeczon(?:ym|a)|siostra|bratem|mama|przyjaciolka|przyjacielem|kolezanka)"
_TWO = re.compile(
    rf"\b(?:mi|my|mon|ma|nuestr[oa])\s{_SPOUSE}(?:\s\(\d\d\))?\s(?:y|and|et)\s(?:yo|i|me|myself|moi)\b|\b(?:yo y mi|me and my|moi et (?:mon|ma)|myself and my)\s{_SPOUSE}\b"
    rf"|\bcon mi {_SPOUSE}\b|\bwith (?:my|a) {_SPOUSE}\b|\bavec (?:mon|ma) {_SPOUSE}\b"
    rf"|\b(?:z|ze|ja i|ja,|ja, i)\s(?:moj |moja |moim |swoja |swoim )?{_PL_SPOUSE}\b|\b{_PL_SPOUSE} i ja\b"
    r"|\b(?:somos|para|de|en|una|,|son) (?:una )?pareja\b(?! de)|(?<=, )pareja(?=\s?[.,\n])|\b(?:a|un|en|for a|we are a) couple\b(?!\s(?:of|from))|\bdla (?:pary|malzenstwa)\b|\bmalzenstwo\b"
    rf"|\b(?:both|ambos|les deux|oboje) {_ADULT}(?!\w)"
    r"|\bjust the two of us\b|\bthe two of us\b|\bwe dwoje\b|\bdla (?:nas )?dwojga\b|\ba deux\b(?! (?:pas|lits|heures))|\b(?:los dos|nosotros dos|nous deux|nas dwoje|the two of them)\b(?=\s?[.,;?\n]|\s(?:solos|y|et|and|i|half|with)\b)|\bjust (?:my|me) \w{4,12} and me\b"
    r"|\b(?:on est|nous sommes) deux (?:copines|amis|amies|copains|soeurs|freres|avec|adultes)\b"
)
_COUPLES = re.compile(r"(?<!\w)(?P<n>dos|tres|two|three|deux|trois|dwie|trzy|2|3)\s(?:parejas|couples|pary)\b")
_PLUS = re.compile(r"(?<![\w.,+/-])(?P<n>[1-6])\s?\+\s?(?P<k>[1-5])(?![\w+/]|[.,]\d)")
_FAMILY = re.compile(
    r"\b(?:rodzin\w{0,3}|famil\w{1,4}|dzieck\w{1,2}|dzieci|osob\w{0,3}|pokoj\w{0,2}|dorosl\w{0,4}|for|dla|para|pour)\b"
)
_INCLUDED = re.compile(
    r"\b(?:w tym|including|incl\.?|dont|incluid\w{1,2}|de ell[oa]s|de los cuales|of (?:whom|which))\b"
)
_DOUBT = re.compile(
    r"(?:\b(?:or|o|ou|lub|albo|about|around|approx|some|roughly|unos|unas|environ|une|okolo|ok\.|ponad|between|entre|miedzy|between \d{1,2} and|up to|hasta|jusqu'a|maybe|quizas?|maximum|max|limited to|per|por|par|za|extra)|\d\s?[-–/]|c\.)\s{0,2}\Z"
)
_DOUBT_AFTER = re.compile(r"\s{0,2}(?:(?:or|o|ou|lub|albo|to|a|-|–)\s?\d|per\b|por (?!favor)|par\b|na pok)")
_ELSEWHERE = re.compile(
    r"\b(?:table|mesa|cena fria|la cena|kolacj\w{1,3}|suppers?|transfer\w{0,2}|traslado|stolik\w?|restaura\w{2,6}|comer|menus?|lunch|dinner party|massage|masaj\w{1,2}|masaz\w?|bikes?|bicis?|rower\w{0,3}|velos?|meeting|formato|sala|salle|salon|sali|taxi|bus"
    r"|pracownik\w{0,2}|uczni\w{0,3}|alumn\w{1,2}|eleves?|students?|pupils|grup\w{1,2}|groupe|group|menores de|children under|z zewnatrz|wejscie|sin dormir|sans dormir|web|tarifa|cuanto (?:cuesta|cobran) por)\b"
)


def party(source: Source) -> tuple[Found[int] | None, Found[Ages] | None]:
    """Adults, and children with their ages; None where the mail leaves it open."""
    if cancels(source):
        return None, None
    kids = children(source)
    if _POLICY.search(source.folded):
        return None, None
    if looks_back(source) and not _asks(source):
        return None, None
    if kids.uncertain:
        explicit = _explicit(source)
        return explicit, None
    plus = _plus(source, kids)
    if plus:
        return plus
    return _adults(source, kids), kids.found


_POLICY = re.compile(
    r"\b(?:menores de|under (?:the age of )?\d|de moins de|ponizej \d|do \d{1,2} roku|do lat|kids (?:stay|eat|go) free)\b"
)


_FIRST_PERSON = re.compile(
    r"\b(?:we|us|our|i|i'm|my|we'd|we'll|we're|somos|seremos|iria\w{0,3}|ire|voy|vamos|viajo|viajamos|nosotr[oa]s|mi|mis|nuestr[oa]s?|\w{3,12}(?:amos|emos|imos)"
    r"|nous|on est|on sera|on serait|mon|ma|mes|je|notre|nos|jestesmy|bedzie nas|byloby nas|nas|nasz\w{0,3}|moj\w{0,3}|dochodzi|\w{3,14}(?:emy|imy|ymy|amy)|z mezem|z zona)\b"
)
_NIGHT = re.compile(r"\b(?:nights?|noches?|nuits?|noce?|nocy|nocleg\w{0,3}|doby|doba)\b")
_CAPACITY = re.compile(
    r"\b(?:sleeps?|capacity|fits?|caben?|como maximo|maximum|maksymaln\w{1,3}|obejmuje|includes?|incluye|comprend|loger|il est ecrit|sur le site|en la web|website|na stronie|karnet\w{0,2}|voucher|bono|bon pour|day pass|w ofercie|per room|par chambre|por habitacion)\b"
)


def plainly_coming(source: Source, found: Found[Any] | None, *, staying: bool) -> bool:
    """Whether the words around a number of people say that they come.

    ``Does the room sleep 2 adults?`` asks; ``we are 2 adults`` states.

    Args:
        staying: the mail states a stay; else the words themselves must say who comes.
    """
    if found is None:
        return False
    at = found.start + (0 if found.source == SUBJECT else source.offset)
    sentence = source.sentence_text(at)
    if _CAPACITY.search(sentence):
        return False
    return staying or source.answers or bool(_FIRST_PERSON.search(sentence) or _NIGHT.search(sentence))


def _asks(source: Source) -> bool:
    return bool(
        re.search(
            r"\b(?:would like to book|querriamos reservar|chcielibysmy|nous voudrions reserver|reservar|zarezerwowac|reserver)\b",
            source.folded,
        )
    )


def _adults(source: Source, kids: Children) -> Found[int] | None:
    said = _values(source, _ADULTS) + _values(source, _GROUP_ADULTS)
    if said:
        return _single(said)
    pairs = _values(source, _COUPLES, times=2)
    alone = [source.found(1, *one.span()) for one in _ONE.finditer(source.folded) if not aside(source, one.start())]
    two = [source.found(2, *one.span()) for one in _TWO.finditer(source.folded) if not aside(source, one.start())]
    total = _values(source, _PEOPLE, limit=MAX_PEOPLE)
    if pairs:
        return _single([*pairs, *total])
    if alone or two:
        return _single([*alone, *two]) if _agree([*alone, *two], total, kids) else None
    return _of_total(source, total, kids)


def _explicit(source: Source) -> Found[int] | None:
    return _single(_values(source, _ADULTS))


def _agree(some: list[Found[int] | None], total: list[Found[int] | None], kids: Children) -> bool:
    """Whether a total fits: the couple itself, or with its children."""
    if not total:
        return True
    counts = {one.value for one in some if one}
    number_of_kids = len(kids.found.value) if kids.found else 0
    return all(
        one is not None and one.value in {next(iter(counts)), next(iter(counts)) + number_of_kids} for one in total
    )


def _of_total(source: Source, total: list[Found[int] | None], kids: Children) -> Found[int] | None:
    """``4 people`` are adults if no child is spoken of; ``4 people, 2 of them children`` are two."""
    one = _single(total)
    if one is None:
        return None
    if kids.found is not None and kids.found.value:
        if _INCLUDED.search(source.folded) and one.value > len(kids.found.value):
            return Found(one.value - len(kids.found.value), one.words, one.start, one.end, one.source)
        return None
    if kids.found is None and (
        KID.search(source.folded) or re.search(r"\b(?:famil\w{1,4}|rodzin\w{0,3})\b", source.folded)
    ):
        return None
    return one


def _plus(source: Source, kids: Children) -> tuple[Found[int], Found[Ages]] | None:
    """``2+1``: adults and children, where it stands beside the word for a family or a room."""
    found = list(_PLUS.finditer(source.folded))
    if len(found) != 1 or not _FAMILY.search(source.sentence_text(found[0].start())):
        return None
    count = int(found[0]["k"])
    adults = source.found(int(found[0]["n"]), *found[0].span())
    if kids.found is not None and len(kids.found.value) == count:
        return adults, kids.found
    if kids.found is not None:
        return None
    ages: Ages = (None,) * count
    return adults, source.found(ages, *found[0].span())


def _values(
    source: Source, pattern: re.Pattern[str], *, times: int = 1, limit: int = MAX_ADULTS
) -> list[Found[int] | None]:
    """Each number that a pattern finds; None where the words around leave it open."""
    values: list[Found[int] | None] = []
    for one in pattern.finditer(source.folded):
        if aside(source, one.start()) or (pattern is _PEOPLE and _ELSEWHERE.search(source.sentence_text(one.start()))):
            continue
        word = next(group for group in one.groups() if group)
        value = number(word) * times
        doubt = _DOUBT.search(source.before(one.start(), 24)) or _DOUBT_AFTER.match(source.folded, one.end())
        values.append(None if doubt or not 0 < value <= limit else source.found(value, *one.span()))
    return values


def _single(values: list[Found[int] | None]) -> Found[int] | None:
    clear = [one for one in values if one]
    return clear[0] if clear and len(clear) == len(values) and len({one.value for one in clear}) == 1 else None
