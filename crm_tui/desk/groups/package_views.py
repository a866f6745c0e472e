"""What screens and the command line get of packages: frozen values, display-safe. Imports nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class PackageView:
    """A named set of guests.

    Attributes:
        size: how many guests are in it; who was merged into another counts as that one.
        criteria: the search it was made from, as JSON; empty: chosen by hand.
        words: the search in words; empty if there is none.
        mailings: how many mailings were made to it.
    """

    id: int
    name: str
    size: int
    criteria: dict[str, Any]
    words: str
    agent: str
    created_at: datetime
    refreshed_at: datetime
    mailings: int
    version: int

    @property
    def by_hand(self) -> bool:
        """No search stands behind it: it cannot be refreshed."""
        return not self.criteria


class PackageGuestRow(NamedTuple):
    """A guest of a package in a list; ``folded`` and ``id`` are its place in it."""

    id: int
    name: str
    kind: str
    email: str
    phone: str
    language: str
    country: str
    archived: bool
    folded: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a refresh would change: the numbers of the guests who come and go, and their names, by name."""

    coming: tuple[tuple[int, str], ...]
    going: tuple[tuple[int, str], ...]
    stay: int
    version: int
