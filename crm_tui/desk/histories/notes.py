"""What agents keep beside a conversation, in one cheap query: its inquiry, and how many memos and reminders there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Inquiry, Memo, Reminder
from crm_tui.desk.client_base.guest_mail import archived_of, guest_of_conversation
from crm_tui.desk.client_base.guest_rows import rows_of
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_views import NotesView
from crm_tui.mail.text import display_text

_A = columns(Agent)
_C = columns(Conversation)
_I = columns(Inquiry)
_M = columns(Memo)
_R = columns(Reminder)

FIRST_WORDS = 200
"""Letters of the newest memo that are read for a line."""


def _on(names: Any) -> ColumnElement[bool]:
    """On the conversation, or on its inquiry, unless that is hidden."""
    of_inquiry = and_(_I.id.is_not(None), names.inquiry_id == _I.id)
    return and_(or_(names.conversation_id == _C.id, of_inquiry), names.removed_at.is_(None))


def _statement() -> Select[Any]:
    today: Any = bindparam("today")
    memos = select(func.count()).select_from(table_of(Memo)).where(_on(_M))
    newest = select(func.substr(_M.text, 1, FIRST_WORDS)).where(_on(_M)).order_by(_M.created_at.desc()).limit(1)
    reminders = select(func.count()).select_from(table_of(Reminder)).where(_on(_R), _R.done_at.is_(None))
    return (
        select(
            _I.id,
            _I.status,
            _I.planned_end,
            _I.closed_at,
            _A.name.label("handler"),
            _C.counterpart_address.label("sender"),
            memos.correlate(table_of(Conversation), table_of(Inquiry)).scalar_subquery().label("memos"),
            newest.correlate(table_of(Conversation), table_of(Inquiry)).scalar_subquery().label("memo"),
            reminders.correlate(table_of(Conversation), table_of(Inquiry)).scalar_subquery().label("reminders"),
            reminders.where(_R.due < today)
            .correlate(table_of(Conversation), table_of(Inquiry))
            .scalar_subquery()
            .label("overdue"),
        )
        .select_from(Conversation)
        .outerjoin(Inquiry, and_(_I.id == _C.inquiry_id, _I.removed_at.is_(None), scope.visible(_I.scope)))
        .outerjoin(Agent, _A.id == _I.handler_id)
        .where(_C.id == bindparam("conversation"), scope.visible(_C.scope))
    )


_STATEMENT = _statement()


def of_conversation(ctx: Context, conversation_id: int) -> NotesView:
    """The inquiry of a conversation and how much is noted; nothing of what the agent may not see."""
    with ctx.store.connect() as connection:
        today = ctx.clock.now().astimezone(zone(connection)).date()
        values = {"conversation": conversation_id, "today": today, scope.BIND: ctx.actor.scopes}
        row = connection.execute(_STATEMENT, values).first()
        guests = rows_of(connection, guest_of_conversation(connection, conversation_id)) if row is not None else []
        archived = archived_of(connection, [one.id for one in guests]) if guests else []
    if row is None:
        return NotesView()
    return NotesView(
        inquiry=row.id,
        status=row.status or "",
        handler=display_text(row.handler or ""),
        planned_end=row.planned_end,
        closed=row.closed_at is not None,
        memos=row.memos,
        reminders=row.reminders,
        overdue=row.overdue,
        memo=" ".join(display_text(row.memo or "", multiline=True).split()),
        guests=tuple(guests),
        archived=tuple(archived),
        sender=display_text(row.sender or ""),
    )
