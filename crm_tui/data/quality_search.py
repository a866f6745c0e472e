"""The full-text index of feedback and of costs of quality (SPEC §11), for SQLite: folded text, a row each under its number.

Kept by triggers, as :mod:`crm_tui.data.record_search` keeps the others, and compared by ``check`` in the same way. What an entry
is filed under is not in it: a code is renamed for all its entries at once, and the tables have an index of it.
"""

from __future__ import annotations

from sqlalchemy import Connection

from crm_tui.data.record_search import TOKENS, run_together, trigger, wrong_of

COLUMNS = ("names", "texts")
"""Who it is about; what is said of it."""
TEXTS = {
    "feedback": ("room", "employee", "comment", "resolution"),
    "quality_cost": ("room", "occasion", "comment"),
}
KINDS = tuple(TEXTS)
"""The tables that are indexed; the index of each is called after it, as ``feedback_search``."""

TABLES = tuple(
    f"CREATE VIRTUAL TABLE {kind}_search USING fts5({', '.join(COLUMNS)}, {TOKENS}, prefix='2 3')" for kind in KINDS
)


def source(kind: str) -> str:
    """What the index holds of each entry, from the entries themselves."""
    names = f"SELECT g.given || ' ' || g.surname FROM guest g WHERE g.id = {kind}.guest_id"
    code = (
        f"SELECT r.code || char(10) || {run_together('r.code')} FROM reservation r "
        f"WHERE r.id = {kind}.reservation_id AND r.removed_at IS NULL"
    )
    texts = " || char(10) || ".join((*(f"{kind}.{name}" for name in TEXTS[kind]), f"coalesce(({code}), '')"))
    return (
        f"SELECT {kind}.id AS id, crm_fold(coalesce(({names}), '')) AS names, crm_fold({texts}) AS texts "
        f"FROM {kind} WHERE {kind}.removed_at IS NULL"
    )


def _index(kind: str, ids: str) -> str:
    """Index some entries anew. ``ids`` is what follows ``IN``."""
    return f"DELETE FROM {kind}_search WHERE rowid IN {ids};\n{_fill(kind)} AND {kind}.id IN {ids};"


def _fill(kind: str) -> str:
    return f"INSERT INTO {kind}_search (rowid, {', '.join(COLUMNS)}) {source(kind)}"


def _triggers(kind: str) -> tuple[str, ...]:
    watched = ", ".join((*TEXTS[kind], "guest_id", "reservation_id", "removed_at"))
    of_guest, of_reservation = (
        _index(kind, f"(SELECT q.id FROM {kind} q WHERE q.{name}_id = NEW.id)") for name in ("guest", "reservation")
    )
    return (
        trigger(f"{kind}_new", f"INSERT ON {kind}", _index(kind, "(NEW.id)")),
        trigger(f"{kind}_changed", f"UPDATE OF {watched} ON {kind}", _index(kind, "(NEW.id)")),
        trigger(f"{kind}_gone", f"DELETE ON {kind}", f"DELETE FROM {kind}_search WHERE rowid = OLD.id;"),
        trigger(
            f"{kind}_names",
            "UPDATE OF surname, given ON guest",
            of_guest,
            only_if="OLD.surname <> NEW.surname OR OLD.given <> NEW.given",
        ),
        trigger(
            f"{kind}_codes",
            "UPDATE OF code, removed_at ON reservation",
            of_reservation,
            only_if="OLD.code <> NEW.code OR OLD.removed_at IS NOT NEW.removed_at",
        ),
    )


TRIGGERS = tuple(one for kind in KINDS for one in _triggers(kind))


def rebuild(connection: Connection) -> None:
    """Index every entry anew."""
    for kind in KINDS:
        connection.exec_driver_sql(f"DELETE FROM {kind}_search")
        connection.exec_driver_sql(_fill(kind))


def wrong(connection: Connection, kind: str) -> int:
    """How many entries of a kind the index does not hold as they are, strays too."""
    return wrong_of(connection, kind, source(kind), COLUMNS)
