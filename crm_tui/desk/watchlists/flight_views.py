"""What screens and commands get of flights: what a leg would be, and what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _


@dataclass(frozen=True, slots=True)
class FlightLook:
    """A leg as it would be stored, and what is to be said about it.

    Attributes:
        departs, arrives: ``YYYY-MM-DDTHH:MM`` of the airports' clocks, or empty.
        from_name, to_name: the airports in words; empty where the code is not known.
        errors: what cannot be, a sentence by field.
        doubts: what is odd and may be right, in sentences.
        notes: what is good to know, in sentences.
        takes: how long it is in the air; None where that cannot be told.
    """

    number: str
    from_airport: str
    to_airport: str
    departs: str
    arrives: str
    from_name: str = ""
    to_name: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    takes: timedelta | None = None


class DoubtfulFlight(Conflict):
    """A leg is odd; nothing was stored. ``doubts``: why, in sentences."""

    def __init__(self, doubts: tuple[str, ...]) -> None:
        super().__init__(" ".join(doubts), _("If it is right all the same, say so and it is kept."))
        self.doubts = doubts
