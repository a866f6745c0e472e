"""All figures of one row of the table, with their names: what the table has no columns for as well (SPEC §10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.base.i18n import _
from crm_tui.screens.tickets.figures import clocked, lasted, share
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part, Styled

if TYPE_CHECKING:
    from crm_tui.desk.working.metrics_views import AgentFigures

COUNT, DURATION = 6, 8
"""Cells of a number, and of a length of time; a column is never narrower, so that it stays where it is from row to row."""
APART = (2, 8)
"""Blanks between two blocks, at the least and at the most."""
ROOMY = 100
"""From so many cells there are more blanks between the columns."""


class Block(NamedTuple):
    """Figures that stand together.

    Attributes:
        rows: name and values of each.
        least: cells of the columns of values, if their titles are not wider.
        titled: the first row says what the columns are.
    """

    rows: Sequence[tuple[str, ...]]
    least: tuple[int, ...]
    titled: bool = False

    def widths(self, blank: int) -> list[int]:
        """Cells of each column, so many blanks before it included; from row to row only what is too long moves them."""
        name = max(cell_len(row[0]) for row in self.rows)
        values = [max(cell_len(row[at]) for row in self.rows) for at in range(1, len(self.least) + 1)]
        return [name, *(blank + max(pair) for pair in zip(self.least, values, strict=True))]

    def parts(self, number: int, widths: Sequence[int]) -> list[Part]:
        """One of its rows; blanks below the last."""
        row = self.rows[number] if number < len(self.rows) else ("",) * len(widths)
        style = "muted" if self.titled and number == 0 else ""
        return [
            (fit(row[0], widths[0]), "muted"),
            *((fit(cell, width, right=True), style) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]


Sized = tuple[Block, list[int]]
"""A block and the cells of its columns."""


def blocks(one: AgentFigures) -> tuple[Block, ...]:
    """Response times, what came and went, work and conversion: every figure of SPEC §10."""
    times = (
        (_("response"), _("answers"), _("by clock"), _("in hours")),
        _time(_("all"), one.responses, one.average_response, one.average_response_working),
        _time(_("before booking"), one.before_responses, one.average_before, one.average_before_working),
        _time(_("after booking"), one.after_responses, one.average_after, one.average_after_working),
        _time(_("first answer"), one.first_responses, one.average_first_response, one.average_first_response_working),
    )
    counts = (
        (_("received"), str(one.received)),
        (_("opened"), str(one.opened)),
        (_("done"), str(one.done)),
        (_("queue"), str(one.queue)),
        (_("pending"), str(one.pending)),
    )
    work = (
        (_("worked"), clocked(one.working_seconds)),
        (_("paused"), clocked(one.invisible_seconds)),
        (_("inquiries"), str(one.eligible_inquiries)),
        (_("booked"), str(one.converted)),
        (_("conversion"), share(one.conversion)),
    )
    return Block(times, (COUNT, DURATION, DURATION), titled=True), Block(counts, (COUNT,)), Block(work, (COUNT,))


def _time(name: str, many: int, clock: float | None, hours: float | None) -> tuple[str, ...]:
    return name, str(many), lasted(clock), lasted(hours)


def lines(one: AgentFigures, width: int) -> list[list[Part]]:
    """The blocks side by side as far as there is room, the others below."""
    found: list[list[Part]] = []
    blank = 1 if width < ROOMY else 3
    for row in _placed([(block, block.widths(blank)) for block in blocks(one)], width):
        used = 1 + sum(sum(widths) for _block, widths in row)
        apart = max(APART[0], min(APART[1], (width - 1 - used) // max(1, len(row) - 1)))
        if found:
            found.append([])
        for number in range(max(len(block.rows) for block, _widths in row)):
            line: list[Part] = [(" ", "")]
            for at, (block, widths) in enumerate(row):
                line += [(" " * apart, "")] * bool(at) + block.parts(number, widths)
            found.append(line)
    return found


def _placed(every: Sequence[Sized], width: int) -> list[list[Sized]]:
    """Which blocks stand side by side."""
    rows: list[list[Sized]] = [[]]
    used = 0
    for block, widths in every:
        room = sum(widths) + APART[0]
        if rows[-1] and used + room > width:
            rows.append([])
            used = 0
        rows[-1].append((block, widths))
        used += room
    return rows


class FiguresDetail(Styled, Widget):
    """Shows all figures of a row."""

    DEFAULT_CSS = "FiguresDetail { height: auto; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._figures: AgentFigures | None = None
        self._lines: list[list[Part]] = []

    def show(self, figures: AgentFigures | None, width: int) -> None:
        """Show these, in so many cells; None: nothing."""
        found = lines(figures, width) if figures is not None and width > 0 else []
        if found != self._lines:
            taller = len(found) != len(self._lines)
            self._lines = found
            if taller:
                self.styles.height = max(1, len(found))
            self.refresh()

    @property
    def height(self) -> int:
        """Lines that it takes."""
        return len(self._lines)

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return "\n".join("".join(text for text, _style in line) for line in self._lines)

    def render_line(self, y: int) -> Strip:
        parts: Sequence[Part] = self._lines[y] if y < len(self._lines) else ()
        return self.strip(parts).adjust_cell_length(self.size.width, self.look(""))
