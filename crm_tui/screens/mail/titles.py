"""The title lines of the mail screen: what the list holds, and what is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.screens import side
from crm_tui.screens.mail.colleagues import Colleagues
from crm_tui.screens.mail.sleeping import sleep_words
from crm_tui.screens.mail.ticketing import ticket_line
from crm_tui.screens.mail.words import WORDS
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import ahead, duration, minute

if TYPE_CHECKING:
    from crm_tui.desk.common.views import ConversationView
    from crm_tui.screens.mail.noted import NoteLines
    from crm_tui.widgets.line import Line


class Titles(Colleagues):
    """Mixin of the mail screen."""

    if TYPE_CHECKING:
        list_title: Line
        reading_title: Line
        notes: NoteLines

    _title_due = False

    def _show_title(self) -> None:
        self._title_due = False
        query, total = self.query_shown, self.list.total
        count = self.shell.counts.get(query.place)
        words = [ngettext("{n} conversation", "{n} conversations", total).format(n=grouped(total))]
        if count is not None and count.unanswered and query.only == "all":
            words.append(_("{n} unanswered").format(n=grouped(count.unanswered)))
        filters = [_(WORDS[word]) for word in (query.only, query.order) if word in WORDS]
        left = list_title(
            side.place_title(query.place, self.shell.accounts, self.shell.views).upper(),
            " · ".join(words),
            filtered=" · ".join(filters),
            marked=len(self.list.marked),
        )
        row = self.list.current
        right: list[Part] = []
        if row is not None and row.wake_reason:
            right = [("  " + _("Z snoozes it again") + " ", "accent")]
        elif row is not None and row.waiting_since is not None:
            waits = _("waits {time}").format(time=duration(self.shell.clock.now() - row.waiting_since))
            right = [(f"  {waits} ", "accent")]
        elif row is not None:
            right = [(f"  {minute(row.last_at, self.shell.clock.now(), self.shell.zone)} ", "muted")]
        self.list_title.show(left, [*self.others_at(row)] or right)

    def _show_notes(self, conversation: ConversationView | None) -> None:
        """What stands over the messages; nothing without a conversation."""
        ctx, now, zone = self.shell.ctx, self.shell.clock.now(), self.shell.zone
        ticket = conversation.ticket if conversation is not None else None
        self.notes.show(conversation.beside if conversation is not None else None, now.astimezone(zone).date())
        self.notes.show_ticket(ticket_line(ticket, ctx.actor.id if ctx is not None else None, now, zone))

    def _show_reading_title(self) -> None:
        conversation = self.reading.conversation
        if conversation is None:
            self.reading_title.show([])
            return
        row = conversation.row
        number, of = self.reading.position
        words = [side.place_title(row.folder)] + ([row.assignee] if row.assignee else [])
        until = ahead(row.snoozed_until, self.shell.clock.now(), self.shell.zone) if row.snoozed_until else ""
        sleep = sleep_words(row, until)
        if of > 1:
            words.insert(0, _("{n} of {of}").format(n=number, of=of))
        self.reading_title.show(
            [(" ", ""), ("★ " if row.starred else "", "mark"), (row.subject or _("(no subject)"), "title")],
            [
                *self.others_at(row),
                *([("  " + sleep[0], sleep[1])] if sleep else []),
                ("  " + " · ".join(words) + " ", "muted"),
            ],
        )
