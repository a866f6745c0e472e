"""What a profile shows: frozen, display-safe."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from crm_tui.desk.client_base.guest_views import GuestView
from crm_tui.rules import passport
from crm_tui.rules.money import Money
from crm_tui.rules.passport import PassportView


@dataclass(frozen=True, slots=True)
class ContactView:
    """A person to talk to at a company, or the company that a person is a contact of."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """A guest in numbers, of the reservations that were not cancelled.

    Attributes:
        stays: those that are over.
        last: the last day of the latest of them.
        coming: the first day of the next one, if one is ahead or under way.
        values: what they are worth, a currency each, of those where the guest is the holder or the company that pays.
        cancelled: how many were cancelled, or nobody came.
    """

    stays: int = 0
    last: date | None = None
    coming: date | None = None
    values: tuple[Money, ...] = ()
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A guest, whole.

    Attributes:
        number: the one that was asked for; another than the guest's own if that one was merged into it.
        attributes: their names.
        contacts: a company's persons, or a person's companies.
        archived, erased: since when; None: not. ``erased_on``: the day in the property's zone.
        merged: how many guests were merged into this one.
    """

    guest: GuestView
    number: int
    document: str = ""
    region: str = ""
    passport_number: str = ""
    passport: PassportView = field(default_factory=lambda: passport.judge(None, None, date.min))
    attributes: tuple[str, ...] = ()
    contacts: tuple[ContactView, ...] = ()
    numbers: Numbers = field(default_factory=Numbers)
    archived: datetime | None = None
    erased: datetime | None = None
    erased_on: date | None = None
    merged: int = 0
    today: date = date.min
