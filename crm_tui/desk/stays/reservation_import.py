"""Reservations from a booking system, row by row, idempotent by reference (SPEC §7, §15).

A row lands whole or not at all. One that says what it said when it was last imported changes nothing, so that what people
changed since at the desk stays; one that says something else sets what it names. Payments that a file told of before are
corrected or taken back, the desk's own never. Nothing of an import can be taken back by one key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Reservation
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.rehearsal import Rehearsal
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests import holders
from crm_tui.desk.requests.holders import RESERVATIONS
from crm_tui.desk.requests.inquiry_faults import InvalidFields, words
from crm_tui.desk.stays import reservation_parts, reservations
from crm_tui.desk.stays.reservation_batch_guests import Unclear
from crm_tui.desk.stays.reservation_batches import Batch
from crm_tui.desk.stays.reservation_changes import FieldChange, columns_changed, part_words
from crm_tui.desk.stays.reservation_matching import claims, company_of, guest_of, named_alone
from crm_tui.desk.watchlists import airports
from crm_tui.mail.text import display_text
from crm_tui.rules.departures import LocalTime, moment, read_local
from crm_tui.rules.money import Money
from crm_tui.rules.reservation_records import GuestRecord, ReservationRecord, read_record, unknown_names

_R = columns(Reservation)

CHUNK = 500
"""Rows that land in one transaction."""
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class SourceRow(NamedTuple):
    """A row of a file: its number as people count, and what it says; or why it cannot be read, and in which field.

    ``columns`` tells what the file calls a field, where that is not the field's own name.
    """

    number: int
    record: Mapping[str, Any] | None
    fault: str = ""
    field: str = ""
    columns: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row.

    Attributes:
        status: ``new``, ``changed``, ``same`` or ``error``.
        reservation: its number in the desk; in a dry run only that of one that is there already.
        errors: sentence by field.
        unknown: names in it that mean nothing here and were left out.
        changes: of one that was changed: what each field said and says.
    """

    number: int
    reference: str
    status: str
    reservation: int | None = None
    errors: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()


def import_rows(
    ctx: Context, rows: Iterable[SourceRow], *, dry_run: bool = False, done: Callable[[int], None] = lambda _rows: None
) -> Iterator[RowResult]:
    """Import rows; yields what became of each once it has landed.

    Args:
        dry_run: say what would become of them, and change nothing.
        done: told after each batch how many rows it held.

    Raises:
        Forbidden: the desk was opened to read only.
    """
    source = iter(rows)
    if dry_run:
        yield from _tried(ctx, source, done)
        return
    while chunk := list(islice(source, CHUNK)):
        with ctx.write() as tx:
            tx.for_good = True
            results = _Landing(tx, chunk).results()
        yield from results
        done(len(chunk))


def _tried(ctx: Context, source: Iterator[SourceRow], done: Callable[[int], None]) -> Iterator[RowResult]:
    """Rehearsed on connections that only read: nobody has to wait, and a desk that may not write can do it too."""
    seen: dict[str, str] = {}
    while chunk := list(islice(source, CHUNK)):
        with ctx.store.connect() as connection:
            tx = Rehearsal(connection, ctx.actor, ctx.clock.now())
            results = [
                _again(seen, row, result) for row, result in zip(chunk, _Landing(tx, chunk).results(), strict=True)
            ]
        yield from results
        done(len(chunk))


def _again(seen: dict[str, str], row: SourceRow, result: RowResult) -> RowResult:
    """What becomes of a row whose reservation an earlier row of the same file made or changed, which is not stored."""
    status = result.status
    if row.record is not None and status != "error":
        digest = _digest(row.record)
        before = seen.get(result.reference)
        if before is not None:
            status = "same" if before == digest else "changed"
        seen[result.reference] = digest
    known = result.reservation if result.reservation is not None and result.reservation > 0 else None
    return replace(result, status=status, reservation=known)


class _Read(NamedTuple):
    """A row that was read.

    Attributes:
        called: its reference or code, display-safe.
    """

    row: SourceRow
    called: str
    digest: str = ""
    record: ReservationRecord | None = None
    unknown: tuple[str, ...] = ()


