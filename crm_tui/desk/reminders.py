"""Reminders: tasks with a due day, linked to what they are about (SPEC §9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Department, Inquiry, Reminder
from crm_tui.desk import scope
from crm_tui.desk.context import Actor, Context, Transaction
from crm_tui.desk.guest_gone import refuse_erased
from crm_tui.desk.guest_merging import survivor_in
from crm_tui.desk.inquiry_faults import words
from crm_tui.desk.inquiry_lists import agent_named
from crm_tui.desk.inquiry_rows import plain
from crm_tui.desk.inquiry_views import ReminderView
from crm_tui.desk.memos import require_subject
from crm_tui.desk.writing import zone
from crm_tui.mail.text import display_text
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import Fault

_R = columns(Reminder)
_I = columns(Inquiry)
_C = columns(Conversation)
_AUTHOR, _ASSIGNEE, _DONE = (table_of(Agent).alias(name) for name in ("author", "assignee", "done"))
_D = columns(Department)

LONGEST = 500
_SELECT: Select[Any] = (
    select(
        table_of(Reminder),
        _AUTHOR.c.name.label("author"),
        _ASSIGNEE.c.name.label("assignee"),
        _DONE.c.name.label("done_name"),
        _D.name.label("department"),
    )
    .outerjoin(_AUTHOR, _AUTHOR.c.id == _R.author_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == _R.assignee_id)
    .outerjoin(_DONE, _DONE.c.id == _R.done_by)
    .outerjoin(Department, _D.id == _R.department_id)
    .outerjoin(Inquiry, _I.id == _R.inquiry_id)
    .outerjoin(Conversation, _C.id == _R.conversation_id)
    .where(
        _R.removed_at.is_(None),
        or_(_R.inquiry_id.is_(None), scope.visible(_I.scope)),
        or_(_R.conversation_id.is_(None), scope.visible(_C.scope)),
    )
)


def add(
    ctx: Context,
    title: str,
    due: date | str,
    *,
    assignee: str = "",
    department: int | None = None,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
) -> int:
    """Make a reminder; returns its number.

    Args:
        due: a day of the property, or how one types it.
        assignee: the agent who is to do it; empty for oneself, unless a department is.

    Raises:
        InvalidInput: no title, no such day or agent; ``field`` names it.
        NotFound: what it is about is not there, or the agent may not see it.
    """
    clean = " ".join(display_text(title).split())
    if not 1 <= len(clean) <= LONGEST:
        raise InvalidInput(_("Say what is to be done, in 1 to {most} letters.").format(most=LONGEST), field="title")
    with ctx.write() as tx:
        conversation = require_subject(tx.connection, ctx.actor, inquiry, conversation, guest, reservation=reservation)
        guest = None if guest is None else survivor_in(tx.connection, guest)
        own = tx.actor.id if department is None else None
        row = {
            "title": clean,
            "due": _day(tx, due),
            "author_id": tx.actor.id,
            "assignee_id": agent_named(tx.connection, assignee, active=True, field="assignee") if assignee else own,
            "department_id": department,
            "inquiry_id": inquiry,
            "conversation_id": conversation,
            "guest_id": guest,
            "reservation_id": reservation,
            "created_at": tx.now,
        }
        made = new_id(tx.connection.execute(insert(Reminder).values(**row)))
        after = {"title": clean, "due": plain(row["due"])}
        tx.journal("reminder", made, "create", None, after, undoable=True)
        return made


def done(ctx: Context, reminder_id: int) -> None:
    """Mark a reminder as done.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, ctx.actor, reminder_id)
        if row.done_at is None:
            _update(tx, row, "done", {"done_at": tx.now, "done_by": tx.actor.id})


def reopen(ctx: Context, reminder_id: int) -> None:
    """Take *done* back."""
    with ctx.write() as tx:
        row = _row(tx.connection, ctx.actor, reminder_id)
        if row.done_at is not None:
            _update(tx, row, "reopen", {"done_at": None, "done_by": None})


def remove(ctx: Context, reminder_id: int) -> None:
    """Take a reminder away."""
    with ctx.write() as tx:
        _update(tx, _row(tx.connection, ctx.actor, reminder_id), "remove", {"removed_at": tx.now})


def get(ctx: Context, reminder_id: int) -> ReminderView:
    """One reminder.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        return _view(_row(connection, ctx.actor, reminder_id), _today(connection, ctx))


def listed(
    ctx: Context,
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
    assignee: str = "",
    include_done: bool = False,
) -> list[ReminderView]:
    """The reminders on a thing, or all; by due day. An inquiry shows those on its conversations too.

    Args:
        assignee: only this agent's; ``me`` for one's own.
    """
    query = _SELECT.order_by(_R.due, _R.id)
    if not include_done:
        query = query.where(_R.done_at.is_(None))
    if inquiry is not None:
        talks = select(_C.id).where(_C.inquiry_id == inquiry)
        query = query.where(or_(_R.inquiry_id == inquiry, _R.conversation_id.in_(talks)))
    for column, value in ((_R.conversation_id, conversation), (_R.guest_id, guest), (_R.reservation_id, reservation)):
        if value is not None:
            query = query.where(column == value)
    with ctx.store.connect() as connection:
        if assignee:
            number = ctx.actor.id if assignee == "me" else agent_named(connection, assignee, field="assignee")
            query = query.where(_R.assignee_id == number)
        day = _today(connection, ctx)
        return [_view(row, day) for row in connection.execute(query, {scope.BIND: ctx.actor.scopes})]


def _today(connection: Connection, ctx: Context) -> date:
    return ctx.clock.now().astimezone(zone(connection)).date()


def _day(tx: Transaction, due: date | str) -> date:
    if isinstance(due, date):
        return due
    try:
        return read_day_words(due, tx.now.astimezone(zone(tx.connection)).date())
    except DayFault as fault:
        told = words([Fault("due", fault.kind, fault.given)])
        raise InvalidInput(told["due"], field="due") from None


def _row(connection: Connection, actor: Actor, reminder_id: int) -> Row[Any]:
    row = connection.execute(_SELECT.where(_R.id == reminder_id), {scope.BIND: actor.scopes}).first()
    if row is None:
        raise NotFound(_("There is no reminder {number}.").format(number=reminder_id))
    return row


def _update(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any]) -> None:
    if action == "reopen":
        refuse_erased(tx.connection, [row.guest_id])
    tx.connection.execute(update(Reminder).where(_R.id == row.id).values(**changed, version=_R.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    tx.journal("reminder", row.id, action, before, {k: plain(v) for k, v in changed.items()}, undoable=True)


def _view(row: Row[Any], today: date) -> ReminderView:
    return ReminderView(
        id=row.id,
        title=display_text(row.title),
        due=row.due,
        bucket=bucket(row.due, today),
        author=display_text(row.author or ""),
        assignee=display_text(row.assignee or ""),
        assignee_id=row.assignee_id,
        department=display_text(row.department or ""),
        inquiry=row.inquiry_id,
        conversation=row.conversation_id,
        guest=row.guest_id,
        created_at=row.created_at,
        done_at=row.done_at,
        done_by=display_text(row.done_name or ""),
        version=row.version,
    )


def bucket(due: date, today: date) -> str:
    """Where it stands on the board: overdue, today, tomorrow or later."""
    if due <= today:
        return "today" if due == today else "overdue"
    return "tomorrow" if due == today + timedelta(days=1) else "later"
