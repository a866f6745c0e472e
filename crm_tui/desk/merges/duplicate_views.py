"""What screens and the command line get of suggested duplicates: frozen, display-safe, no database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """Guests who may be one.

    Attributes:
        names, labels: of each guest; a label has the first address and number, and the birth date, beside the name.
        score: 0 to 100.
        reasons: what it rests on, in words.
        shared: they have little in common but an address or a number: a family, a firm.
    """

    guests: tuple[int, ...]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    score: int
    reasons: tuple[str, ...]
    shared: bool

    @property
    def words(self) -> str:
        """The reasons, one after the other."""
        return ", ".join(self.reasons)
