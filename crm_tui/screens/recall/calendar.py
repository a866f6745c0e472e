"""A month as a grid: how many ask for each night, in number, sign and colour, and the nights that are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.base.i18n import _
from crm_tui.rules import demand as rules
from crm_tui.rules.demand import Demand
from crm_tui.screens.recall.actions import CALENDAR
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part, Styled
from crm_tui.widgets.times import weekday

HEAT: tuple[Part, ...] = ((" ", ""), ("░", "muted"), ("▒", "accent"), ("▓", "warn strong"))
"""How the degrees of demand look, from none to the most of the month."""
WEEKS = 6
HIGH = 2 * WEEKS + 1
"""Lines from which on the weeks stand apart."""


class MonthGrid(Styled, Widget, can_focus=True):
    """A month with a cursor. The arrows move by days and weeks, space begins and ends a choice of nights."""

    BINDINGS = bindings(CALENDAR)
    DEFAULT_CSS = "MonthGrid { width: 1fr; height: 7; }"

    @dataclass
    class Moved(Message):
        """The cursor is on another day, or the choice changed."""

        grid: MonthGrid

    @dataclass
    class Taken(Message):
        """Enter: the choice stands."""

        grid: MonthGrid

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.day = self.today = date(2000, 1, 1)
        self._anchor: date | None = None
        self._chosen: tuple[date, date] | None = None
        self._demand: Mapping[date, Demand] = {}

    # What is shown

    def start(self, today: date) -> None:
        """Put the cursor on today."""
        self.day = self.today = today
        self.refresh()

    def show_demand(self, demand: Mapping[date, Demand]) -> None:
        """Show how many ask for each day."""
        self._demand = demand
        self.refresh()

    @property
    def span(self) -> tuple[date, date]:
        """The chosen nights, first and last; the cursor's night if none are."""
        if self._chosen is not None:
            return self._chosen
        start = self._anchor or self.day
        return min(start, self.day), max(start, self.day)

    @property
    def choosing(self) -> bool:
        """Whether nights are chosen, or are being chosen."""
        return self._anchor is not None or self._chosen is not None

    # Moving

    def action_left(self) -> None:
        """The day before."""
        self._step(-1)

    def action_right(self) -> None:
        """The next day."""
        self._step(1)

    def action_up(self) -> None:
        """The week before."""
        self._step(-7)

    def action_down(self) -> None:
        """The next week."""
        self._step(7)

    def action_earlier(self) -> None:
        """The month before; the same day, or its last."""
        with suppress(OverflowError, ValueError):
            self._to(_same_day(rules.previous_month(self.day), self.day.day))

    def action_later(self) -> None:
        """The next month; the same day, or its last."""
        with suppress(OverflowError, ValueError):
            self._to(_same_day(rules.next_month(self.day), self.day.day))

    def action_today(self) -> None:
        """Back to today."""
        self._to(self.today)

    def action_choose(self) -> None:
        """Begin to choose nights here, or end it here."""
        if self._anchor is None:
            self._anchor, self._chosen = self.day, None
        else:
            self._chosen, self._anchor = self.span, None
        self._moved()

    def action_take(self) -> None:
        """The nights under the cursor or those begun are the chosen ones."""
        self._chosen, self._anchor = self.span, None
        self._moved()
        self.post_message(self.Taken(self))

    def forget(self) -> bool:
        """Choose nothing; whether anything was chosen."""
        was, self._anchor, self._chosen = self.choosing, None, None
        if was:
            self._moved()
        return was

    def _step(self, days: int) -> None:
        with suppress(OverflowError):
            self._to(self.day + timedelta(days=days))

    def _to(self, day: date) -> None:
        if date(1900, 1, 1) <= day <= date(2200, 12, 31):
            self.day = day
            self._moved()

    def _moved(self) -> None:
        self.refresh()
        self.post_message(self.Moved(self))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on the day; a second one there begins or ends the choice."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < 1:
            return
        row, place = (offset.y - 1) // self._step_lines, offset.x // self._cell
        found = list(rules.weeks(self.day))
        day = found[row][place] if row < len(found) and place < 7 else None
        if day is not None:
            event.stop()
            self.action_choose() if day == self.day else self._to(day)

    # Drawing

    @property
    def _cell(self) -> int:
        return max(6, min(12, self.size.width // 7))

    @property
    def _step_lines(self) -> int:
        return 2 if self.size.height >= HIGH else 1

    def render_line(self, y: int) -> Strip:
        width, cell = self.size.width, self._cell
        if y == 0:
            parts: list[Part] = [(fit("  " + weekday(n), cell), "muted") for n in range(7)]
            return self._line(parts, width - 7 * cell)
        row, blank = divmod(y - 1, self._step_lines)
        found = list(rules.weeks(self.day))
        if blank or row >= len(found):
            return Strip.blank(width, self.look(""))
        most = max((one.fixed + one.flexible for one in self._demand.values()), default=0)
        parts = [part for day in found[row] for part in self._day(day, cell, most)]
        return self._line(parts, width - 7 * cell)

    def _line(self, parts: list[Part], rest: int) -> Strip:
        return self.strip([*parts, (" " * max(0, rest), "")])

    def _day(self, day: date | None, cell: int, most: int) -> list[Part]:
        if day is None:
            return [(" " * cell, "")]
        first, last = self.span
        inside = first <= day <= last and (self.choosing or day == self.day)
        ground = "cursor" if day == self.day and self.has_focus else "cursor-blurred" if inside else ""
        ends = ("[" if day == first else " ", "]" if day == last else " ") if inside else (" ", " ")
        one = self._demand.get(day, Demand())
        sign, look = HEAT[rules.level(one.fixed + one.flexible, most)]
        number = (str(one.fixed) if one.fixed else "") + (f"+{one.flexible}" if one.flexible else "")
        booked = f" ▪{one.booked}" if one.booked else ""
        room = cell - 6
        name = "key" if day == self.today else "strong" if day >= self.today else "muted"
        told = number + booked if len(number + booked) <= room else number
        parts = [
            (ends[0], "key"),
            (f"{day.day:>2}", name),
            (" " + sign, look),
            (fit(told, room), look),
            (ends[1], "key"),
        ]
        return [(text, f"{ground} {style}".strip()) for text, style in parts]

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        self.refresh()


def _same_day(first: date, number: int) -> date:
    return min(rules.month(first.year, first.month)[1], first + timedelta(days=number - 1))


def legend() -> list[tuple[str, str]]:
    """What the signs of the calendar mean, for the help."""
    return [
        ("░▒▓", _("how much is asked for, the most of the month last")),
        ("3+2", _("inquiries for that night: with fixed dates, and flexible ones")),
        ("▪1", _("booked")),
        ("[ ]", _("the free nights that are chosen")),
    ]
