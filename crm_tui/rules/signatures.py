"""What the signature of a mail states about its writer: name, numbers, company, address, web domain. Pure.

In Spanish, Polish, French, English and German. Precision comes before recall: what could be something else is left out, as
each part is only proposed and an agent looks at it. A fax, a tax or bank number is never a telephone number; a legal notice is
never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm_tui.rules import signature_words as shapes
from crm_tui.rules.proposing.given import GIVEN
from crm_tui.rules.proposing.source import blank, fold
from crm_tui.rules.signature_place import read_place

LIMIT = 20_000
LINES = 16
"""How many lines below the closing words are read."""


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number: E.164, and ``mobile``, ``work`` or nothing."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature states; empty where it states nothing.

    Attributes:
        domain: the web site, without ``www.``.
        country: ISO 3166-1 alpha-2.
    """

    surname: str = ""
    given: str = ""
    company: str = ""
    phones: tuple[Number, ...] = field(default=())
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    domain: str = ""


def read_signature(
    text: str,
    *,
    sender: str = "",
    address: str = "",
    region: str = "",
    quoted: Iterable[tuple[int, int]] = (),
    signature: tuple[int, int] | None = None,
) -> Signature:
    """Read what stands under a mail.

    Args:
        text: the mail, quotes included.
        sender: the name of the From header; one that agrees decides which line is the name.
        address: of the sender; its domain tells whose web site it may be.
        region: the country whose national way of writing numbers is understood.
        quoted: ranges of the text that are others' words.
        signature: the range that is marked as the signature, if it is.
    """
    lines = block(text, quoted, signature)
    surname, given = _name(lines, sender)
    company = _company(lines, (given, surname))
    street, postcode, city, country = read_place(lines)
    domain = _domain(lines, address)
    phones = _phones(lines, country or region, country)
    if not country and phones:
        country = _country_of(phones) if postcode or street else ""
    return Signature(surname, given, company, phones, street, postcode, city, country, domain)


def is_company(name: str) -> bool:
    """Whether a sender's name is that of a company: a legal form, or a word of companies and no given name before it."""
    folded = fold(" ".join(name.split()))
    words = folded.split()
    if len(words) < 2 or "@" in name:
        return False
    return bool(shapes.COMPANY.search(folded)) or bool(shapes.COMPANY_WORD.search(folded) and words[0] not in GIVEN)


def better_written(stated: str, known: str) -> str:
    """A name as a signature states it, each word as it is better written there or where it is known already.

    ``Lucja`` for ``Łucja`` was typed without its marks, ``NOWAK`` and ``nowak`` without care.
    """
    there = {fold(word): word for word in known.split()}
    words = (max(word, there.get(fold(word), word), key=_care) for word in reversed(stated.split()))
    return " ".join(reversed(list(words)))


def _care(word: str) -> tuple[int, bool]:
    """How much care a word was written with: its marks, and that it is not all in one case."""
    return sum(fold(letter) != letter.lower() for letter in word), not (word.isupper() or word.islower())


def block(
    text: str, quoted: Iterable[tuple[int, int]] = (), signature: tuple[int, int] | None = None
) -> tuple[str, ...]:
    """The lines of the signature: those marked so, else those below the words that close a mail; no legal notice,
    and nothing of a mail that was passed on.
    """
    own = blank(text, quoted)
    passed_on = shapes.PASSED_ON.search(fold(own))
    own = own[: passed_on.start()] if passed_on else own
    cut = max(0, len(own) - LIMIT)
    own = own[cut:]
    lines = [line.strip(" \t\xa0>*_") for line in own.splitlines()]
    start = _closing(lines)
    if signature is not None and cut <= signature[0] < cut + len(own):
        marked = own[: signature[0] - cut].count("\n")
        start = marked if start is None else min(start, marked) if marked - start <= 6 else marked
    if start is None:
        return ()
    found: list[str] = []
    for line in lines[start:]:
        folded = fold(line)
        if shapes.NOTICE.search(folded) and len(line) > 30:
            break
        if line and not shapes.MARK.fullmatch(line) and not shapes.DEVICE.match(folded):
            found.append(line[:200])
    return tuple(found[:LINES])


def _closing(lines: Sequence[str]) -> int | None:
    """The line after the last closing words; None without any."""
    for place in range(len(lines) - 1, -1, -1):
        line = fold(lines[place])
        if len(line) < 60 and shapes.CLOSING.fullmatch(line):
            return place + 1
        words, comma, rest = line.partition(",")
        if (
            comma
            and rest.strip()
            and len(line) < 60
            and shapes.CLOSING.fullmatch(words.strip())
            and len(rest.split()) <= 4
        ):
            lines[place] = lines[place].partition(",")[2].strip()  # type: ignore[index]
            return place
    return None


# The name


def _name(lines: Sequence[str], sender: str) -> tuple[str, str]:
    """Surname and given names: the line that agrees with the sender's name, else the first that is surely a name."""
    wanted = set(re.findall(r"[^\W\d_]{2,}", fold(sender)))
    for line in lines[:5]:
        for part in shapes.SEPARATORS.split(line):
            tokens = _tokens(part)
            if tokens is None:
                continue
            folded = {fold(one).strip(".") for one in tokens}
            known = fold(tokens[0]).strip(".") in GIVEN or (len(tokens) == 2 and _turned(tokens))
            agrees = len(folded & wanted) >= 2
            if agrees or (known and not _contradicts(folded, wanted)):
                return _split(tokens)
    return "", ""


