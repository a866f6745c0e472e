"""The team: who is at the desk, in which role and department (SPEC §13). Only administrators change it.

Nobody is ever deleted: who leaves is taken off the team, and what was for that agent alone is seen by managers and
administrators from then on (:mod:`crm_tui.desk.common.scope`). There is always an administrator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Department, Inquiry
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.staff.team_checks import check_login, checked
from crm_tui.desk.ticketing import routing_profiles, ticket_hands
from crm_tui.desk.undoing import undo_registry
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Role

_A = columns(Agent)
_D = columns(Department)
_I = columns(Inquiry)


def agents(ctx: Context, *, everyone: bool = False) -> list[AgentView]:
    """The team in the order they were added; with ``everyone`` those who left as well, after the others."""
    query = _SELECT.order_by(_A.active.desc(), _A.id)
    with ctx.store.connect() as connection:
        rows = connection.execute(query if everyone else query.where(_A.active)).all()
    return [_view(row) for row in rows]


def find(ctx: Context, name: str) -> AgentView:
    """An agent by name, whatever the case, or by number; those who left too.

    Raises:
        NotFound: there is none.
    """
    wanted = display_text(name).strip()
    found = agents(ctx, everyone=True)
    for one in found:
        if one.name.casefold() == wanted.casefold():
            return one
    for one in found:
        if str(one.id) == wanted:
            return one
    raise NotFound(
        _("There is no agent called {name}.").format(name=wanted),
        _("Known are: {names}.").format(names=", ".join(one.name for one in found if one.active)),
    )


def add(
    ctx: Context,
    name: str,
    *,
    role: str = Role.AGENT,
    department: str = "",
    language: str = "en",
    login: str = "",
) -> AgentView:
    """Add a member of the team.

    Args:
        department: its name; empty for none.
        login: the operating-system user who is this agent; empty for none.

    Raises:
        Forbidden: the actor is no administrator.
        InvalidInput: a value is not usable; ``field`` names it.
    """
    given = {"name": name, "role": role, "department": department, "language": language, "login": login}
    with ctx.write() as tx:
        require(tx, Permission.TEAM)
        return _view(_row(tx.connection, add_in(tx, given)))


def add_in(tx: Transaction, given: dict[str, str]) -> int:
    """:func:`add` within a transaction that does more, whoever the actor is; returns the agent's id."""
    values = checked(tx.connection, given, 0)
    number = new_id(tx.connection.execute(insert(Agent).values(**values, created_at=tx.now)))
    tx.journal("agent", number, "create", None, {**values, "active": True}, undoable=True)
    return number


def change(
    ctx: Context,
    agent_id: int,
    version: int | None = None,
    *,
    routing: Mapping[str, Any] | None = None,
    **given: str,
) -> AgentView:
    """Change an agent: name, role, department, language or login; what is not given stays.

    Args:
        version: that the change started from; None to change whatever stands there.
        routing: which tickets the agent takes, as :func:`crm_tui.desk.ticketing.routing_profiles.set` is told; changed with the
            rest or not at all.

    Raises:
        Forbidden: the actor is no administrator; for ``routing`` alone: no manager.
        NotFound: there is no such agent.
        Conflict: somebody changed it since, or it is the last administrator.
        InvalidInput: a value is not usable; ``field`` names it.
    """
    with ctx.write() as tx:
        if given or not routing:
            require(tx, Permission.TEAM)
        row = _row(tx.connection, agent_id)
        if version is not None and row.version != version:
            raise Conflict(
                _("{name} was changed meanwhile; nothing was overwritten.").format(name=display_text(row.name)),
                _("Look at it again."),
            )
        values = checked(tx.connection, given, agent_id)
        after = {name: value for name, value in values.items() if getattr(row, name) != value}
        if after:
            before = {name: getattr(row, name) for name in after}
            _update(tx, agent_id, after)
            tx.journal("agent", agent_id, "change", before, after, undoable=True)
            _keep_an_admin(tx)
        if routing:
            routing_profiles.set_in(tx, agent_id, **routing)
        return replace(_view(_row(tx.connection, agent_id)), fallen=_fallen(tx.connection, row))


