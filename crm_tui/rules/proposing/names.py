"""The guest's name, from the sender's name, a booking site's field, or the name under the mail."""

from __future__ import annotations

import re

from crm_tui.rules.proposing.given import GIVEN, SECOND
from crm_tui.rules.proposing.source import SENDER, Found, Source, fold

Names = tuple[Found[str] | None, Found[str] | None]
NOBODY: Names = (None, None)
_TITLE = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr|dame|sir|prof|mme|mlle|m|madame|monsieur|d|dna|don|dona|sr|sra|srta|mgr|inz|pan|pani|me)\.?\s{1,2}){1,2}"
)
_FIELD = re.compile(
    r"^(?:nombre (?:del huesped|del cliente|completo)|huesped|guest name|guest|client|nom du client|nom du voyageur|voyageur|imie i nazwisko(?: goscia)?|gosc)\s?:\s{0,3}",
    re.MULTILINE,
)
_COMPANY = re.compile(
    r"[@\d/|:()]|(?<!\w)(?:hotel\w{0,4}|hostal|hostel|booking|bookings|airbnb|expedia|hotelbeds|agoda|agenc\w{1,3}|biuro|firma|sp|s\.?l\.?u?|s\.?a\.?s?|ltd|llc|inc|gmbh|sarl|plc|dept|dpto|departamento|events?|eventos"
    r"|recep\w{0,6}|reservas|reservations?|reception|cabinet|mairie|newsletter|info|team|equipo|equipe|zespol|partner|group|grupo|groupe|grupa|club|klub|viajes|travel|tours|bodegas?|imprimerie|imprenta|drukarnia|laundry|lavanderia|spoldzielnia|fundacja|fundacion|fondation|foundation|stowarzyszenie|asociacion|association|council|police|service|clinic|clinica|centro|centre|center|shop|tienda|sklep|bank|banco|banque|media|press|radio|voyages|podrozy|kancelaria|hurtownia|servic\w{1,5}|serwis|service"
    r"|marketing|sales|ventas|ofertas|support|admin|office|oficina|noreply|no-reply|wholesale|direct|pros|co|company|associes|asociados|associates|consulting|solutions|distribuciones|supplies|school|escuela|szkola|ecole"
    r"|university|universidad|ayuntamiento|restaurante?|spa|weddings?|planner|tecno\w{1,12})(?!\w)"
)
_FAMILY = re.compile(r"(?:la |the )?(?:familia|famille|rodzina|family)\s(?P<name>[^\W\d_]{2,30})\Z")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+){0,3}\.?\Z")
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "le",
        "van",
        "von",
        "der",
        "den",
        "da",
        "das",
        "di",
        "du",
        "dos",
        "y",
        "i",
        "ter",
        "ten",
        "st",
        "af",
        "el",
        "al",
        "d'",
    ]
)
_AND = frozenset(["i", "y", "e", "et", "and", "&", "+"])
_CLOSING_LINES, MOST_TOKENS = 10, 6


def names(source: Source, sender: str, *, guest: bool = True) -> Names:
    """Surname and given names of the guest; nothing where it could be a company or another person.

    Args:
        guest: the mail states a stay or a party, so that who signs it with an uncommon given name is a person.
    """
    field = _FIELD.search(source.folded)
    if field:
        end = source.folded.find("\n", field.end())
        written = source.whole[field.end() : end if end >= 0 else len(source.whole)][:80].strip()
        parts = _parts(written, person=False)
        return _found(source, parts, field.end()) if parts and parts[1] else NOBODY
    signed = _signed(source)
    parts = _parts(" ".join(sender.split())[:80], person=guest and _signs(source, sender))
    if parts is None:
        return _found(source, signed[0], signed[1]) if signed else NOBODY
    if signed and not _same(parts, signed[0]):
        return NOBODY
    if not signed and _signed_by_another(source, sender):
        return NOBODY
    return _of_sender(parts, sender)


def _of_sender(parts: tuple[str, str], sender: str) -> Names:
    surname, given = parts
    if not surname:
        return NOBODY

    def place(name: str) -> Found[str]:
        start = sender.find(name)
        if start < 0:  # spaces between its parts were doubled
            return Found(name, sender, 0, len(sender), SENDER)
        return Found(name, name, start, start + len(name), SENDER)

    return place(surname), place(given) if given else None


def _found(source: Source, parts: tuple[str, str], at: int) -> Names:
    surname, given = parts
    start = source.signed.find(surname, at)
    first = source.signed.find(given, at) if given else -1
    return (
        source.found(surname, start, start + len(surname)) if start >= 0 else None,
        source.found(given, first, first + len(given)) if first >= 0 else None,
    )