def _contradicts(name: set[str], wanted: set[str]) -> bool:
    """Whether the sender calls themselves otherwise; the name of a company does not count."""
    people = {one for one in wanted if one in GIVEN}
    return bool(people) and not (name & wanted)


def _turned(tokens: Sequence[str]) -> bool:
    """``NOWAK Jan``: the surname in capitals first."""
    return tokens[0].isupper() and len(tokens[0]) > 2 and not tokens[1].isupper() and fold(tokens[1]) in GIVEN


def _tokens(part: str) -> list[str] | None:
    part = shapes.AFTER_NAME.sub("", part.strip(" ,;"))
    folded = fold(part)
    if (
        not 3 <= len(part) <= 50
        or shapes.COMPANY.search(folded)
        or shapes.COMPANY_WORD.search(folded)
        or shapes.ROLE.search(folded)
    ):
        return None
    title = shapes.TITLE.match(folded)
    while title and title.end() and title.end() < len(part):
        part = part[title.end() :].strip()
        title = shapes.TITLE.match(fold(part))
    tokens = part.split()
    if not 2 <= len(tokens) <= 5 or not all(
        one.lower() in shapes.PARTICLES or (shapes.TOKEN.match(one) and one[0].isupper()) for one in tokens
    ):
        return None
    return tokens if tokens[0].lower() not in shapes.PARTICLES else None


def _split(tokens: list[str]) -> tuple[str, str]:
    if _turned(tokens):
        return _cased(tokens[0]), " ".join(tokens[1:])
    given = 1
    while given < len(tokens) - 1 and fold(tokens[given]).strip(".") in GIVEN and len(tokens) - given > 1:
        given += 1
    if len(tokens) == 4 and given == 3:  # María José García López has two surnames
        given = 2
    while given < len(tokens) - 1 and len(tokens[given].strip(".")) == 1:
        given += 1
    return " ".join(_cased(one) for one in tokens[given:]), " ".join(_cased(one) for one in tokens[:given])


def _cased(token: str) -> str:
    return token.title() if token.isupper() and len(token) > 2 else token


# The company


def _company(lines: Sequence[str], name: tuple[str, str]) -> str:
    """A line with a legal form, else one with a word of companies that is no person's and no address."""
    own = " ".join(name).strip()
    sure, likely = "", ""
    for line in lines:
        for part in shapes.SEPARATORS.split(line):
            folded = fold(part)
            if len(part) > 70 or shapes.ADDRESS.search(part) or shapes.SURE_WEB.search(part) or part == own:
                continue
            if (
                (shapes.COMPANY.search(folded) or shapes.COMPANY_FIRST.match(folded))
                and len(part.split()) >= 2
                and not shapes.STREET.match(folded)
            ):
                sure = sure or part.strip(" ,")
            elif (
                shapes.COMPANY_WORD.search(folded)
                and not shapes.ROLE.search(folded)
                and not shapes.STREET.match(folded)
                and not re.search(r"\d", re.sub(r"\b(?:nr|no|n\.?º)\.? ?\d{1,3}$", "", part))
                and part[:1].isupper()
                and len(part.split()) <= 6
                and part[-1:] not in ".!?:"
            ):
                likely = likely or part.strip(" ,")
    return sure or likely


# Numbers


def _phones(lines: Sequence[str], region: str, country: str) -> tuple[Number, ...]:
    """The numbers in their order, each once; no fax, no tax or bank number."""
    if not any(sum(letter.isdigit() for letter in line) >= 7 for line in lines):
        return ()
    from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

    found: dict[str, Number] = {}
    for line in lines:
        folded = fold(line)
        national = region or country
        for match in PhoneNumberMatcher(line, national or None, leniency=Leniency.VALID):
            before = folded[max(0, match.start - 40) : match.start]
            before = re.split(r"\d{3,}", before)[-1]
            if shapes.FAX.search(before) or shapes.NO_PHONE.search(before) or shapes.FIVE_CITY.search(match.raw_string):
                continue
            label = (
                "mobile"
                if shapes.MOBILE.search(before) or _is_mobile(match.number)
                else "work"
                if shapes.WORK.search(before)
                else ""
            )
            number = format_number(match.number, PhoneNumberFormat.E164)
            found.setdefault(number, Number(number, label))
    return tuple(found.values())[:4]


def _is_mobile(number: object) -> bool:
    from phonenumbers import PhoneNumberType, number_type

    return bool(number_type(number) == PhoneNumberType.MOBILE)  # type: ignore[arg-type]


def _country_of(phones: Sequence[Number]) -> str:
    from phonenumbers import parse, region_code_for_number

    regions = {region_code_for_number(parse(one.number, None)) for one in phones}
    return next(iter(regions)) or "" if len(regions) == 1 else ""


# The web site


def _domain(lines: Sequence[str], address: str) -> str:
    """The web site that is named; one that merely looks like it only if it is the sender's own domain."""
    own = address.rpartition("@")[2].lower()
    for line in lines:
        clean = shapes.ADDRESS.sub(" ", line)
        for found in shapes.WEB.finditer(clean):
            domain = found["domain"].lower()
            sure = shapes.SURE_WEB.match(found.group()) or shapes.WEB_LABEL.search(fold(clean[: found.start()]))
            if shapes.FOREIGN_WEB.search(domain) or not (sure or domain == own or own.endswith(f".{domain}")):
                continue
            return domain
    return ""
