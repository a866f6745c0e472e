"""What is kept beside a conversation, in lines over its messages: its guest, its inquiry, and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import _, ngettext
from crm_tui.screens.inquiries.words import plan_parts, status_parts
from crm_tui.widgets.line import Line
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.requests.inquiry_views import NotesView


class NoteLines(Vertical):
    """The lines; each is there only if there is something to say. A click opens the guest, the inquiry, or the memos."""

    DEFAULT_CSS = """
    NoteLines { height: auto; }
    NoteLines > Line { background: $surface; display: none; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ticket = Line()
        self.guest = Line()
        self.inquiry = Line()
        self.noted = Line()

    def compose(self) -> ComposeResult:
        """One over the other."""
        yield self.ticket
        yield self.guest
        yield self.inquiry
        yield self.noted

    async def on_line_clicked(self, event: Line.Clicked) -> None:
        """What the key would do."""
        event.stop()
        actions = {"inquiry": "screen.open_inquiry", "guest": "screen.guest", "ticket": "screen.history"}
        await self.run_action(actions.get(event.name, "screen.memos"))

    def show_ticket(self, ticket: Sequence[Part]) -> None:
        """Tell whose the ticket of the conversation is."""
        self.ticket.show([(*part, "ticket") for part in ticket], [(_("P pending") + " ", "faint")] if ticket else [])
        self.ticket.display = bool(ticket)

    def show(self, notes: NotesView | None, today: date) -> None:
        """Tell what is kept beside the conversation that is shown."""
        guest, key = guest_line(notes)
        self.guest.show([(*part, "guest") for part in guest], [(f"{key} ", "faint")] if guest else [])
        self.guest.display = bool(guest)
        inquiry, noted = note_lines(notes, today)
        self.inquiry.show([(*part, "inquiry") for part in inquiry], [(_("I opens") + " ", "faint")] if inquiry else [])
        self.noted.show([(*part, "memos") for part in noted])
        self.inquiry.display, self.noted.display = bool(inquiry), bool(noted)


def guest_line(notes: NotesView | None) -> tuple[list[Part], str]:
    """Whose conversation it is, and what the key does."""
    if notes is None or not (notes.guests or notes.sender):
        return [], ""
    if not notes.guests:
        return [(" ◇ ", "muted"), (_("not in the client base"), "muted")], _("G adds the guest")
    if len(notes.guests) > 1:
        names = ", ".join(one.name for one in notes.guests)
        return [(" ◆ ", "key"), (_("{names}: they share the address").format(names=names), "")], _("G asks which")
    guest = notes.guests[0]
    if guest.id in notes.archived:
        words = _("archived: {name}").format(name=guest.name)
        return [(" ◇ ", "muted"), (words, "muted")], _("G opens; A there takes back")
    kind = _("Company {number}") if guest.kind == "company" else _("Guest {number}")
    sign = "▣" if guest.kind == "company" else "◆"
    line: list[Part] = [(f" {sign} ", "key"), (guest.name, "title"), (" · " + kind.format(number=guest.id), "muted")]
    return ([*line, (f" · {guest.phone}", "muted")] if guest.phone else line), _("G opens")


def note_lines(notes: NotesView | None, today: date) -> tuple[list[Part], list[Part]]:
    """What the lines say; empty where there is nothing."""
    if notes is None:
        return [], []
    inquiry: list[Part] = []
    if notes.inquiry is not None:
        inquiry = [(" ⌂ ", "key"), (_("Inquiry {number}").format(number=notes.inquiry), "title"), (" · ", "muted")]
        inquiry += [*status_parts(notes.status), (" · ", "muted"), (notes.handler or _("nobody"), "")]
    line: list[Part] = []
    for parts in _noted(notes, today):
        line += [(" · ", "muted") if line else (" ▸ ", "key"), *parts]
    if line and notes.memo:
        line.append((f"   {notes.memo}", "faint"))
    return inquiry, line


def _noted(notes: NotesView, today: date) -> list[list[Part]]:
    found: list[list[Part]] = []
    if notes.memos:
        found.append([(ngettext("{n} memo", "{n} memos", notes.memos).format(n=notes.memos), "accent")])
    if notes.reminders:
        words = ngettext("{n} reminder", "{n} reminders", notes.reminders).format(n=notes.reminders)
        found.append([(f"! {words}", "warn strong") if notes.overdue else (words, "")])
    plan = plan_parts(notes.planned_end, today, closed=notes.closed, label=True)
    return [*found, plan] if plan else found
