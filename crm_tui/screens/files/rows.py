"""How the columns of a file, and what becomes of its rows, look in lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.base.i18n import N_, _
from crm_tui.base.sizes import grouped
from crm_tui.desk.client_files.guest_import_views import (
    FIELD_WORDS,
    ColumnView,
    ImportResult,
    Problem,
    RowOutcome,
    Status,
)
from crm_tui.rules.import_dates import Order
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part

_DAYS = frozenset({"birth_date", "passport_expiry"})
_ORDERS = {
    Order.DAY_FIRST: N_("day first"),
    Order.MONTH_FIRST: N_("month first"),
    Order.UNSETTLED: N_("day or month first?"),
}
_STATUS = {Status.NEW: ("+", N_("new"), "good"), Status.CHANGED: ("~", N_("changed"), "accent")}


def field_words(field: str) -> str:
    """What a field is called."""
    return _(FIELD_WORDS[field]) if field in FIELD_WORDS else field


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column in the list; the number is its place."""

    id: int
    column: ColumnView
    rows: int = 0


class ColumnRows:
    """Draws columns: name, field, samples."""

    def __init__(self) -> None:
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: ColumnRow, width: int) -> list[Part]:
        """The pieces of a line."""
        one = row.column
        name_width = max(12, min(30, width * 30 // 100))
        field_width = max(16, min(34, width * 34 // 100))
        words = field_words(one.field)
        days = one.field in _DAYS or (one.field.startswith("consent_") and one.field.endswith("_day"))
        if days:
            words += f" ({_(_ORDERS[one.order])})"
        look = "faint" if not one.field else "warn" if days and one.order is Order.UNSETTLED else "accent"
        room = max(0, width - name_width - field_width - 3)
        samples = " │ ".join(one.samples) if one.filled else _("empty")
        return [
            (" " + fit(one.name, name_width - 1), "strong" if one.field else "muted"),
            (" → " if one.field else "   ", "faint"),
            (fit(words, field_width - 1) + " ", look),
            (fit(samples, room), "muted"),
        ]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A line of the result: a problem, or a row that is new or changes something."""

    id: int
    entry: Problem | RowOutcome


def result_rows(result: ImportResult | None) -> list[ResultRow]:
    """Problems first, then what is new or changes."""
    if result is None:
        return []
    entries: list[Problem | RowOutcome] = [*result.problems, *result.rows]
    return [ResultRow(number, one) for number, one in enumerate(entries, 1)]


class ResultRows:
    """Draws results: the row's number, what is wrong with it or what becomes of it."""

    def __init__(self) -> None:
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: ResultRow, width: int) -> list[Part]:
        """The pieces of a line."""
        one = row.entry
        number = f" {one.row:>6} "
        room = max(0, width - cell_len(number) - 2)
        if isinstance(one, Problem):
            place = f"{one.column}: " if one.column else ""
            value = f"  [{one.value}]" if one.value and one.value not in one.message else ""
            place = cut(place, room)
            return [
                (number, "muted"),
                ("! ", "warn"),
                (place, "strong"),
                (fit(one.message + value, room - cell_len(place)), ""),
            ]
        sign, word, look = _STATUS.get(one.status, ("=", N_("the same"), "muted"))
        what = _(word)
        if one.fields:
            what += ": " + ", ".join(field_words(name) for name in one.fields)
        name_width = min(30, room * 45 // 100)
        return [
            (number, "muted"),
            (f"{sign} ", look),
            (fit(one.name, name_width - 1) + " ", "strong"),
            (fit(what, max(0, room - name_width)), look),
        ]


def counted(result: ImportResult) -> str:
    """The numbers of a result."""
    words = (
        (Status.NEW, _("{n} new")),
        (Status.CHANGED, _("{n} changed")),
        (Status.SAME, _("{n} the same")),
        (Status.BAD, _("{n} wrong")),
    )
    return " · ".join(text.format(n=grouped(result.counts[status])) for status, text in words)
