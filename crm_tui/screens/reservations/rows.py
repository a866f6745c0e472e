"""How a reservation looks in a list, and where the list comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_views import ReservationListRow, ReservationQuery
from crm_tui.screens.inquiries.words import amount, channel_word, party
from crm_tui.screens.reservations.words import LOOKS, status_word
from crm_tui.widgets.cells import fit
from crm_tui.widgets.days import short_span, span
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

TITLE_FROM = 68
"""Columns from which a row says what is booked."""
SOURCE_FROM = 118
"""Columns from which a row says its status in words and where it came from."""
FIRST = 100
"""Rows that are read along with the number of all: they are asked for next."""


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    found = [(sign, status_word(status)) for status, (sign, _style) in LOOKS.items()]
    return [
        *found,
        ("2+1", _("adults and children")),
        ("!", _("due and not paid")),
        ("▸", _("still to be paid")),
        ("✓", _("marked")),
    ]


class ReservationRowView:
    """Draws the rows of a list of reservations; adapts to the width.

    Args:
        today: the property's day.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: ReservationListRow, width: int) -> list[Part]:
        """Sign, code, days, guest, party, what is booked, where it came from, what is missing."""
        today = self._today()
        sign, style = LOOKS.get(row.status, ("?", "warn"))
        going_on = style != "muted"
        code = 12 if width >= 100 else 9
        days = 21 if width >= TITLE_FROM else 15
        source = 34 if width >= SOURCE_FROM else 0
        money = 14 if width >= 100 else 12
        rest = width - 2 - code - days - 5 - source - money
        name = rest * (45 if width >= 100 else 60) // 100 if width >= TITLE_FROM else rest
        title = rest - name
        quiet = "" if going_on else "muted"
        return [
            (f"{sign} ", style),
            (fit(row.code, code - 1) + " ", "muted"),
            (fit(_days(row, today) or "–", days - 1) + " ", quiet),
            (fit(row.guest or _("(nobody yet)"), name - 1) + " ", "strong" if going_on else "muted"),
            (fit(party(row.adults, row.children or 0) or str(row.guests or "–"), 4) + " ", quiet),
            (fit(row.title or "–", title - 1) + " " if title else "", quiet),
            (fit(status_word(row.status), 12) + " " if source else "", style),
            (fit(_source(row), 20) + " " if source else "", "muted"),
            self._money(row, money, today, going_on=going_on),
        ]

    @staticmethod
    def _money(row: ReservationListRow, width: int, today: date, *, going_on: bool) -> Part:
        """What is missing, with a sign that says whether it should be there by now; without a sign the value."""
        if row.missing is not None:
            late = row.due is not None and row.due <= today
            words = f"{'! ' if late else '▸ '}{amount(row.missing)}"
            return fit(words, width - 1, right=True) + " ", "warn" if late else "accent"
        return fit(
            amount(row.value) or "–", width - 1, right=True
        ) + " ", "muted" if row.value or not going_on else "faint"


def _days(row: ReservationListRow, today: date) -> str:
    if row.arrival and row.departure:
        return short_span(row.arrival, row.departure, today)
    return span(row.arrival, row.departure, today)


def _source(row: ReservationListRow) -> str:
    return row.operator or channel_word(row.channel)


class ReservationSource:
    """A list of reservations as a record list reads it. Every method blocks: for threads.

    Its end is not read along with its beginning: while somebody types, nobody looks there.
    """

    def __init__(self, ctx: Context, query: ReservationQuery) -> None:
        self._ctx, self.query = ctx, query
        self._total: int | None = None
        self._first: Sequence[ReservationListRow] | None = None
        self._typing = bool(query.text.strip())

    def count(self) -> int:
        """How many there are; the first of them are at hand then."""
        from crm_tui import desk

        page = desk.reservation_lists.page(self._ctx, self.query, limit=FIRST)
        self._total, self._first = page.total, page.rows
        return self._total

    def after(self, row: ReservationListRow | None, limit: int) -> Sequence[ReservationListRow]:
        """The rows that follow."""
        first, self._first = self._first, None
        if row is None and first is not None and limit <= FIRST:
            return first[:limit]
        return self._page(after=row.cursor if row else None, limit=limit)

    def before(self, row: ReservationListRow | None, limit: int) -> Sequence[ReservationListRow]:
        """The rows before."""
        if row is None and self._typing:
            self._typing = False
            return ()
        return self._page(before=row.cursor, limit=limit) if row is not None else self._page(last=True, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[ReservationListRow]:
        """The rows from a position on."""
        return self._page(at=index, limit=limit)

    def index_of(self, row: ReservationListRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.reservation_lists.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> ReservationListRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.reservation_lists.row_in_list(self._ctx, self.query, int(row_id))

    def _page(self, **where: object) -> Sequence[ReservationListRow]:
        from crm_tui import desk

        found = desk.reservation_lists.page(self._ctx, self.query, known=self._total, **where)  # type: ignore[arg-type]
        return found.rows
