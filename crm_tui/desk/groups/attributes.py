"""Attributes: the preferences and groups that guests are tagged with (SPEC §6). Guests hold ids, so a name can be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks, insert_rows, placeholders
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Attribute, Guest, GuestAttribute
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.histories import history_words
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.undoing import undo
from crm_tui.desk.undoing.undo_registry import Row
from crm_tui.mail.text import display_text, fold_text

_A = columns(Attribute)
_T = columns(GuestAttribute)
_G = columns(Guest)

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class AttributeView:
    """An attribute and how many guests are tagged with it."""

    id: int
    name: str
    guests: int
    version: int = 1


def listed(ctx: Context) -> list[AttributeView]:
    """The attributes that are in use, by name."""
    tagged = (
        select(_T.attribute_id, func.count().label("guests"))
        .join(Guest, (_G.id == _T.guest_id) & _G.merged_into.is_(None))
        .group_by(_T.attribute_id)
        .subquery()
    )
    query = (
        select(_A.id, _A.name, func.coalesce(tagged.c.guests, 0), _A.version)
        .outerjoin(tagged, tagged.c.attribute_id == _A.id)
        .where(_A.removed_at.is_(None))
        .order_by(_A.folded, _A.id)
    )
    with ctx.store.connect() as connection:
        return [AttributeView(row[0], display_text(row[1]), row[2], row[3]) for row in connection.execute(query)]


def named(ctx: Context, name: str) -> AttributeView:
    """The attribute of that name, whatever its case and accents.

    Raises:
        NotFound: there is none.
    """
    found = [one for one in listed(ctx) if fold_text(one.name) == fold_text(name.strip())]
    if not found:
        raise NotFound(_("There is no attribute called {name}.").format(name=display_text(name)))
    return found[0]


def add(ctx: Context, name: str) -> int:
    """Put an attribute on the list; returns its id.

    Raises:
        Forbidden: only an admin may change the list.
        InvalidInput: the name is empty, too long or taken.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        clean = _checked(tx.connection, name)
        row = {"name": clean, "folded": fold_text(clean), "created_at": tx.now}
        made = new_id(tx.connection.execute(insert(Attribute).values(**row)))
        tx.journal("attribute", made, "create", after={"name": clean}, undoable=True)
        return made


def rename(ctx: Context, attribute_id: int, version: int, name: str) -> None:
    """Call an attribute otherwise; the guests keep it.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden, InvalidInput: as :func:`add`.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        row = tx.connection.execute(
            select(_A.name, _A.folded, _A.version).where(_A.id == attribute_id, _A.removed_at.is_(None))
        ).first()
        if row is None:
            raise NotFound(_("There is no attribute {number}.").format(number=attribute_id))
        if row.version != version:
            raise Conflict(
                _("Somebody changed this attribute meanwhile; nothing was overwritten."), _("Look at it again.")
            )
        clean = _checked(tx.connection, name, but=attribute_id)
        if clean == row.name:
            return
        changed = {"name": clean, "folded": fold_text(clean)}
        before = {"name": row.name, "folded": row.folded}
        tx.connection.execute(update(Attribute).where(_A.id == attribute_id).values(**changed, version=_A.version + 1))
        tx.journal("attribute", attribute_id, "rename", before, changed, undoable=True)


def tag(ctx: Context, guest_id: int, attribute_id: int) -> bool:
    """Tag a guest; false if the guest was tagged already.

    Raises:
        NotFound: there is no such guest or attribute.
    """
    with ctx.write() as tx:
        return tag_in(tx, guest_id, attribute_id)


def tag_in(tx: Transaction, guest_id: int, attribute_id: int) -> bool:
    """:func:`tag` within a transaction that does more."""
    guest_id = survivor_in(tx.connection, guest_id)
    name = _require(tx, guest_id, attribute_id)
    if _tagged(tx, guest_id, attribute_id):
        return False
    tx.connection.execute(insert(GuestAttribute).values(guest_id=guest_id, attribute_id=attribute_id, at=tx.now))
    tx.journal("guest", guest_id, "tag", after={"attribute_id": attribute_id, "attribute": name}, undoable=True)
    return True


def untag(ctx: Context, guest_id: int, attribute_id: int) -> bool:
    """Take an attribute from a guest; false if the guest did not have it.

    Raises:
        NotFound: there is no such guest or attribute.
    """
    with ctx.write() as tx:
        return untag_in(tx, guest_id, attribute_id)


def untag_in(tx: Transaction, guest_id: int, attribute_id: int) -> bool:
    """:func:`untag` within a transaction that does more."""
    guest_id = survivor_in(tx.connection, guest_id)
    name = _require(tx, guest_id, attribute_id)
    if not _tagged(tx, guest_id, attribute_id):
        return False
    tx.connection.execute(delete(GuestAttribute).where(_T.guest_id == guest_id, _T.attribute_id == attribute_id))
    tx.journal("guest", guest_id, "untag", before={"attribute_id": attribute_id, "attribute": name}, undoable=True)
    return True


def of_guests(ctx: Context, guest_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of each guest's attributes."""
    query = (
        select(_T.guest_id, _A.name)
        .join(Attribute, _A.id == _T.attribute_id)
        .where(_T.guest_id.in_(list(guest_ids)), _A.removed_at.is_(None))
        .order_by(_T.guest_id, _A.folded)
    )
    found: dict[int, tuple[str, ...]] = {}
    with ctx.store.connect() as connection:
        for row in connection.execute(query):
            found[row.guest_id] = (*found.get(row.guest_id, ()), display_text(row.name))
    return found