class _Landing:
    """The rows of one transaction, in their order: what is beyond doubt and new lands together, the rest one by one."""

    def __init__(self, tx: Transaction, rows: Sequence[SourceRow]) -> None:
        self._tx = tx
        self._today = tx.now.astimezone(zone(tx.connection)).date()
        self._there = _rows_there(tx, rows)
        self._touched: set[str] = set()
        self._read = [self._reading(row) for row in rows]
        self._batch = Batch(tx, [one.record for one in self._read if one.record is not None and self._is_new(one)])

    def results(self) -> list[RowResult]:
        """What became of each row."""
        found = [self._result(one) for one in self._read]
        self._flush()
        made = self._batch.made
        return [
            replace(result, reservation=made[result.number]) if result.number in made else result for result in found
        ]

    def _reading(self, row: SourceRow) -> _Read:
        if row.record is None:
            return _Read(row, "")
        called = display_text(str(row.record.get("reference") or row.record.get("code") or ""))[:80]
        digest = _digest(row.record)
        names = unknown_names(row.record)
        unknown = tuple(dict.fromkeys(display_text(name) for name in names)) if names else ()
        there = self._standing(row.record)
        if there is not None and there.imported == digest and there.removed_at is None:
            return _Read(row, called, digest, None, unknown)
        return _Read(row, called, digest, self._record(row.record), unknown)

    def _record(self, given: Mapping[str, Any]) -> ReservationRecord:
        """A row as it is read; a flight cannot leave or arrive in an hour that its airport's clock skips."""
        found = read_record(given, self._today)
        for number, leg in enumerate(found.flights or ()):
            for name, text, code in (
                ("departs", leg.departs, leg.from_airport),
                ("arrives", leg.arrives, leg.to_airport),
            ):
                local, clock = read_local(text), airports.zone_of(code) if text else None
                if local is not None and clock is not None and moment(local, clock).clock is LocalTime.SKIPPED:
                    found.fault(f"flights[{number}].{name}", "skipped", text.replace("T", " "))
        return found

    def _standing(self, record: Mapping[str, Any]) -> Any:
        """The reservation of a row as it stood before the transaction."""
        reference, code = _key(record, "reference"), _key(record, "code")
        row = self._there.get(("reference", reference)) if reference else None
        if row is not None or not code:
            return row
        row = self._there.get(("code", code))
        return row if row is None or not reference or not row.reference else None

    def _is_new(self, one: _Read) -> bool:
        return one.row.record is not None and self._standing(one.row.record) is None

    def _result(self, one: _Read) -> RowResult:
        row = one.row
        if row.record is None:
            return RowResult(row.number, "", "error", errors=((row.field, row.fault),))
        keys = {key for name in ("reference", "code") if (key := _key(row.record, name))}
        touched = bool(keys & self._touched)
        self._touched |= keys
        if one.record is None and not touched:
            there = self._standing(row.record)
            return RowResult(row.number, one.called, "same", int(there.id), unknown=one.unknown)
        record = one.record or self._record(row.record)
        if not touched and not record.faults and self._is_new(one):
            try:
                self._batch.take(record, one.digest, row.number)
                return RowResult(row.number, one.called, "new", None, unknown=one.unknown)
            except Unclear:
                pass
        self._flush()
        return self._landed(one, record)

    def _flush(self) -> None:
        if not isinstance(self._tx, Rehearsal):
            self._batch.flush()

    def _landed(self, one: _Read, record: ReservationRecord) -> RowResult:
        """One row by itself, with what is wrong with it in words."""
        row, called, unknown = one.row, one.called, one.unknown
        try:
            if record.faults:
                raise InvalidFields(words(record.faults.values()))
            with self._tx.part():
                status, number, changes = _one(self._tx, record, one.digest)
        except InvalidFields as error:
            errors = tuple((row.columns.get(name, name), text) for name, text in error.errors.items())
            return RowResult(row.number, called, "error", errors=errors, unknown=unknown)
        except CrmError as error:
            return RowResult(row.number, called, "error", errors=(("", error.message),), unknown=unknown)
        self._batch.learn(record, number)
        return RowResult(row.number, called, status, number, unknown=unknown, changes=changes)


def _key(record: Mapping[str, Any], name: str) -> str:
    """A reference or code as it is stored."""
    value = record.get(name)
    return " ".join(_UNSTORABLE.sub(" ", str(value)).split()) if value is not None else ""