def _parts(written: str, *, person: bool) -> tuple[str, str] | None:
    """Surname and given names of a written name; None unless it is a person's.

    Args:
        person: the mail is signed with a part of it, so that an unknown given name will do.
    """
    folded = fold(written)
    family = _FAMILY.match(folded)
    if family:
        return written[family.start("name") : family.end("name")], ""
    if _COMPANY.search(folded):
        return None
    title = _TITLE.match(folded)
    written = (written[title.end() :] if title else written).strip(" .,\"'")
    if written.count(",") == 1:
        surname, given = (part.strip() for part in written.split(","))
        written = f"{given} {surname}"
        return (
            (surname, given)
            if _all_names(written.split()) and fold(given.split()[0] if given else "") in GIVEN
            else None
        )
    tokens = written.split()
    if not 2 <= len(tokens) <= MOST_TOKENS or not _all_names(tokens):
        return None
    return _pair(tokens) or _divided(tokens, person=person)


def _all_names(tokens: list[str]) -> bool:
    return bool(tokens) and all(
        token.lower() in _PARTICLES | _AND or (_TOKEN.match(token) and token[0].isupper()) for token in tokens
    )


def _pair(tokens: list[str]) -> tuple[str, str] | None:
    """``Robert i Ola Kuczyńscy``: the surname that two share; ``("", "")`` stands for nothing."""
    if len(tokens) >= 3 and tokens[1].lower() in _AND and fold(tokens[2]) in GIVEN | _NICKNAMES:
        return (tokens[-1], "") if len(tokens) == 4 else ("", "")
    return None


_NICKNAMES = frozenset(
    ["ola", "kuba", "jo", "kasia", "asia", "gosia", "ania", "zosia", "basia", "tom", "ben", "pepa", "paco"]
)


def _divided(tokens: list[str], *, person: bool) -> tuple[str, str] | None:
    capitals = [token.isupper() and len(token) > 2 for token in tokens]
    if capitals[0] and not any(capitals[1:]):
        return (tokens[0], " ".join(tokens[1:])) if fold(tokens[1]) in GIVEN else None
    if person and len(tokens) == 2 and len(tokens[0].rstrip(".")) == 1 and len(tokens[1]) > 2:
        return tokens[1], ""
    first, second = fold(tokens[0]), fold(tokens[1])
    if first not in GIVEN and not person:
        return None
    if len(tokens[0].rstrip(".")) < 2 or len(tokens[-1].rstrip(".")) < 2:
        return None
    if first not in GIVEN and second in GIVEN and not (person and len(tokens) == 2):
        return None
    two = len(tokens) > 2 and second in SECOND and first in GIVEN
    split = 2 if two else 1
    surname = tokens[split:]
    if len(surname) > 1 and len(surname[0].rstrip(".")) == 1:
        surname = surname[1:]
    return " ".join(surname), " ".join(tokens[:split])


def _closing(source: Source) -> list[tuple[int, str]]:
    """The last lines of the mail, with their places, the signature's included."""
    text = source.signed if source.signature else source.whole
    lines: list[tuple[int, str]] = []
    end = len(text.rstrip())
    while end > source.offset and len(lines) < _CLOSING_LINES:
        start = max(text.rfind("\n", 0, end) + 1, source.offset)
        line = text[start:end]
        if line.strip():
            lines.append((start + len(line) - len(line.lstrip()), line.strip()[:120]))
        end = start - 1
    return lines


def _signed(source: Source) -> tuple[tuple[str, str], int] | None:
    """A full name that stands on a line of its own under the mail (a phone may follow it)."""
    for at, line in _closing(source):
        name = re.split(r",|\s[-–(]|\(|\s{2,}", line)[0].strip()
        if (3 <= len(name) <= 50 and not name.endswith((".", "!", "?"))) or _TITLE.match(fold(name)):
            parts = _parts(name, person=False)
            if parts and parts[1] and parts[0]:
                return parts, at
    return None


def _signs(source: Source, sender: str) -> bool:
    """Whether a part of the sender's name stands among the last words of the mail."""
    wanted = set(re.findall(r"[^\W\d_]{3,}", fold(sender)))
    tail = source.folded[source.offset :].rstrip()[-160:]
    return bool(wanted & set(re.findall(r"[^\W\d_]{3,}", tail[-60:])))


def _same(parts: tuple[str, str], signed: tuple[str, str]) -> bool:
    """Whether two names may be one person's: a surname in common, and no other given name."""
    mine, other = set(re.split(r"[\s-]", fold(parts[0]))), set(re.split(r"[\s-]", fold(signed[0])))
    if not parts[1]:
        return bool(mine & other)
    return bool(mine & other) and fold(parts[1]).split()[0] == fold(signed[1]).split()[0]


def _signed_by_another(source: Source, sender: str) -> bool:
    """Whether the last line is one given name, and not the sender's."""
    lines = _closing(source)
    last = fold(lines[0][1]).strip(" .,!:)") if lines else ""
    own = set(re.findall(r"[^\W\d_]+", fold(sender)))
    return last in GIVEN and last not in own and not any(name.startswith(last[:3]) for name in own)
