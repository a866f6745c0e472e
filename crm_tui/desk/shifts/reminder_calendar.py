"""One's open reminders as an iCalendar file of tasks (RFC 5545 VTODO), to be read by a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.paths import write_private
from crm_tui.data.columns import columns
from crm_tui.data.tables import Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_views import ReminderView
from crm_tui.desk.shifts import reminder_search
from crm_tui.desk.shifts.reminder_views import ReminderQuery
from crm_tui.mail.text import display_text

_P = columns(Property)
_PRODUCT = "-//crm_tui//reminders//EN"
_PAGE = 500


def text(ctx: Context) -> tuple[bytes, int]:
    """The open reminders that are one's own, as a calendar, and how many they are."""
    return _calendar(ctx, _own(ctx))


def to_file(ctx: Context, path: Path, *, overwrite: bool = False) -> int:
    """Write them to a file that nobody else may read; returns how many.

    A task keeps its UID from one file to the next, also through a series, so that a calendar that reads the file again
    changes it and does not add another.

    Raises:
        InvalidInput: the file is there already; ``field`` is ``path``.
        CrmError: it cannot be written.
    """
    if path.exists() and not overwrite:
        raise InvalidInput(
            _("There is a file {path} already.").format(path=display_text(str(path))),
            _("Choose another name, or say that it may be overwritten."),
            "path",
        )
    content, count = text(ctx)
    try:
        write_private(path, content)
    except OSError as error:
        words = _("{path} cannot be written: {reason}.")
        raise CrmError(words.format(path=display_text(str(path)), reason=error.strerror or error)) from error
    return count


def _own(ctx: Context) -> list[ReminderView]:
    found: list[ReminderView] = []
    query = ReminderQuery(state="open", assignee="me")
    while True:
        after = (found[-1].due, found[-1].id) if found else None
        page = reminder_search.page(ctx, query, after=after, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found


def _calendar(ctx: Context, reminders: Sequence[ReminderView]) -> tuple[bytes, int]:
    from icalendar import Calendar

    with ctx.store.connect() as connection:
        born: datetime | None = connection.execute(select(_P.created_at)).scalar()
    desk = f"{int(born.timestamp()) if born else 0}.crm-tui"
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for one in reminders:
        calendar.add_component(_todo(one, desk, ctx.clock.now()))
    return calendar.to_ical(), len(reminders)


def _todo(one: ReminderView, desk: str, now: datetime) -> Any:
    from icalendar import Todo, vRecur

    todo = Todo()
    todo.add("uid", f"reminder-{one.series or one.id}@{desk}")
    todo.add("dtstamp", now)
    todo.add("created", one.created_at)
    todo.add("sequence", one.version - 1)
    todo.add("summary", one.title)
    todo.add("due", one.due)
    if one.rule:
        todo.add("dtstart", one.due)  # what comes back needs a beginning, RFC 5545 §3.8.5.3
        todo.add("rrule", vRecur.from_ical(one.rule))
    todo.add("status", "NEEDS-ACTION")
    about = "\n".join(f"{_KINDS[link.kind]()} {link.id}: {link.title}" for link in one.links)
    if about:
        todo.add("description", about)
    return todo


_KINDS = {
    "guest": lambda: _("Guest"),
    "reservation": lambda: _("Reservation"),
    "inquiry": lambda: _("Inquiry"),
    "conversation": lambda: _("Conversation"),
}
