"""Bringing guests in from files: what would happen first, then row by row what can be used (SPEC §6).

Good rows land and bad ones do not. A batch of rows is one transaction, so that nothing is ever half there; running the same
file again changes nothing, and after a kill it goes on where it stopped. All batches of an import are one command of the
journal: ``z`` takes all of it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from crm_tui.base.errors import Cancelled
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.desk.client_base.guest_fields import home_region
from crm_tui.desk.client_files.guest_import_mappings import KIND, check_mapping, remember
from crm_tui.desk.client_files.guest_import_match import Changes, Standing, changes, find, keys, standing
from crm_tui.desk.client_files.guest_import_rows import RowReader
from crm_tui.desk.client_files.guest_import_store import Attributes, store, taken_back
from crm_tui.desk.client_files.guest_import_survey import ImportOptions, survey
from crm_tui.desk.client_files.guest_import_views import (
    ImportResult,
    Problem,
    Ready,
    RowOutcome,
    Status,
)
from crm_tui.desk.client_files.import_sources import open_table
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.undoing.undo_registry import Row as Step
from crm_tui.desk.undoing.undo_registry import special
from crm_tui.desk.undoing.undo_words import says
from crm_tui.files.tables import Table
from crm_tui.mail.text import display_text

BATCH = 2_000
ASSUMED = 5
"""Telephone numbers whose country was assumed that a result shows."""
KEPT = 200
"""Problems and rows of a result that are kept for showing; all of them go to the callbacks."""

OnProblem = Callable[[Problem, Sequence[str]], None]
"""Told of every problem, with the cells of its row."""


def run(
    ctx: Context,
    path: Path,
    options: ImportOptions | None = None,
    *,
    dry_run: bool = False,
    total: int | None = None,
    progress: Progress | None = None,
    cancel: CancelEvent | None = None,
    on_problem: OnProblem = lambda _problem, _cells: None,
    on_row: Callable[[RowOutcome], None] = lambda _row: None,
) -> ImportResult:
    """Import a file, or tell what that would do.

    Args:
        options: mapping and orders are those of a :func:`survey`; without them the file is surveyed first.
        total: rows, if known; for the progress.
        on_problem: told of every row that does not land.
        on_row: told of every row that is right.

    Returns:
        What happened. When it was cancelled, what is counted landed and the rest was not touched.

    Raises:
        FileFault: the file cannot be read, from a row on that the message names; what was counted before landed.
        InvalidInput: the mapping makes no sense; ``field`` is ``map``.
        Forbidden: the desk was opened to read only.
    """
    options = options or ImportOptions()
    if options.mapping is None or not options.orders:
        found = survey(ctx, path, options, progress=progress, cancel=cancel)
        orders = {**found.orders, **options.orders}
        options = replace(options, mapping=options.mapping or found.mapping, orders=orders)
        total = found.rows
    with open_table(path, encoding=options.encoding, delimiter=options.delimiter) as table:
        check_mapping(table.head, options.mapping or {})
        work = _Work(ctx, display_text(path.name), table, options, dry_run, on_problem, on_row)
        shown = progress or NullProgress()
        shown.step(_("Checking the rows") if dry_run else _("Importing guests"), total)
        try:
            work.go(shown, cancel or CancelEvent())
        finally:
            shown.done()
        return work.result


class _Work:
    """One import under way."""

    def __init__(
        self,
        ctx: Context,
        name: str,
        table: Table,
        options: ImportOptions,
        dry: bool,
        on_problem: OnProblem,
        on_row: Callable[[RowOutcome], None],
    ) -> None:
        self.ctx = ctx
        self.name = name
        self.table = table
        self.options = options
        self.result = ImportResult(dry)
        self.command = uuid.uuid4().hex
        self.on_problem = on_problem
        self.on_row = on_row
        self._seen: dict[tuple[str, str], int] = {}
        self._references: dict[str, tuple[int, int]] = {}
        self._begun = False
        with ctx.store.connect() as connection:
            self.attributes = Attributes(connection, ctx.actor.role == "admin")
            self.reader = RowReader(
                table.head,
                options.mapping or {},
                options.orders,
                today=ctx.clock.now().astimezone(zone(connection)).date(),
                region=home_region(connection),
                known=self.attributes.known.keys(),
            )

    def go(self, shown: Progress, stop: CancelEvent) -> None:
        """Batch after batch until the end, or until it is stopped."""
        try:
            for batch in self._batches():
                stop.check()
                self._batch(batch)
                shown.count(self.result.done)
        except Cancelled:
            self.result.cancelled = True
        if self._begun:
            self._note_end()

    def _batches(self) -> Iterator[list[Ready]]:
        """Rows that are right; two of the same guest never meet in one batch."""
        batch: list[Ready] = []
        known: set[tuple[str, str]] = set()
        bad = 0
        for row in self.table.rows:
            read = self._told_once(self.reader.read(row))
            if isinstance(read, list):
                self._bad(read, row.cells)
                bad += 1
            else:
                names = keys(read)
                if names & known:
                    yield batch
                    batch, known, bad = [], set(), 0
                batch.append(read)
                known |= names
            if len(batch) + bad >= BATCH:
                yield batch
                batch, known, bad = [], set(), 0
        yield batch

    def _told_once(self, read: Ready | list[Problem]) -> Ready | list[Problem]:
        """The row, unless an earlier one of the file says of somebody else that they have its reference."""
        if isinstance(read, list):
            return read
        self.result.notes["assumed"] += len(read.assumed)
        self.result.assumed += read.assumed[: max(0, ASSUMED - len(self.result.assumed))]
        if not read.reference:
            return read
        row, name = self._references.setdefault(read.reference, (read.row, hash(read.folded)))
        if name == hash(read.folded):
            return read
        text = _("Row {row} has the same reference and is somebody else.").format(row=row)
        return [self.reader.problem(read.row, self.reader.place("reference"), read.reference, text)]

    def _bad(self, problems: Sequence[Problem], cells: Sequence[str]) -> None:
        self.result.counts[Status.BAD] += 1
        self.result.counts["problems"] += len(problems)
        for problem in problems:
            if len(self.result.problems) < KEPT:
                self.result.problems.append(problem)
            self.on_problem(problem, cells)

    def _batch(self, rows: Sequence[Ready]) -> None:
        if not rows:
            return
        with self._connection() as (connection, tx):
            found = find(connection, rows, self.options.match)
            now = standing(connection, found)
            outcomes = self._sorted(connection, tx, rows, found, now)
        for outcome in outcomes:
            self.result.counts[outcome.status] += 1
            if outcome.status is not Status.SAME and len(self.result.rows) < KEPT:
                self.result.rows.append(outcome)
            self.on_row(outcome)

    @contextmanager
    def _connection(self) -> Iterator[tuple[Connection, Transaction | None]]:
        """What a batch reads from, and writes in unless nothing is to be stored."""
        if self.result.dry:
            with self.ctx.store.connect() as connection:
                yield connection, None
            return
        # Not waiting for the disk: the file is there to be imported again, and the last batch waits for all.
        with self.ctx.write(durable=False) as tx:
            tx.command = self.command
            if not self.result.command:
                remember(tx, self.table.head, self.options.mapping or {})
            yield tx.connection, tx
        self.result.command = self.command

    def _sorted(
        self,
        connection: Connection,
        tx: Transaction | None,
        rows: Sequence[Ready],
        found: Sequence[int],
        now: Mapping[int, Standing],
    ) -> list[RowOutcome]:
        """What becomes of each row; stored, if there is a transaction."""
        outcomes: list[RowOutcome] = []
        new: list[tuple[Ready, list[int]]] = []
        changed: list[tuple[Standing, Changes]] = []
        places: list[int] = []
        archived = {at for at in found if at and now[at].row["archived_at"] is not None}
        back = taken_back(connection, archived)
        for row, number in zip(rows, found, strict=True):
            tags, unknown = self.attributes.numbers(tx, row.tags, self._begin)
            self.result.unknown.update(unknown)
            self.result.notes["companies"] += bool(row.company)
            name = f"{row.values.get('given', '')} {row.values['surname']}".strip()
            if not number:
                status = self._again(row)
                if status is Status.NEW:
                    places.append(len(outcomes))
                    new.append((row, tags))
                outcomes.append(RowOutcome(row.row, status, 0, name))
                continue
            change = changes(row, now[number], tags)
            if number in back:
                change.columns["archived_at"] = None
            elif number in archived:
                self.result.notes["archived"] += 1
            if change:
                changed.append((now[number], change))
            status = Status.CHANGED if change else Status.SAME
            outcomes.append(RowOutcome(row.row, status, number, name, change.fields))
        if tx is not None and (new or changed):
            self._begin(tx)
            for at, made in zip(places, store(tx, new, changed), strict=True):
                outcomes[at] = outcomes[at]._replace(guest=made)
        return outcomes

    def _begin(self, tx: Transaction) -> None:
        """The first change of an import is preceded by its name, so that undo speaks of it."""
        if not self._begun:
            tx.journal("import", 0, "import", None, {"file": self.name, "kind": KIND}, undoable=True)
        self._begun = True

    def _again(self, row: Ready) -> Status:
        """Of a row that finds no guest: whether an earlier one of the same file would have made that guest."""
        if not self.result.dry:
            return Status.NEW
        said = hash((tuple(sorted(row.values.items(), key=lambda item: item[0])), str(row.emails), str(row.phones)))
        before = next((self._seen[key] for key in keys(row) if key in self._seen), None)
        self._seen |= dict.fromkeys(keys(row), said)
        return Status.NEW if before is None else Status.SAME if before == said else Status.CHANGED

    def _note_end(self) -> None:
        counts = {str(status): self.result.counts[status] for status in Status}
        with self.ctx.write() as tx:
            tx.command = self.command
            tx.journal("import", 0, "imported", None, {"file": self.name, "kind": KIND, **counts})


def _nothing(_tx: Transaction, _row: Step) -> None:
    """The row that begins an import changes nothing itself."""


special("import", "import", _nothing)
says(
    "import",
    "import",
    would=lambda facts: _("The import of {file}.").format(file=facts.after.get("file", "")),
    did=lambda facts: _("The import of {file} is taken back: new guests are archived, others as they were.").format(
        file=facts.after.get("file", "")
    ),
)
