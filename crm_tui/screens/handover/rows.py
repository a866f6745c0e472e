"""How the lines of a handover look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.shifts.handover_views import KINDS, HandoverView, LineView, Sheet
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

TAKEN, WAITING = "✔", "○"
_KIND = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page; of what would be on one without a number of its own.

    Attributes:
        id: of the line; below 0: it is on no page yet.
        opens: it is the first of its kind.
    """

    id: int
    kind: str
    text: str
    opens: bool
    line: LineView | None = None


def rows_of(page: HandoverView | Sheet) -> list[Row]:
    """The lines of a page, or of what would be on one."""
    if isinstance(page, HandoverView):
        return [
            Row(one.id, one.kind, one.text, not place or page.lines[place - 1].kind != one.kind, one)
            for place, one in enumerate(page.lines)
        ]
    ordered = sorted(page.items, key=lambda one: list(KINDS).index(one.kind))
    return [
        Row(-place - 1, one.kind, one.text, not place or ordered[place - 1].kind != one.kind)
        for place, one in enumerate(ordered)
    ]


class HandoverLineView:
    """Draws the lines: what kind once, whether it was taken over, the text, and what became of it.

    Args:
        shell: tells time and zone.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def empty(self) -> Sequence[Part]:
        """Nothing is open."""
        return [
            (_("Nothing is open: no answer waits, nobody is to be called, nothing is due."), "muted"),
            (_("+ hands over all the same, with a note of your own."), "muted"),
        ]

    def parts(self, row: Row, width: int) -> list[Part]:
        """Kind, sign, text; at the right end who took it over, or how it was settled meanwhile."""
        line = row.line
        kind_width = _KIND if width < 110 else 26
        taken = line is not None and line.acknowledged_at is not None
        beside = self._beside(line) if line is not None else ""
        beside = cut(beside, max(0, width // 3))
        room = width - kind_width - 4 - (cell_len(beside) + 2 if beside else 0)
        sign = ("   ", "") if line is None else (f" {TAKEN} ", "good") if taken else (f" {WAITING} ", "warn strong")
        settled = line is not None and bool(line.settled) and not taken
        return [
            (fit(_(KINDS[row.kind]) if row.opens else "", kind_width - 1) + " ", "title"),
            sign,
            (fit(row.text, room), "faint" if taken or settled else ""),
            ("  " + beside if beside else "", "muted" if taken else "good"),
            (" ", ""),
        ]

    def _beside(self, line: LineView) -> str:
        if line.acknowledged_at is not None:
            at = age(line.acknowledged_at, self._shell.clock.now(), self._shell.zone)
            who = line.acknowledged_by or _("nobody")
            return " · ".join(part for part in (line.note, who, at) if part)
        return _("{settled} meanwhile").format(settled=line.settled) if line.settled else ""


def signs() -> list[tuple[str, str]]:
    """The signs and what they mean, for the help."""
    return [(WAITING, _("nobody took it over yet")), (TAKEN, _("taken over"))]
