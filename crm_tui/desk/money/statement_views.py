"""What screens and commands see of pasted bank lines: frozen values, safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm_tui.base.i18n import N_
from crm_tui.rules.money import Money

REASONS = {
    "code": N_("code in the text"),
    "amount": N_("amount is what is missing"),
    "name": N_("name of a guest in the text"),
}
"""Why a reservation is proposed, to be translated."""

LINE_STATES = {"open": N_("waits"), "booked": N_("booked"), "dismissed": N_("put aside")}


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A reservation that a line may pay for.

    Attributes:
        reasons: of :data:`REASONS`, the strongest first.
        missing: all that is missing on it.
    """

    reservation: int
    code: str
    holder: str
    reasons: tuple[str, ...]
    missing: Money
    status: str


@dataclass(frozen=True, slots=True)
class BankLineView:
    """A line of a statement.

    Attributes:
        id: of the kept line; 0: it is not kept.
        number: its place, from 1.
        amount: below 0: money that went out; None: none could be read.
        state: open, booked or dismissed.
        proposals: the likeliest first.
        certain: the first is likelier than any other.
    """

    id: int
    number: int
    text: str
    day: date | None
    amount: Money | None
    state: str
    proposals: tuple[ProposalView, ...]
    certain: bool
    digest: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """The lines of a paste, or those that wait."""

    lines: tuple[BankLineView, ...]

    @property
    def open(self) -> tuple[BankLineView, ...]:
        """Those that nobody confirmed or dismissed yet."""
        return tuple(one for one in self.lines if one.state == "open")
