"""How a conversation looks in a list, and where the lists come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.rules.vocabulary import Doing
from crm_tui.screens import presence
from crm_tui.screens.base import Shell
from crm_tui.screens.mail.sleeping import sleep_words
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age, ahead

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

ATTACHED, INQUIRY = "⊞", "⌂"

SIGNS = 6
"""Cells of the signs before the age, the one of a colleague who is there among them."""

LATE = timedelta(hours=24)
"""An answer is late after this."""


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    return [
        ("●", _("has unread messages")),
        ("?", _("waits for our answer")),
        ("!", _("has waited for more than a day")),
        ("★", _("starred")),
        (ATTACHED, _("has attachments")),
        (INQUIRY, _("belongs to an inquiry")),
        ("☾", _("snoozed until then")),
        ("◷", _("its snooze is over; Z snoozes it again")),
        ("↩", _("the guest answered while it was snoozed")),
        (presence.SIGNS[Doing.REPLYING], _("somebody else is replying")),
        (presence.SIGNS[Doing.VIEWING], _("somebody else is looking at it")),
        ("✓", _("marked")),
        ("(3)", _("messages in the conversation")),
    ]


class ConversationRowView:
    """Draws conversation rows; adapts to the width.

    Args:
        shell: tells time and zone.
        empty_text: what the empty list says; a part a line.
        waiting: show how long the guest has been waiting instead of when the last message came.
    """

    def __init__(self, shell: Shell, *, waiting: bool = False) -> None:
        self._shell = shell
        self.waiting = waiting
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: ConversationRow, width: int) -> list[Part]:
        """Signs, age, who, subject and preview, assignee."""
        shell = self._shell
        who_width = min(28, max(14, width * 26 // 100))
        # a narrow terminal gives a column to an assignee only where there is one
        assignee_width = 9 if width >= 86 else min(7, cell_len(row.assignee) + 2) if row.assignee else 0
        sleep = self._sleep(row, shell.clock.now(), shell.zone)
        subject_width = width - SIGNS - 8 - who_width - assignee_width - 2 - cell_len(sleep[0])
        weight = "unread" if row.unread else ""
        return [
            *_signs(row, late(row, shell.clock.now())),
            (presence.sign(shell.others.conversations.get(row.id, ())), "warn strong"),
            self._age(row, shell.clock.now(), shell.zone),
            ("  ", ""),
            (_who(row, who_width), weight),
            sleep,
            *_subject(row, subject_width, weight),
            (fit(row.assignee or "–", assignee_width - 1, right=True) + " " if assignee_width else "", "muted"),
        ]

    def _sleep(self, row: ConversationRow, now: datetime, zone: tzinfo) -> Part:
        """Until when it sleeps, or what woke it, before its subject."""
        words = sleep_words(row, ahead(row.snoozed_until, now, zone) if row.snoozed_until else "")
        return (words[0] + "  ", words[1]) if words else ("", "")

    def _age(self, row: ConversationRow, now: datetime, zone: tzinfo) -> Part:
        at = row.waiting_since if self.waiting and row.waiting_since else row.last_at
        text = fit(age(at, now, zone, self._shell.settings.spell_days), 7, right=True)
        return (text + " ", "warn" if late(row, now) else "accent" if row.unanswered else "muted")


def late(row: ConversationRow, now: datetime) -> bool:
    """Whether a guest has waited longer than a desk should let one wait."""
    return row.waiting_since is not None and now - row.waiting_since > LATE


def _signs(row: ConversationRow, late: bool) -> list[Part]:
    return [
        ("●" if row.unread else " ", "key"),
        ("!" if late else "?" if row.unanswered else " ", "warn strong" if late else "accent strong"),
        ("★" if row.starred else " ", "mark"),
        (INQUIRY if row.inquiry is not None else " ", "accent"),
        (ATTACHED if row.attachments else " ", "muted"),
    ]


def _who(row: ConversationRow, width: int) -> str:
    number = f" ({row.messages})" if row.messages > 1 else ""
    name = cut(row.counterpart.label or _("(no sender)"), width - len(number) - 1)
    return fit(name + number, width)


def _subject(row: ConversationRow, width: int, weight: str) -> list[Part]:
    subject = cut(row.subject or _("(no subject)"), width)
    room = width - cell_len(subject)
    if room > 12 and row.preview:
        return [(subject, weight), (fit("  " + row.preview, room - 1) + " ", "faint")]
    return [(subject + " " * room, weight)]


class ConversationSource:
    """A folder or view as a record list reads it. Every method blocks: for threads.

    Args:
        ctx: the open store.
        query: which list.
    """

    def __init__(self, ctx: Context, query: ListQuery) -> None:
        self._ctx, self.query = ctx, query

    def count(self) -> int:
        """How many conversations the list has."""
        from crm_tui import desk

        return desk.folders.total(self._ctx, self.query)

    def after(self, row: ConversationRow | None, limit: int) -> Sequence[ConversationRow]:
        """The rows that follow."""
        from crm_tui import desk

        return desk.folders.page(self._ctx, self.query, after=row.cursor if row else None, limit=limit).rows

    def before(self, row: ConversationRow | None, limit: int) -> Sequence[ConversationRow]:
        """The rows before."""
        from crm_tui import desk

        if row is None:
            return desk.folders.page(self._ctx, self.query, last=True, limit=limit).rows
        return desk.folders.page(self._ctx, self.query, before=row.cursor, limit=limit).rows

    def at(self, index: int, limit: int) -> Sequence[ConversationRow]:
        """The rows from a position on."""
        from crm_tui import desk

        return desk.folders.page(self._ctx, self.query, at=index, limit=limit).rows

    def index_of(self, row: ConversationRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.folders.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> ConversationRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.folders.row_in_list(self._ctx, self.query, int(row_id))
