"""How reminders are read from the store, for whoever may see what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, literal_column, or_, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Agent,
    Conversation,
    Department,
    Guest,
    Inquiry,
    InquiryGuest,
    Reminder,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_views import ReminderLink, ReminderView
from crm_tui.desk.shifts.recurrence_words import words_of
from crm_tui.mail.text import display_text

_R = columns(Reminder)
_I = columns(Inquiry)
_C = columns(Conversation)
_G = columns(Guest)
_H = columns(InquiryGuest)
_B = columns(Reservation)
_BG = columns(ReservationGuest)
_D = columns(Department)
_AUTHOR, _ASSIGNEE, _DONE = (table_of(Agent).alias(name) for name in ("author", "assignee", "done"))

LINKS = {
    "guest": "guest_id",
    "reservation": "reservation_id",
    "inquiry": "inquiry_id",
    "conversation": "conversation_id",
}
"""What a reminder can be about, and the column that says so."""


def seen() -> tuple[Any, ...]:
    """The conditions that the actor may see what a reminder is about, joined with :func:`linked`; bind the scopes."""
    return (
        or_(_R.inquiry_id.is_(None), scope.visible(_I.scope)),
        or_(_R.conversation_id.is_(None), scope.visible(_C.scope)),
    )


def linked(query: Select[Any]) -> Select[Any]:
    """A query over reminders with what decides who sees them."""
    return query.outerjoin(Inquiry, _I.id == _R.inquiry_id).outerjoin(Conversation, _C.id == _R.conversation_id)


SELECT: Select[Any] = linked(
    select(
        table_of(Reminder),
        _AUTHOR.c.name.label("author"),
        _ASSIGNEE.c.name.label("assignee"),
        _DONE.c.name.label("done_name"),
        _D.name.label("department"),
    )
    .select_from(Reminder)
    .outerjoin(_AUTHOR, _AUTHOR.c.id == _R.author_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == _R.assignee_id)
    .outerjoin(_DONE, _DONE.c.id == _R.done_by)
    .outerjoin(Department, _D.id == _R.department_id)
).where(_R.removed_at.is_(None), *seen())
"""Reminders with their people, of what the actor may see: bind the scopes."""


def row_in(connection: Connection, actor: Actor, reminder_id: int) -> Row[Any]:
    """A reminder's columns.

    Raises:
        NotFound: there is none that the actor may see.
    """
    row = connection.execute(SELECT.where(_R.id == reminder_id), {scope.BIND: actor.scopes}).first()
    if row is None:
        raise NotFound(_("There is no reminder {number}.").format(number=reminder_id))
    return row


def today_in(connection: Connection, ctx: Context) -> date:
    """The property's day."""
    return ctx.clock.now().astimezone(zone(connection)).date()


def property_day(ctx: Context) -> date:
    """The same, for who has no connection at hand."""
    with ctx.store.connect() as connection:
        return today_in(connection, ctx)


def views(connection: Connection, actor: Actor, rows: Sequence[Row[Any]], today: date) -> list[ReminderView]:
    """Rows of :data:`SELECT` as they are shown."""
    names = titles(connection, actor, rows)
    return [_view(row, today, names) for row in rows]


def _view(row: Row[Any], today: date, names: dict[tuple[str, int], str]) -> ReminderView:
    return ReminderView(
        id=row.id,
        title=display_text(row.title),
        due=row.due,
        bucket=bucket(row.due, today),
        author=display_text(row.author or ""),
        assignee=display_text(row.assignee or ""),
        assignee_id=row.assignee_id,
        department=display_text(row.department or ""),
        department_id=row.department_id,
        inquiry=row.inquiry_id,
        conversation=row.conversation_id,
        guest=row.guest_id,
        reservation=row.reservation_id,
        links=links_of(row, names),
        created_at=row.created_at,
        done_at=row.done_at,
        done_by=display_text(row.done_name or ""),
        version=row.version,
        rule=row.rule,
        repeats=words_of(row.rule),
        series=row.series_id,
        promised=bool(row.promised),
    )


def bucket(due: date, today: date) -> str:
    """Where it stands on the board: overdue, today, tomorrow or later."""
    if due <= today:
        return "today" if due == today else "overdue"
    return "tomorrow" if due == today + timedelta(days=1) else "later"


# What they are about


def links_of(row: Any, names: dict[tuple[str, int], str]) -> tuple[ReminderLink, ...]:
    """What a row is about: a guest first, then what is booked or asked for, then the mail."""
    found = ((kind, getattr(row, column)) for kind, column in LINKS.items())
    return tuple(ReminderLink(kind, number, names.get((kind, number), "")) for kind, number in found if number)


def titles(connection: Connection, actor: Actor, rows: Iterable[Any]) -> dict[tuple[str, int], str]:
    """What people call the things that rows are about, by kind and number."""
    found: dict[tuple[str, int], str] = {}
    for kind, column in LINKS.items():
        numbers = sorted({getattr(row, column) for row in rows} - {None})
        for chunk in chunks(numbers):
            for row in connection.execute(_NAMES[kind].where(_KEYS[kind].in_(chunk)), {scope.BIND: actor.scopes}):
                found[kind, row[0]] = _called(kind, row)
    return found


_KEYS: dict[str, Any] = {"guest": _G.id, "reservation": _B.id, "inquiry": _I.id, "conversation": _C.id}
_NAMES: dict[str, Select[Any]] = {
    "guest": select(_G.id, _G.given, _G.surname),
    "reservation": select(_B.id, _G.given, _G.surname, _B.code)
    .select_from(Reservation)
    .outerjoin(ReservationGuest, and_(_BG.reservation_id == _B.id, literal_column("reservation_guest.holder")))
    .outerjoin(Guest, _G.id == _BG.guest_id),
    "inquiry": select(_I.id, _G.given, _G.surname)
    .select_from(Inquiry)
    .outerjoin(InquiryGuest, and_(_H.inquiry_id == _I.id, literal_column("inquiry_guest.holder")))
    .outerjoin(Guest, _G.id == _H.guest_id)
    .where(scope.visible(_I.scope)),
    "conversation": select(_C.id, _C.counterpart_name, _C.counterpart_address, _C.subject).where(
        scope.visible(_C.scope)
    ),
}


def _called(kind: str, row: Any) -> str:
    if kind == "conversation":
        return display_text(row.counterpart_name or row.counterpart_address or row.subject or "")
    name = display_text(f"{row.given or ''} {row.surname or ''}".strip())
    if kind == "reservation":
        return " · ".join(part for part in (display_text(row.code), name) if part)
    return name or (_("Inquiry {number}").format(number=row[0]) if kind == "inquiry" else "")