def remove(ctx: Context, agent_id: int) -> AgentView:
    """Take an agent off the team: no desk opens for them any more; everything they did and wrote stays.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such agent.
        Conflict: it is the last administrator.
    """
    return _set_active(ctx, agent_id, active=False)


def restore(ctx: Context, agent_id: int) -> AgentView:
    """Take an agent who left back into the team.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such agent.
    """
    return _set_active(ctx, agent_id, active=True)


def _set_active(ctx: Context, agent_id: int, *, active: bool) -> AgentView:
    with ctx.write() as tx:
        require(tx, Permission.TEAM)
        row = _row(tx.connection, agent_id)
        if row.active != active:
            if active:
                check_login(tx.connection, row.login, agent_id)
            _update(tx, agent_id, {"active": active})
            if not active:
                ticket_hands.leave_in(tx, agent_id)
            action = "restore" if active else "remove"
            tx.journal("agent", agent_id, action, {"active": not active}, {"active": active}, undoable=True)
            _keep_an_admin(tx)
            if not active:
                from crm_tui.desk.working import timers

                timers.end_all(tx, agent_id)
        return replace(_view(_row(tx.connection, agent_id)), fallen=_fallen(tx.connection, row))


def fallen_words(count: int) -> str:
    """What an administrator is told of :attr:`AgentView.fallen`; empty for none."""
    if not count:
        return ""
    return ngettext(
        "{n} inquiry is seen by managers and administrators alone from now on.",
        "{n} inquiries are seen by managers and administrators alone from now on.",
        count,
    ).format(n=count)


def _fallen(connection: Connection, before: Row[Any]) -> int:
    """The inquiries that a change of this agent put out of everybody else's sight."""
    after = _row(connection, before.id)
    scopes = [f"a{before.id}"] if before.active and not after.active else []
    left = before.active and (not after.active or after.department_id != before.department_id)
    if left and before.department_id in empty_departments(connection):
        scopes.append(f"d{before.department_id}")
    query = select(func.count()).select_from(table_of(Inquiry)).where(_I.scope.in_(scopes), _I.removed_at.is_(None))
    return int(connection.execute(query).scalar_one())


def renewed(ctx: Context) -> Context:
    """The same desk with the actor as the team knows them now; one who left can only read.

    To be asked whenever an agent changed: also who else left decides what managers and administrators see.
    """
    if ctx.actor.id is None:
        return ctx
    with ctx.store.connect() as connection:
        row = connection.execute(select(table_of(Agent)).where(_A.id == ctx.actor.id)).first()
        if row is None:
            return ctx
        actor = actor_of(connection, row)
    return replace(ctx, actor=actor, readonly=ctx.readonly or not actor.active)


def actor_of(connection: Connection, row: Any) -> Actor:
    """An agent's row as the one who acts, with the scopes that fall to managers and administrators."""
    left = inherited_scopes(connection, row.role)
    return Actor(row.id, display_text(row.name), row.role, row.language, row.department_id, left, bool(row.active))


def inherited_scopes(connection: Connection, role: str) -> tuple[str, ...]:
    """What falls to a manager or administrator, so that nothing is out of everybody's sight.

    The scopes of the agents who left, and of the departments that no member of the team is in.
    """
    if role not in (Role.MANAGER, Role.ADMIN):
        return ()
    gone = connection.execute(select(_A.id).where(_A.active.is_(False)).order_by(_A.id)).scalars()
    return (*(f"a{number}" for number in gone), *(f"d{number}" for number in empty_departments(connection)))


def empty_departments(connection: Connection) -> list[int]:
    """The departments without an active member."""
    member = select(_A.id).where(_A.department_id == _D.id, _A.active).exists()
    return list(connection.execute(select(_D.id).where(~member).order_by(_D.id)).scalars())


