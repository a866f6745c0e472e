"""What screens and the command line get of lists of guests: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crm_tui.desk.common.views import Cursor


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
