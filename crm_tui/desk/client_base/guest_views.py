"""What screens and the command line get of guests and of lists of them: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from crm_tui.base.i18n import N_
from crm_tui.desk.common.views import Cursor
from crm_tui.rules.vocabulary import ConsentChannel

CONSENTS: Mapping[str, str] = {
    ConsentChannel.MAIL: N_("mail"),
    ConsentChannel.SMS: N_("SMS"),
    ConsentChannel.PHONE: N_("telephone"),
    ConsentChannel.NEWSLETTER: N_("newsletter"),
}


class PhoneView(NamedTuple):
    """A number as E.164, and as it is written internationally."""

    number: str
    shown: str
    label: str = ""


class ConsentView(NamedTuple):
    """What holds for a channel now."""

    channel: str
    given: bool
    day: date | None = None
    source: str = ""
    agent: str = ""


class ContactView(NamedTuple):
    """A person at a company, or the company of a person: who, and the person's role there."""

    id: int
    name: str
    role: str = ""
    email: str = ""
    phone: str = ""


class AttributeName(NamedTuple):
    """An attribute that a guest is tagged with."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class GuestView:
    """A person or a company.

    Attributes:
        kind: ``person`` or ``company``; a company has its name in ``surname``.
        emails: addresses, the first one is written to.
        consents: of every channel, by name of :class:`~crm_tui.rules.vocabulary.ConsentChannel`.
        inquiries: the numbers of those the agent may see, newest first.
        email_labels: what each address is, in the order of ``emails``; empty where nothing is said.
        attributes: what the guest is tagged with, by name.
        contacts: the persons at a company, in order.
        companies: those that a person is a contact of.
        address: as it is printed in its country, without the name, one line each.
    """

    id: int
    kind: str
    surname: str
    given: str
    emails: tuple[str, ...]
    phones: tuple[PhoneView, ...]
    language: str
    nationality: str
    birth_date: date | None
    street: str
    postcode: str
    city: str
    country: str
    tax_number: str
    remarks: str
    reference: str
    created_at: datetime
    updated_at: datetime
    version: int
    consents: Mapping[str, ConsentView] = field(default_factory=dict)
    inquiries: tuple[int, ...] = ()
    region: str = ""
    document: str = ""
    passport: str = ""
    passport_expiry: date | None = None
    archived_at: datetime | None = None
    email_labels: tuple[str, ...] = ()
    attributes: tuple[AttributeName, ...] = ()
    contacts: tuple[ContactView, ...] = ()
    companies: tuple[ContactView, ...] = ()
    address: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Given names and surname."""
        return f"{self.given} {self.surname}".strip()


class GuestRow(NamedTuple):
    """One line of a list of guests, and of what a search offers."""

    id: int
    name: str
    kind: str
    email: str
    phone: str
    language: str

    @property
    def label(self) -> str:
        """The name, with what tells namesakes apart."""
        return " · ".join(part for part in (self.name, self.email or self.phone) if part)


class GuestListRow(NamedTuple):
    """One line of a list of guests.

    Attributes:
        kind: ``person`` or ``company``; a company has its name in ``surname``.
        email, phone: the first ones; the number written internationally.
        country: ISO 3166-1 alpha-2; ``language``: ISO 639-1; empty if unknown.
        attributes: names, in order.
    """

    id: int
    kind: str
    surname: str
    given: str
    email: str
    phone: str
    city: str
    country: str
    language: str
    attributes: tuple[str, ...]
    archived: bool
    cursor: Cursor

    @property
    def name(self) -> str:
        """As one says it: given names and surname."""
        return f"{self.given} {self.surname}".strip()

    @property
    def listed_name(self) -> str:
        """As a list by name shows it: the surname first."""
        return f"{self.surname}, {self.given}" if self.given else self.surname


@dataclass(frozen=True, slots=True)
class GuestPage:
    """A stretch of a list, in the list's order, and how long the list is."""

    rows: Sequence[GuestListRow]
    total: int


class MarksLeft(NamedTuple):
    """What has become of marked guests: those who are ``gone`` from the base they were marked in (archived, taken back, merged,
    erased), and how many of the others a list does not show (``hidden``)."""

    gone: list[int]
    hidden: int
