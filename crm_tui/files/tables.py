"""Tables in files: reading CSV in whatever dialect and encoding it comes, writing it safely (QUALITY S12).

Reading streams: memory stays bounded by :class:`~crm_tui.files.limits.Limits`, whatever the file. What is wrong with a
row is told in the row; only what makes the file useless is raised.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO

from crm_tui.base.i18n import _
from crm_tui.files import dialects, encodings
from crm_tui.files.dialects import Dialect
from crm_tui.files.encodings import Encoding
from crm_tui.files.limits import USUAL, CellFault, FileFault, Limits
from crm_tui.files.lines import lines, too_big
from crm_tui.files.records import SHOWN, Row, records

__all__ = ["CellFault", "Dialect", "FileFault", "Limits", "Row", "Table", "guarded", "read_rows", "write_csv"]

_SAMPLE = 4 * 1024 * 1024
_SAMPLE_LINES = 200
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_GUARDED = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


@dataclass
class Table:
    """A table that is being read; close it, or use it in ``with``.

    Attributes:
        head: the names of the columns as they stand there, each only once (``Phone``, ``Phone (2)``); a column without a
            name is called by its number. Not display-safe.
        head_row: the number of the record that holds them.
        rows: the rows after it, once. Numbers count as a spreadsheet does; every good one has as many cells as the head.
        dialect, encoding: how it is read.
        others: encodings of rows that are not in that of the file, and how many rows so far.
    """

    head: list[str]
    head_row: int
    rows: Iterator[Row]
    dialect: Dialect
    encoding: Encoding
    stream: BinaryIO
    others: dict[str, int] = field(default_factory=dict)
    owned: bool = True

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self.owned:
            self.stream.close()


def read_rows(
    source: Path | BinaryIO, *, encoding: str = "", delimiter: str = "", quote: str = "", limits: Limits = USUAL
) -> Table:
    """Begin to read a table: CSV with commas, semicolons, tabs or bars, in any usual encoding.

    Args:
        encoding, delimiter, quote: as a person says; empty: they are found out.

    Raises:
        FileFault: there is no table in it: empty, too big, no text, or a head that cannot be read. Reading the rows may
            raise it too, when the limits of size or rows are reached.
        OSError: it cannot be opened.
    """
    owned = isinstance(source, Path)
    if isinstance(source, Path):
        if source.is_file() and source.stat().st_size > limits.octets:
            raise too_big(limits)
        stream: BinaryIO = source.open("rb")
    else:
        stream = source
    try:
        return _table(stream, encoding, delimiter, quote, limits, owned)
    except BaseException:
        if owned:
            stream.close()
        raise


def _table(stream: BinaryIO, label: str, delimiter: str, quote: str, limits: Limits, owned: bool) -> Table:
    sample = _read_sample(stream)
    encoding = (
        encodings.with_mark(encodings.named(label), sample)
        if label
        else encodings.detect(sample, whole=len(sample) < _SAMPLE)
    )
    found = lines(stream, sample, encoding, limits)
    first = list(islice(found, _SAMPLE_LINES))
    dialect = _dialect([line.text for line in first], delimiter, quote)
    skipped = 1 if first and dialects.declared(first[0].text) else 0
    rows = records(chain(first[skipped:], found), dialect, limits, line=1 + skipped, number=1 + skipped)
    head = next(rows, None)
    if head is None:
        raise FileFault(_("The file is empty."), _("Its first row has to name the columns."))
    _check_head(head, sample, dialect, limits)
    table = Table(_names(head.cells), head.number, iter(()), dialect, encoding, stream, owned=owned)
    table.rows = _even(rows, table, limits)
    return table


def _read_sample(stream: BinaryIO) -> bytes:
    """The beginning, though a pipe gives it in pieces."""
    pieces: list[bytes] = []
    size = 0
    while size < _SAMPLE and (piece := stream.read(_SAMPLE - size)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _dialect(shown: Sequence[str], delimiter: str, quote: str) -> Dialect:
    for one in (delimiter, quote):
        if len(one) > 1 or one in ("\r", "\n", "\0", " "):
            raise FileFault(_("A delimiter is one character, like ; or a tab."), field="delimiter")
    found = dialects.detect(shown)
    if not delimiter and not quote:
        return found
    return Dialect(delimiter or found.delimiter, quote or found.quote, found.declared)


_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"\x1f\x8b", b"SQLite format 3")


def _check_head(head: Row, sample: bytes, dialect: Dialect, limits: Limits) -> None:
    controls = any(char < " " and char not in "\t\n\r" for cell in head.cells for char in cell)
    if controls or sample.startswith(_BINARY):
        raise FileFault(_("This is no file of text."), _("Save the table as CSV first."))
    if head.fault is not None:
        where = _("Row {row}, column {column}").format(row=head.number, column=head.fault.column)
        message = f"{where}: {head.fault.message}"
        if head.fault.column > limits.columns or (not head.fault.column and dialect.delimiter in head.fault.value):
            text = _("Row {row}: there are too many columns (at most {n}).")
            message = text.format(row=head.number, n=limits.columns)
        elif not head.fault.column:
            message = _("Row {row}: {message}").format(row=head.number, message=head.fault.message)
        raise FileFault(message, _("Without the names of the columns nothing can be read."))


def _names(cells: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(_without_empty_tail(cells), 1):
        plain = " ".join(cell.split()) or _("Column {n}").format(n=number)
        name, again = plain[:200], 1
        while name in taken:
            again += 1
            name = f"{plain[:200]} ({again})"
        taken.add(name)
        names.append(name)
    return names


def _without_empty_tail(cells: Sequence[str]) -> list[str]:
    kept = list(cells)
    while len(kept) > 1 and not kept[-1].strip():
        kept.pop()
    return kept


def _even(rows: Iterator[Row], table: Table, limits: Limits) -> Iterator[Row]:
    """The rows with as many cells as the head; those that have not are faulty."""
    width = len(table.head)
    for count, row in enumerate(rows, 1):
        if count > limits.rows:
            raise FileFault(
                _("The file has more than {n} rows.").format(n=limits.rows),
                _("Split it and import the parts one after the other."),
            )
        if row.other:
            table.others[row.other] = table.others.get(row.other, 0) + 1
        cells, fault = row.cells, row.fault
        if len(cells) != width and fault is None:
            cells, fault = _fitted(cells, width)
        if "'" in "".join(cells):
            cells = [unguarded(cell) for cell in cells]
        yield row if cells is row.cells and fault is row.fault else row._replace(cells=cells, fault=fault)


def _fitted(cells: list[str], width: int) -> tuple[list[str], CellFault | None]:
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return cells[:width], None
    message = _("The row has {cells} cells and the head {width}; a delimiter is missing or one too many.").format(
        cells=len(cells), width=width
    )
    column = min(len(cells), width) + (len(cells) > width)
    return cells, CellFault(column, cells[column - 1][:SHOWN], message)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before ``= + - @``, tab and line break (S12).

    What begins with apostrophes and one of those gets one more, so that :func:`unguarded` gives back any text.
    """
    return f"'{cell}" if _GUARDED.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text that :func:`guarded` made safe."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def write_csv(
    stream: TextIO,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    numbers: Collection[int] = (),
) -> int:
    """Write a table as CSV (RFC 4180, CR LF), formula-safe; returns how many rows.

    Args:
        stream: opened as UTF-8 with ``newline=""``.
        rows: display-safe texts.
        numbers: the columns that hold numbers which were worked out here: one below 0 stays a number. What is no number
            is guarded there too.
    """
    # The names are quoted, so that a reader cannot take apostrophes for the quotes.
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow([guarded(name) for name in head])
    writer = csv.writer(stream, delimiter=delimiter)
    count = 0
    for row in rows:
        writer.writerow(
            [cell if place in numbers and _NUMBER.fullmatch(cell) else guarded(cell) for place, cell in enumerate(row)]
        )
        count += 1
    return count
