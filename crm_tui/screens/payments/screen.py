"""The payment watchlist: who owes a deposit (Z) or a balance (D) now, overdue ones first (SPEC §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.watchlists.payment_watch_views import ORDERS, PaymentQuery, PaymentRow
from crm_tui.screens import catalog
from crm_tui.screens.payments.actions import LIST, ON_ROWS
from crm_tui.screens.payments.commands import NEEDS, PaymentCommands, subject_of
from crm_tui.screens.payments.rows import PaymentRowView, PaymentSource, signs
from crm_tui.screens.payments.words import details
from crm_tui.screens.watchlists.acting import Subject
from crm_tui.screens.watchlists.listing import WatchScreen, filtered_empty
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class PaymentsScreen(PaymentCommands, WatchScreen[PaymentQuery]):
    """Mode 8."""

    BINDINGS = bindings(ON_ROWS, LIST)
    asks_for = ("reservation", "payment", "schedule_line", "guest", "operator", "notice", "payment_notice", "event")
    orders = ORDERS
    every: ClassVar[Any] = PaymentQuery()

    @property
    def name_of_list(self) -> str:
        """Its name."""
        return _("Payments")

    def make_view(self) -> RowView[Any]:
        """Draws reservations."""
        return PaymentRowView(self.shell, self.today)

    def make_source(self, ctx: Context, query: PaymentQuery) -> PaymentSource:
        """Reservations that owe something."""
        return PaymentSource(ctx, query)

    def counted(self, total: int) -> str:
        """How many reservations."""
        return ngettext("{n} reservation", "{n} reservations", total).format(n=total)

    def remark(self) -> Part:
        """How many are overdue."""
        count = self.source.overdue if self.source is not None else 0
        if count:
            return "! " + ngettext("{n} overdue", "{n} overdue", count).format(n=count), "bad"
        return (_("none is overdue"), "good") if self.list.total else ("", "")

    def states(self) -> Sequence[Choice]:
        """What one can choose."""
        return [
            Choice("", _("all")),
            Choice("overdue", _("overdue")),
            Choice("today", _("today")),
            Choice("soon", _("soon")),
            Choice("Z", _("Z deposit")),
            Choice("D", _("D balance")),
        ]

    def order_word(self) -> str:
        """How it is sorted."""
        words = {"name": _("by name"), "amount": _("the most first"), "arrival": _("next arrival first")}
        return words.get(self.query_shown.order, "")

    def about_text(self) -> str:
        """What is searched."""
        return _("half a name, or the reservation's code")

    def details(self, row: PaymentRow) -> Sequence[Sequence[Part]]:
        """Who to call, what is missing, since when."""
        return details(row, self.today(), self.shell.clock.now(), self.shell.zone)

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def empty_text(self) -> list[Part]:
        """What the empty list says."""
        if self.query_shown != self.every:
            return filtered_empty()
        days = self.shell.settings.payment_days
        words = ngettext(
            "Nobody owes anything that is due within {n} day.",
            "Nobody owes anything that is due within {n} days.",
            days,
        ).format(n=days)
        return [
            (words, "muted"),
            (_("What is due stands in the schedule of each reservation; 5 lists the reservations."), "key"),
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What another part of the desk does is offered where it is there."""
        if action in NEEDS and not catalog.exists(NEEDS[action]):
            return False
        return super().check_action(action, parameters)

    @property
    def payment_row(self) -> PaymentRow | None:
        """The row under the cursor."""
        row: PaymentRow | None = self.list.current
        return row

    @property
    def subject(self) -> Subject | None:
        """The reservation under the cursor."""
        row = self.list.current
        return subject_of(row) if row is not None else None
