"""What a file of guests holds before anything of it is stored: its columns, what they may be, its rows (SPEC §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.desk.client_files.guest_import_mappings import key_of, remembered
from crm_tui.desk.client_files.guest_import_views import ColumnView, Match, Survey
from crm_tui.desk.client_files.import_sources import format_of, open_table
from crm_tui.desk.common.context import Context
from crm_tui.files.tables import Row, Table
from crm_tui.mail.text import display_text
from crm_tui.rules.import_columns import guess
from crm_tui.rules.import_dates import Order, Ordering

_SAMPLES = 3
_SAMPLED = 2_000
_TELL = 500


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read.

    Attributes:
        encoding, delimiter: as a person says; empty: they are found out.
        mapping: column to field; what is not named is left out. None: as remembered, else guessed.
        orders: column to the order of its days, as the survey found it.
        match: how rows without a reference find their guest.
    """

    encoding: str = ""
    delimiter: str = ""
    mapping: Mapping[str, str] | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    match: Match = Match.MAIL


def survey(
    ctx: Context,
    path: Path,
    options: ImportOptions | None = None,
    *,
    progress: Progress | None = None,
    cancel: CancelEvent | None = None,
) -> Survey:
    """Read a file once: its columns with samples, which fields they may be, how many rows; nothing is stored.

    Raises:
        FileFault: it cannot be read, or there is no table in it.
        Cancelled: it was stopped.
    """
    options = options or ImportOptions()
    shown, stop = progress or NullProgress(), cancel or CancelEvent()
    shown.step(_("Reading the file"))
    kind = format_of(path)
    try:
        with open_table(path, encoding=options.encoding, delimiter=options.delimiter, format_name=kind) as table:
            seen = _Seen(len(table.head))
            for row in _checking(table.rows, stop, shown):
                seen.see(row)
            return _survey(ctx, path, kind, table, seen, options)
    finally:
        shown.done()


class _Seen:
    """What the rows of a file hold, column by column."""

    def __init__(self, width: int) -> None:
        self.rows = 0
        self.faulty = 0
        self.filled = [0] * width
        self.samples: list[dict[str, None]] = [{} for _column in range(width)]
        self.orders = [Ordering() for _column in range(width)]

    def see(self, row: Row) -> None:
        """Take a row into account."""
        self.rows += 1
        if row.fault is not None:
            self.faulty += 1
            return
        for at, cell in enumerate(row.cells):
            if not cell:
                continue
            text = cell.strip()
            self.filled[at] += 1
            if text[:1].isdigit():
                self.orders[at].see(text)
            if self.rows <= _SAMPLED and len(self.samples[at]) < _SAMPLES and text:
                self.samples[at][display_text(text[:80])] = None


def _checking(rows: Iterator[Row], stop: CancelEvent, shown: Progress) -> Iterator[Row]:
    for count, row in enumerate(rows, 1):
        if count % _TELL == 0:
            stop.check()
            shown.count(count)
        yield row


def _survey(ctx: Context, path: Path, kind: str, table: Table, seen: _Seen, options: ImportOptions) -> Survey:
    with ctx.store.connect() as connection:
        kept = remembered(connection, table.head)
    mapping = options.mapping if options.mapping is not None else kept or guess(table.head)
    found = tuple(
        ColumnView(
            display_text(name),
            mapping.get(name, ""),
            tuple(seen.samples[at]),
            seen.filled[at],
            options.orders.get(name, seen.orders[at].order),
            bool(kept) and options.mapping is None,
        )
        for at, name in enumerate(table.head)
    )
    csv = kind == "csv"
    return Survey(
        display_text(str(path)),
        kind,
        found,
        seen.rows,
        seen.faulty,
        table.dialect.delimiter if csv else "",
        table.encoding.name,
        dict(table.others),
        key_of(table.head),
    )
