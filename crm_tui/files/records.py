"""The records of a CSV: lines put together where a quoted cell spans several, bad ones told instead of raised."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from crm_tui.base.i18n import _
from crm_tui.files.dialects import Cells, Dialect, closes, split
from crm_tui.files.limits import CellFault, FileFault, Limits
from crm_tui.files.lines import Line

SHOWN = 60
"""Characters of a bad cell that are told."""


class Row(NamedTuple):
    """A record of a file.

    Attributes:
        number: as a spreadsheet counts: the head is 1 if it is the first record; blank ones count.
        line: the line of the file on which it begins, from 1.
        cells: the texts as they stand in the file (not display-safe); of a faulty row as far as they could be told apart.
        fault: why the row cannot be used; None if it can.
        other: the encoding of the row, if it is not that of the file.
    """

    number: int
    line: int
    cells: list[str]
    fault: CellFault | None = None
    other: str = ""


def records(
    found: Iterator[Line], dialect: Dialect, limits: Limits, *, line: int = 1, number: int = 1
) -> Iterator[Row]:
    """Every record, blank ones left out.

    Raises:
        FileFault: there are more blank ones than records may be.
    """
    reader = _Records(found, dialect, limits, line)
    blank = 0
    while True:
        row = reader.next(number)
        if row is None:
            return
        if row.fault is not None or any(map(str.strip, row.cells)):
            yield row
        else:
            blank += 1
            if blank > limits.rows:
                raise FileFault(
                    _("The file has more than {n} blank rows.").format(n=limits.rows),
                    _("Save it again without the blank rows."),
                )
        number += 1


class _Records:
    """Lines can be put back: a quote that is never closed spoils its own line only."""

    def __init__(self, found: Iterator[Line], dialect: Dialect, limits: Limits, line: int) -> None:
        self._found = found
        self._ahead: deque[Line] = deque()
        self._dialect = dialect
        self._limits = limits
        self._line = line

    def _take(self) -> Line | None:
        return self._ahead.popleft() if self._ahead else next(self._found, None)

    def next(self, number: int) -> Row | None:
        first = self._take()
        if first is None:
            return None
        at = self._line
        self._line += 1
        if not first.text:
            return Row(number, at, [])
        if first.fault == "long":
            message = _("The line is longer than {size} MB.").format(size=max(1, self._limits.line // (1024 * 1024)))
            return Row(number, at, [], CellFault(0, first.text[:SHOWN], message))
        found = split(first.text, self._dialect, self._limits.columns)
        lines, fault = [first], None
        if found.opened:
            found, lines, fault = self._go_on(first, found)
        usual = len(lines) == 1 and fault is None and not (first.fault or found.many or found.broken)
        if usual and len(first.text) <= self._limits.cell and "\0" not in first.text:
            return Row(number, at, found.cells, None, first.other)
        other = next((one.other for one in lines if one.other), "")
        fault = fault or self._fault(found, lines)
        return Row(number, at, found.cells, fault, other)

    def _go_on(self, first: Line, found: Cells) -> tuple[Cells, list[Line], CellFault | None]:
        """Take lines until the opened cell is closed; if it never is, give them back."""
        lines, start, opened = [first], found, found.opened
        while found.opened:
            taken = self._until_closed(lines, len(found.cells[-1]))
            lines = lines + taken
            text = "\n".join(line.text for line in lines) if taken else ""
            if taken and len(text) <= self._limits.line:
                found = split(text, self._dialect, self._limits.columns)
            # A cell that ends in the middle of another line's text was not meant to reach that far.
            if not text or len(text) > self._limits.line or found.broken == opened:
                self._ahead.extendleft(reversed(lines[1:]))
                message = _("A quote is opened and not closed where the cell ends.")
                apart = Cells(first.text.split(self._dialect.delimiter, self._limits.columns))
                return apart, [first], CellFault(opened, start.cells[-1][:SHOWN], message)
        self._line += len(lines) - 1
        return found, lines, None

    def _until_closed(self, before: list[Line], size: int) -> list[Line]:
        """The lines up to the one that closes the cell; none if that does not come."""
        taken: list[Line] = []
        while len(before) + len(taken) <= self._limits.lines and size <= self._limits.cell:
            line = self._take()
            if line is None:
                break
            taken.append(line)
            size += len(line.text) + 1
            if line.fault == "long":
                break
            if closes(line.text, self._dialect) >= 0:
                return taken
        self._ahead.extendleft(reversed(taken))
        return []

    def _fault(self, found: Cells, lines: list[Line]) -> CellFault | None:
        limits = self._limits
        if found.many:
            message = _("The row has more than {n} columns.").format(n=limits.columns)
            return CellFault(limits.columns + 1, "", message)
        if found.broken:
            message = _("Text follows a closed quote; a quote inside a cell is written twice.")
            return CellFault(found.broken, found.cells[found.broken - 1][:SHOWN], message)
        if len(lines[0].text) > limits.cell or len(lines) > 1:
            for column, cell in enumerate(found.cells, 1):
                if len(cell) > limits.cell:
                    message = _("The cell is longer than {n} characters.").format(n=limits.cell)
                    return CellFault(column, cell[:SHOWN], message)
        if any(line.fault or "\0" in line.text for line in lines):
            return _octets(found.cells)
        return None


def _octets(cells: list[str]) -> CellFault | None:
    for column, cell in enumerate(cells, 1):
        if "\0" in cell:
            return CellFault(column, cell[:SHOWN], _("The cell holds a NUL, which is no text."))
        if "\ufffd" in cell:
            return CellFault(column, cell[:SHOWN], _("The cell holds octets that are no letters in this encoding."))
    return None
