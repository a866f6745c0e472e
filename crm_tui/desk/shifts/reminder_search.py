"""The search of reminders: what is done, what is later than the board, whoever it is for (SPEC §9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, literal_column, or_, select, tuple_

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Reminder
from crm_tui.desk.client_base.guest_words import matching
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.requests.inquiry_views import ReminderView
from crm_tui.desk.shifts.reminder_rows import LINKS, SELECT, linked, seen, today_in, views
from crm_tui.desk.shifts.reminder_views import ReminderQuery
from crm_tui.desk.staff.team_checks import department_named
from crm_tui.mail.text import display_text, fold_text

_R = columns(Reminder)

PAGE = 100
_LISTED: Any = literal_column("reminder.id > 0")
"""True of all: it lets the index ``ix_reminder_kept`` be used."""
_GUESTS = 200
"""So many guests that a text may mean are looked at."""
Place = tuple[date, int]
"""Where a reminder stands in a list: its due day and its number."""


def page(
    ctx: Context,
    query: ReminderQuery,
    *,
    after: Place | None = None,
    before: Place | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> list[ReminderView]:
    """A stretch of what is found, by due day.

    Args:
        after, before: the reminders following or preceding this place; neither: the first.
        last: the last ones.
        at: those from this position on.

    Raises:
        InvalidInput: there is no such agent, department, state, order or kind; ``field`` names it.
    """
    back = last or before is not None
    down = (query.order == "latest") != back
    with ctx.store.connect() as connection:
        statement = SELECT.where(*_where(ctx, connection, query))
        edge = after or before
        if edge is not None:
            here = tuple_(_R.due, _R.id)
            statement = statement.where(here < tuple_(*edge) if down else here > tuple_(*edge))
        statement = statement.order_by(_R.due.desc() if down else _R.due, _R.id.desc() if down else _R.id)
        statement = statement.limit(limit).offset(at or 0)
        rows = connection.execute(statement, {scope.BIND: ctx.actor.scopes}).all()
        return views(connection, ctx.actor, rows[::-1] if back else rows, today_in(connection, ctx))


def total(ctx: Context, query: ReminderQuery) -> int:
    """How many are found."""
    with ctx.store.connect() as connection:
        statement = _counting().where(*_where(ctx, connection, query))
        return int(connection.execute(statement, {scope.BIND: ctx.actor.scopes}).scalar_one())


def position(ctx: Context, query: ReminderQuery, place: Place) -> int:
    """How many stand before this place."""
    with ctx.store.connect() as connection:
        here, edge = tuple_(_R.due, _R.id), tuple_(*place)
        beyond = here > edge if query.order == "latest" else here < edge
        statement = _counting().where(*_where(ctx, connection, query), beyond)
        return int(connection.execute(statement, {scope.BIND: ctx.actor.scopes}).scalar_one())


def find(ctx: Context, query: ReminderQuery, reminder_id: int) -> ReminderView | None:
    """One reminder if the search finds it."""
    with ctx.store.connect() as connection:
        statement = SELECT.where(*_where(ctx, connection, query), _R.id == reminder_id)
        rows = connection.execute(statement, {scope.BIND: ctx.actor.scopes}).all()
        return next(iter(views(connection, ctx.actor, rows, today_in(connection, ctx))), None)


def _counting() -> Select[Any]:
    return linked(select(func.count()).select_from(Reminder)).where(_R.removed_at.is_(None), *seen())


def _where(ctx: Context, connection: Connection, query: ReminderQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_LISTED, *_state(query.state)]
    for name, column in (("assignee", _R.assignee_id), ("author", _R.author_id)):
        value = getattr(query, name)
        if value:
            number = ctx.actor.id if value == "me" else agent_named(connection, value, field=name)
            found.append(column == number)
    if query.department:
        found.append(_R.department_id == department_named(connection, query.department))
    if query.kind or query.number is not None:
        found.append(_about(connection, query))
    if query.due_from is not None:
        found.append(_R.due >= query.due_from)
    if query.due_to is not None:
        found.append(_R.due <= query.due_to)
    if query.repeating:
        found.append(_R.rule != "")
    if query.promised:
        found.append(literal_column("reminder.promised"))
    if query.text.strip():
        found.append(_means(connection, query.text))
    if query.order not in ("due", "latest"):
        raise InvalidInput(_("There is no such order: {order}.").format(order=display_text(query.order)), field="order")
    return found


def _state(state: str) -> tuple[ColumnElement[bool], ...]:
    states = {"open": (_R.done_at.is_(None),), "done": (_R.done_at.is_not(None),), "all": ()}
    if state not in states:
        raise InvalidInput(_("Say open, done or all."), field="state")
    return states[state]


def _about(connection: Connection, query: ReminderQuery) -> ColumnElement[bool]:
    if query.kind not in LINKS:
        raise InvalidInput(_("Reminders are about a guest, a reservation, an inquiry or a conversation."), field="kind")
    column = _R[LINKS[query.kind]]
    number = query.number
    if query.kind == "guest" and number is not None:
        number = survivor_in(connection, number)
    about: ColumnElement[bool] = column.is_not(None) if number is None else column == number
    return about


def _means(connection: Connection, text: str) -> ColumnElement[bool]:
    """All words stand in the title, or they mean the guest."""
    words = fold_text(display_text(text)).split()
    if not words:
        return false()
    guests = matching(connection, text, _GUESTS)
    titled = and_(*(func.instr(_R.folded, word) > 0 for word in words))
    return or_(_R.guest_id.in_(guests), titled) if guests else titled
