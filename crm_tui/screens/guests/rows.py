"""How a guest looks in a list, and where the list comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_views import GuestListRow
from crm_tui.widgets.cells import fit
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_lists import GuestQuery
    from crm_tui.desk.common.context import Context
    from crm_tui.rules.guest_criteria import GuestCriteria
    from crm_tui.widgets.background import Background

KINDS: dict[str, Part] = {"person": ("◆", "good"), "company": ("▣", "accent")}
ATTRIBUTES_FROM = 68
"""Cells of a row from which it says the attributes, too; below, the first thing to reach somebody by is all."""

FIRST = 100
"""Rows that are read along with the number of all: they are asked for next."""


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    words = {"person": _("a person"), "company": _("a company")}
    return [*((KINDS[kind][0], word) for kind, word in words.items()), ("✓", _("marked")), ("▽", _("archived"))]


class GuestRowView:
    """Draws the rows of a list of guests; adapts to the width."""

    def __init__(self) -> None:
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: GuestListRow, width: int) -> list[Part]:
        """Sign, name, place, how to reach, attributes."""
        sign, style = ("▽", "muted") if row.archived else KINDS.get(row.kind, ("?", "warn"))
        room = width - 3
        name = max(20, room * 34 // 100)
        place = max(14, room * 18 // 100)
        rest = room - name - place
        both = rest >= 56
        phone = 19 if both else 0
        tags = max(14, (rest - phone) * 38 // 100) if width >= ATTRIBUTES_FROM else 0
        mail = rest - phone - tags
        reach = row.email if both else row.email or row.phone
        return [
            (f"{sign} ", style),
            (fit(row.listed_name, name - 1) + " ", "muted" if row.archived else "strong"),
            (fit(" ".join(part for part in (row.city, row.country) if part) or "–", place - 1) + " ", "muted"),
            (fit(row.phone or "–", phone - 1) + " " if both else "", ""),
            (fit(reach or "–", mail - 1) + " ", ""),
            (fit(", ".join(row.attributes), tags) if tags else "", "accent"),
            (" ", ""),
        ]


class GuestSource:
    """A list of guests as a record list reads it. Every method blocks: for threads.

    Its end is not read along with its beginning: while somebody types, nobody looks there.

    Args:
        typed: somebody types what is looked for: the first rows are shown before they are counted, see :attr:`counted`.
    """

    def __init__(self, ctx: Context, query: GuestQuery, *, typed: bool = False) -> None:
        self._ctx, self.query = ctx, query
        self._total: int | None = None
        self._first: Sequence[GuestListRow] | None = None
        self._typing = bool(query.criteria.text.strip())
        self._in_haste = typed and self._typing
        self.counted = True
        """Otherwise the list looks as long as its first rows, and :meth:`number` tells how long it is."""

    def count(self) -> int:
        """How many there are; the first of them are at hand then."""
        from crm_tui import desk

        haste, self._in_haste = self._in_haste, False
        if haste:
            self._first, self._total = desk.guest_lists.first(self._ctx, self.query, FIRST)
        else:
            page = desk.guest_lists.page(self._ctx, self.query, limit=FIRST)
            self._total, self._first = page.total, page.rows
        self.counted = self._total is not None
        return len(self._first) if self._total is None else self._total

    def number(self) -> int:
        """How many there are, counted now."""
        from crm_tui import desk

        self._total = desk.guest_lists.total(self._ctx, self.query, many=True)
        self.counted = True
        return self._total

    def after(self, row: GuestListRow | None, limit: int) -> Sequence[GuestListRow]:
        """The rows that follow."""
        first, self._first = self._first, None
        if row is None and first is not None and limit <= FIRST:
            return first[:limit]
        return self._page(after=row.cursor if row else None, limit=limit)

    def before(self, row: GuestListRow | None, limit: int) -> Sequence[GuestListRow]:
        """The rows before."""
        if row is None and self._typing:
            self._typing = False
            return ()
        return self._page(before=row.cursor, limit=limit) if row is not None else self._page(last=True, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[GuestListRow]:
        """The rows from a position on."""
        return self._page(at=index, limit=limit)

    def index_of(self, row: GuestListRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.guest_lists.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> GuestListRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.guest_lists.row_in_list(self._ctx, self.query, int(row_id))

    def _page(self, **where: object) -> Sequence[GuestListRow]:
        from crm_tui import desk

        return desk.guest_lists.page(self._ctx, self.query, known=self._total, **where).rows  # type: ignore[arg-type]


class GuestList(RecordList[GuestListRow]):
    """The list. Its marks are numbers: they hold while one searches on, and may be of guests whom no page has shown yet."""

    _found_by: GuestCriteria | None = None

    def __init__(self, view: GuestRowView, background: Background, *, id: str | None = None) -> None:
        super().__init__(view, background, id=id)
        self._numbers: dict[int, None] = {}

    @property
    def numbers(self) -> tuple[int, ...]:
        """The marked guests, in the order they were marked."""
        return tuple(self._numbers)

    @property
    def marked(self) -> list[GuestListRow]:
        """Those of the marked guests whose rows are at hand; a command acts on :attr:`numbers`."""
        places = (self.pages.place(one) for one in self._numbers)
        rows = (self.pages.get(place) for place in places if place is not None)
        return [row for row in rows if row is not None]

    @property
    def found_by(self) -> GuestCriteria | None:
        """What the marked guests were found by, where they are all whom it found when they were marked."""
        return self._found_by

    def _is_marked(self, row_id: int | str) -> bool:
        return row_id in self._numbers

    def action_mark(self) -> None:
        """Mark or unmark the cursor's row and go on."""
        row = self.current
        if row is None:
            return
        known = self._numbers.pop(row.id, row)
        if known is row:
            self._numbers[row.id] = None
        self._found_by = None
        self._paint(self.index)
        self.post_message(self.MarksChanged(self))
        self.move_to(self.index + 1)

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        self.unmark(self.numbers)

    def unmark(self, numbers: Iterable[int]) -> None:
        """Take the marks of some guests away."""
        before = len(self._numbers)
        for one in numbers:
            self._numbers.pop(one, None)
        if len(self._numbers) != before:
            self._found_by = None
            self.refresh()
            self.post_message(self.MarksChanged(self))

    def mark_all(self, numbers: Sequence[int], criteria: GuestCriteria) -> None:
        """Mark all whom the criteria find now, however many, beside those who are marked."""
        self._numbers |= dict.fromkeys(numbers)
        self._found_by = criteria if len(self._numbers) == len(numbers) else None
        self.refresh()
        self.post_message(self.MarksChanged(self))

    def mark_towards(self, by: int) -> None:
        """Mark the cursor's row, go one on, and mark that one too."""
        self._found_by = None
        for _step in range(2):
            if (row := self.current) is not None:
                self._numbers[row.id] = None
                self._paint(self.index)
            if _step == 0:
                self.move_to(self.index + by)
        self.post_message(self.MarksChanged(self))
