"""What the database keeps of a reservation's money by itself, for SQLite: what is due, its first folio, closed folios.

Triggers, so that no way of writing (a screen, a file, an undo) can forget it. The rule is that of SPEC §7: money covers the
deposit lines, then the others, each by due day, then line order; ``tests/data`` holds it against
:mod:`crm_tui.rules.schedule`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from crm_tui.data.bulk import chunks, placeholders
from crm_tui.rules.mentions import BLACK
from crm_tui.rules.vocabulary import LineKind, ReservationStatus

_LINES = "schedule_line WHERE reservation_id = r.id AND removed_at IS NULL"
_PAID = (
    "(SELECT coalesce(sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END), 0) FROM payment "
    "WHERE reservation_id = r.id AND reversed_at IS NULL)"
)
_DUE = (
    f"CASE WHEN r.removed_at IS NULL AND r.status <> '{ReservationStatus.CANCELLED}' THEN "
    "(SELECT min(x.due) FROM (SELECT due, amount, sum(amount) OVER "
    f"(ORDER BY kind <> '{LineKind.DEPOSIT}', due, position, id) AS reached FROM {_LINES}) x "
    f"WHERE x.amount > 0 AND x.reached > {_PAID}) END"
)
_SUM = f"(SELECT coalesce(sum(amount), 0) FROM {_LINES})"
_Z = f"(SELECT coalesce(sum(amount), 0) FROM {_LINES} AND kind = '{LineKind.DEPOSIT}')"
_SELECT = (
    "INSERT INTO reservation_due (reservation_id, paid, deposit, price, due) "
    f"SELECT r.id, {_PAID}, {_Z}, {_SUM}, {_DUE} FROM reservation r WHERE {{which}} "
    "ON CONFLICT (reservation_id) DO UPDATE SET paid = excluded.paid, deposit = excluded.deposit, "
    "price = excluded.price, due = excluded.due"
)
FILL = _SELECT.format(which="true")
"""Reckons every reservation anew: the migration, and `check` where it finds a difference."""

_OF_NEW = _SELECT.format(which="r.id = NEW.reservation_id")
_OF_OLD = _SELECT.format(which="r.id = OLD.reservation_id")
_CLOSED = "a closed folio cannot be changed"


_NOT_PAUSED = "NOT EXISTS (SELECT 1 FROM reservation_search_pause)"
"""Many reservations are not being written at once: see :func:`crm_tui.data.record_search.reservations_paused`."""


def reckon(connection: Connection, reservations: Iterable[int]) -> None:
    """Reckon some reservations anew, that were written while the triggers paused."""
    for chunk in chunks(reservations):
        statement = _SELECT.format(which=f"r.id IN ({placeholders(chunk)})")
        connection.exec_driver_sql(statement, tuple(chunk))


def _of(table: str, watched: str) -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in watched.split(", "))
    return (
        f"CREATE TRIGGER due_{table}_added AFTER INSERT ON {table} WHEN {_NOT_PAUSED} BEGIN\n{_OF_NEW};\nEND",
        f"CREATE TRIGGER due_{table}_changed AFTER UPDATE OF {watched} ON {table} WHEN {changed} BEGIN\n"
        f"{_OF_OLD};\n{_OF_NEW};\nEND",
        f"CREATE TRIGGER due_{table}_gone AFTER DELETE ON {table} BEGIN\n{_OF_OLD};\nEND",
    )


def _closed(name: str, when: str, row: str, unless: str = "") -> str:
    return (
        f"CREATE TRIGGER folio_{name} BEFORE {when} ON posting "
        f"WHEN EXISTS (SELECT 1 FROM folio WHERE id = {row}.folio_id AND closed_at IS NOT NULL) {unless}"
        f"BEGIN SELECT RAISE(ABORT, '{_CLOSED}'); END"
    )


_MONEY = "folio_id, reservation_id, day, category, amount, currency, reverses_id, split_of, removed_at"
_ERASED = f"AND instr(NEW.text, '{BLACK}') = 0 "
"""Even on a closed folio the words about a person who was erased are blacked out; amounts never change."""
TRIGGERS = (
    *_of("schedule_line", "reservation_id, kind, due, amount, position, removed_at"),
    *_of("payment", "reservation_id, kind, amount, reversed_at"),
    "CREATE TRIGGER due_reservation_changed AFTER UPDATE OF status, removed_at ON reservation "
    "WHEN OLD.status IS NOT NEW.status OR OLD.removed_at IS NOT NEW.removed_at BEGIN\n"
    f"{_SELECT.format(which='r.id = NEW.id')};\nEND",
    "CREATE TRIGGER folio_first AFTER INSERT ON reservation BEGIN "
    "INSERT INTO folio (reservation_id, number, name, created_at, version) VALUES (NEW.id, 1, '', NEW.created_at, 1); END",
    _closed("closed_added", "INSERT", "NEW"),
    _closed("closed_changed", f"UPDATE OF {_MONEY}", "OLD"),
    _closed("closed_text", "UPDATE OF text", "OLD", _ERASED),
    _closed("closed_moved", "UPDATE OF folio_id", "NEW"),
    _closed("closed_gone", "DELETE", "OLD"),
)

FIRST_FOLIOS = (
    "INSERT INTO folio (reservation_id, number, name, created_at, version) "
    "SELECT id, 1, '', created_at, 1 FROM reservation"
)
"""A folio for each reservation of an older store."""

WRONG = (
    "SELECT count(*) FROM reservation r LEFT JOIN reservation_due k ON k.reservation_id = r.id "
    f"WHERE k.reservation_id IS NULL AND (EXISTS (SELECT 1 FROM {_LINES}) OR {_PAID} <> 0) "
    f"OR k.paid <> {_PAID} OR k.due IS NOT {_DUE} OR k.price <> {_SUM} OR k.deposit <> {_Z}"
)
"""How many kept rows differ from what their lines and payments say: `check` asks."""
