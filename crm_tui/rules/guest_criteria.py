"""Which guests a search asks for (SPEC §6): kept in packages, saved views and retention rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from crm_tui.rules.guest_criteria_values import CHANNELS as CHANNELS
from crm_tui.rules.guest_criteria_values import READERS, plain
from crm_tui.rules.guest_criteria_values import CriteriaFault as CriteriaFault


@dataclass(frozen=True, slots=True)
class GuestCriteria:
    """What guests must fit, all of it at once; what is left empty is not asked.

    A reservation's conditions (destination, days, value) must be met by one and the same reservation, which is neither
    cancelled nor taken back. It is a reservation of those who travel and of the company that pays for it. A trip begins on its ``arrival`` and ends on its ``departure``; a tour operator's *departure
    date* is the day the trip begins, so ``arrival_from`` and ``arrival_to``.

    Attributes:
        text: words of the name, an address, digits of a number, a birth date, a reference, a city.
        kind: ``person``, ``company``, or empty for both.
        attributes: ids; a guest has all of them.
        consent, no_consent: a channel (:data:`CHANNELS`) for which consent holds, or does not (never given included).
        nationality, country: ISO 3166-1 alpha-2, upper case. ``language``: ISO 639-1, lower case.
        city: the whole name; accents and case never matter.
        passport_by: the passport expires on this day or before.
        never_booked: the guest was never on a reservation, not even a cancelled one, nor paid for one as a company.
        destination: words that begin words of it; accents and case never matter.
        value_from, value_to: minor units of ``currency``, inclusive; a value without currency is compared in any. A ``currency``
            alone asks nothing.
        born_from, born_to: a range of birthdays, ``MM-DD``, inclusive; it may pass the turn of the year.
        package: the id of a package that the guest is in.
        archived: the archived guests instead of the others.
    """

    text: str = ""
    kind: str = ""
    attributes: tuple[int, ...] = ()
    consent: str = ""
    no_consent: str = ""
    nationality: str = ""
    language: str = ""
    country: str = ""
    city: str = ""
    passport_by: date | None = None
    never_booked: bool = False
    destination: str = ""
    departure_from: date | None = None
    departure_to: date | None = None
    arrival_from: date | None = None
    arrival_to: date | None = None
    value_from: int | None = None
    value_to: int | None = None
    currency: str = ""
    born_from: str = ""
    born_to: str = ""
    package: int | None = None
    archived: bool = False

    @property
    def empty(self) -> bool:
        """Whether every guest who is not archived fits."""
        return replace(self, currency="") == GuestCriteria()

    @property
    def about_reservations(self) -> bool:
        """Whether a reservation must fit."""
        days = (self.departure_from, self.departure_to, self.arrival_from, self.arrival_to)
        values = (self.value_from, self.value_to)
        return bool(self.destination.strip()) or any(one is not None for one in (*days, *values))

    def to_json(self) -> dict[str, Any]:
        """What is asked, as JSON values; what is not asked is left out."""
        nothing = GuestCriteria()
        return {
            one.name: plain(getattr(self, one.name))
            for one in fields(self)
            if getattr(self, one.name) != getattr(nothing, one.name)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> GuestCriteria:
        """The criteria that :meth:`to_json` gave; names it does not know are left out.

        Raises:
            CriteriaFault: a value is not of its kind.
        """
        read = {one.name: READERS[one.name] for one in fields(cls)}
        return cls(**{name: read[name](name, value) for name, value in stored.items() if name in read})


def checked(criteria: GuestCriteria) -> GuestCriteria:
    """The same criteria with codes in their case.

    Raises:
        CriteriaFault: a value is not of its kind, or a range ends before it begins.
    """
    clean = GuestCriteria.from_json({one.name: getattr(criteria, one.name) for one in fields(criteria)})
    for name in ("departure", "arrival", "value"):
        begin, end = getattr(clean, f"{name}_from"), getattr(clean, f"{name}_to")
        if begin is not None and end is not None and end < begin:
            raise CriteriaFault(f"{name}_to", end)
    return clean
