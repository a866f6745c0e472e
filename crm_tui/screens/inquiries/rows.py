"""How an inquiry looks in a list, and where the list comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryQuery, InquiryRow
from crm_tui.screens.base import Shell
from crm_tui.screens.inquiries.words import LOOKS, party, plan_parts, status_word, stay
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

STATUS_FROM = 100
"""Columns from which a row says its status in words too."""


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    found = [(sign, status_word(status)) for status, (sign, _style) in LOOKS.items()]
    return [
        *found,
        ("?", _("the guest waits for our answer")),
        ("! 12 Dec", _("its planned end is over")),
        ("~", _("flexible dates")),
        ("2+1", _("adults and children")),
        ("⌂", _("not seen by everyone")),
    ]


class InquiryRowView:
    """Draws the rows of a list of inquiries; adapts to the width.

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

    def parts(self, row: InquiryRow, width: int) -> list[Part]:
        """Sign, number, holder, days, party, handler, planned end, waiting since."""
        today = self._today()
        sign, style = LOOKS.get(row.status, ("?", "warn"))
        word = 18 if width >= STATUS_FROM else 0
        days = 20 if width >= 68 else 16
        room = 7 if width >= 84 else 0
        name = width - 2 - 6 - word - days - 6 - room - 9 - 8 - 2
        weight = "" if row.closed else "strong"
        return [
            (f"{sign} ", style),
            (fit(str(row.id), 5, right=True) + " ", "muted"),
            (fit(_name(row, name - 1), name), weight),
            (fit(status_word(row.status), word - 1) + " " if word else "", style),
            (fit(stay(row, today, days - 1) or "–", days - 1) + " ", "" if not row.closed else "muted"),
            (fit(party(row.adults, row.children) or "–", 5) + " ", "" if not row.closed else "muted"),
            (fit(row.handler or "–", room - 1) + " " if room else "", "muted"),
            *_plan(row, today),
            self._waits(row),
        ]

    def _waits(self, row: InquiryRow) -> Part:
        since = row.waiting_since
        if since is None:
            return (" " * 9, "")
        shell = self._shell
        words = "? " + age(since, shell.clock.now(), shell.zone, shell.settings.spell_days)
        return (fit(words, 9, right=True) + " ", "accent")


def _name(row: InquiryRow, width: int) -> str:
    sign = " ⌂" if row.scope else ""
    return cut(row.title or _("(no guest)"), width - cell_len(sign)) + sign


def _plan(row: InquiryRow, today: date) -> list[Part]:
    parts = plan_parts(row.planned_end, today, closed=row.closed)
    text, style = parts[0] if parts else ("–", "muted")
    return [(fit(text, 8, right=True), style)]


class InquirySource:
    """A list of inquiries as a record list reads it. Every method blocks: for threads."""

    def __init__(self, ctx: Context, query: InquiryQuery) -> None:
        self._ctx, self.query = ctx, query

    def count(self) -> int:
        """How many there are."""
        from crm_tui import desk

        return desk.inquiries.total(self._ctx, self.query)

    def after(self, row: InquiryRow | None, limit: int) -> Sequence[InquiryRow]:
        """The rows that follow."""
        from crm_tui import desk

        return desk.inquiries.page(self._ctx, self.query, after=row.cursor if row else None, limit=limit).rows

    def before(self, row: InquiryRow | None, limit: int) -> Sequence[InquiryRow]:
        """The rows before."""
        from crm_tui import desk

        if row is None:
            return desk.inquiries.page(self._ctx, self.query, last=True, limit=limit).rows
        return desk.inquiries.page(self._ctx, self.query, before=row.cursor, limit=limit).rows

    def at(self, index: int, limit: int) -> Sequence[InquiryRow]:
        """The rows from a position on."""
        from crm_tui import desk

        return desk.inquiries.page(self._ctx, self.query, at=index, limit=limit).rows

    def index_of(self, row: InquiryRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.inquiries.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> InquiryRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.inquiries.row_in_list(self._ctx, self.query, int(row_id))
