"""The types of event: those that every desk has, and those that an admin added (SPEC §1). Events hold ids: names can change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Event, EventType
from crm_tui.desk.client_base.event_views import EVENT_KINDS, EventTypeView, type_name
from crm_tui.desk.common import permissions
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission
from crm_tui.desk.histories import history_words
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text, fold_text

_T = columns(EventType)
_V = columns(Event)

LONGEST_NAME = 60


def listed(ctx: Context, *, removed: bool = False) -> list[EventTypeView]:
    """The types one can choose from: those of every desk in their order, then the others by name.

    Args:
        removed: those that were taken off the list too, at its end.
    """
    counted = (
        select(_V.type_id, func.count().label("events")).where(_V.removed_at.is_(None)).group_by(_V.type_id).subquery()
    )
    query = select(table_of(EventType), func.coalesce(counted.c.events, 0).label("events")).outerjoin(
        counted, counted.c.type_id == _T.id
    )
    with ctx.store.connect() as connection:
        rows = connection.execute(query).all()
    found = [_view(row) for row in rows if removed or row.removed_at is None]
    known = list(EVENT_KINDS)
    return sorted(
        found,
        key=lambda one: (one.removed, known.index(one.code) if one.code in known else len(known), fold_text(one.name)),
    )


def named(ctx: Context, name: str) -> EventTypeView:
    """The type of that name or code, whatever its case and accents.

    Raises:
        NotFound: there is none.
    """
    wanted = fold_text(display_text(name)).strip()
    types = listed(ctx)
    for one in types:
        if wanted in (fold_text(one.name), one.code):
            return one
    raise NotFound(
        _("There is no type of event called {name}.").format(name=display_text(name)),
        _("Known are: {names}.").format(names=", ".join(one.name for one in types)),
    )


def add(ctx: Context, name: str) -> int:
    """Put a type on the list; returns its id.

    Raises:
        Forbidden: only an admin may change the list.
        InvalidInput: the name is empty, too long or taken.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        clean = _checked(tx.connection, name)
        row = {"name": clean, "folded": fold_text(clean), "created_at": tx.now}
        made = new_id(tx.connection.execute(insert(EventType).values(**row)))
        tx.journal("event type", made, "create", after={"name": clean}, undoable=True)
        return made


def rename(ctx: Context, type_id: int, version: int, name: str) -> None:
    """Call a type otherwise; the events of it are called so too. An empty name gives one with a code its own name back.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden, InvalidInput: as :func:`add`.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        row = require(tx.connection, type_id)
        _same_version(row, version)
        clean = "" if row.code and not name.strip() else _checked(tx.connection, name, but=type_id)
        if clean != row.name:
            _change(tx, row, "rename", {"name": clean, "folded": fold_text(clean)})


def remove(ctx: Context, type_id: int, version: int | None = None) -> None:
    """Take a type off the list; the events that are of it keep it.

    Raises:
        Conflict: somebody changed it since ``version``.
        Forbidden: only an admin may change the list.
        InvalidInput: it is the last one.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _must_be_admin(tx)
        row = require(tx.connection, type_id)
        _same_version(row, version)
        left = select(func.count()).select_from(EventType).where(_T.removed_at.is_(None))
        if tx.connection.execute(left).scalar_one() < 2:
            raise InvalidInput(_("One type of event must be left."))
        _change(tx, row, "remove", {"removed_at": tx.now})


def require(connection: Connection, type_id: int) -> Row[Any]:
    """A type that is on the list.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(table_of(EventType)).where(_T.id == type_id, _T.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no type of event {number}.").format(number=type_id))
    return row


def _same_version(row: Row[Any], version: int | None) -> None:
    if version is not None and row.version != version:
        raise Conflict(
            _("Somebody changed this type of event meanwhile; nothing was overwritten."), _("Look at it again.")
        )


def _change(tx: Transaction, row: Row[Any], action: str, changed: dict[str, Any]) -> None:
    tx.connection.execute(update(EventType).where(_T.id == row.id).values(**changed, version=_T.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("event type", row.id, action, before, after, undoable=True)


def _view(row: Row[Any]) -> EventTypeView:
    name = display_text(type_name(row.code, row.name))
    return EventTypeView(row.id, row.code, name, row.events, row.version, row.removed_at is not None)


def _must_be_admin(tx: Transaction) -> None:
    permissions.require(tx, Permission.LISTS, _("Only an administrator may change the list of event types."))


def _checked(connection: Connection, name: str, *, but: int = 0) -> str:
    clean = " ".join(display_text(name).split())
    if not 1 <= len(clean) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    query = select(_T.id, _T.code, _T.name).where(_T.removed_at.is_(None), _T.id != but)
    taken = {
        word
        for row in connection.execute(query)
        for word in (fold_text(type_name(row.code, row.name)), row.code)
        if word
    }
    if fold_text(clean) in taken:
        raise InvalidInput(_("There is a type of event called {name} already.").format(name=clean), field="name")
    return clean


def _named(connection: Connection, number: int) -> str:
    row = connection.execute(select(_T.code, _T.name).where(_T.id == number)).first()
    return display_text(type_name(row.code, row.name)) if row is not None else ""


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    _must_be_admin(tx)


undo_registry.entity("event type", EventType, named=_named, settle=_settle)


def _name(side: history_words.Told) -> str:
    return display_text(str(side.get("name") or side.now.get("name") or ""))


history_words.says("event type", "create", lambda _b, after: _("added “{name}”").format(name=_name(after)))
history_words.says("event type", "rename", lambda _b, after: _("called it “{name}”").format(name=_name(after)))
history_words.says("event type", "remove", lambda _b, _a: _("took it off the list"))


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("event type", "create", did=_again(N_("The type of event {what} is off the list again.")))
undo_words.says("event type", "rename", did=_again(N_("The type of event is called {what} again.")))
undo_words.says("event type", "remove", did=_again(N_("The type of event {what} is on the list again.")))
