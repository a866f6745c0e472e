"""Tagging many guests at once: one command, which one undo takes back (SPEC §6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks, placeholders
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.client_base.guest_signposts import survivor_in
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.groups.attributes import tag_rows, tagged_in, untag_rows


def tag_many(ctx: Context, guest_ids: Collection[int], add: Sequence[int] = (), remove: Sequence[int] = ()) -> int:
    """Tag guests with attributes, and take others from them; what a guest has or lacks already stays as it is.

    Returns:
        How many guests are tagged otherwise now. Guests who are not there (any more) are passed over.

    Raises:
        NotFound: there is no such attribute.
    """
    with ctx.write() as tx:
        names = _names(tx.connection, (*add, *remove))
        guests = _alive(tx.connection, guest_ids)
        refuse_erased(tx.connection, guests)
        touched: set[int] = set()
        for attribute in dict.fromkeys(remove):
            touched |= _untag(tx, guests, attribute, names[attribute])
        for attribute in dict.fromkeys(one for one in add if one not in remove):
            touched |= _tag(tx, guests, attribute, names[attribute])
        return len(touched)


def counts(ctx: Context, guest_ids: Collection[int]) -> dict[int, int]:
    """How many of these guests have each attribute; those that none has are left out."""
    found: dict[int, int] = {}
    with ctx.store.connect() as connection:
        for chunk in chunks(guest_ids):
            statement = (
                "SELECT attribute_id, count(*) FROM guest_attribute "
                f"WHERE guest_id IN ({placeholders(chunk)}) GROUP BY attribute_id"
            )
            for attribute, count in connection.exec_driver_sql(statement, tuple(chunk)):
                found[attribute] = found.get(attribute, 0) + count
    return found


def _names(connection: Connection, attributes: Collection[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for one in attributes:
        statement = "SELECT name FROM attribute WHERE id = ? AND removed_at IS NULL"
        name = connection.exec_driver_sql(statement, (one,)).scalar()
        if name is None:
            raise NotFound(_("There is no attribute {number}.").format(number=one))
        found[one] = str(name)
    return found


def _alive(connection: Connection, guest_ids: Collection[int]) -> list[int]:
    """The guests themselves; a merged one is the survivor's now."""
    found: dict[int, None] = {}
    for chunk in chunks(dict.fromkeys(guest_ids)):
        statement = f"SELECT id, merged_into FROM guest WHERE id IN ({placeholders(chunk)})"
        for number, merged in connection.exec_driver_sql(statement, tuple(chunk)).all():
            found[survivor_in(connection, number) if merged is not None else number] = None
    return list(found)


def _tag(tx: Transaction, guests: Sequence[int], attribute: int, name: str) -> set[int]:
    have = tagged_in(tx.connection, guests, attribute)
    new = [one for one in guests if one not in have]
    tag_rows(tx, new, attribute)
    for one in new:
        tx.journal("guest", one, "tag", after={"attribute_id": attribute, "attribute": name}, undoable=True)
    return set(new)


def _untag(tx: Transaction, guests: Sequence[int], attribute: int, name: str) -> set[int]:
    have = tagged_in(tx.connection, guests, attribute)
    gone = [one for one in guests if one in have]
    untag_rows(tx.connection, gone, attribute)
    for one in gone:
        tx.journal("guest", one, "untag", before={"attribute_id": attribute, "attribute": name}, undoable=True)
    return set(gone)