def _rows_there(tx: Transaction, rows: Sequence[SourceRow]) -> dict[tuple[str, str], Any]:
    """The reservations that the rows may be about, by reference and by code."""
    found: dict[tuple[str, str], Any] = {}
    # What an index leaves out is said here too, or it is not used.
    for name, column, indexed in (
        ("reference", _R.reference, _R.reference != ""),
        ("code", _R.code, _R.removed_at.is_(None)),
    ):
        wanted = {key for row in rows if row.record is not None and (key := _key(row.record, name))}
        for chunk in chunks(sorted(wanted)):
            query = select(_R.id, _R.reference, _R.code, _R.imported, _R.removed_at).where(column.in_(chunk), indexed)
            for row in tx.connection.execute(query):
                found[name, getattr(row, name)] = row
    return found


def _digest(record: Mapping[str, Any]) -> str:
    """The same for the same row, whatever the order of its names."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _one(tx: Transaction, record: ReservationRecord, digest: str) -> tuple[str, int, tuple[FieldChange, ...]]:
    there = _known(tx, record)
    if there is not None and there.imported == digest and there.removed_at is None:
        return "same", int(there.id), ()
    company = company_of(tx, record.company) if record.company is not None else None
    clean = reservations.checked_in(tx, _fields(record), there)
    if record.company is not None:
        clean["company_id"] = company
    if there is None:
        number = reservations.create_in(tx, {**clean, "imported": digest})
        _rest(tx, number, record)
        if record.schedule is None:
            reservations.schedule_in(tx, number)
        return "new", number, ()
    changed = {name: value for name, value in clean.items() if value != getattr(there, name)}
    if there.removed_at is not None:
        changed["removed_at"] = None
    if changed:
        reservations.write(tx, there, "import", changed)
        reservations.follow_currency_in(tx, there, changed, "currency", named=record.schedule is not None)
    told = columns_changed(tx.connection, there, changed)
    rest = _rest(tx, there.id, record)
    tx.connection.execute(table_of(Reservation).update().where(_R.id == there.id).values(imported=digest))
    return "changed" if changed or rest else "same", int(there.id), (*told, *rest)


def _known(tx: Transaction, record: ReservationRecord) -> Any:
    query = select(table_of(Reservation))
    reference, code = record.values.get("reference"), record.values.get("code")
    if reference:
        row = tx.connection.execute(query.where(_R.reference == reference, _R.reference != "")).first()
        if row is not None or not code:
            return row
    row = tx.connection.execute(query.where(_R.code == code, _R.removed_at.is_(None))).first()
    return row if row is None or not reference or not row.reference else None


def _fields(record: ReservationRecord) -> dict[str, Any]:
    values = dict(record.values)
    if values.get("value") is not None:
        values["value"] = Money(values["value"], values["currency"])
    return values


def _rest(tx: Transaction, number: int, record: ReservationRecord) -> list[FieldChange]:
    """Guests, schedule, payments and flights; what changed."""
    changed = []
    parts: tuple[tuple[str, Any, Callable[..., bool]], ...] = (
        ("guests", record.guests, _guests),
        ("schedule", record.schedule, reservation_parts.set_schedule),
        ("payments", record.payments, reservation_parts.set_payments),
        ("flights", record.flights, reservation_parts.set_flights),
    )
    for name, wanted, store in parts:
        if wanted is not None:
            before = part_words(tx.connection, name, number)
            if store(tx, number, wanted):
                changed.append(FieldChange(name, before, part_words(tx.connection, name, number)))
    return changed


def _guests(tx: Transaction, number: int, named: list[GuestRecord]) -> bool:
    """The guests are those of the file, and the holder is the one it marks, else who it is already, else the first.

    Raises:
        InvalidFields: the holder is none of them any more, and none of them is marked.
    """
    before = holders.state(tx.connection, RESERVATIONS, number)
    of: dict[int, int] = {}
    first = [claims(tx.connection, one, before) for one in named]
    for place, one in sorted(enumerate(named), key=lambda item: (not first[item[0]], named_alone(item[1]))):
        left, claimed = before.keys() - of.values(), before.keys() & of.values()
        of[place] = guest_of(tx, one, f"guests[{place}]", left, claimed)
    found = [of[place] for place in range(len(named))]
    leads = next((guest for guest, one in zip(found, named, strict=True) if one.holder), None)
    if leads is None and found:
        leads = next((guest for guest, holder in before.items() if holder), found[0])
    if found and leads not in found:
        raise InvalidFields({"guests": _("The holder goes: say who is the holder now.")})
    wanted = {guest: guest == leads for guest in sorted(found)}
    holders.store(tx, RESERVATIONS, number, "guests", before, wanted)
    return before != wanted
