"""A search of guests in words, in the agent's language: ``persons · Golf · consent to mail · never booked``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from crm_tui.base.i18n import N_, _, language
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.money import Money

CONSENT_WORDS = {
    "mail": (N_("consent to mail"), N_("no consent to mail")),
    "sms": (N_("consent to SMS"), N_("no consent to SMS")),
    "phone": (N_("consent to calls"), N_("no consent to calls")),
    "newsletter": (N_("consent to the newsletter"), N_("no consent to the newsletter")),
}
_NOTHING: Mapping[int, str] = {}


def in_words(
    criteria: GuestCriteria, attributes: Mapping[int, str] = _NOTHING, packages: Mapping[int, str] = _NOTHING
) -> str:
    """What is asked, with middle dots between; empty where nothing is.

    Args:
        attributes, packages: their names by number; a number without a name is shown as such.
    """
    return display_text(" · ".join(_words(criteria, attributes, packages)))


def _words(asked: GuestCriteria, attributes: Mapping[int, str], packages: Mapping[int, str]) -> Iterator[str]:
    if asked.archived:
        yield _("archived")
    if asked.kind:
        yield _("persons") if asked.kind == "person" else _("companies")
    if asked.text.strip():
        yield f"“{' '.join(asked.text.split())}”"
    for one in asked.attributes:
        yield attributes.get(one) or _("attribute {number}").format(number=one)
    if asked.package is not None:
        name = packages.get(asked.package) or str(asked.package)
        yield _("in package {name}").format(name=name)
    if asked.consent:
        yield _(CONSENT_WORDS[asked.consent][0])
    if asked.no_consent:
        yield _(CONSENT_WORDS[asked.no_consent][1])
    yield from _about_the_guest(asked)
    yield from _about_reservations(asked)


def _about_the_guest(asked: GuestCriteria) -> Iterator[str]:
    if asked.nationality:
        yield _("from {country}").format(country=country_name(asked.nationality))
    if asked.language:
        yield _("speaks {language}").format(language=language_name(asked.language))
    if asked.country or asked.city:
        place = ", ".join(one for one in (asked.city, country_name(asked.country)) if one)
        yield _("lives in {place}").format(place=place)
    if asked.passport_by is not None:
        yield _("passport expires by {day}").format(day=asked.passport_by.isoformat())
    if asked.born_from or asked.born_to:
        begin, end = asked.born_from or "01-01", asked.born_to or "12-31"
        yield _("birthday {days}").format(days=begin if begin == end else f"{begin} – {end}")
    if asked.never_booked:
        yield _("never booked")


def _about_reservations(asked: GuestCriteria) -> Iterator[str]:
    if asked.destination.strip():
        yield _("to {destination}").format(destination=" ".join(asked.destination.split()))
    if days := _range(asked.arrival_from, asked.arrival_to):
        yield _("begins {days}").format(days=days)
    if days := _range(asked.departure_from, asked.departure_to):
        yield _("ends {days}").format(days=days)
    low, high = (_amount(one, asked.currency) if one is not None else "" for one in (asked.value_from, asked.value_to))
    if low or high:
        yield _("value {amounts}").format(
            amounts=f"{low} – {high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
        )


def _range(begin: date | None, end: date | None) -> str:
    if begin is not None and end is not None:
        return begin.isoformat() if begin == end else f"{begin.isoformat()} – {end.isoformat()}"
    if begin is not None:
        return _("from {day}").format(day=begin.isoformat())
    return _("until {day}").format(day=end.isoformat()) if end is not None else ""


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency)) if currency else f"{minor / 100:.2f}"


def country_name(code: str) -> str:
    """A country's name in the agent's language; the code where it has none."""
    if not code:
        return ""
    from babel import Locale

    return str(Locale.parse(language()).territories.get(code, code))


def language_name(code: str) -> str:
    """A language's name in the agent's language; the code where it has none."""
    from babel import Locale

    return str(Locale.parse(language()).languages.get(code, code))
