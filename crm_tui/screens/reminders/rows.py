"""How reminders look in lists, and where the lists come from: the board, its days, the search, the start screen's panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.shifts.reminder_views import BUCKETS, BoardQuery, BoardRow
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.requests.inquiry_views import ReminderView
    from crm_tui.desk.shifts.reminder_views import ReminderQuery

SIGNS: dict[str, Part] = {"reminder": ("◷", "accent"), "inquiry": ("◇", "good")}
REPEATS, PROMISED, DONE = "↻", "“", "✓"
_ABOUT_FROM = 46
"""Cells of a row from which it says what it is about."""


class Heading(NamedTuple):
    """The line over a day of the board, where all of them stand in one list."""

    bucket: str
    many: int

    @property
    def id(self) -> str:
        """Unique in the list."""
        return f"heading {self.bucket}"


Row = BoardRow | Heading


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    return [
        (SIGNS["reminder"][0], _("a reminder")),
        (SIGNS["inquiry"][0], _("an inquiry, by its planned end")),
        ("! 12 Dec", _("overdue since that day")),
        (REPEATS, _("it comes back")),
        (PROMISED, _("promised to the guest")),
        (DONE, _("done")),
    ]


class ReminderRowView:
    """Draws the rows of reminders; adapts to the width.

    Args:
        today: the property's day.
        dated: every row says its day, not only what is overdue.
    """

    def __init__(self, today: Callable[[], date], *, dated: bool = False) -> None:
        self._today = today
        self._dated = dated
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: Row, width: int) -> list[Part]:
        """Sign, day if overdue, title, how it comes back, what it is about, who."""
        if isinstance(row, Heading):
            return heading(row.bucket, row.many, width)
        sign, style = (DONE, "good") if row.done else SIGNS[row.kind]
        when, late = self._when(row)
        who = 10 if width >= _ABOUT_FROM else 7
        room = width - 2 - len(when) - who
        words = _about(row) if width >= _ABOUT_FROM else ""
        about = max(14, room * 38 // 100) if words else 0
        weight = "muted" if row.done else "strong" if row.mine else ""
        return [
            (f"{sign} ", style),
            (when, "bad" if late else "muted"),
            *self._title(row, room - about, weight),
            (fit(words, about - 1) + " " if about else "", "muted"),
            (fit(row.who or "–", who - 1, right=True) + " ", "muted"),
        ]

    def _when(self, row: BoardRow) -> tuple[str, bool]:
        late = row.bucket == "overdue" and not row.done
        if not late and not self._dated:
            return "", False
        text = day(row.due, self._today())
        return fit(f"! {text}" if late else f"  {text}", 11 if self._dated else 9), late

    def _title(self, row: BoardRow, width: int, weight: str) -> list[Part]:
        marks = (f" {PROMISED}" if row.promised else "") + (f" {REPEATS}" if row.repeats else "")
        text = row.title or _("(no guest)")
        if row.kind == "inquiry":
            marks = f" · {row.detail}"
        title = cut(text, max(4, width - 1 - cell_len(marks)))
        return [(title, weight), (fit(marks, width - cell_len(title)), "muted")]


def heading(bucket: str, count: int, width: int) -> list[Part]:
    """The line over a day."""
    style = "bad" if bucket == "overdue" and count else "title"
    sign = "! " if bucket == "overdue" and count else ""
    text = f"{sign}{_(BUCKETS[bucket]).upper()}"
    rest = f" · {count}" if count else " · –"
    return [(text, style), (fit(rest, max(0, width - cell_len(text))), "muted")]


def _about(row: BoardRow) -> str:
    if row.kind == "inquiry":
        return _("inquiry {number}").format(number=row.number)
    names = [link.title or f"{link.kind} {link.id}" for link in row.links]
    # the reservation's name has its holder's, and an inquiry's is the guest's
    kinds = {link.kind for link in row.links}
    if "reservation" in kinds and "guest" in kinds:
        names = names[1:]
    elif "inquiry" in kinds and "guest" in kinds:
        names = names[:1]
    return " · ".join(dict.fromkeys(names))


class DayLists(RecordList[Row]):
    """All days of the board in one list: the cursor passes over the headings."""

    def move_to(self, index: int) -> None:
        """The next row that can be acted on, in the direction of the move."""
        step = 1 if index >= self.index else -1
        target = max(0, min(index, self.total - 1))
        while 0 <= target < self.total and isinstance(self.pages.get(target), Heading):
            target += step
        if not 0 <= target < self.total:
            return
        super().move_to(target)


class ReminderSource:
    """A board as a record list reads it; one day of it, or all without headings. Every method blocks: for threads."""

    def __init__(self, ctx: Context, query: BoardQuery) -> None:
        self._ctx, self.query = ctx, query

    def count(self) -> int:
        """How many rows there are."""
        from crm_tui import desk

        return desk.reminder_board.total(self._ctx, self.query)

    def after(self, row: BoardRow | None, limit: int) -> Sequence[BoardRow]:
        """The rows that follow."""
        from crm_tui import desk

        return desk.reminder_board.rows(self._ctx, self.query, after=row.cursor if row else None, limit=limit)

    def before(self, row: BoardRow | None, limit: int) -> Sequence[BoardRow]:
        """The rows before."""
        from crm_tui import desk

        if row is None:
            return desk.reminder_board.rows(self._ctx, self.query, last=True, limit=limit)
        return desk.reminder_board.rows(self._ctx, self.query, before=row.cursor, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[BoardRow]:
        """The rows from a position on."""
        from crm_tui import desk

        return desk.reminder_board.rows(self._ctx, self.query, at=index, limit=limit)

    def index_of(self, row: BoardRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.reminder_board.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> BoardRow | None:
        """The row as it is now, if it is still on the board."""
        from crm_tui import desk

        return desk.reminder_board.row_in_list(self._ctx, self.query, str(row_id))


class HeadedSource:
    """All days under each other, each with its heading, those without rows too."""

    def __init__(self, ctx: Context, query: BoardQuery) -> None:
        self._ctx, self._whole = ctx, query
        self._days = [ReminderSource(ctx, BoardQuery(query.whose, query.kind, bucket)) for bucket in BUCKETS]
        self._heads: list[Heading] = []

    def count(self) -> int:
        """The rows and the headings."""
        from crm_tui import desk

        counts = desk.reminder_board.counts(self._ctx, self._whole)
        self._heads = [Heading(bucket, counts[bucket]) for bucket in BUCKETS]
        return sum(counts.values()) + len(BUCKETS)

    def _headings(self) -> list[Heading]:
        if not self._heads:
            self.count()
        return self._heads

    def _place(self, row: Row) -> int:
        return list(BUCKETS).index(row.bucket)

    def after(self, row: Row | None, limit: int) -> Sequence[Row]:
        """The rows that follow."""
        heads, found = self._headings(), list[Row]()
        start = self._place(row) if row is not None else 0
        for place in range(start, len(heads)):
            inside = row is not None and place == start
            if not inside:
                found.append(heads[place])
            edge = row if inside and isinstance(row, BoardRow) else None
            if len(found) < limit:
                found += self._days[place].after(edge, limit - len(found))
            if len(found) >= limit:
                break
        return found[:limit]

    def before(self, row: Row | None, limit: int) -> Sequence[Row]:
        """The rows before."""
        heads, found = self._headings(), list[Row]()
        start = self._place(row) if row is not None else len(heads) - 1
        for place in range(start, -1, -1):
            if place != start or not isinstance(row, Heading):
                edge = row if place == start and isinstance(row, BoardRow) else None
                found = [heads[place], *self._days[place].before(edge, limit), *found]
            if len(found) >= limit:
                break
        return found[-limit:]

    def at(self, index: int, limit: int) -> Sequence[Row]:
        """The rows from a position on."""
        found, first = list[Row](), 0
        for place, head in enumerate(self._headings()):
            end = first + 1 + head.many
            if index < end and len(found) < limit:
                inside = max(0, index - first)
                if inside == 0:
                    found.append(head)
                if head.many:
                    found += self._days[place].at(max(0, inside - 1), limit - len(found))
            first = end
        return found[:limit]

    def index_of(self, row: Row) -> int:
        """How many rows and headings stand before it."""
        place = self._place(row)
        before = sum(head.many + 1 for head in self._headings()[:place])
        return before if isinstance(row, Heading) else before + 1 + self._days[place].index_of(row)

    def find(self, row_id: int | str) -> Row | None:
        """The row as it is now, if it is still on the board."""
        if str(row_id).startswith("heading "):
            bucket = str(row_id).removeprefix("heading ")
            return next((head for head in self._headings() if head.bucket == bucket), None)
        return next((found for day_list in self._days if (found := day_list.find(row_id)) is not None), None)


def found_row(one: ReminderView, me: int | None) -> BoardRow:
    """A reminder that a search found, as a row."""
    return BoardRow(
        id=f"r{one.id}",
        kind="reminder",
        number=one.id,
        title=one.title,
        due=one.due,
        bucket=one.bucket,
        who=one.assignee or one.department,
        links=one.links,
        cursor=(one.due.isoformat(), 0, one.id),
        mine=one.assignee_id == me,
        repeats=one.repeats,
        promised=one.promised,
        version=one.version,
        done=one.done_at is not None,
    )


class FoundSource:
    """What a search finds, as a record list reads it. Every method blocks: for threads."""

    def __init__(self, ctx: Context, query: ReminderQuery) -> None:
        self._ctx, self.query = ctx, query

    def count(self) -> int:
        """How many there are."""
        from crm_tui import desk

        return desk.reminder_search.total(self._ctx, self.query)

    def after(self, row: BoardRow | None, limit: int) -> Sequence[BoardRow]:
        """The rows that follow."""
        return self._page(after=_edge(row), limit=limit)

    def before(self, row: BoardRow | None, limit: int) -> Sequence[BoardRow]:
        """The rows before."""
        return self._page(before=_edge(row), last=row is None, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[BoardRow]:
        """The rows from a position on."""
        return self._page(at=index, limit=limit)

    def index_of(self, row: BoardRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.reminder_search.position(self._ctx, self.query, (row.due, row.number))

    def find(self, row_id: int | str) -> BoardRow | None:
        """The row as it is now, if it is still found."""
        from crm_tui import desk

        found = desk.reminder_search.find(self._ctx, self.query, int(str(row_id)[1:]))
        return found_row(found, self._ctx.actor.id) if found is not None else None

    def _page(self, **where: object) -> Sequence[BoardRow]:
        from crm_tui import desk

        rows = desk.reminder_search.page(self._ctx, self.query, **where)  # type: ignore[arg-type]
        return [found_row(one, self._ctx.actor.id) for one in rows]


def _edge(row: BoardRow | None) -> tuple[date, int] | None:
    return (row.due, row.number) if row is not None else None
