"""What a command does to a row, foreseen: it is painted before the store has confirmed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.rules.vocabulary import Folder, SnoozeFor, View

Effect = Callable[[ConversationRow], ConversationRow | None]
"""The row as it will be; None if it will be gone."""


def belongs(query: ListQuery, row: ConversationRow) -> bool:
    """Whether a list shows a row (SPEC §3: the same rules as the list's own in :mod:`crm_tui.desk.conversations.folders`)."""
    if query.only == "unanswered" or query.order == "waiting":
        if not row.unanswered:
            return False
    elif query.only == "unread" and not row.unread:
        return False
    if query.place == View.SNOOZED:
        return row.snoozed
    if query.place == View.STARRED:
        return row.starred
    if query.place == View.SENT:
        return True
    return not row.snoozed and (row.folder == query.place or query.place not in {*Folder})


def moved(folder: str) -> Effect:
    """It stands in that folder; a snooze is over."""
    return lambda row: _settled(row)._replace(folder=folder, snooze_for="")


def starred(yes: bool) -> Effect:
    """With or without a star."""
    return lambda row: row._replace(starred=yes)


def assigned(agent: str) -> Effect:
    """In those hands; empty: nobody's."""
    return lambda row: row._replace(assignee=agent)


def answered(row: ConversationRow) -> ConversationRow:
    """No turn is open any more."""
    return (row if row.snoozed else _settled(row))._replace(waiting_since=None)


def asleep(until: datetime | None) -> Effect:
    """Out of sight until then, or until the guest answers."""
    kind = (SnoozeFor.REPLY if until is None else SnoozeFor.DATE).value
    return lambda row: row._replace(snoozed_until=until, snooze_for=kind, wake_reason="")


def asleep_again(row: ConversationRow) -> ConversationRow:
    """As it was snoozed before, if it woke."""
    return row._replace(wake_reason="") if row.wake_reason else row


def awake(row: ConversationRow) -> ConversationRow:
    """It sleeps no more."""
    return _settled(row) if row.snoozed else row


def seen(yes: bool) -> Effect:
    """Read, or its newest message unread."""
    return lambda row: row._replace(unread=0 if yes else max(1, row.unread))


def gone(_row: ConversationRow) -> None:
    """It is part of another conversation."""
    return


def _settled(row: ConversationRow) -> ConversationRow:
    return row._replace(snoozed_until=None, snooze_for="", wake_reason="")
