"""Reminders: tasks with a due day, linked to what they are about, once or coming back (SPEC §9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Conversation, Reminder
from crm_tui.desk.client_base.guest_gone import present, refuse_erased
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.versions import changed_since
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.requests.inquiry_views import ReminderView
from crm_tui.desk.shifts import reminder_fields as fields
from crm_tui.desk.shifts.reminder_rows import SELECT, row_in, today_in, views
from crm_tui.desk.shifts.reminder_rows import bucket as bucket
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.days import FIRST, LAST
from crm_tui.rules.recurrence import RecurrenceFault, following, read_rule

_R = columns(Reminder)
_C = columns(Conversation)

LONGEST = fields.LONGEST
_CARRIED = (
    "title", "author_id", "assignee_id", "department_id", "conversation_id", "inquiry_id", "guest_id", "reservation_id",
)  # fmt: skip
"""What the next of a series has from the one before."""


class StaleReminder(Conflict):
    """Somebody else changed the same fields since; nothing was overwritten. ``theirs``: as it stands now."""

    def __init__(self, message: str, theirs: ReminderView, fields: tuple[str, ...]) -> None:
        super().__init__(message, _("Look at it again."))
        self.theirs = theirs
        self.fields = fields


def add(
    ctx: Context,
    title: str,
    due: date | str = "",
    *,
    assignee: str = "",
    department: int | str | None = None,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
    rule: str = "",
    promised: bool = False,
) -> int:
    """Make a reminder; returns its number.

    Args:
        due: a day of the property, or how one types it; of one that comes back it may be left out.
        assignee: the agent who is to do it; empty for oneself, unless a department is.
        rule: how it comes back: words such as *every Monday*, or an RRULE; empty: once.
        promised: the guest was told so in a reply.

    Raises:
        InvalidInput: no title, no such day, agent, department or recurrence; ``field`` names it.
        NotFound: what it is about is not there, or the agent may not see it.
    """
    clean = fields.title(title)
    with ctx.write() as tx:
        today = fields.today_of(tx)
        links = {"inquiry": inquiry, "conversation": conversation, "guest": guest, "reservation": reservation}
        kept, first = fields.recurrence(rule, fields.day(due, today) if due or not rule else None, today)
        row = {
            "title": clean,
            "due": first,
            "rule": kept,
            "promised": promised,
            "author_id": tx.actor.id,
            **fields.who(tx, {"assignee": assignee, "department": department}),
            **fields.about(tx, links),
        }
        return _insert(tx, row)


def _insert(tx: Transaction, row: Mapping[str, Any]) -> int:
    values = {**row, "folded": fold_text(row["title"]), "created_at": tx.now}
    made = new_id(tx.connection.execute(insert(Reminder).values(**values)))
    after = {"title": row["title"], "due": plain(row["due"])}
    after |= {"rule": row["rule"]} if row["rule"] else {}
    tx.journal("reminder", made, "create", None, after, undoable=True)
    return made


def set(ctx: Context, reminder_id: int, version: int, values: Mapping[str, Any]) -> ReminderView:  # noqa: A001
    """Change a reminder. What others changed since in other fields stays as they left it.

    Args:
        version: the one the agent started from.
        values: of ``title``, ``due``, ``assignee``, ``department``, ``repeats`` those that change; an assignee takes the
            place of a department, and the other way round.

    Raises:
        InvalidInput: a value is not usable; ``field`` names it.
        StaleReminder: somebody changed one of these fields since; nothing was stored.
        NotFound: there is none that the agent may see.
        Gone: its guest was erased.
    """
    with ctx.write() as tx:
        row = row_in(tx.connection, tx.actor, reminder_id)
        refuse_erased(tx.connection, [row.guest_id])
        clean = _checked(tx, row, values)
        changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
        if changed:
            _refuse_clashes(tx, ctx, row, version, changed)
            _update(tx, row, "change", changed)
        now = row_in(tx.connection, tx.actor, reminder_id)
        return views(tx.connection, tx.actor, [now], fields.today_of(tx))[0]


def _checked(tx: Transaction, row: Row[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = values.keys() - {*fields.FIELDS}
    if unknown:
        raise InvalidInput(_("There is no field called {given}.").format(given=display_text(min(unknown))))
    today = fields.today_of(tx)
    clean: dict[str, Any] = {}
    if "title" in values:
        clean["title"] = fields.title(values["title"])
    if "due" in values:
        clean["due"] = fields.day(values["due"], today)
    if "assignee" in values or "department" in values:
        clean |= fields.who(tx, values)
    if "repeats" in values:
        clean["rule"] = fields.recurrence(values["repeats"] or "", clean.get("due", row.due), today)[0]
    return clean


def _refuse_clashes(tx: Transaction, ctx: Context, row: Row[Any], version: int, changed: Mapping[str, Any]) -> None:
    if row.version == version:
        return
    since = changed_since(tx.connection, "reminder", row.id, version, row.version)
    both = tuple(name for name in changed if since.touches(name))
    if both:
        told = _("{agent} changed this reminder meanwhile; nothing was overwritten.")
        theirs = views(tx.connection, ctx.actor, [row], fields.today_of(tx))[0]
        raise StaleReminder(told.format(agent=since.who(both) or _("Somebody")), theirs, both)


def done(ctx: Context, reminder_ids: int | Iterable[int]) -> int:
    """Mark reminders as done; returns how many were not yet. Of one that comes back the next is made, once.

    Two desks may be as quick: the second finds it done and makes nothing.

    Raises:
        NotFound: there is one that the agent may not see.
    """
    with ctx.write() as tx:
        rows = [row for row in _rows(tx, reminder_ids) if row.done_at is None]
        for row in rows:
            _update(tx, row, "done", {"done_at": tx.now, "done_by": tx.actor.id})
            if row.rule:
                _make_next(tx, row)
        return len(rows)


def _make_next(tx: Transaction, row: Row[Any]) -> None:
    if row.guest_id is not None and not present(tx.connection, [row.guest_id]):
        return  # nothing is to be done any more for a guest who was erased
    series = row.series_id or row.id
    later = select(_R.id).where(_R.series_id == series, _R.id > row.id, _R.removed_at.is_(None)).limit(1)
    if tx.connection.execute(later).first() is not None:
        return
    try:
        after = following(read_rule(row.rule), row.due, fields.today_of(tx))
    except RecurrenceFault:  # another program wrote it
        return
    if after is not None:
        day, recurrence = after
        carried = {name: getattr(row, name) for name in _CARRIED}
        _insert(tx, {**carried, "due": day, "rule": recurrence.rule, "series_id": series})


def reopen(ctx: Context, reminder_ids: int | Iterable[int]) -> int:
    """Take *done* back; returns how many were done. The next of a series that was made stays.

    Raises:
        NotFound: there is one that the agent may not see.
        Gone: a guest was erased.
    """
    with ctx.write() as tx:
        rows = [row for row in _rows(tx, reminder_ids) if row.done_at is not None]
        refuse_erased(tx.connection, [row.guest_id for row in rows])
        for row in rows:
            _update(tx, row, "reopen", {"done_at": None, "done_by": None})
        return len(rows)


def move(ctx: Context, reminder_ids: int | Iterable[int], due: date | str = "", *, by: int = 0) -> int:
    """Give open reminders another day; returns how many moved. Those that are done stay.

    Args:
        due: the day, or how one types it; empty: ``by`` days from the day of each, and what is overdue from today.

    Raises:
        InvalidInput: it is no day, or outside the years that a day may be of.
        NotFound: there is one that the agent may not see.
    """
    with ctx.write() as tx:
        today, moved = fields.today_of(tx), 0
        day = fields.day(due, today) if due else None
        for row in _rows(tx, reminder_ids):
            to = day or shifted(row.due, by, today)
            if row.done_at is None and to != row.due:
                refuse_erased(tx.connection, [row.guest_id])
                _update(tx, row, "move", {"due": to})
                moved += 1
        return moved


def shifted(due: date, by: int, today: date) -> date:
    """So many days from a day; later than an overdue one is later than today.

    Raises:
        InvalidInput: it is outside the years that a day may be of.
    """
    start = max(due, today) if by > 0 else due
    try:
        found = start + timedelta(days=by)
    except OverflowError:
        found = date.max
    if not FIRST <= found.year <= LAST:
        raise InvalidInput(_("{by} days: that is too far.").format(by=by), field="due")
    return found


def assign(
    ctx: Context, reminder_ids: int | Iterable[int], assignee: str = "", *, department: int | str | None = None
) -> int:
    """Give open reminders to an agent (``me``: oneself) or a department; returns how many changed hands.

    Raises:
        InvalidInput: there is no such agent or department.
        NotFound: there is one that the agent may not see.
    """
    with ctx.write() as tx:
        to, changed = fields.who(tx, {"assignee": assignee, "department": department}), 0
        for row in _rows(tx, reminder_ids):
            values = {name: value for name, value in to.items() if value != getattr(row, name)}
            if row.done_at is None and values:
                refuse_erased(tx.connection, [row.guest_id])
                _update(tx, row, "assign", values)
                changed += 1
        return changed


def remove(ctx: Context, reminder_ids: int | Iterable[int]) -> int:
    """Take reminders away; returns how many. One that comes back does not come back any more.

    Raises:
        NotFound: there is one that the agent may not see.
    """
    with ctx.write() as tx:
        rows = _rows(tx, reminder_ids)
        for row in rows:
            _update(tx, row, "remove", {"removed_at": tx.now})
        return len(rows)


def get(ctx: Context, reminder_id: int) -> ReminderView:
    """One reminder.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        row = row_in(connection, ctx.actor, reminder_id)
        return views(connection, ctx.actor, [row], today_in(connection, ctx))[0]


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
    query = SELECT.order_by(_R.due, _R.id)
    if not include_done:
        query = query.where(_R.done_at.is_(None))
    if inquiry is not None:
        talks = select(_C.id).where(_C.inquiry_id == inquiry)
        query = query.where(or_(_R.inquiry_id == inquiry, _R.conversation_id.in_(talks)))
    for column, number in ((_R.conversation_id, conversation), (_R.reservation_id, reservation)):
        if number is not None:
            query = query.where(column == number)
    with ctx.store.connect() as connection:
        if guest is not None:
            query = query.where(_R.guest_id == survivor_in(connection, guest))
        if assignee:
            who = ctx.actor.id if assignee == "me" else agent_named(connection, assignee, field="assignee")
            query = query.where(_R.assignee_id == who)
        rows = connection.execute(query, {scope.BIND: ctx.actor.scopes}).all()
        return views(connection, ctx.actor, rows, today_in(connection, ctx))


def _rows(tx: Transaction, reminder_ids: int | Iterable[int]) -> list[Row[Any]]:
    """Those named, once each, all of them or none."""
    wanted = [reminder_ids] if isinstance(reminder_ids, int) else dict.fromkeys(reminder_ids)
    return [row_in(tx.connection, tx.actor, number) for number in wanted]


def _update(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any]) -> None:
    stored = {**changed, "folded": fold_text(changed["title"])} if "title" in changed else dict(changed)
    tx.connection.execute(update(Reminder).where(_R.id == row.id).values(**stored, version=_R.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    tx.journal("reminder", row.id, action, before, {k: plain(v) for k, v in changed.items()}, undoable=True)
