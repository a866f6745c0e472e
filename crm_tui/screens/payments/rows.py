"""How a reservation that owes something looks in a list, and where the list comes from. The start screen's panel uses them too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _, language, ngettext
from crm_tui.desk.watchlists.payment_watch_views import PaymentQuery, PaymentRow
from crm_tui.rules.money import Money
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

PHONE_FROM, TITLE_FROM = 100, 118
"""Columns from which a row says the telephone number, and what is booked."""
WIDEST_NAME = 26


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    return [
        ("!", _("overdue")),
        ("●", _("due today or in the next days")),
        ("Z", _("a deposit is missing")),
        ("D", _("a balance or an instalment is missing")),
        ("✉", _("when the guest was reminded last, by mail")),
        ("✆", _("the same by SMS")),
    ]


def money(amount: int, currency: str) -> str:
    """An amount as the agent writes it."""
    if not currency:
        return str(amount)
    return Money(amount, currency).written(language())


def due_words(due: date, today: date) -> str:
    """A day due, relative: ``3 d late``, ``today``, ``in 2 d``; at most 10 cells."""
    days = (due - today).days
    if days < 0:
        return ngettext("{n} d late", "{n} d late", -days).format(n=-days)
    if days == 0:
        return _("today")
    return _("tomorrow") if days == 1 else ngettext("in {n} d", "in {n} d", days).format(n=days)


class PaymentRowView:
    """Draws the rows of a list of reservations that owe something; adapts to the width.

    Args:
        shell: tells the time.
        today: the property's day.
    """

    def __init__(self, shell: Shell, today: Callable[[], date]) -> None:
        self._shell = shell
        self._today = today
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: PaymentRow, width: int) -> list[Part]:
        """Overdue or not, letters, amount, day due, who, telephone, code, what, last reminder."""
        today = self._today()
        sign, style = ("!", "bad") if row.overdue else ("●", "warn" if row.due == today else "accent")
        small = width < 64
        phone = 19 if width >= PHONE_FROM else 0
        code = 0 if small else 11
        amount = 13 if small else 14
        said = 0 if width < 50 else 10
        room = max(6, width - 2 - 3 - amount - 1 - 11 - phone - code - said)
        holder = min(room, WIDEST_NAME) if width >= TITLE_FROM else room
        return [
            (f"{sign} ", style),
            (fit(row.letters, 3), style),
            (fit(money(row.deposit_now + row.balance_now, row.currency), amount, right=True) + " ", "strong"),
            (fit(due_words(row.due, today), 10) + " ", style),
            (fit(row.holder or _("(no guest)"), holder - 1) + " ", "strong"),
            (fit(row.phone or "–", phone - 1) + " " if phone else "", ""),
            (fit(row.code, code - 1) + " " if code else "", "muted"),
            (fit(row.title, room - holder - 1) + " " if room > holder else "", "muted"),
            (fit(self._reminded(row), said, right=True) if said else "", "muted"),
        ]

    def _reminded(self, row: PaymentRow) -> str:
        if row.last_notice is None:
            return ""
        sign = "✆" if row.notice_channel == "sms" else "✉"
        return f"{sign} {age(row.last_notice, self._shell.clock.now(), self._shell.zone)}"


class PaymentSource:
    """A list of reservations that owe something as a record list reads it. Every method blocks: for threads.

    Attributes:
        overdue: how many of it are overdue; known once it was counted.
    """

    def __init__(self, ctx: Context, query: PaymentQuery | None = None) -> None:
        self._ctx, self.query = ctx, query or PaymentQuery()
        self._known: tuple[int, int] | None = None
        self._first: Sequence[PaymentRow] | None = None
        self.overdue = 0

    def count(self) -> int:
        """How many there are; the first of them are at hand then."""
        from crm_tui import desk

        page = desk.payment_watch.page(self._ctx, self.query)
        self._known, self._first = (page.total, page.overdue), page.rows
        self.overdue = page.overdue
        return page.total

    def after(self, row: PaymentRow | None, limit: int) -> Sequence[PaymentRow]:
        """The rows that follow."""
        first, self._first = self._first, None
        if row is None and first is not None and limit <= 100:
            return first[:limit]
        return self._page(after=row.cursor if row else None, limit=limit)

    def before(self, row: PaymentRow | None, limit: int) -> Sequence[PaymentRow]:
        """The rows before."""
        return self._page(before=row.cursor, limit=limit) if row is not None else self._page(last=True, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[PaymentRow]:
        """The rows from a position on."""
        return self._page(at=index, limit=limit)

    def index_of(self, row: PaymentRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.payment_watch.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> PaymentRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.payment_watch.row_in_list(self._ctx, self.query, int(row_id))

    def _page(self, **where: object) -> Sequence[PaymentRow]:
        from crm_tui import desk

        return desk.payment_watch.page(self._ctx, self.query, known=self._known, **where).rows  # type: ignore[arg-type]