def changes_of(before: Actor, after: Actor, departments: Sequence[tuple[int, str]] = ()) -> str:
    """What an agent must be told after :func:`renewed`; empty if nothing that matters to them changed."""
    from crm_tui.desk.common.words import ROLES, said

    if before.active and not after.active:
        return _("You were taken off the team: this desk can only be read now.")
    if after.active and not before.active:
        return _("You are back in the team. Open the desk again to work.")
    told = []
    if before.role != after.role:
        told.append(_("You are {role} now.").format(role=said(ROLES, after.role)))
    if before.department != after.department:
        name = dict(departments).get(after.department or 0, "")
        told.append(
            _("You are in the department {name} now.").format(name=name)
            if name
            else _("You are in no department any more.")
        )
    if before.name != after.name:
        told.append(_("You are called {name} now.").format(name=after.name))
    return " ".join(told)


_SELECT = select(table_of(Agent), _D.name.label("department")).outerjoin(Department, _D.id == _A.department_id)


def _view(row: Any) -> AgentView:
    return AgentView(
        row.id,
        display_text(row.name),
        row.role,
        row.language,
        display_text(row.login),
        display_text(row.department or ""),
        bool(row.active),
        row.version,
        has_pin=bool(row.pin),
    )


def _row(connection: Connection, agent_id: int) -> Row[Any]:
    row = connection.execute(_SELECT.where(_A.id == agent_id)).first()
    if row is None:
        raise NotFound(_("There is no agent {number}.").format(number=agent_id))
    return row


def _update(tx: Transaction, agent_id: int, values: dict[str, Any]) -> None:
    tx.connection.execute(update(table_of(Agent)).where(_A.id == agent_id).values(**values, version=_A.version + 1))


def _keep_an_admin(tx: Transaction) -> None:
    query = select(_A.id).where(_A.role == Role.ADMIN, _A.active).limit(1)
    if tx.connection.execute(query).first() is None:
        raise Conflict(
            _("The team would have no administrator; nothing was changed."), _("Make somebody else one first.")
        )


# -- undo ---------------------------------------------------------------------------------------------------------------


def _settle(tx: Transaction, ids: Sequence[int]) -> None:
    require(tx, Permission.TEAM)
    left = select(_A.id).where(_A.id.in_(ids), _A.active.is_(False))
    for number in tx.connection.execute(left).scalars().all():
        ticket_hands.leave_in(tx, number)
    _keep_an_admin(tx)


def _unmake(tx: Transaction, row: undo_registry.Row) -> None:
    """Whoever was added leaves again; the row stays, as everything refers to it."""
    require(tx, Permission.TEAM)
    current = _row(tx.connection, row.entity_id)
    if not current.active or any(getattr(current, name) != value for name, value in (row.after or {}).items()):
        raise Conflict(_("{name} was changed since.").format(name=display_text(current.name)))
    _update(tx, row.entity_id, {"active": False})
    ticket_hands.leave_in(tx, row.entity_id)
    _keep_an_admin(tx)


def _take_back(tx: Transaction, row: undo_registry.Row) -> None:
    """Whoever was taken off the team is in it again, with the tickets that nobody else has got since."""
    require(tx, Permission.TEAM)
    current = _row(tx.connection, row.entity_id)
    if current.active:
        raise Conflict(_("{name} was changed since.").format(name=display_text(current.name)))
    check_login(tx.connection, current.login, row.entity_id)
    _update(tx, row.entity_id, {"active": True})
    ticket_hands.return_in(tx, row.entity_id, row.command)


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_A.name).where(_A.id == number)).scalar() or "")


undo_registry.entity("agent", Agent, named=_named, settle=_settle)
undo_registry.special("agent", "create", _unmake)
undo_registry.special("agent", "remove", _take_back)
