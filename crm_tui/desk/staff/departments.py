"""The departments of the team (SPEC §13): reception, reservations, groups… What is scoped to one is seen by its members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Department, Inquiry, Reminder
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.common.views import DepartmentView
from crm_tui.desk.staff.team_checks import clean_name, department_named, free_of_words
from crm_tui.desk.undoing import undo_registry
from crm_tui.mail.text import display_text
from crm_tui.rules.scopes import ScopeKind, scope_of

_A = columns(Agent)
_D = columns(Department)
_M = columns(Reminder)


def listed(ctx: Context) -> list[DepartmentView]:
    """The departments by name, with how many active members each has."""
    members = select(func.count()).where(_A.department_id == _D.id, _A.active).scalar_subquery()
    with ctx.store.connect() as connection:
        rows = connection.execute(select(_D.id, _D.name, members.label("members"))).all()
    found = [DepartmentView(row.id, display_text(row.name), row.members) for row in rows]
    return sorted(found, key=lambda one: one.name.casefold())


def find(ctx: Context, name: str) -> int:
    """The id of a department by its name, whatever the case.

    Raises:
        InvalidInput: there is none.
    """
    with ctx.store.connect() as connection:
        return department_named(connection, name)


def add(ctx: Context, name: str) -> int:
    """Add a department; returns its id.

    Raises:
        Forbidden: the actor is no administrator.
        InvalidInput: the name is empty or taken.
    """
    with ctx.write() as tx:
        require(tx, Permission.TEAM)
        clean = _free_name(tx.connection, name, 0)
        number = new_id(tx.connection.execute(insert(Department).values(name=clean)))
        tx.journal("department", number, "create", None, {"name": clean}, undoable=True)
        return number


def rename(ctx: Context, department_id: int, name: str) -> None:
    """Give a department another name; whoever is in it, and what is for it, stays so.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such department.
        InvalidInput: the name is empty or taken.
    """
    with ctx.write() as tx:
        require(tx, Permission.TEAM)
        row = _row(tx, department_id)
        clean = _free_name(tx.connection, name, department_id)
        if clean != row.name:
            change = {"name": clean, "version": _D.version + 1}
            tx.connection.execute(update(table_of(Department)).where(_D.id == department_id).values(**change))
            tx.journal("department", department_id, "rename", {"name": row.name}, {"name": clean}, undoable=True)


def remove(ctx: Context, department_id: int) -> None:
    """Remove a department that nobody is in and nothing is reserved for. It is not taken back by undo: add it again.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such department.
        Conflict: it has members, or inquiries are only for it: nobody would see those any more.
    """
    with ctx.write() as tx:
        require(tx, Permission.TEAM)
        row = _row(tx, department_id)
        _check_unused(tx, department_id, display_text(row.name))
        tx.connection.execute(delete(table_of(Department)).where(_D.id == department_id))
        tx.journal("department", department_id, "remove", {"name": row.name}, None)


def _check_unused(tx: Transaction, department_id: int, name: str) -> None:
    members = select(_A.name).where(_A.department_id == department_id, _A.active).order_by(_A.id)
    names = [display_text(one) for one in tx.connection.execute(members).scalars()]
    if names:
        raise Conflict(
            _("{names} are in {department}; nothing was changed.").format(names=", ".join(names), department=name)
            if len(names) > 1
            else _("{name} is in {department}; nothing was changed.").format(name=names[0], department=name),
            _("Put them into another department first."),
        )
    scope = scope_of(ScopeKind.DEPARTMENT, department_id=department_id)
    for model in (Inquiry, Conversation):
        if tx.connection.execute(select(columns(model).id).where(columns(model).scope == scope).limit(1)).first():
            raise Conflict(
                _("Inquiries are only for {department}: nobody would see them any more.").format(department=name),
                _("Give them another scope first; managers and administrators see them."),
            )
    waiting = (_M.department_id == department_id, _M.done_at.is_(None), _M.removed_at.is_(None))
    if tx.connection.execute(select(_M.id).where(*waiting).limit(1)).first():
        raise Conflict(
            _("Reminders are for {department}: nobody would see them any more.").format(department=name),
            _("Give them to somebody else first."),
        )


def _row(tx: Transaction, department_id: int) -> Row[Any]:
    row = tx.connection.execute(select(table_of(Department)).where(_D.id == department_id)).first()
    if row is None:
        raise NotFound(_("There is no such department."))
    return row


def _free_name(connection: Connection, value: str, department_id: int) -> str:
    clean = free_of_words(clean_name(value, "name"), "name")
    for row in connection.execute(select(_D.id, _D.name).where(_D.id != department_id)):
        if display_text(row.name).casefold() == clean.casefold():
            raise InvalidInput(
                _("There is a department called {name} already.").format(name=display_text(row.name)), field="name"
            )
    return clean


# -- undo ---------------------------------------------------------------------------------------------------------------


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    require(tx, Permission.TEAM)


def _unmake(tx: Transaction, row: undo_registry.Row) -> None:
    require(tx, Permission.TEAM)
    current = _row(tx, row.entity_id)
    if current.name != (row.after or {}).get("name"):
        raise Conflict(_("{name} was changed since.").format(name=display_text(current.name)))
    _check_unused(tx, row.entity_id, display_text(current.name))
    tx.connection.execute(delete(table_of(Department)).where(_D.id == row.entity_id))


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_D.name).where(_D.id == number)).scalar() or "")


undo_registry.entity("department", Department, named=_named, settle=_settle)
undo_registry.special("department", "create", _unmake)
