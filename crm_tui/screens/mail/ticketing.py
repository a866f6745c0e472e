"""The ticket of a conversation on the mail screen: whose it is and why, and that it needs a manager."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import TicketState
from crm_tui.screens.mail.acting import Acting, named
from crm_tui.screens.tickets.words import FLAGGED, LOOKS
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.ticketing.ticket_views import TicketRow
    from crm_tui.widgets.styled import Part


class WithTickets(Acting):
    """Mixin: ``P``, and the line over the messages."""

    def action_pending(self) -> None:
        """The targets need a manager, with a note; or they do not any more."""
        rows = [row for row in self.targets if row.unanswered]
        if not rows:
            if self.targets:
                self.shell.tell(_("Nobody waits for an answer there."))
            return
        numbers = [row.id for row in rows]
        what = named(rows)
        self.ask(lambda ctx: _tickets(ctx, numbers), lambda found: self._pend(found, what))

    def _pend(self, found: list[TicketRow], what: str) -> None:
        from crm_tui.screens.tickets.commands import ask_note

        ids = [one.id for one in found]
        if not ids:
            self.shell.tell(_("Nobody waits for an answer there."))
        elif all(one.state == TicketState.PENDING for one in found):
            said = _("{what} needs no manager any more · z takes it back").format(what=what)
            self.ask(lambda ctx: _resume(ctx, ids), lambda _result: self._ticket_told(said), in_order=True)
        else:

            def noted(note: str | None) -> None:
                if note is not None:
                    said = _("{what} waits for a manager · z takes it back").format(what=what)
                    self.ask(
                        lambda ctx: _pending(ctx, ids, note), lambda _result: self._ticket_told(said), in_order=True
                    )

            self.app.push_screen(ask_note(what), noted)

    def _ticket_told(self, said: str) -> None:
        self.shell.tell(said)
        self.confirmed()


def ticket_line(ticket: TicketRow | None, actor: int | None, now: datetime, zone: tzinfo) -> list[Part]:
    """Whose the ticket is, how it stands, and why it is theirs; nothing where nobody has it."""
    if ticket is None or ticket.state in (TicketState.DONE, TicketState.QUEUED):
        return []
    sign, style = LOOKS[ticket.state]
    mine = ticket.agent_id == actor and actor is not None
    parts: list[Part] = [(f" {sign} ", style), (_("yours") if mine else ticket.agent or _("nobody's"), "strong")]
    if ticket.state == TicketState.PENDING:
        note = f" · “{ticket.pending_note}”" if ticket.pending_note else ""
        return [*parts, (" · " + _("needs a manager"), style), (note, "accent")]
    since = ticket.seen_at or ticket.assigned_at
    words = _("opened {time}") if ticket.seen_at else _("since {time}, not opened yet")
    parts.append((" · " + words.format(time=moment(since, now, zone)) if since else "", style))
    if ticket.flagged:
        parts.append((f" {FLAGGED} " + _("does not work now"), "warn"))
    return [*parts, (f"  {ticket.why}", "muted")]


def _tickets(ctx: Context, numbers: list[int]) -> list[TicketRow]:
    from crm_tui import desk

    found = (desk.tickets.of_conversation(ctx, number) for number in numbers)
    return [one for one in found if one is not None and one.state != TicketState.DONE]


def _pending(ctx: Context, ids: list[int], note: str) -> None:
    from crm_tui import desk

    desk.tickets.set_pending(ctx, ids, note)


def _resume(ctx: Context, ids: list[int]) -> None:
    from crm_tui import desk

    desk.tickets.resume(ctx, ids)
