"""Writing a batch of imported guests: few statements whatever its size, one transaction, all of it in the journal (SPEC §13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from crm_tui.data.bulk import allocate, chunks, insert_rows, update_rows
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.record_search import paused
from crm_tui.data.tables import Attribute, Consent, Guest, GuestAttribute, GuestEmail, GuestPhone, Journal
from crm_tui.desk.client_base import guest_contacts
from crm_tui.desk.client_base.guest_contacts import Entry, entries
from crm_tui.desk.client_files.guest_import_match import Changes, Standing
from crm_tui.desk.client_files.guest_import_views import Ready
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.mail.text import fold_text
from crm_tui.rules.mail_addresses import address_key

_A = columns(Attribute)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_J = columns(Journal)

_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("given", "folded", "language", "nationality", "document", "passport", "street", "postcode"), ""),
    **dict.fromkeys(("city", "region", "country", "tax_number", "remarks", "reference"), ""),
    "kind": "person",
    "birth_date": None,
    "passport_expiry": None,
}


class Attributes:
    """The attributes there are, by folded name; new ones are added if the agent may."""

    def __init__(self, connection: Connection, may_add: bool) -> None:
        query = select(_A.id, _A.folded).where(_A.removed_at.is_(None))
        self.known = {row.folded: row.id for row in connection.execute(query)}
        self.may_add = may_add

    def numbers(
        self, tx: Transaction | None, names: Iterable[str], begin: Callable[[Transaction], None]
    ) -> tuple[list[int], list[str]]:
        """The numbers of attributes, and the names that are not on the list. Without a transaction none is added.

        One that would be added has the number 0. ``begin`` is called before one is added.
        """
        found: list[int] = []
        unknown: list[str] = []
        for name in names:
            number = self.known.get(fold_text(name))
            if number is None and self.may_add and len(name) <= 60:
                number = self._added(tx, name, begin) if tx is not None else 0
                self.known[fold_text(name)] = number
            if number is None:
                unknown.append(name)
            else:
                found.append(number)
        return found, unknown

    def _added(self, tx: Transaction, name: str, begin: Callable[[Transaction], None]) -> int:
        begin(tx)
        row = {"name": name, "folded": fold_text(name), "created_at": tx.now}
        made = new_id(tx.connection.execute(insert(Attribute).values(**row)))
        tx.journal("attribute", made, "create", after={"name": name}, undoable=True)
        return made


def store(
    tx: Transaction,
    new: Sequence[tuple[Ready, list[int]]],
    changed: Sequence[tuple[Standing, Changes]],
) -> list[int]:
    """Write the new guests and the changes of others; returns the numbers of the new ones."""
    ids = allocate(tx.connection, "guest", len(new))
    with paused(tx.connection, ids, [now.row["id"] for now, _changes in changed]):
        _make(tx, ids, new)
        _change(tx, changed)
    return list(ids)


def _make(tx: Transaction, ids: Sequence[int], new: Sequence[tuple[Ready, list[int]]]) -> None:
    marks = {"created_at": tx.now, "updated_at": tx.now}
    rows = [_driver({**_DEFAULTS, **one.values, "folded": one.folded}) for one, _tags in new]
    insert_rows(tx.connection, Guest, [{"id": at, **row, **marks} for at, row in zip(ids, rows, strict=True)])
    lists = {
        at: {"emails": entries("emails", one.emails or ()), "phones": entries("phones", one.phones or ())}
        for at, (one, _tags) in zip(ids, new, strict=True)
    }
    _insert_lists(tx, lists)
    _tag(tx, ((at, tags) for at, (_one, tags) in zip(ids, new, strict=True)))
    said = [(at, one, day) for at, (row, _tags) in zip(ids, new, strict=True) for one, day in row.said]
    consents = _consents(tx, said)
    for at, (one, tags) in zip(ids, new, strict=True):
        after = {name: plain(value) for name, value in one.values.items()}
        beside = {"attributes": tags} if tags else {}
        if one.said:
            beside["consents"] = consents.get(at, [])
        tx.journal("guest", at, "create", None, {**after, **lists[at], **beside}, undoable=True)


def _driver(row: dict[str, Any]) -> dict[str, Any]:
    """Days as the store writes them."""
    for name in ("birth_date", "passport_expiry"):
        if row[name] is not None:
            row[name] = row[name].isoformat()
    return row


def _insert_lists(tx: Transaction, lists: Mapping[int, Mapping[str, Sequence[Entry]]]) -> None:
    mails = [
        {"guest_id": guest, "position": at, "address": text, "folded": address_key(text), "label": label}
        for guest, one in lists.items()
        for at, (text, label) in enumerate(guest_contacts._pair("emails", entry) for entry in one.get("emails", ()))
    ]
    phones = [
        {"guest_id": guest, "position": at, "number": text, "label": label}
        for guest, one in lists.items()
        for at, (text, label) in enumerate(guest_contacts._pair("phones", entry) for entry in one.get("phones", ()))
    ]
    insert_rows(tx.connection, GuestEmail, mails)
    insert_rows(tx.connection, GuestPhone, phones)


def _tag(tx: Transaction, tags: Iterable[tuple[int, Sequence[int]]]) -> None:
    rows = [
        {"guest_id": guest, "attribute_id": tag, "at": tx.now} for guest, some in tags for tag in dict.fromkeys(some)
    ]
    insert_rows(tx.connection, GuestAttribute, rows, ignore=True)


def _consents(tx: Transaction, said: Sequence[tuple[int, Any, date]]) -> dict[int, list[int]]:
    """Note words of guests; the numbers of the rows by guest."""
    ids = allocate(tx.connection, "consent", len(said)) if said else range(0)
    found: dict[int, list[int]] = {}
    rows: list[dict[str, Any]] = []
    for number, (guest, one, day) in zip(ids, said, strict=True):
        row = {"id": number, "guest_id": guest, "channel": one.channel, "given": int(one.given)}
        rows.append(row | {"day": day.isoformat(), "source": one.source, "agent_id": tx.actor.id, "at": tx.now})
        found.setdefault(guest, []).append(number)
    insert_rows(tx.connection, Consent, rows)
    return found


def _change(tx: Transaction, changed: Sequence[tuple[Standing, Changes]]) -> None:
    rows: list[dict[str, Any]] = []
    for now, change in changed:
        whole = {name: now.row[name] for name in _DEFAULTS} | {"surname": now.row["surname"]} | change.columns
        row = {"id": now.row["id"], **_driver(whole), "archived_at": now.row["archived_at"]}
        row["archived_at"] = change.columns.get("archived_at", row["archived_at"])
        if change.columns or change.lists:
            rows.append(row | {"updated_at": tx.now, "version": now.row["version"] + 1})
    update_rows(tx.connection, Guest, rows)
    _replace_lists(tx, changed)
    _tag(tx, ((now.row["id"], change.tags) for now, change in changed))
    said = [(now.row["id"], one, day) for now, change in changed for one, day in change.said]
    consents = _consents(tx, said)
    for now, change in changed:
        _journal(tx, now, change, iter(consents.get(now.row["id"], ())))


def _replace_lists(tx: Transaction, changed: Sequence[tuple[Standing, Changes]]) -> None:
    for name, model, names in (("emails", GuestEmail, _E), ("phones", GuestPhone, _P)):
        guests = [now.row["id"] for now, change in changed if name in change.lists]
        for chunk in chunks(guests):
            tx.connection.execute(delete(table_of(model)).where(names.guest_id.in_(chunk)))
    _insert_lists(tx, {now.row["id"]: change.lists for now, change in changed if change.lists})


def _journal(tx: Transaction, now: Standing, change: Changes, consents: Iterator[int]) -> None:
    number = now.row["id"]
    if change.columns:
        before = {name: plain(now.row[name]) for name in change.columns}
        after = {name: plain(value) for name, value in change.columns.items()}
        tx.journal("guest", number, "change", before, after, undoable=True)
    if change.lists:
        before = {name: getattr(now, name) for name in change.lists}
        tx.journal("guest", number, "contacts", before, dict(change.lists), undoable=True)
    for tag in change.tags:
        name = tx.connection.execute(select(_A.name).where(_A.id == tag)).scalar()
        tx.journal("guest", number, "tag", after={"attribute_id": tag, "attribute": name}, undoable=True)
    for (one, _day), made in zip(change.said, consents, strict=True):
        told = {"consent": made, "channel": one.channel, "given": one.given, "source": one.source}
        tx.journal("guest", number, "consent", {"channel": one.channel}, told, undoable=True)


def taken_back(connection: Connection, guests: Iterable[int]) -> set[int]:
    """Those of these archived guests who are so because the command that made them was taken back."""
    found: set[int] = set()
    for number in guests:
        query = select(_J.action, _J.after).where(_J.entity == "guest", _J.entity_id == number)
        row = connection.execute(query.order_by(_J.id.desc()).limit(1)).first()
        if row is not None and row.action == "undo" and row.after is None:
            found.add(number)
    return found