def _tagged(tx: Transaction, guest_id: int, attribute_id: int) -> bool:
    query = select(_T.guest_id).where(_T.guest_id == guest_id, _T.attribute_id == attribute_id)
    return tx.connection.execute(query).first() is not None


def _require(tx: Transaction, guest_id: int, attribute_id: int) -> str:
    """The attribute's name, if it and the guest are there."""
    if tx.connection.execute(select(_G.id).where(_G.id == guest_id, _G.merged_into.is_(None))).first() is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    refuse_erased(tx.connection, [guest_id])
    query = select(_A.name).where(_A.id == attribute_id, _A.removed_at.is_(None))
    name = tx.connection.execute(query).scalar()
    if name is None:
        raise NotFound(_("There is no attribute {number}.").format(number=attribute_id))
    return str(name)


def _must_be_admin(tx: Transaction) -> None:
    require(tx, Permission.LISTS, _("Only an administrator may change the list of attributes."))


def _checked(connection: Connection, name: str, *, but: int = 0) -> str:
    clean = " ".join(display_text(name).split())
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    query = select(_A.id).where(_A.folded == fold_text(clean), _A.removed_at.is_(None), _A.id != but)
    if connection.execute(query).first() is not None:
        raise InvalidInput(_("There is an attribute called {name} already.").format(name=clean), field="name")
    return clean


def _take_tags_away(tx: Transaction, rows: Sequence[Row]) -> None:
    for number, guests in _by_attribute((row.after, row.entity_id) for row in rows).items():
        if tagged_in(tx.connection, guests, number) != set(guests):
            raise Conflict(_("The guest is not tagged so any more."))
        untag_rows(tx.connection, guests, number)


def _tag_again(tx: Transaction, rows: Sequence[Row]) -> None:
    for number, guests in _by_attribute((row.before, row.entity_id) for row in rows).items():
        if tagged_in(tx.connection, guests, number):
            raise Conflict(_("The guest is tagged so again."))
        tag_rows(tx, guests, number)


def _by_attribute(told: Iterable[tuple[Mapping[str, Any] | None, int]]) -> dict[int, list[int]]:
    """The guests that journal rows tell of, by the attribute that each row names."""
    found: dict[int, list[int]] = {}
    for side, guest in told:
        if side is not None:
            found.setdefault(side["attribute_id"], []).append(guest)
    return found


def tagged_in(connection: Connection, guests: Sequence[int], attribute: int) -> set[int]:
    """Those of the guests who are tagged with an attribute."""
    found: set[int] = set()
    for chunk in chunks(guests):
        which = f"attribute_id = ? AND guest_id IN ({placeholders(chunk)})"
        statement = f"SELECT guest_id FROM guest_attribute WHERE {which}"  # noqa: S608
        found |= set(connection.exec_driver_sql(statement, (attribute, *chunk)).scalars())
    return found


def tag_rows(tx: Transaction, guests: Sequence[int], attribute: int) -> None:
    """Tag guests who are not tagged so; nothing is journaled."""
    insert_rows(
        tx.connection, GuestAttribute, [{"guest_id": one, "attribute_id": attribute, "at": tx.now} for one in guests]
    )


def untag_rows(connection: Connection, guests: Sequence[int], attribute: int) -> None:
    """Take an attribute from guests; nothing is journaled."""
    for chunk in chunks(guests):
        which = f"attribute_id = ? AND guest_id IN ({placeholders(chunk)})"
        statement = f"DELETE FROM guest_attribute WHERE {which}"  # noqa: S608
        connection.exec_driver_sql(statement, (attribute, *chunk))


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_A.name).where(_A.id == number)).scalar() or "")


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    _must_be_admin(tx)


undo.entity("attribute", Attribute, named=_named, settle=_settle)


def _name(side: history_words.Told) -> str:
    return display_text(str(side.get("attribute", "")))


history_words.says("guest", "tag", lambda _before, after: _("tagged as {name}").format(name=_name(after)))
history_words.says("guest", "untag", lambda before, _after: _("no longer tagged as {name}").format(name=_name(before)))
undo.special_many("guest", "tag", _take_tags_away)
undo.special_many("guest", "untag", _tag_again)
