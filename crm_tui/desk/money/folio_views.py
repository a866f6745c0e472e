"""What screens and commands see of folios: frozen values, safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm_tui.base.i18n import N_, _
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import PostingCategory

CATEGORIES = {
    PostingCategory.LODGING.value: N_("lodging"),
    PostingCategory.BOARD.value: N_("board"),
    PostingCategory.EXTRAS.value: N_("extras"),
    PostingCategory.TRANSPORT.value: N_("transport"),
    PostingCategory.FEE.value: N_("fee"),
    PostingCategory.TAX.value: N_("tax"),
    PostingCategory.DISCOUNT.value: N_("discount"),
    PostingCategory.OTHER.value: N_("other charges"),
}
"""Each category of posting in words, to be translated."""


@dataclass(frozen=True, slots=True)
class PostingView:
    """An amount on a folio.

    Attributes:
        folio: the number of the row of its folio.
        amount: below nothing: in favour of the payer.
        reverses, reversed_by: the posting that it takes back, and the one that takes it back.
        split_of: the posting that it was split from.
    """

    id: int
    reservation: int
    folio: int
    day: date
    category: str
    text: str
    amount: Money
    reverses: int | None
    reversed_by: int | None
    split_of: int | None
    created_by: str
    created_at: datetime
    version: int

    @property
    def whole(self) -> bool:
        """It neither takes back nor was taken back, so that it can be split or taken back."""
        return self.reverses is None and self.reversed_by is None


@dataclass(frozen=True, slots=True)
class FolioView:
    """A bill of a reservation.

    Attributes:
        number: 1, 2… inside the reservation.
        name: as it was named; may be empty.
        payer: number and name of the person or the company that pays; None: the holder of the reservation does.
        holder: the name of the holder.
        payments: what was paid on it, those taken back too.
        totals, balances: what is posted and what is still open of it, in each currency; that of the reservation first.
        routed: the categories whose postings go here.
    """

    id: int
    reservation: int
    number: int
    name: str
    payer: tuple[int, str] | None
    holder: str
    company: bool
    closed_at: datetime | None
    closed_by: str
    postings: tuple[PostingView, ...]
    payments: tuple[PaymentView, ...]
    totals: tuple[Money, ...]
    balances: tuple[Money, ...]
    routed: tuple[str, ...]
    version: int

    @property
    def payer_name(self) -> str:
        """Who pays it."""
        return self.payer[1] if self.payer else self.holder

    @property
    def title(self) -> str:
        """What people call it: its number, and its name or payer."""
        words = self.name or self.payer_name
        return f"{self.number} · {words}" if words else _("folio {number}").format(number=self.number)

    @property
    def empty(self) -> bool:
        """Nothing was ever posted or paid on it, so that it can be deleted."""
        return not self.postings and not self.payments

    @property
    def settled(self) -> bool:
        """Nothing is open on it in any currency."""
        return not any(one.amount for one in self.balances)
