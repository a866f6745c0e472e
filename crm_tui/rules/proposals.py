"""What a guest's mail states, proposed for an inquiry (SPEC §4), with the words that each part was read from.

Precision comes first: what the mail does not state plainly is left out, and so is everything where two readings are
possible: two stays, a day that does not exist or is over, ``3-5 people``, numbers that may be month or day first.
Spanish, Polish, French and English are read, with or without accents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crm_tui.rules.proposing import intent
from crm_tui.rules.proposing.airports import airport
from crm_tui.rules.proposing.names import names
from crm_tui.rules.proposing.party import party, plainly_coming
from crm_tui.rules.proposing.phones import phone
from crm_tui.rules.proposing.source import LIMIT, Found, Source
from crm_tui.rules.proposing.stay import stay
from crm_tui.rules.proposing.tongues import language as read_language
from crm_tui.rules.proposing.tongues import leaning

__all__ = ["LIMIT", "Found", "Proposals", "propose"]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a mail states; None where it does not, or not plainly.

    Attributes:
        arrival, departure: days in the property's zone, never before the mail was written; the departure is later.
        nights: between them, or alone if the days are open.
        period_from, period_to: first and last day within which a flexible stay may lie; both or none.
        adults: how many.
        children: their ages in years, None for an unknown age; empty where the mail says that none come.
        phone: in E.164.
        language: ``es``, ``pl``, ``fr`` or ``en``.
        surname, given: the guest's; the given names are known only together with the surname.
        airport: IATA code of the airport of departure.
        unsettled: the mail speaks of a stay and leaves it open, or calls it off: what an earlier mail stated is in doubt.
    """

    arrival: Found[date] | None = None
    departure: Found[date] | None = None
    nights: Found[int] | None = None
    period_from: Found[date] | None = None
    period_to: Found[date] | None = None
    adults: Found[int] | None = None
    children: Found[tuple[int | None, ...]] | None = None
    phone: Found[str] | None = None
    language: Found[str] | None = None
    surname: Found[str] | None = None
    given: Found[str] | None = None
    airport: Found[str] | None = None
    unsettled: bool = False


def propose(
    text: str,
    *,
    written: date,
    subject: str = "",
    language: str = "",
    sender_name: str = "",
    region: str = "",
    quoted: Iterable[tuple[int, int]] = (),
    signature: tuple[int, int] | None = None,
) -> Proposals:
    """Read what a mail states.

    Args:
        text: the readable text; only its first :data:`LIMIT` characters are read.
        written: the day the mail was written, in the property's zone.
        subject: read like the text, unless it is that of an answer.
        language: ISO 639-1 code of a guess at the language, or empty.
        sender_name: the name in the From header.
        region: ISO 3166 code of the property's country, for numbers in national form; empty if unknown.
        quoted: ranges of ``text`` that quote other mail; nothing is read from them.
        signature: range of ``text`` that is the signature; only name and phone are read from it.
    """
    source = Source(text, subject, written, quoted=quoted, signature=signature)
    spoken = read_language(source, language)
    if intent.bulk(source):
        return Proposals(language=spoken)
    tongue = spoken.value if spoken else leaning(source, language)
    adults, children = party(source)
    found = stay(source, tongue, known=adults is not None)
    staying = bool(found.arrival or found.period_from or found.nights)
    adults = adults if plainly_coming(source, adults, staying=staying) else None
    children = children if plainly_coming(source, children, staying=staying) else None
    surname, given = names(source, sender_name, guest=staying or adults is not None or children is not None)
    return Proposals(
        found.arrival,
        found.departure,
        found.nights,
        found.period_from,
        found.period_to,
        adults,
        children,
        phone(source, tongue, region),
        spoken,
        surname,
        given if surname else None,
        airport(source),
        found.unsettled,
    )
